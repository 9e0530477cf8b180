"""What disclosure control decided of each unpublished week: `waitlists.suppression.weeks`, one row for each."""

from sqlalchemy import JSON, CheckConstraint, Column, Date, String, Table

from waitlists.store.columns import metadata, short

decided_week = Table(
    "decided_week",
    metadata,
    *short("service", 60, primary_key=True),
    *short("rule", 10, primary_key=True),
    Column("period_end", Date, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("states", JSON, nullable=False),
    CheckConstraint("length(digest) = 64", name="digest_whole"),
)
"""Names of numbers and no number; worked out, so it may be deleted and comes again."""
