"""Which source systems a delivery of records speaks for: a snapshot states the whole of those and of no other."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add the column; a delivery of before spoke for all systems of its provider, which is what none means."""
    with op.batch_alter_table("referral_delivery") as batch_op:
        batch_op.add_column(sa.Column("source_systems", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("referral_delivery") as batch_op:
        batch_op.drop_column("source_systems")
