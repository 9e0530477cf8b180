"""Who crosses a threshold when, as worked out of each provider's newest extract."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _short(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


_LENGTHS = {"provider": 120, "service_request_identifier": 36, "service": 60, "waiting_for": 40}


def upgrade() -> None:
    """Create the table; it is filled by the next load of records."""
    op.create_table(
        "referral_due",
        *(sa.Column(name, _short(length), nullable=False) for name, length in _LENGTHS.items()),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("waited_days", sa.Integer(), nullable=False),
        sa.Column("adjusted_days", sa.Integer(), nullable=False),
        sa.Column("booked_for", sa.Date(), nullable=True),
        sa.Column("next_crossing", sa.Date(), nullable=False),
        sa.Column("days_to_crossing", sa.Integer(), nullable=False),
        sa.Column("thresholds", sa.JSON(), nullable=False),
        *(
            sa.CheckConstraint(f'length("{name}") <= {length}', name=op.f(f"ck_referral_due_{name}_length"))
            for name, length in _LENGTHS.items()
        ),
        sa.CheckConstraint("waited_days >= 0 and adjusted_days >= 0", name=op.f("ck_referral_due_days_not_negative")),
        sa.CheckConstraint("days_to_crossing > 0", name=op.f("ck_referral_due_crossing_to_come")),
        sa.PrimaryKeyConstraint("provider", "service_request_identifier", name=op.f("pk_referral_due")),
    )
    op.create_index(
        op.f("ix_referral_due_provider_next_crossing_service_request_identifier"),
        "referral_due",
        ["provider", "next_crossing", "service_request_identifier"],
    )


def downgrade() -> None:
    """Drop it: the next load of records works it out again."""
    op.drop_index(op.f("ix_referral_due_provider_next_crossing_service_request_identifier"), table_name="referral_due")
    op.drop_table("referral_due")
