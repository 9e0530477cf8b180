"""Of which services and source systems a file is that is held: nothing else waits for it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add them; of files that came before they are not known."""
    op.add_column("held_delivery", sa.Column("services", sa.JSON(), nullable=True))
    op.add_column("held_delivery", sa.Column("source_systems", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("held_delivery", "source_systems")
    op.drop_column("held_delivery", "services")
