"""What is known of a list beyond its bands, and which weeks were reconstructed later."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table; no vintage that is stored was reconstructed."""
    op.create_table(
        "detail",
        sa.Column("vintage_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("service", _text(60), nullable=False),
        sa.Column("org", _text(120), nullable=False),
        sa.Column("stage", _text(10), nullable=False),
        sa.Column("cut", _text(20), nullable=False),
        sa.Column("cut_group", _text(40), nullable=False),
        sa.Column("list_size", sa.Integer(), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.Column("weeks", sa.JSON(), nullable=False),
        sa.Column("referrals", sa.Integer(), nullable=True),
        sa.Column("removals", sa.JSON(), nullable=False),
        sa.Column("residual", sa.Integer(), nullable=True),
        sa.Column("median_days", sa.Float(), nullable=True),
        sa.Column("mean_days", sa.Float(), nullable=True),
        sa.Column("p92_days", sa.Float(), nullable=True),
        sa.Column("longest_band", _text(20), nullable=True),
        sa.Column("waiting", sa.JSON(), nullable=False),
        sa.Column("adjusted", sa.JSON(), nullable=False),
        sa.Column("completed", sa.JSON(), nullable=False),
        sa.CheckConstraint("(cut = '') = (cut_group = '')", name=op.f("ck_detail_cut_has_group")),
        sa.CheckConstraint("stage in ('list', 'next', 'review')", name=op.f("ck_detail_stage_known")),
        sa.CheckConstraint('length("cut") <= 20', name=op.f("ck_detail_cut_length")),
        sa.CheckConstraint('length("cut_group") <= 40', name=op.f("ck_detail_cut_group_length")),
        sa.CheckConstraint('length("longest_band") <= 20', name=op.f("ck_detail_longest_band_length")),
        sa.CheckConstraint('length("org") <= 120', name=op.f("ck_detail_org_length")),
        sa.CheckConstraint('length("service") <= 60', name=op.f("ck_detail_service_length")),
        sa.CheckConstraint('length("stage") <= 10', name=op.f("ck_detail_stage_length")),
        sa.CheckConstraint("list_size >= 0", name=op.f("ck_detail_size_not_negative")),
        sa.ForeignKeyConstraint(["vintage_id"], ["vintage.id"], name=op.f("fk_detail_vintage_id_vintage")),
        sa.PrimaryKeyConstraint("vintage_id", "service", "org", "stage", "cut", "cut_group", name=op.f("pk_detail")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("detail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_detail_service_org_cut"), ["service", "org", "cut"], unique=False)

    with op.batch_alter_table("vintage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("digest", sa.String(64), nullable=True))
        batch_op.create_check_constraint(op.f("ck_vintage_digest_whole"), "digest is null or length(digest) = 64")
        batch_op.add_column(sa.Column("is_reconstructed", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("vintage", schema=None) as batch_op:
        batch_op.drop_column("is_reconstructed")
        batch_op.drop_constraint(op.f("ck_vintage_digest_whole"), type_="check")
        batch_op.drop_column("digest")

    with op.batch_alter_table("detail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_detail_service_org_cut"))

    op.drop_table("detail")
