"""What disclosure control decided of unpublished weeks, kept so that answers need not find it out again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _short(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table, empty: weeks are decided when next they are loaded or asked about."""
    op.create_table(
        "decided_week",
        sa.Column("service", _short(60), nullable=False),
        sa.Column("rule", _short(10), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_decided_week_digest_whole")),
        sa.CheckConstraint('length("rule") <= 10', name=op.f("ck_decided_week_rule_length")),
        sa.CheckConstraint('length("service") <= 60', name=op.f("ck_decided_week_service_length")),
        sa.PrimaryKeyConstraint("service", "rule", "period_end", name=op.f("pk_decided_week")),
    )


def downgrade() -> None:
    """Drop it: every week is decided again when it is asked about."""
    op.drop_table("decided_week")
