"""Who crosses a threshold when: what `waitlists.counts.due` told of each newest extract, and nothing older.

No pseudonym stands here: a row is found by its provider and the provider's own number of the referral alone.
"""

from sqlalchemy import JSON, CheckConstraint, Column, Date, Index, Integer, Table

from waitlists.store.columns import metadata, short

referral_due = Table(
    "referral_due",
    metadata,
    *short("provider", 120, primary_key=True),
    *short("service_request_identifier", 36, primary_key=True),
    *short("service", 60),
    *short("waiting_for", 40),
    Column("counted_on", Date, nullable=False),
    Column("waited_days", Integer, nullable=False),
    Column("adjusted_days", Integer, nullable=False),
    Column("booked_for", Date),
    Column("next_crossing", Date, nullable=False),
    Column("days_to_crossing", Integer, nullable=False),
    Column("thresholds", JSON, nullable=False),
    Index(None, "provider", "next_crossing", "service_request_identifier"),
    CheckConstraint("waited_days >= 0 and adjusted_days >= 0", name="days_not_negative"),
    CheckConstraint("days_to_crossing > 0", name="crossing_to_come"),
)
