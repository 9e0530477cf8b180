"""Breach warnings by the day they were worked out for, and who has taken which: both are only ever added to.

An assessment is all warnings of one knowledge date. The same date worked out again to the same warnings adds nothing;
to others it adds a second assessment, which is then the one that counts.
"""

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Table, Text

from waitlists.store.columns import UtcDateTime, metadata, short

breach_assessment = Table(
    "breach_assessment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("digest", String(64), nullable=False),
    Index(None, "as_of", "id"),
    CheckConstraint("length(digest) = 64", name="digest_whole"),
)

breach_warning = Table(
    "breach_warning",
    metadata,
    Column("assessment_id", Integer, ForeignKey("breach_assessment.id"), primary_key=True, autoincrement=False),
    *short("warning", 16, primary_key=True),
    *short("source", 40),
    *short("service", 60),
    *short("org", 120),
    *short("standard_id", 60),
    Column("state", String(12), nullable=False),
    Column("severity", String(6), nullable=False),
    Column("content", JSON, nullable=False),
    Index(None, "service", "org"),
    Index(None, "warning"),
    CheckConstraint("state in ('raised', 'worse', 'acknowledged', 'escalated', 'cleared')", name="state_known"),
    CheckConstraint("severity in ('low', 'medium', 'high')", name="severity_known"),
)

breach_acknowledgement = Table(
    "breach_acknowledgement",
    metadata,
    *short("warning", 16, primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("known_on", Date, nullable=False),
    Column("until", Date, nullable=False),
    *short("actor", 40, primary_key=True),
    Column("role", String(20), nullable=False),
    Column("severity", String(6), nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("until >= known_on", name="until_not_before"),
    CheckConstraint("length(reason) between 1 and 500", name="reason_given"),
)
"""`known_on` is the London day of `at`; `actor` names the key, as the audit does, and is shown to nobody."""
