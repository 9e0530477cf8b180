"""Who gets mail, and the mail on its way to them: `waitlists.mail.subscribers` and `waitlists.mail.outgoing`."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from waitlists.store.columns import UtcDateTime, metadata, short

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", Integer, primary_key=True),
    *short("address", 254, nullable=True),
    Column("role", String(20), nullable=False),
    Column("services", JSON, nullable=False),
    Column("organisations", JSON, nullable=False),
    Column("standards", JSON, nullable=False),
    Column("wants_csv", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
    Index(None, "address", unique=True),
    CheckConstraint("role in ('public', 'board', 'commissioner', 'provider', 'admin')", name="role_known"),
    CheckConstraint("(address is null) = (removed_at is not null)", name="address_until_removed"),
)
"""A removed subscriber keeps the number, which no other one is given, and loses the address."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    *short("message_id", 200),
    *short("kind", 20),
    Column("slot", Date, nullable=False),
    Column("subscriber_id", Integer, ForeignKey("subscriber.id"), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tries_before", Integer, nullable=False, server_default="0"),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("next_try", UtcDateTime, nullable=False),
    Column("first_tried_at", UtcDateTime),
    Column("lease_until", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Column("held_at", UtcDateTime),
    *short("last_problem", 80, nullable=True),
    Index(None, "message_id", unique=True),
    Index(None, "kind", "slot", "subscriber_id", unique=True),
    Index(None, "state", "next_try"),
    CheckConstraint("state in ('queued', 'sent', 'dead', 'withdrawn')", name="state_known"),
    CheckConstraint("(state = 'queued') = (settled_at is null)", name="settled_when_not_queued"),
    CheckConstraint("attempts >= 0", name="attempts_not_negative"),
)
"""A row is a mail to one subscriber, without the address; it is never deleted, so that nothing is sent twice.

`attempts` counts every take and never falls, since the answer of a try counts under its number; `tries_before` are
those before the mail was given another round.
One that is held waits for a person's word: after a restore onto an empty host nobody knows whether it was sent.
"""
