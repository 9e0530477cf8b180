"""What the columns of `tables.py` are made of: names of constraints, UTC times, and lengths that SQLite checks too."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, MetaData, String, TypeDecorator
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, stored as UTC and read back as UTC: SQLite alone would drop the offset without a word."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; store an aware one as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are stored with their zone; this one has none")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """An aware UTC time on every engine."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def short(
    name: str, length: int, *, nullable: bool = False, primary_key: bool = False
) -> tuple[Column[str], CheckConstraint]:
    """A text column whose length SQLite checks too, as it ignores the number in VARCHAR(n).

    PostgreSQL sorts it by code points, as SQLite does, and not by the rules of the language its server was set up with:
    pages come in the same order everywhere.
    """
    kind = String(length).with_variant(String(length, collation="C"), "postgresql")
    column: Column[str] = Column(name, kind, nullable=nullable, primary_key=primary_key)
    return column, CheckConstraint(f'length("{name}") <= {length}', name=f"{name}_length")
