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
    Column("waits_since", Date, nullable=False),
    Column("adjustment_days", Integer, nullable=False),
    Column("appointment_on", Date),
    Column("next_crossing", Date, nullable=False),
    Column("limits", JSON, nullable=False),
    Index(None, "provider", "next_crossing", "service_request_identifier"),
    CheckConstraint("next_crossing > waits_since", name="crosses_later"),
)
