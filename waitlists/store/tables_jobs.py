"""What the clock has done: `waitlists.running.ledger`, one row for each job and slot."""

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, String, Table

from waitlists.store.columns import UtcDateTime, metadata, short

job_run = Table(
    "job_run",
    metadata,
    *short("job", 20, primary_key=True),
    Column("slot", Date, primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    *short("worker", 80),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("heartbeat_at", UtcDateTime, nullable=False),
    Column("lease_until", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("is_asked", Boolean, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id")),
    Column("superseded_by", Date),
    Column("detail", JSON, nullable=False),
    CheckConstraint("state in ('running', 'done', 'partial', 'failed', 'missed')", name="state_known"),
    CheckConstraint("(state = 'running') = (finished_at is null)", name="finished_when_not_running"),
    CheckConstraint("(state = 'missed') = (superseded_by is not null)", name="missed_for_a_newer"),
    CheckConstraint("attempt >= 0 and failures >= 0", name="counts_not_negative"),
)
