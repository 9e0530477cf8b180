"""An index by which the newest vintage of a source is found without reading them all."""

from collections.abc import Sequence

from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add it."""
    op.create_index(op.f("ix_vintage_source_period_end"), "vintage", ["source", "period_end"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("ix_vintage_source_period_end"), table_name="vintage")
