"""Rows that broke a rule: kept as far as they name nobody, counted without a value, handed back, or released.

Of a weekly return no row is kept: what is wrong with it stands in its findings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import Connection, func, insert, select, update

from waitlists.ingest.referral_delivery import REJECTED_SCHEMA
from waitlists.store.tables import delivery, quarantine

_AT_ONCE: Final = 10_000
_LONGEST_PSEUDONYM: Final = 64
_ABOUT = ("row", "rule", "field")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a delivery broke a rule at a field, and how many of them were released since.

    A row that could not be taken apart broke it at no field.
    """

    delivery_id: int
    file_name: str
    period_end: date
    rule: str
    field: str | None
    held: int
    released: int


def add_rejected(connection: Connection, delivery_id: int, rejected: pa.Table) -> None:
    """Keep rows that were refused; `rejected` has REJECTED_SCHEMA."""
    for first in range(0, rejected.num_rows, _AT_ONCE):
        rows = [_row(row, delivery_id) for row in rejected.slice(first, _AT_ONCE).to_pylist()]
        connection.execute(insert(quarantine), rows)


def tallies(connection: Connection) -> list[Tally]:
    """Rows by delivery, rule and field, the newest delivery first; no row's value."""
    is_held = quarantine.c.state == "held"
    query = (
        select(
            delivery.c.id,
            delivery.c.file_name,
            delivery.c.period_end,
            quarantine.c.rule,
            quarantine.c.field,
            func.count().filter(is_held).label("held"),
            func.count().filter(~is_held).label("released"),
        )
        .join(quarantine, quarantine.c.delivery_id == delivery.c.id)
        .group_by(delivery.c.id, delivery.c.file_name, delivery.c.period_end, quarantine.c.rule, quarantine.c.field)
        .order_by(delivery.c.id.desc(), quarantine.c.rule, quarantine.c.field)
    )
    return [Tally(*row) for row in connection.execute(query)]


def held_rows(connection: Connection, delivery_id: int) -> pa.Table:
    """The rows of a delivery that are still held, as REJECTED_SCHEMA has them, in file order."""
    query = (
        select(quarantine)
        .where(quarantine.c.delivery_id == delivery_id, quarantine.c.state == "held")
        .order_by(quarantine.c.row, quarantine.c.id)
    )
    rows = [{**row.raw, "row": row.row, "rule": row.rule, "field": row.field} for row in connection.execute(query)]
    return pa.Table.from_pylist(rows, schema=REJECTED_SCHEMA)


def mark_released(connection: Connection, delivery_id: int, rows: Sequence[int], *, by: str, now: datetime) -> None:
    """Note that these rows (their places in the file) were released."""
    for some in _in_parts(rows):
        connection.execute(
            update(quarantine)
            .where(quarantine.c.delivery_id == delivery_id, quarantine.c.row.in_(some), quarantine.c.state == "held")
            .values(state="released", released_at=now, released_by=by)
        )


def _row(row: dict[str, Any], delivery_id: int) -> dict[str, object]:
    pseudonym = row["pseudonym_id"]
    is_short = pseudonym is not None and len(pseudonym) <= _LONGEST_PSEUDONYM
    return {
        "delivery_id": delivery_id,
        **{name: row[name] for name in _ABOUT},
        "pseudonym_id": pseudonym if is_short else None,
        "raw": {name: text for name, text in row.items() if name not in _ABOUT and text is not None},
        "state": "held",
    }


def _in_parts(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    # Engines limit how many values one statement binds.
    for first in range(0, len(rows), 1_000):
        yield rows[first : first + 1_000]
