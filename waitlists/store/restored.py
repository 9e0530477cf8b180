"""What the restores of a database left to be known: from which backup it is, and until when mail may have been sent."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from waitlists.store.tables import run

COMMAND: Final = "restore"
MADE_AT: Final = "backup_made_at"
"""Where the run of a restore says when its backup was made."""

MAIL_UNKNOWN_UNTIL: Final = "mail_unknown_until"
"""Where it says the last day of which nobody here knows what mail was sent; nothing where all of it is known."""


def restored_of(connection: Connection) -> datetime | None:
    """When the backup was made that the database was last put back from; restores of before did not note it."""
    summary = next(_summaries(connection), None)
    made_at = summary.get(MADE_AT) if summary else None
    return datetime.fromisoformat(made_at) if made_at else None


def mail_unknown_until(connection: Connection) -> date | None:
    """The last day about which mail may have been sent that this database does not know of."""
    days = [date.fromisoformat(day) for one in _summaries(connection) if (day := one.get(MAIL_UNKNOWN_UNTIL))]
    return max(days, default=None)


def run_marks(connection: Connection) -> Iterator[tuple[int, datetime]]:
    """What tells the runs of one history from those of another: number and moment of each."""
    yield from ((row.id, row.started_at) for row in connection.execute(select(run.c.id, run.c.started_at)))


def _summaries(connection: Connection) -> Iterator[dict[str, Any]]:
    """What restores told, the last first."""
    done = select(run.c.summary).where(run.c.command == COMMAND, run.c.status == "done")
    yield from connection.execute(done.order_by(run.c.id.desc())).scalars()
