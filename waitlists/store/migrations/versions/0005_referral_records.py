"""Referral records: versions of rows, rows refused, and the deliveries they came in or are held with."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A released step holds its own list of columns: the record of a later version is another one.
_RECORD = """
pseudonym_id 64 required
service code required
waiting_for code required
service_request_identifier 36 required
referral_spell_id 36
organisation_identifier_code_of_provider 120 required
organisation_identifier_code_of_commissioner code required
referral_request_received_date date required
original_referral_request_received_date date
clock_start_date date
clock_rule_id code
source_of_referral code
primary_reason_for_referral code
service_or_team_type_referred_to code
clinical_response_priority_type code
wheelchair_need_level code
treatment_function_code code
age_band code required
person_stated_gender_code code
ethnic_category code
imd_decile integer
district_code code
referral_rejection_date date
referral_rejection_reason code
first_care_contact_date date
first_care_contact_medium code
baseline_outcome_date date
plan_or_intervention_date date
assessment_started_date date
equipment_delivered_date date
next_appointment_date date
clock_stop_date date
clock_stop_reason code
successor_provider code
service_discharge_date date
reason_for_referral_closure code
was_not_brought_count integer
patient_cancel_count integer
provider_cancel_count integer
wait_adjustment_days integer
snapshot_date date required
source_system 40 required
"""
_IN_FORCE = sa.text("known_until is null")
_OPEN = sa.text(
    "known_until is null and not is_absent and clock_stop_date is null and service_discharge_date is null"
    " and referral_rejection_date is null"
)


def _text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _record() -> list[tuple[str, str, bool]]:
    lines = (line.split() for line in _RECORD.strip().splitlines())
    return [(name, kind, bool(required)) for name, kind, *required in lines]


def _column(name: str, kind: str, *, is_required: bool) -> "sa.Column[object]":
    kinds = {"code": sa.String(40), "date": sa.Date(), "integer": sa.Integer()}
    return sa.Column(name, kinds[kind] if kind in kinds else _text(int(kind)), nullable=not is_required)


def _short(table: str, **lengths: int) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f'length("{name}") <= {length}', name=op.f(f"ck_{table}_{name}_length"))
        for name, length in lengths.items()
    ]


def upgrade() -> None:
    """Create the four tables."""
    _referral()
    op.create_table(
        "referral_delivery",
        sa.Column("delivery_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provider", _text(120), nullable=False),
        sa.Column("kind", _text(10), nullable=False),
        sa.Column("snapshot_date", sa.Date(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("open_by_service", sa.JSON(), nullable=False),
        sa.Column("unknown_columns", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind in ('snapshot', 'delta')", name=op.f("ck_referral_delivery_kind_known")),
        *_short("referral_delivery", kind=10, provider=120),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_referral_delivery_delivery_id_delivery")
        ),
        sa.PrimaryKeyConstraint("delivery_id", "provider", name=op.f("pk_referral_delivery")),
    )
    op.create_index(
        op.f("ix_referral_delivery_provider_snapshot_date"), "referral_delivery", ["provider", "snapshot_date"]
    )
    _quarantine()
    _held_delivery()


def downgrade() -> None:
    """Take them away again, and every record with them."""
    op.drop_table("held_delivery")
    op.drop_table("quarantine")
    op.drop_table("referral_delivery")
    op.drop_table("referral")


def _referral() -> None:
    record = _record()
    short = {name: int(kind) for name, kind, _ in record if kind.isdigit()}
    codes = " and ".join(f"length({name}) <= 40" for name, kind, _ in record if kind == "code")
    op.create_table(
        "referral",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("known_until", sa.Date(), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("is_absent", sa.Boolean(), nullable=False),
        sa.Column("identity", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        *(_column(name, kind, is_required=required) for name, kind, required in record),
        sa.CheckConstraint("known_until is null or known_until >= known_from", name=op.f("ck_referral_known_in_order")),
        sa.CheckConstraint(codes, name=op.f("ck_referral_codes_short")),
        *_short("referral", **short),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_referral")),
    )
    op.create_index(op.f("ix_referral_identity_known_from"), "referral", ["identity", "known_from"])
    op.create_index(op.f("ix_referral_pseudonym_id"), "referral", ["pseudonym_id"])
    provider = "organisation_identifier_code_of_provider"
    op.create_index("ix_referral_provider", "referral", [provider, "known_until"])
    op.create_index(
        "ix_referral_in_force",
        "referral",
        ["identity"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.create_index("ix_referral_open", "referral", [provider, "service"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def _quarantine() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("rule", _text(60), nullable=False),
        sa.Column("field", _text(60), nullable=True),
        sa.Column("pseudonym_id", _text(64), nullable=True),
        sa.Column("raw", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", _text(20), nullable=True),
        sa.CheckConstraint(
            "(state = 'released') = (released_at is not null)", name=op.f("ck_quarantine_released_at_some_time")
        ),
        sa.CheckConstraint("state in ('held', 'released')", name=op.f("ck_quarantine_state_known")),
        *_short("quarantine", field=60, pseudonym_id=64, released_by=20, rule=60),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_quarantine_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    op.create_index(op.f("ix_quarantine_delivery_id_state"), "quarantine", ["delivery_id", "state"])
    op.create_index(op.f("ix_quarantine_pseudonym_id"), "quarantine", ["pseudonym_id"])


def _held_delivery() -> None:
    op.create_table(
        "held_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", _text(255), nullable=False),
        sa.Column("source", _text(40), nullable=False),
        sa.Column("snapshot_date", sa.Date(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", _text(20), nullable=True),
        sa.Column("approval", sa.Text(), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'approved') = (approved_at is not null)", name=op.f("ck_held_delivery_approved_at_some_time")
        ),
        sa.CheckConstraint("state in ('held', 'approved')", name=op.f("ck_held_delivery_state_known")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_held_delivery_sha256_whole")),
        *_short("held_delivery", approved_by=20, file_name=255, source=40),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_held_delivery_delivery_id_delivery")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_held_delivery_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_delivery")),
        sa.UniqueConstraint("sha256", name=op.f("uq_held_delivery_sha256")),
    )
