"""First answers to requests that change something, kept for a day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    short = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
    op.create_table(
        "first_answer",
        sa.Column("caller", short, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(status is null) = (body is null)", name=op.f("ck_first_answer_answer_whole")),
        sa.CheckConstraint('length("caller") <= 40', name=op.f("ck_first_answer_caller_length")),
        sa.CheckConstraint(
            "length(key_hash) = 64 and length(fingerprint) = 64", name=op.f("ck_first_answer_hashes_whole")
        ),
        sa.PrimaryKeyConstraint("caller", "key_hash", name=op.f("pk_first_answer")),
    )
    op.create_index(op.f("ix_first_answer_started_at"), "first_answer", ["started_at"])


def downgrade() -> None:
    """Drop it: what was sent within the last day might then be done twice."""
    op.drop_index(op.f("ix_first_answer_started_at"), table_name="first_answer")
    op.drop_table("first_answer")
