"""In how many rows of a delivery each column says something: one that comes empty next time is told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add it; of deliveries that came before it is not known."""
    op.add_column("referral_delivery", sa.Column("filled", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("referral_delivery", "filled")
