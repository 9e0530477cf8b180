"""What people decided about charts: new limits and targets, each with its reason, never changed once recorded."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_SHORT = {"service": 60, "org": 120, "measure": 40, "standard_id": 60, "source": 40, "reason": 300, "role": 80}


def _short(name: str, *, nullable: bool = False) -> sa.Column[str]:
    length = _SHORT[name]
    kind = sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    """Create the table, empty."""
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        _short("service"),
        _short("org"),
        _short("measure"),
        _short("standard_id", nullable=True),
        sa.Column("basis", sa.String(length=10), nullable=True),
        sa.Column("freq", sa.String(length=1), nullable=True),
        _short("source", nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        _short("reason"),
        _short("role"),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("known_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("removes", sa.Integer(), nullable=True),
        sa.CheckConstraint("what in ('rebase', 'target')", name=op.f("ck_decision_what_known")),
        sa.CheckConstraint("(what = 'target') = (value is not null)", name=op.f("ck_decision_target_has_value")),
        sa.CheckConstraint("(standard_id is null) = (basis is null)", name=op.f("ck_decision_standard_with_basis")),
        *(
            sa.CheckConstraint(f'length("{name}") <= {length}', name=op.f(f"ck_decision_{name}_length"))
            for name, length in _SHORT.items()
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_decision_run_id_run")),
        sa.ForeignKeyConstraint(["removes"], ["decision.id"], name=op.f("fk_decision_removes_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_service_org"), "decision", ["service", "org"])
    op.create_index(op.f("ix_decision_removes"), "decision", ["removes"], unique=True)


def downgrade() -> None:
    """Drop it: what was decided would have to be recorded again."""
    op.drop_index(op.f("ix_decision_removes"), table_name="decision")
    op.drop_index(op.f("ix_decision_service_org"), table_name="decision")
    op.drop_table("decision")
