"""The whole schema on one page, for SQLite and PostgreSQL alike.

A *delivery* is a file kept whole under its checksum. It makes one or more *vintages*: what it says of one source and
period. A *figure* is one printed cell of a vintage. Nothing is overwritten: a corrected file adds vintages, and the one
in force on a day is the latest known by then. Readers see what the newest `dataset_version` published.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from waitlists.store import (
    tables_audit,
    tables_decided,
    tables_decisions,
    tables_details,
    tables_due,
    tables_erased,
    tables_jobs,
    tables_judged,
    tables_once,
    tables_outbox,
    tables_referrals,
    tables_warnings,
)
from waitlists.store.columns import UtcDateTime, metadata
from waitlists.store.columns import short as _short

audit = tables_audit.audit
audit_tally = tables_audit.audit_tally
breach_acknowledgement = tables_warnings.breach_acknowledgement
breach_assessment = tables_warnings.breach_assessment
breach_warning = tables_warnings.breach_warning
decided_week = tables_decided.decided_week
decision = tables_decisions.decision
detail = tables_details.detail
erased_pseudonym = tables_erased.erased_pseudonym
erasure = tables_referrals.erasure
first_answer = tables_once.first_answer
held_delivery = tables_referrals.held_delivery
job_run = tables_jobs.job_run
judged_list = tables_judged.judged_list
outbox = tables_outbox.outbox
quarantine = tables_referrals.quarantine
referral = tables_referrals.referral
referral_delivery = tables_referrals.referral_delivery
referral_due = tables_due.referral_due
subscriber = tables_outbox.subscriber

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    *_short("command", 20),
    Column("as_of", Date),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("status", String(10), nullable=False),
    Column("summary", JSON, nullable=False),
    CheckConstraint("status in ('running', 'done', 'partial', 'failed')", name="status_known"),
    CheckConstraint("(status = 'running') = (finished_at is null)", name="finished_when_not_running"),
)

dataset_version = Table(
    "dataset_version",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("published_at", UtcDateTime, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    *_short("source", 40),
    *_short("file_name", 255),
    Column("size_bytes", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("published_on", Date),
    Column("known_from", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    *_short("layout", 40),
    Column("is_synthetic", Boolean, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("providers_in_scope", Integer),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    CheckConstraint("length(sha256) = 64", name="sha256_whole"),
    CheckConstraint("size_bytes > 0", name="size_positive"),
)

delivery_content = Table(
    "delivery_content",
    metadata,
    Column("delivery_id", Integer, ForeignKey("delivery.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

refusal = Table(
    "refusal",
    metadata,
    Column("id", Integer, primary_key=True),
    *_short("sha256", 64, nullable=True),
    *_short("file_name", 255),
    Column("received_at", UtcDateTime, nullable=False),
    *_short("code", 40),
    Column("reason", Text, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("sender", JSON(none_as_null=True)),
)

vintage = Table(
    "vintage",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", Integer, ForeignKey("delivery.id"), nullable=False),
    *_short("source", 40),
    *_short("scope", 40),
    Column("period_end", Date, nullable=False),
    Column("known_from", Date, nullable=False),
    Column("is_reconstructed", Boolean, nullable=False, server_default=false()),
    Column("digest", String(64)),
    CheckConstraint("digest is null or length(digest) = 64", name="digest_whole"),
    UniqueConstraint("delivery_id", "source", "scope", "period_end"),
    Index(None, "source", "scope", "period_end", "known_from"),
    Index(None, "source", "period_end"),
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    *_short("source", 40),
    *_short("service", 60),
    *_short("org", 120),
    *_short("kind", 20),
    *_short("band", 20),
    UniqueConstraint("source", "service", "org", "kind", "band"),
    Index(None, "service", "org"),
)

figure = Table(
    "figure",
    metadata,
    Column("series_id", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("vintage_id", Integer, ForeignKey("vintage.id"), primary_key=True, autoincrement=False),
    Column("value", Integer),
    Column("marker", String(12), nullable=False),
    *_short("sheet", 40),
    Column("row", Integer, nullable=False),
    Column("column", Integer, nullable=False),
    Index(None, "vintage_id"),
    CheckConstraint("marker in ('number', 'suppressed')", name="marker_known"),
    CheckConstraint("(marker = 'number') = (value is not null)", name="value_when_number"),
    CheckConstraint("value is null or value >= 0", name="value_not_negative"),
    sqlite_with_rowid=False,
)

non_submission = Table(
    "non_submission",
    metadata,
    Column("delivery_id", Integer, ForeignKey("delivery.id"), primary_key=True, autoincrement=False),
    *_short("org", 120, primary_key=True),
    Column("period_end", Date, primary_key=True),
    Column("not_submitting", Integer, nullable=False),
    CheckConstraint("not_submitting >= 0", name="count_not_negative"),
)

organisation = Table(
    "organisation",
    metadata,
    *_short("code", 120, primary_key=True),
    *_short("name", 255),
    *_short("level", 20),
    Column("printed_in", Date, nullable=False),
)
"""Organisations met in files; the register in `waitlists/organisations` goes before it. The name is the one printed
in the file of the latest month, `printed_in`, so that files may be loaded in any order."""

coverage = Table(
    "coverage",
    metadata,
    Column("vintage_id", Integer, ForeignKey("vintage.id"), primary_key=True, autoincrement=False),
    *_short("service", 60, primary_key=True),
    *_short("org", 120, primary_key=True),
    Column("share", Float, nullable=False),
    Column("missing", JSON, nullable=False),
    CheckConstraint("share >= 0 and share <= 1", name="share_is_a_share"),
    sqlite_with_rowid=False,
)

finding = Table(
    "finding",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", Integer, ForeignKey("delivery.id"), nullable=False),
    Column("vintage_id", Integer, ForeignKey("vintage.id")),
    *_short("code", 40),
    Column("severity", String(10), nullable=False),
    *_short("service", 60, nullable=True),
    *_short("org", 120, nullable=True),
    Column("period_end", Date, nullable=False),
    Column("known_from", Date, nullable=False),
    Column("known_until", Date),
    *_short("sheet", 40, nullable=True),
    *_short("cell", 12, nullable=True),
    Column("sentence", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Column("is_across", Boolean, nullable=False),
    Index(None, "service", "org", "period_end"),
    Index(None, "vintage_id"),
    Index(None, "delivery_id"),
    CheckConstraint("severity in ('info', 'warning', 'error')", name="severity_known"),
)

forecast = Table(
    "forecast",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("as_of", Date, nullable=False),
    *_short("source", 40),
    *_short("service", 60),
    *_short("org", 120),
    *_short("measure", 30),
    Column("freq", String(1), nullable=False),
    Column("status", String(20), nullable=False),
    *_short("model", 40, nullable=True),
    Column("trained_until", Date),
    Column("points", JSON, nullable=False),
    Column("scores", JSON, nullable=False),
    Column("reason", Text),
    Column("breaks", JSON, nullable=False),
    UniqueConstraint("run_id", "source", "service", "org", "measure"),
    Index(None, "service", "org", "measure", "as_of"),
    CheckConstraint("freq in ('M', 'W')", name="freq_known"),
    CheckConstraint("status in ('ok', 'fallback', 'insufficient_data', 'blocked')", name="status_known"),
)

clearance = Table(
    "clearance",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("as_of", Date, nullable=False),
    *_short("source", 40),
    *_short("service", 60),
    *_short("org", 120),
    Column("answer", JSON, nullable=False),
    UniqueConstraint("run_id", "source", "service", "org"),
    Index(None, "service", "org", "as_of"),
)

api_key = Table(
    "api_key",
    metadata,
    *_short("prefix", 16, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("role", String(20), nullable=False),
    Column("organisations", JSON, nullable=False),
    *_short("name", 80),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    CheckConstraint("length(hash) = 64", name="hash_whole"),
    CheckConstraint("role in ('public', 'board', 'commissioner', 'provider', 'admin')", name="role_known"),
)
"""Keys are revoked, never deleted: the audit names them by prefix."""
