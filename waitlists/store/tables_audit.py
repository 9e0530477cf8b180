"""The trail of looks and how long it is: `waitlists.security.audit`. Triggers let both grow and nothing else."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table

from waitlists.store.columns import UtcDateTime, metadata, short

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    *short("actor", 40),
    *short("role", 20),
    *short("action", 120),
    *short("service", 60, nullable=True),
    *short("org", 120, nullable=True),
    Column("result", Integer, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    CheckConstraint("length(previous) = 64 and length(hash) = 64", name="hashes_whole"),
)
"""Append-only: triggers refuse UPDATE and DELETE. Each row holds the hash of the row before it."""

audit_tally = Table(
    "audit_tally",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("entries", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)
"""How many rows the audit has and the last one's hash, so that rows cut off its end are missed. Triggers let it grow
only."""
