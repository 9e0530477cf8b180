"""The first answers to requests that change something, for a day: `waitlists.security.once`."""

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, String, Table

from waitlists.store.columns import UtcDateTime, metadata, short

first_answer = Table(
    "first_answer",
    metadata,
    *short("caller", 40, primary_key=True),
    Column("key_hash", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("started_at", UtcDateTime, nullable=False, index=True),
    Column("status", Integer),
    Column("body", LargeBinary),
    CheckConstraint("length(key_hash) = 64 and length(fingerprint) = 64", name="hashes_whole"),
    CheckConstraint("(status is null) = (body is null)", name="answer_whole"),
)
