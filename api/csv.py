"""Rows as CSV that is safe to open in a spreadsheet: text cannot become a formula, numbers stay numbers.

The columns of a resource are fixed, so an empty page has the same header as a full one.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from waitlists.cells import safe

MEDIA_TYPE = "text/csv"

Row = Mapping[str, Any]
Column = tuple[str, Callable[[Row], object]]


def render(columns: Iterable[Column], rows: Iterable[Row]) -> bytes:
    """The CSV file (RFC 4180, UTF-8): a header row, then one line a row."""
    chosen = tuple(columns)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([name for name, _ in chosen])
    writer.writerows([_cell(value(row)) for _, value in chosen] for row in rows)
    return buffer.getvalue().encode()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float):
        return value
    return safe(str(value))


def field(name: str, *path: str) -> Column:
    """A column of that name with the value at `path` (by default the field of the same name)."""
    steps = path or (name,)

    def value(row: Row) -> object:
        found: Any = row
        for step in steps:
            found = None if found is None else found[step]
        return found

    return name, value


def optional(name: str, *path: str) -> Column:
    """As `field`, for steps that need not be there."""

    def value(row: Row) -> object:
        found: Any = row
        for step in path:
            found = None if found is None else found.get(step)
        return found

    return name, value


def whole(name: str, *path: str) -> Column:
    """As `optional`, a count that was worked out as a fraction rounded to whole children."""
    _, value = optional(name, *path)

    def rounded(row: Row) -> object:
        found = value(row)
        return round(found) if isinstance(found, float) else found

    return name, rounded


def joined(name: str, *, of: str | None = None) -> Column:
    """A column with the entries of a list in one cell, each `of` of an entry where entries are objects."""

    def value(row: Row) -> object:
        return "; ".join(str(entry[of] if of else entry) for entry in row[name])

    return name, value


def entry_of(name: str, entries: str, *, value: str, **where: str) -> Column:
    """A column with `value` of that entry of the list `entries` whose other fields are as in `where`."""

    def found(row: Row) -> object:
        return next((entry[value] for entry in row[entries] if where.items() <= entry.items()), None)

    return name, found
