"""The column contract: how any published table is understood before one figure of it is believed.

A header is found by what it says, wherever it stands; columns are known by their meaning, in any order, under any of
their listed names. A value is a count, a known kind of nothing, or a breach. Messages name a place and what was
expected there, never the value found.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, NoReturn

from waitlists.domain import Marker, cell_address
from waitlists.errors import BadArgument, FileRefused
from waitlists.ingest.sheets import Cell, Row, Sheet
from waitlists.periods import parse_day, parse_month

DAYS_1900_TO_1904 = 1462
"""Days between the two day zeros of spreadsheets."""

_COUNT = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.00?)?")
_FOREIGN_MARKER = re.compile(r"[<>]\s*[0-9]+|[0-9]+\+|[-:.*]+|[zxc]|n/?a|n/?k|null|none|nil|not known|not submitted")
_NOTE_MARK = re.compile(r"[\s*]*(?:[(\[]\w{1,12}[)\]])?[\s*]*$")
_DASHES = str.maketrans(dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{NON-BREAKING HYPHEN}", "-"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column a table must or may have: its meaning and the names it was printed under, in `plain` form."""

    meaning: str
    names: frozenset[str]
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class TableContract:
    """What one kind of table must be like: its columns, how many rows of data, and the highest count believed.

    Counts are whole numbers from 0 to `highest`; beyond it stands no list but a slipped digit.
    """

    title: str
    columns: tuple[Column, ...]
    most_rows: int
    highest: int
    is_required: bool = True


class Reading(NamedTuple):
    """What stood in a cell meant for a count. `marker` is None for a marker this collection does not define."""

    marker: Marker | None
    value: int | None = None


NOTHING = Reading(Marker.NOT_SUBMITTED)
SUPPRESSED = Reading(Marker.SUPPRESSED)
FOREIGN = Reading(None)


def read_count(cell: Cell, *, highest: int) -> Reading | None:
    """The count in a cell, or which kind of nothing stands there; None when the contract does not allow it.

    Notes
    -----
    A blank, an empty text and None are not submitted; `*` is suppressed; a printed 0 is a number. "1,234" and "12.0"
    are numbers saved as text; "1.000" may be a thousand, so it is none. Markers of other collections ("-", ":", "z",
    "<5", "NULL") are no numbers and no known nothing: `FOREIGN`, to be quarantined. Negatives, fractions, counts above
    `highest`, dates, truth values, error cells and any other text break the contract.
    """
    if cell is None:
        return NOTHING
    if type(cell) is int and 0 <= cell <= highest:
        return Reading(Marker.NUMBER, cell)
    if isinstance(cell, str):
        return _count_in_text(cell.strip(), highest)
    if type(cell) is float and cell.is_integer():
        return read_count(int(cell), highest=highest)
    return None


def _count_in_text(text: str, highest: int) -> Reading | None:
    if not text:
        return NOTHING
    if text == "*":
        return SUPPRESSED
    if _COUNT.fullmatch(text):
        # Longer than any count believed, and too long for Python to turn into an int without being asked.
        digits = text.partition(".")[0].replace(",", "").lstrip("0") or "0"
        return read_count(int(digits), highest=highest) if len(digits) <= 18 else None
    return FOREIGN if _FOREIGN_MARKER.fullmatch(text.lower()) else None


def expected_count(highest: int) -> str:
    """What a message says was expected of a count."""
    return f"a whole number from 0 to {highest:,}, `*` or nothing"


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing, or a text of nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def plain(cell: Cell) -> str:
    """A text for comparing: lower case, single blanks, one kind of dash; nothing for a blank."""
    return "" if cell is None else " ".join(str(cell).translate(_DASHES).lower().split())


def printed(cell: Cell) -> str:
    """A text as printed, but for blanks of every kind at its ends and inside."""
    return "" if cell is None else " ".join(str(cell).split())


def without_note_marks(text: str) -> str:
    """A heading without the stars that point to a note."""
    return text.rstrip("* ")


def month_in(cell: Cell, *, uses_1904: bool) -> date | None:
    """Month end a heading is about, None when it names no month; a note mark such as "*" or "(r)" does not count."""
    if isinstance(cell, str):
        cell = _NOTE_MARK.sub("", cell)
    try:
        return parse_month(_in_1900_days(cell, uses_1904))
    except BadArgument:
        return None


def day_in(cell: Cell, *, uses_1904: bool) -> date | None:
    """The day in a cell, None when it holds none."""
    try:
        return parse_day(_in_1900_days(cell, uses_1904))
    except BadArgument:
        return None


def _in_1900_days(cell: Cell, uses_1904: bool) -> Cell:
    """A bare day number as the 1900 system counts it; what has a date format is a date already."""
    if uses_1904 and isinstance(cell, (int, float)):
        return cell + DAYS_1900_TO_1904
    return cell


def found_columns(header: Row, contract: Sequence[Column]) -> Mapping[str, int]:
    """Where each column of the contract stands in a header row, by meaning; the first of two alike counts.

    A blank and an underscore between two words are one.
    """
    places: dict[str, int] = {}
    for index, cell in enumerate(header):
        name = without_note_marks(plain(cell))
        for column in contract:
            if name in column.names or name.replace(" ", "_") in column.names:
                places.setdefault(column.meaning, index)
    return places


def refuse(sheet: str, *, expected: str, row: int | None = None, column: int | None = None) -> NoReturn:
    """Refuse the file: `expected` did not stand in the sheet, row or cell named (both count from 0).

    Raises
    ------
    FileRefused
        Always, with code CONTRACT.
    """
    raise FileRefused(f"{place(sheet, row, column)}: expected {expected}", code="CONTRACT")


def place(sheet: str, row: int | None = None, column: int | None = None) -> str:
    """Where something stands, in the words of a message: `Table 4, cell AK12`."""
    if row is None:
        return sheet
    return (
        f"{sheet}, row {row + 1}"
        if column is None
        else f"{sheet}, row {row + 1}, cell {cell_address(row + 1, column + 1)}"
    )


def texts(sheet: Sheet, rows: Iterable[int]) -> Iterator[str]:
    """The texts printed in some rows of a sheet, top left to bottom right."""
    for row in rows:
        for cell in sheet.rows[row] if row < len(sheet.rows) else ():
            if isinstance(cell, str) and cell.strip():
                yield printed(cell)
