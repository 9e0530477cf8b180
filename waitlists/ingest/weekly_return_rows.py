"""The rows of a weekly return, each understood by itself: an entry, or what is wrong with it and what that holds back.

A row that cannot be used holds back every figure it may have been a part of: half a list is not a shorter list.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from waitlists.domain import TOTAL, Severity, cell_address
from waitlists.errors import FileRefused
from waitlists.ingest.columns import Reading, day_in, found_columns, is_blank, plain, printed, without_note_marks
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sheets import Cell, Row, Sheet, Workbook
from waitlists.ingest.weekly_return_words import (
    BAND_LABELS,
    COLUMNS,
    HEADINGS,
    Wrong,
    band_in,
    count_in,
    measure_in,
    nearest_sundays,
    provider_in,
    reason_in,
    service_in,
    waiting_for_in,
    week_in,
)
from waitlists.stages import STAGE_KINDS, stage_of

HEAD_ROWS: Final = 40
"""A header stands among the first rows of its sheet, below a title and notes."""

FEWEST_HEADINGS: Final = 5
"""So many of the eight headings in one row make it the header of a return."""

WEEKS: Final = "weeks"
LATER_FLOWS: Final = "later_flows"
FLOWS: Final = ("referrals", "removed")
ALL_PARTS: Final = (*STAGE_KINDS, WEEKS, *FLOWS)


_TOTALS: Final = frozenset({"total", "totals", "grand total", "sum"})
_MERGED: Final = "; the cell is blank: write it on every row, merged cells keep it in their first alone"


class Entry(NamedTuple):
    """One row that can be used: what it is about, what it counts, and where it stands (row and column from 1)."""

    week: date
    service: str
    measure: str
    waiting_for: str
    band: str
    reason: str
    reading: Reading
    sheet: str
    row: int
    column: int

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two rows the same."""
        return self[:6]

    @property
    def part(self) -> str:
        """The part of the return it belongs to: a stage's list, the single weeks of the list, or a flow."""
        stage = stage_of(self.service, self.waiting_for) if self.waiting_for else "list"
        if self.measure != "waiting":
            return self.measure if stage == "list" else LATER_FLOWS
        return stage if self.band in {*BAND_LABELS, TOTAL} else WEEKS if stage == "list" else LATER_FLOWS


class Fault(NamedTuple):
    """A row that cannot be used, why, and what it may have been a part of: weeks, a service, parts of its return."""

    remark: Remark
    weeks: tuple[date, ...] = ()
    service: str = ""
    parts: tuple[str, ...] = ()


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
            if (not is_note or self._is_begun(row)) and not self._is_total(row):
                yield row

    def totals(self) -> Iterator[int]:
        """Rows below the header that add others up."""
        return filter(self._is_total, range(self.header + 1, len(self.sheet.rows)))

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
    heads = enumerate(sheet.rows[:HEAD_ROWS])
    return next((n for n, row in heads if len(found_columns(row, COLUMNS)) >= FEWEST_HEADINGS), None)


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


def total_rows(page: Page) -> Iterator[Remark]:
    """A remark on each row that adds others up; what it says is worked out from the others."""
    for row in page.totals():
        sentence = f"{where(page.sheet.name, row + 1)}: a row of totals; it was not read."
        yield Remark("total_row", Severity.INFO, sentence, sheet=page.sheet.name)


def sender_of(pages: Sequence[Page]) -> str | None:
    """The provider that sent the file: the one most rows are about, the first of two alike; None if none is known."""
    found = Counter(provider_in(page.cell(row, "provider")) for page in pages for row in page.rows())
    known = {code: count for code, count in found.items() if isinstance(code, str)}
    return max(known, key=lambda code: known[code], default=None)


def read_row(page: Page, row: int, sender: str | None) -> Entry | Fault:
    """A row understood, or what is wrong with it."""
    found = _list_of(page, row, sender)
    if isinstance(found, Wrong):
        return _fault(page, row, found)
    week, service = found
    words = _words(page, row)
    if isinstance(words, Wrong):
        remark = _remark(page, row, words)._replace(service=service, org=sender, period_end=week)
        return Fault(remark, (week,), service, _parts_of(page, row, service))
    entry = Entry(week, service, *words, Reading(None), page.sheet.name, row + 1, page.places["count"] + 1)
    reading = count_in(page.cell(row, "count"))
    if isinstance(reading, Wrong):
        remark = _remark(page, row, reading)._replace(service=service, org=sender, period_end=week)
        return Fault(remark, (week,), service, (entry.part,))
    return entry._replace(reading=reading)


def _fault(page: Page, row: int, wrong: Wrong) -> Fault:
    """A row whose list is not clear; unless it is another provider's, it counts with the weeks and service it names."""
    service = service_in(page.cell(row, "service"))
    day = day_in(page.cell(row, "week_ending"), uses_1904=page.uses_1904)
    if wrong.code in {"other_provider", "week_out_of_range"} or isinstance(service, Wrong) or day is None:
        return Fault(_remark(page, row, wrong))
    return Fault(_remark(page, row, wrong), nearest_sundays(day), service, _parts_of(page, row, service))


def _list_of(page: Page, row: int, sender: str | None) -> tuple[date, str] | Wrong:
    """Week and service of a row of the sender's."""
    week = week_in(page.cell(row, "week_ending"), uses_1904=page.uses_1904)
    if isinstance(week, Wrong):
        return week
    provider = provider_in(page.cell(row, "provider"))
    if isinstance(provider, Wrong):
        return provider
    if provider != sender:
        return Wrong("other_provider", "provider", f"expected {sender}, whose return this is; send one file a provider")
    service = service_in(page.cell(row, "service"))
    return service if isinstance(service, Wrong) else (week, service)


def _words(page: Page, row: int) -> tuple[str, str, str, str] | Wrong:
    """Measure, waiting_for, band and reason of a row, the ones that do not belong to its measure left empty."""
    measure = measure_in(page.cell(row, "measure"))
    if isinstance(measure, Wrong):
        return measure
    wait_cell = page.cell(row, "waiting_for")
    wait = "" if measure != "waiting" and is_blank(wait_cell) else waiting_for_in(wait_cell)
    band = band_in(page.cell(row, "band")) if measure == "waiting" else ""
    reason = reason_in(page.cell(row, "reason")) if measure == "removed" else ""
    for found in (wait, band, reason):
        if isinstance(found, Wrong):
            return found
    return measure, str(wait), str(band), str(reason)


def _parts_of(page: Page, row: int, service: str) -> tuple[str, ...]:
    """What a row with a wrong word may have been a part of; the more words are wrong, the more."""
    measure = measure_in(page.cell(row, "measure"))
    if isinstance(measure, Wrong):
        return ALL_PARTS
    if measure != "waiting":
        return (measure,)
    wait = waiting_for_in(page.cell(row, "waiting_for"))
    return tuple(STAGE_KINDS) if isinstance(wait, Wrong) else (stage_of(service, wait),)


def _remark(page: Page, row: int, wrong: Wrong) -> Remark:
    hint = _MERGED if is_blank(page.cell(row, wrong.column)) else ""
    sentence = f"{where(page.sheet.name, row + 1)}, {wrong.column}: {wrong.expected}{hint}."
    cell = cell_address(row + 1, page.places[wrong.column] + 1)
    return Remark(wrong.code, Severity.ERROR, sentence, sheet=page.sheet.name, cell=cell)
