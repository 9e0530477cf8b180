"""Which fields of the record a delivery had columns of: one that lacks some of them next time is held."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add it; of deliveries that came before it is not known."""
    op.add_column("referral_delivery", sa.Column("fields", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("referral_delivery", "fields")
