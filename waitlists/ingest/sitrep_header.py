"""The header of Tables 4 to 4h, found by content: which columns are service lines and which say whose a row is.

It stood in row 5 or 6 so far, once without any heading over the organisations, once with "level" and "name" over them.
"""

from collections.abc import Mapping
from typing import NamedTuple

from waitlists.ingest.columns import found_columns, plain, printed, refuse, without_note_marks
from waitlists.ingest.sheets import Cell, Row, Sheet
from waitlists.ingest.sitrep_contract import HEAD_ROWS, ORGANISATION_COLUMNS
from waitlists.ingest.sitrep_rows import Places, unnamed_places
from waitlists.services import service_for_line

_LINE_PREFIXES = ("(a)", "(cyp)")
_ORGANISATION_HEADINGS = frozenset[str]().union(*(column.names for column in ORGANISATION_COLUMNS))


class Header(NamedTuple):
    """A header row and its columns, all counted from 0: known lines, unknown lines, others, and the organisation's.

    `is_named` says whether the columns of organisations had headings.
    """

    row: int
    lines: Mapping[int, str]
    unknown_lines: Mapping[int, str]
    other_columns: tuple[int, ...]
    places: Places
    is_named: bool


def read_header(sheet: Sheet) -> Header:
    """The header of a band table: the row with most service lines, and the columns of organisations beside them.

    Raises
    ------
    FileRefused
        CONTRACT: no row names a service line, or no column says whose the rows are.
    """
    row = max(range(min(HEAD_ROWS, len(sheet.rows))), key=lambda index: _line_count(sheet.rows[index]), default=0)
    cells = sheet.rows[row] if sheet.rows else ()
    lines = {column: code for column, cell in enumerate(cells) if (code := service_in(cell)) is not None}
    if not lines:
        refuse(sheet.name, expected="a header row with service lines such as (CYP) Audiology")
    unknown = {column: printed(cell) for column, cell in enumerate(cells) if column not in lines and is_line(cell)}
    headings = _headings(sheet, row)
    named = found_columns(headings, ORGANISATION_COLUMNS)
    places = _places(sheet, row, headings, named)
    known = {*lines, *unknown, *places}
    others = tuple(column for column, cell in enumerate(headings) if column not in known and plain(cell))
    return Header(row, lines, unknown, others, places, is_named="name" in named)


def service_in(cell: Cell) -> str | None:
    """Code of the service a heading or label names, None for any other text; stars of a note do not count."""
    return service_for_line(without_note_marks(printed(cell))) if isinstance(cell, str) else None


def is_line(cell: Cell) -> bool:
    """Whether a text looks like a service line, known or not: it begins with (A) or (CYP)."""
    return isinstance(cell, str) and plain(cell).startswith(_LINE_PREFIXES)


def _line_count(row: Row) -> int:
    return sum(is_line(cell) for cell in row)


def _headings(sheet: Sheet, header: int) -> Row:
    """The header row; over a gap in it the organisation heading of the two rows above: cells merged downwards."""
    above = [index for index in (header - 1, header - 2) if index >= 0]
    row = sheet.rows[header]
    return tuple(cell if plain(cell) else _merged(sheet, above, column) for column, cell in enumerate(row))


def _merged(sheet: Sheet, rows: list[int], column: int) -> Cell:
    return next((cell for row in rows if plain(cell := sheet.at(row, column)) in _ORGANISATION_HEADINGS), None)


def _places(sheet: Sheet, header: int, headings: Row, named: Mapping[str, int]) -> Places:
    """Named columns, completed by content where a layout has no headings."""
    first_line = next(column for column, cell in enumerate(headings) if is_line(cell))
    unnamed = [column for column in range(first_line) if not plain(headings[column])]
    by_content = unnamed_places(sheet.rows[header + 1 :], unnamed)
    places = Places(named.get("type", by_content.type), named.get("code"), named.get("name", by_content.name))
    wanted = {"Organisation Type": places.type, "Organisation Name": places.name}
    missing = [heading for heading, column in wanted.items() if column is None]
    if missing:
        refuse(sheet.name, row=header, expected=f"a column {' and a column '.join(missing)}")
    return places
