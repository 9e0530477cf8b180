"""From which day on the records are whole: what was erased before is in what was counted, and nowhere else."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create the table; erasures until now said nothing."""
    op.create_table(
        "erasure",
        sa.Column("whole_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("whole_from", name=op.f("pk_erasure")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("erasure")
