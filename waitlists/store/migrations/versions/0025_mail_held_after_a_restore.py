"""Since when a mail waits for a person's word: after a restore nobody may know whether it was sent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add it; no mail is held."""
    op.add_column("outbox", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop it: what was held is sent."""
    op.drop_column("outbox", "held_at")
