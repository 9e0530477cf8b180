"""PostgreSQL sorts short texts by code points, as SQLite does; pages came in an order of each server's own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_LENGTHS = {
    "api_key": {"prefix": 16, "name": 80},
    "audit": {"actor": 40, "role": 20, "action": 120, "service": 60, "org": 120},
    "clearance": {"source": 40, "service": 60, "org": 120},
    "coverage": {"service": 60, "org": 120},
    "delivery": {"source": 40, "file_name": 255, "layout": 40},
    "figure": {"sheet": 40},
    "finding": {"code": 40, "service": 60, "org": 120, "sheet": 40, "cell": 12},
    "forecast": {"source": 40, "service": 60, "org": 120, "measure": 30, "model": 40},
    "non_submission": {"org": 120},
    "organisation": {"code": 120, "name": 255, "level": 20},
    "refusal": {"sha256": 64, "file_name": 255, "code": 40},
    "run": {"command": 20},
    "series": {"source": 40, "service": 60, "org": 120, "kind": 20, "band": 20},
    "vintage": {"source": 40, "scope": 40},
}


def upgrade() -> None:
    """Give the columns the collation "C"."""
    _collate("C")


def downgrade() -> None:
    """Give them the server's own again."""
    _collate("default")


def _collate(collation: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, columns in _LENGTHS.items():
        for column, length in columns.items():
            op.alter_column(table, column, type_=sa.String(length, collation=collation))
