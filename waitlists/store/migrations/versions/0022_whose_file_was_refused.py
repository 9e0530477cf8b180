"""Whose a file is that was refused or is held, as far as it is known: its readers are told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add it; of files that came before it is not known."""
    op.add_column("refusal", sa.Column("sender", sa.JSON(), nullable=True))
    op.add_column("held_delivery", sa.Column("providers", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("held_delivery", "providers")
    op.drop_column("refusal", "sender")
