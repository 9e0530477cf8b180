"""The board's matrix worked out ahead of the question, kept with all that it holds for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEY = {"service": 60, "org": 120, "source": 40, "view": 10}


def _short(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length=length).with_variant(sa.String(length=length, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table, empty: trends are worked out when next something is published or asked about."""
    op.create_table(
        "judged_list",
        *(sa.Column(name, _short(length), nullable=False) for name, length in _KEY.items()),
        sa.Column("dataset_version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("firsts", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("trends", sa.JSON(), nullable=False),
        *(
            sa.CheckConstraint(f'length("{name}") <= {length}', name=op.f(f"ck_judged_list_{name}_length"))
            for name, length in _KEY.items()
        ),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_judged_list")),
    )


def downgrade() -> None:
    """Drop it: every trend is worked out again when it is asked about."""
    op.drop_table("judged_list")
