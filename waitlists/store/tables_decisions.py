"""What people decided about charts: `waitlists.trends.decisions`. Rows are added and never changed."""

from sqlalchemy import CheckConstraint, Column, Date, Float, ForeignKey, Index, Integer, String, Table

from waitlists.store.columns import UtcDateTime, metadata, short

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", String(10), nullable=False),
    *short("service", 60),
    *short("org", 120),
    *short("measure", 40),
    *short("standard_id", 60, nullable=True),
    Column("basis", String(10)),
    Column("freq", String(1)),
    *short("source", 40, nullable=True),
    Column("since", Date, nullable=False),
    Column("value", Float),
    *short("reason", 300),
    *short("role", 80),
    Column("decided_on", Date, nullable=False),
    Column("known_from", Date, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("removes", Integer, ForeignKey("decision.id")),
    Index(None, "service", "org"),
    Index(None, "removes", unique=True),
    CheckConstraint("what in ('rebase', 'target')", name="what_known"),
    CheckConstraint("(what = 'target') = (value is not null)", name="target_has_value"),
    CheckConstraint("(standard_id is null) = (basis is null)", name="standard_with_basis"),
)
"""A removal is a row of its own, with the words of the removal and the number of what it removes."""
