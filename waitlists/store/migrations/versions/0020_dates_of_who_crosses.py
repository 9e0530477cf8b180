"""Who crosses a threshold when, as dates that stay as they are while weeks pass."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _short(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


_LENGTHS = {"provider": 120, "service_request_identifier": 36, "service": 60, "waiting_for": 40}
_BEFORE = {
    "counted_on": sa.Date(),
    "waited_days": sa.Integer(),
    "adjusted_days": sa.Integer(),
    "booked_for": sa.Date(),
    "next_crossing": sa.Date(),
    "days_to_crossing": sa.Integer(),
    "thresholds": sa.JSON(),
}
_NOW = {
    "waits_since": sa.Date(),
    "adjustment_days": sa.Integer(),
    "appointment_on": sa.Date(),
    "next_crossing": sa.Date(),
    "limits": sa.JSON(),
}
_MAY_BE_EMPTY = ("booked_for", "appointment_on")


def upgrade() -> None:
    """Keep what was worked out, without the days that follow from it."""
    names = (sa.column(name, sa.String()) for name in _LENGTHS)
    before = sa.table("referral_due", *names, *(sa.column(name, kind) for name, kind in _BEFORE.items()))
    rows = op.get_bind().execute(sa.select(before)).mappings().all()
    now = _made(_NOW, {"crosses_later": "next_crossing > waits_since"})
    if rows:
        op.bulk_insert(now, [_dates_of(row) for row in rows])


def downgrade() -> None:
    """Leave it empty: the next load of records works it out again."""
    checks = {
        "days_not_negative": "waited_days >= 0 and adjusted_days >= 0",
        "crossing_to_come": "days_to_crossing > 0",
    }
    _made(_BEFORE, checks)


def _dates_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _LENGTHS},
        "waits_since": row["counted_on"] - timedelta(days=row["waited_days"]),
        "adjustment_days": row["waited_days"] - row["adjusted_days"],
        "appointment_on": row["booked_for"],
        "next_crossing": row["next_crossing"],
        "limits": [[standard, over] for standard, over, _, _ in row["thresholds"]],
    }


def _made(columns: Mapping[str, sa.types.TypeEngine[Any]], checks: Mapping[str, str]) -> sa.Table:
    """The table anew, with these columns beside those that name the referral."""
    index = op.f("ix_referral_due_provider_next_crossing_service_request_identifier")
    op.drop_index(index, table_name="referral_due")
    op.drop_table("referral_due")
    rules = {f"{name}_length": f'length("{name}") <= {length}' for name, length in _LENGTHS.items()} | dict(checks)
    table = op.create_table(
        "referral_due",
        *(sa.Column(name, _short(length), nullable=False) for name, length in _LENGTHS.items()),
        *(sa.Column(name, kind, nullable=name in _MAY_BE_EMPTY) for name, kind in columns.items()),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_referral_due_{name}")) for name, rule in rules.items()),
        sa.PrimaryKeyConstraint("provider", "service_request_identifier", name=op.f("pk_referral_due")),
    )
    op.create_index(index, "referral_due", ["provider", "next_crossing", "service_request_identifier"])
    return table
