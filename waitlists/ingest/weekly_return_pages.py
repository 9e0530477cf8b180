"""The sheets of a weekly return: where its headings stand, which rows below them are rows, and what is not read."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from waitlists.domain import Severity, cell_address
from waitlists.errors import FileRefused
from waitlists.ingest.columns import day_in, found_columns, is_blank, plain, printed, without_note_marks
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sheets import Cell, Row, Sheet, Workbook
from waitlists.ingest.weekly_return_words import COLUMNS, HEADINGS, WORDS

HEAD_ROWS: Final = 40
"""A header stands among the first rows of its sheet, below a title and notes."""

FEWEST_HEADINGS: Final = 5
"""So many of the eight headings in one row make it the header of a return."""

FEWEST_TO_TELL: Final = 3
"""So many make it a table that somebody may have meant for one."""

TABLE_CELLS: Final = 4
"""Filled cells of a row in a table; instructions have fewer, and words of a return do not count."""

_TOTALS: Final = frozenset({"total", "totals", "grand total", "sum"})


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet with a return on it: the row of its header, and where each column stands."""

    sheet: Sheet
    header: int
    places: Mapping[str, int]
    uses_1904: bool

    def cell(self, row: int, column: str) -> Cell:
        """The cell of a row under a heading."""
        return self.sheet.at(row, self.places[column])

    def rows(self) -> Iterator[int]:
        """Rows below the header that say something, or are meant to; totals, and notes in other cells, do not."""
        for row in range(self.header + 1, len(self.sheet.rows)):
            is_note = is_blank(self.cell(row, "measure")) and is_blank(self.cell(row, "count"))
            if (not is_note or self._is_begun(row)) and not (self._is_total(row) or self._is_header(row)):
                yield row

    def totals(self) -> Iterator[int]:
        """Rows below the header that add others up."""
        return filter(self._is_total, range(self.header + 1, len(self.sheet.rows)))

    def headers(self) -> Iterator[int]:
        """Rows below the header that hold the headings again, as where tables were put below each other."""
        return filter(self._is_header, range(self.header + 1, len(self.sheet.rows)))

    def _is_header(self, row: int) -> bool:
        return plain(self.cell(row, "measure")) == "measure" and _is_header(self.sheet.rows[row])

    def _is_total(self, row: int) -> bool:
        """Whether a row that is of no list says that it is a sum; a band and a reason may be called total, too."""
        if not is_blank(self.cell(row, "measure")) or self._is_begun(row):
            return False
        own = (self.places["band"], self.places["reason"])
        cells = enumerate(self.sheet.rows[row])
        return any(plain(cell).rstrip(":") in _TOTALS for column, cell in cells if column not in own)

    def _is_begun(self, row: int) -> bool:
        """Whether a row names its week and provider, as is left of one that was cut off."""
        day = day_in(self.cell(row, "week_ending"), uses_1904=self.uses_1904)
        return day is not None and not is_blank(self.cell(row, "provider"))


def where(sheet: str, row: int, last: int | None = None) -> str:
    """A row, or rows up to a last one, as a sentence begins with them; rows count from 1."""
    words = f"row {row}" if last in {None, row} else f"rows {row} to {last}"
    return f"Sheet {sheet}, {words}" if sheet else words.capitalize()


def pages_of(workbook: Workbook) -> tuple[Page, ...]:
    """The sheets that hold a return; hidden ones do not count.

    Raises
    ------
    FileRefused
        CONTRACT: a sheet's header lacks a column, or has one twice; the message names sheet, row and columns.
    """
    pages: list[Page] = []
    for sheet in workbook.sheets:
        header = _header_of(sheet)
        if header is not None and not sheet.is_hidden:
            places = _complete(sheet, header)
            pages.append(Page(sheet, header, places, workbook.uses_1904))
    return tuple(pages)


def has_return(sheet: Sheet) -> bool:
    """Whether a sheet has the headings of a return."""
    return _header_of(sheet) is not None


