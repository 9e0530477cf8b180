"""Who was erased, by salted digests: what keeps a restored backup from bringing anybody back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create the table; erasures until now left no digest."""
    op.create_table(
        "erased_pseudonym",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.CheckConstraint("length(digest) = 64 and length(salt) = 32", name=op.f("ck_erased_pseudonym_whole")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased_pseudonym")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("erased_pseudonym")
