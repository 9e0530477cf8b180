"""Referral records in the database: versions of rows, rows refused, and the deliveries they came in.

A *version* is what was said of one referral from one delivery on; nothing in it is changed later but the day until
which it counted. The bytes of an extract are kept nowhere, so that what is erased here is gone.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from waitlists.store.columns import UtcDateTime, metadata
from waitlists.store.columns import short as _short

_LONGEST_CODE = 40
_CODES = (
    "service", "waiting_for", "organisation_identifier_code_of_commissioner", "clock_rule_id", "source_of_referral",
    "primary_reason_for_referral", "service_or_team_type_referred_to", "clinical_response_priority_type",
    "wheelchair_need_level", "treatment_function_code", "age_band", "person_stated_gender_code", "ethnic_category",
    "district_code", "referral_rejection_reason", "first_care_contact_medium", "clock_stop_reason",
    "successor_provider", "reason_for_referral_closure",
)  # fmt: skip

OPEN = "clock_stop_date is null and service_discharge_date is null and referral_rejection_date is null"
"""What makes a referral open, as far as its sender says."""

_IN_FORCE = text("known_until is null")
_IN_A_SPELL = text("referral_spell_id is not null")
_IN_FORCE_AND_OPEN = text(f"known_until is null and not is_absent and {OPEN}")


def _code(name: str, *, nullable: bool = True) -> Column[str]:
    return Column(name, String(_LONGEST_CODE), nullable=nullable)


referral = Table(
    "referral",
    metadata,
    Column("version_id", Integer, primary_key=True, autoincrement=False),
    # No foreign key: a million look-ups cost a third of a load, and deliveries are never deleted.
    Column("delivery_id", Integer, nullable=False),
    Column("known_from", Date, nullable=False),
    Column("known_until", Date),
    Column("stated_on", Date, nullable=False),
    Column("is_absent", Boolean, nullable=False),
    Column("identity", BigInteger, nullable=False),
    Column("digest", BigInteger, nullable=False),
    *_short("pseudonym_id", 64),
    _code("service", nullable=False),
    _code("waiting_for", nullable=False),
    *_short("service_request_identifier", 36),
    *_short("referral_spell_id", 36, nullable=True),
    *_short("organisation_identifier_code_of_provider", 120),
    _code("organisation_identifier_code_of_commissioner", nullable=False),
    Column("referral_request_received_date", Date, nullable=False),
    Column("original_referral_request_received_date", Date),
    Column("clock_start_date", Date),
    _code("clock_rule_id"),
    _code("source_of_referral"),
    _code("primary_reason_for_referral"),
    _code("service_or_team_type_referred_to"),
    _code("clinical_response_priority_type"),
    _code("wheelchair_need_level"),
    _code("treatment_function_code"),
    _code("age_band", nullable=False),
    _code("person_stated_gender_code"),
    _code("ethnic_category"),
    Column("imd_decile", Integer),
    _code("district_code"),
    Column("referral_rejection_date", Date),
    _code("referral_rejection_reason"),
    Column("first_care_contact_date", Date),
    _code("first_care_contact_medium"),
    Column("baseline_outcome_date", Date),
    Column("plan_or_intervention_date", Date),
    Column("assessment_started_date", Date),
    Column("equipment_delivered_date", Date),
    Column("next_appointment_date", Date),
    Column("clock_stop_date", Date),
    _code("clock_stop_reason"),
    _code("successor_provider"),
    Column("service_discharge_date", Date),
    _code("reason_for_referral_closure"),
    Column("was_not_brought_count", Integer),
    Column("patient_cancel_count", Integer),
    Column("provider_cancel_count", Integer),
    Column("wait_adjustment_days", Integer),
    Column("snapshot_date", Date, nullable=False),
    *_short("source_system", 40),
    # One expression for all codes: a check a column would be looked up twenty times a row. NULL AND false is false.
    CheckConstraint(" and ".join(f"length({name}) <= {_LONGEST_CODE}" for name in _CODES), name="codes_short"),
    CheckConstraint("known_until is null or known_until >= known_from", name="known_in_order"),
    Index(None, "identity", "known_from"),
    Index("ix_referral_in_force", "identity", unique=True, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
    Index(None, "pseudonym_id"),
    Index("ix_referral_spell", "referral_spell_id", sqlite_where=_IN_A_SPELL, postgresql_where=_IN_A_SPELL),
    Index("ix_referral_provider", "organisation_identifier_code_of_provider", "known_until"),
    Index(
        "ix_referral_open", "organisation_identifier_code_of_provider", "service",
        sqlite_where=_IN_FORCE_AND_OPEN, postgresql_where=_IN_FORCE_AND_OPEN,
    ),
)  # fmt: skip
"""Versions of referrals. `identity` and `digest` are the numbers of `waitlists.deliveries.digest`; `known_until` is the
first day on which a version no longer counted; `stated_on` the day of the newest delivery that said it, as far as
deltas tell. An `is_absent` version says that a newer full snapshot no longer held the referral; its `snapshot_date` is
the last day on which the referral was on the list."""

referral_delivery = Table(
    "referral_delivery",
    metadata,
    Column("delivery_id", Integer, ForeignKey("delivery.id"), primary_key=True, autoincrement=False),
    *_short("provider", 120, primary_key=True),
    *_short("kind", 10),
    Column("snapshot_date", Date, nullable=False),
    Column("known_from", Date, nullable=False),
    Column("open_by_service", JSON, nullable=False),
    Column("unknown_columns", JSON, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("source_systems", JSON),
    Column("fields", JSON),
    Column("filled", JSON),
    Column("covered_since", Date),
    Column("lists_begun", JSON(none_as_null=True)),
    Index(None, "provider", "snapshot_date"),
    CheckConstraint("kind in ('snapshot', 'delta')", name="kind_known"),
)
"""What one delivery was for one provider, and the open referrals it left: the next one of its source systems is
compared with it. Nothing stands for all systems of the provider, as deliveries did that came before; `fields` are those
it had columns of, `filled` in how many of its rows each column says something.
`covered_since` is the day from which its lists are counted, `lists_begun` since when each has had a child on it, where
all records were looked at for it."""

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", Integer, ForeignKey("delivery.id"), nullable=False),
    Column("row", Integer),
    *_short("rule", 60),
    *_short("field", 60, nullable=True),
    *_short("pseudonym_id", 64, nullable=True),
    Column("raw", JSON, nullable=False),
    Column("state", String(10), nullable=False),
    Column("released_at", UtcDateTime),
    *_short("released_by", 20, nullable=True),
    Index(None, "delivery_id", "state"),
    Index(None, "pseudonym_id"),
    CheckConstraint("state in ('held', 'released')", name="state_known"),
    CheckConstraint("(state = 'released') = (released_at is not null)", name="released_at_some_time"),
)
"""Rows that broke a rule, with what is kept of their texts (`raw`), for the sender to mend or for a release."""

held_delivery = Table(
    "held_delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    *_short("file_name", 255),
    *_short("source", 40),
    Column("snapshot_date", Date, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("held_at", UtcDateTime, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("approved_at", UtcDateTime),
    *_short("approved_by", 20, nullable=True),
    Column("approval", Text),
    Column("delivery_id", Integer, ForeignKey("delivery.id")),
    Column("providers", JSON(none_as_null=True)),
    Column("services", JSON(none_as_null=True)),
    Column("source_systems", JSON(none_as_null=True)),
    CheckConstraint("length(sha256) = 64", name="sha256_whole"),
    CheckConstraint("state in ('held', 'approved')", name="state_known"),
    CheckConstraint("(state = 'approved') = (approved_at is not null)", name="approved_at_some_time"),
)
"""Deliveries a person has to look at before anything of them is loaded: their checksum, whose they are, of which lists
and source systems, and why. Of those that came before nobody kept which."""

erasure = Table(
    "erasure",
    metadata,
    Column("whole_from", Date, primary_key=True),
)
"""Days from which on the records are whole: those that ended before, or were counted before, were erased in part."""
