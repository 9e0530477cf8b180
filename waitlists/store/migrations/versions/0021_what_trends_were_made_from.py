"""What kept trends were worked out from, so that they hold for another version that changed none of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add it; of what is kept so far it is not known, so that is worked out again after the next load."""
    op.add_column("judged_list", sa.Column("made_from", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("judged_list", "made_from")