def places_in(sheet: Sheet) -> Mapping[str, int]:
    """Where the columns of a return stand on a sheet; nowhere where there is none."""
    header = _header_of(sheet)
    return {} if header is None else found_columns(sheet.rows[header], COLUMNS)


def _header_of(sheet: Sheet) -> int | None:
    return next((n for n, row in enumerate(sheet.rows[:HEAD_ROWS]) if _is_header(row)), None)


def _is_header(row: Row) -> bool:
    return len(found_columns(row, COLUMNS)) >= FEWEST_HEADINGS


def _complete(sheet: Sheet, header: int) -> Mapping[str, int]:
    places = found_columns(sheet.rows[header], COLUMNS)
    missing = [name for name in HEADINGS if name not in places]
    twice = [name for name, count in _named(sheet.rows[header]).items() if count > 1]
    for names, fault in ((missing, "expected columns named"), (twice, "expected only one column each named")):
        if names:
            text = f"{where(sheet.name, header + 1)}: {fault} {', '.join(names)}; use the template's headings"
            raise FileRefused(text, code="CONTRACT")
    return places


def _named(header: Row) -> Counter[str]:
    names = [without_note_marks(plain(cell)) for cell in header]
    return Counter(column.meaning for name in names for column in COLUMNS if name in column.names)


def unknown_columns(page: Page) -> Iterator[Remark]:
    """A remark on columns that a return does not have, with a heading or without; they are not read."""
    if others := list(_others(page)):
        names = ", ".join(others[:5])
        place = where(page.sheet.name, page.header + 1)
        sentence = f"{place}: columns that are not read: {names}; the file itself is not kept."
        yield Remark("unknown_column", Severity.WARNING, sentence, sheet=page.sheet.name)


def _others(page: Page) -> Iterator[str]:
    """The columns in which something stands that is none of ours, by heading or by letter."""
    known, rows = {*page.places.values()}, range(page.header, len(page.sheet.rows))
    for column in range(max(len(page.sheet.rows[row]) for row in rows)):
        if column not in known and not all(is_blank(page.sheet.at(row, column)) for row in rows):
            yield printed(page.sheet.at(page.header, column))[:40] or f"column {cell_address(1, column + 1)[:-1]}"


def unread_rows(page: Page) -> Iterator[Remark]:
    """A remark on each row that adds others up, which is worked out from them, and on each one of headings again."""
    for row in page.totals():
        sentence = f"{where(page.sheet.name, row + 1)}: a row of totals; it was not read."
        yield Remark("total_row", Severity.INFO, sentence, sheet=page.sheet.name)
    for row in page.headers():
        sentence = f"{where(page.sheet.name, row + 1)}: the headings again; they were not read."
        yield Remark("repeated_header", Severity.INFO, sentence, sheet=page.sheet.name)


def unread_sheets(workbook: Workbook) -> Iterator[Remark]:
    """A remark on each sheet with a table that is no return, as a list of children may stand beside one."""
    for sheet in workbook.sheets:
        widest = max((sum(not is_blank(cell) and cell not in WORDS for cell in row) for row in sheet.rows), default=0)
        if widest >= TABLE_CELLS and not has_return(sheet):
            sentence = f"Sheet {sheet.name} holds a table that is no return; it was not read, and the file is not kept."
            yield Remark("unread_sheet", Severity.WARNING, sentence, sheet=sheet.name)


def nearly_a_return(workbook: Workbook) -> str:
    """What a table lacks of a return that has some of its columns, as one with a column for each band; or nothing."""
    for sheet in workbook.sheets:
        for number, row in enumerate(sheet.rows[:HEAD_ROWS]):
            found = found_columns(row, COLUMNS)
            if len(found) >= FEWEST_TO_TELL:
                missing = ", ".join(name for name in HEADINGS if name not in found)
                place = where(sheet.name, number + 1)
                return f"{place} has columns of a weekly return, a row for each band and reason, and lacks {missing}"
    return ""
