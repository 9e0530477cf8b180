"""One mail of a kind about a slot for each subscriber, and a count of tries that never falls."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ONE = ["kind", "slot", "subscriber_id"]

_TWICE = """
    DELETE FROM outbox WHERE id IN (
        SELECT id FROM (
            SELECT id, row_number() OVER (
                PARTITION BY kind, slot, subscriber_id ORDER BY CASE state WHEN 'sent' THEN 0 ELSE 1 END, id
            ) AS place FROM outbox
        ) AS ranked WHERE place > 1
    )
"""


def upgrade() -> None:
    """Of mails that a change of settings doubled keep one, which was sent if any was; then let there be no more."""
    op.execute(_TWICE)
    op.create_index(op.f("ix_outbox_kind_slot_subscriber_id"), "outbox", _ONE, unique=True)
    op.add_column("outbox", sa.Column("tries_before", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Drop both; mails that were doubled do not come back."""
    op.drop_column("outbox", "tries_before")
    op.drop_index(op.f("ix_outbox_kind_slot_subscriber_id"), table_name="outbox")
