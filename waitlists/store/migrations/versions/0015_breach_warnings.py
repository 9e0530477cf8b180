"""Breach warnings by the day they were worked out for, and who has taken which."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _short(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def _at_most(table: str, name: str, length: int) -> sa.CheckConstraint:
    return sa.CheckConstraint(f'length("{name}") <= {length}', name=op.f(f"ck_{table}_{name}_length"))


def upgrade() -> None:
    """Create the tables, empty: warnings begin with the next forecast."""
    op.create_table(
        "breach_assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_breach_assessment_digest_whole")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_breach_assessment_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_assessment")),
    )
    op.create_index(op.f("ix_breach_assessment_as_of_id"), "breach_assessment", ["as_of", "id"])
    _create_warnings()
    op.create_table(
        "breach_acknowledgement",
        sa.Column("warning", _short(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("actor", _short(40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("until >= known_on", name=op.f("ck_breach_acknowledgement_until_not_before")),
        sa.CheckConstraint("length(reason) between 1 and 500", name=op.f("ck_breach_acknowledgement_reason_given")),
        _at_most("breach_acknowledgement", "warning", 16),
        _at_most("breach_acknowledgement", "actor", 40),
        sa.PrimaryKeyConstraint("warning", "at", "actor", name=op.f("pk_breach_acknowledgement")),
    )


def _create_warnings() -> None:
    table = "breach_warning"
    lengths = {"warning": 16, "source": 40, "service": 60, "org": 120, "standard_id": 60}
    op.create_table(
        table,
        sa.Column("assessment_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, _short(length), nullable=False) for name, length in lengths.items()),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("severity", sa.String(length=6), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "state in ('raised', 'worse', 'acknowledged', 'escalated', 'cleared')",
            name=op.f("ck_breach_warning_state_known"),
        ),
        sa.CheckConstraint("severity in ('low', 'medium', 'high')", name=op.f("ck_breach_warning_severity_known")),
        *(_at_most(table, name, length) for name, length in lengths.items()),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["breach_assessment.id"], name=op.f("fk_breach_warning_assessment_id_breach_assessment")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "warning", name=op.f("pk_breach_warning")),
    )
    op.create_index(op.f("ix_breach_warning_service_org"), table, ["service", "org"])
    op.create_index(op.f("ix_breach_warning_warning"), table, ["warning"])


def downgrade() -> None:
    """Drop the tables; warnings are worked out again with the next forecast, acknowledgements are lost."""
    for table in ("breach_acknowledgement", "breach_warning", "breach_assessment"):
        op.drop_table(table)
