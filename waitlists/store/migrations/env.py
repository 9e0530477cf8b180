"""Runs the steps: on the connection `waitlists.store.migrate` hands over or, for Alembic's own commands, a new one.

Everything is one transaction on both engines: a step that is interrupted leaves the schema as it was.
"""

from typing import Literal

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import DateTime

from waitlists.settings import Settings
from waitlists.store.migrate import migrating
from waitlists.store.session import make_engine
from waitlists.store.tables import UtcDateTime, metadata


def _plain_times(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our UTC times as the column they are: an old step must not change when the type decorator does."""
    return (
        repr(DateTime(timezone=True)).replace("DateTime", "sa.DateTime")
        if kind == "type" and isinstance(item, UtcDateTime)
        else False
    )


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=_plain_times,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _run_from_command() -> None:
    engine = make_engine(Settings.read().database_url)
    try:
        with migrating(engine) as connection:
            _run(connection)
    finally:
        engine.dispose()


if (handed_over := context.config.attributes.get("connection")) is None:
    _run_from_command()
else:
    _run(handed_over)
