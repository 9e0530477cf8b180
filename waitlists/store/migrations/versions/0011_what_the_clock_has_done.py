"""The ledger of jobs: each slot once, whoever asks and however often."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _short(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table, empty: what ran by hand before was no slot."""
    op.create_table(
        "job_run",
        sa.Column("job", _short(20), nullable=False),
        sa.Column("slot", sa.Date(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("worker", _short(80), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("superseded_by", sa.Date(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(state = 'missed') = (superseded_by is not null)", name=op.f("ck_job_run_missed_for_a_newer")
        ),
        sa.CheckConstraint(
            "(state = 'running') = (finished_at is null)", name=op.f("ck_job_run_finished_when_not_running")
        ),
        sa.CheckConstraint("attempt >= 0 and failures >= 0", name=op.f("ck_job_run_counts_not_negative")),
        sa.CheckConstraint('length("job") <= 20', name=op.f("ck_job_run_job_length")),
        sa.CheckConstraint('length("worker") <= 80', name=op.f("ck_job_run_worker_length")),
        sa.CheckConstraint(
            "state in ('running', 'done', 'partial', 'failed', 'missed')", name=op.f("ck_job_run_state_known")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_job_run_run_id_run")),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_job_run")),
    )


def downgrade() -> None:
    """Drop it: the newest slot of every job would be done once more."""
    op.drop_table("job_run")
