"""Who gets mail, and the mail on its way to them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _short(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create both tables, empty."""
    op.create_table(
        "subscriber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", _short(254), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("standards", sa.JSON(), nullable=False),
        sa.Column("wants_csv", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('length("address") <= 254', name=op.f("ck_subscriber_address_length")),
        sa.CheckConstraint(
            "role in ('public', 'board', 'commissioner', 'provider', 'admin')", name=op.f("ck_subscriber_role_known")
        ),
        sa.CheckConstraint(
            "(address is null) = (removed_at is not null)", name=op.f("ck_subscriber_address_until_removed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
    )
    op.create_index(op.f("ix_subscriber_address"), "subscriber", ["address"], unique=True)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", _short(200), nullable=False),
        sa.Column("kind", _short(20), nullable=False),
        sa.Column("slot", sa.Date(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_problem", _short(80), nullable=True),
        sa.CheckConstraint('length("message_id") <= 200', name=op.f("ck_outbox_message_id_length")),
        sa.CheckConstraint('length("kind") <= 20', name=op.f("ck_outbox_kind_length")),
        sa.CheckConstraint('length("last_problem") <= 80', name=op.f("ck_outbox_last_problem_length")),
        sa.CheckConstraint("state in ('queued', 'sent', 'dead', 'withdrawn')", name=op.f("ck_outbox_state_known")),
        sa.CheckConstraint("(state = 'queued') = (settled_at is null)", name=op.f("ck_outbox_settled_when_not_queued")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts_not_negative")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name=op.f("fk_outbox_subscriber_id_subscriber")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_message_id"), "outbox", ["message_id"], unique=True)
    op.create_index(op.f("ix_outbox_state_next_try"), "outbox", ["state", "next_try"])


def downgrade() -> None:
    """Drop both, and every address and queued mail with them."""
    op.drop_table("outbox")
    op.drop_table("subscriber")
