"""What published tables in delimited text share: a header by meaning, markers, one figure once, a vintage a period.

Each collection says which columns it has, and what each row is about; this says what its cells are. Nothing is added
up here: rounded and suppressed parts do not make a whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, NoReturn

from waitlists.domain import TOTAL, Figure, Marker, ParsedDelivery, ParsedVintage, PrintedOrganisation, Severity
from waitlists.errors import FileRefused
from waitlists.ingest.columns import (
    FOREIGN,
    NOTHING,
    SUPPRESSED,
    Column,
    Reading,
    found_columns,
    is_blank,
    plain,
    read_count,
    refuse,
)
from waitlists.ingest.remarks import Remark, Tally, capped
from waitlists.ingest.sheets import Cell, Sheet, Workbook

HEAD_ROWS: Final = 20
HIGHEST: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Markers:
    """The words of a collection for what is no number: kept back, or not there."""

    suppressed: frozenset[str] = frozenset({"*"})
    nothing: frozenset[str] = frozenset()


class Printed(NamedTuple):
    """One printed cell: what it is about, the cell, and where it stands (row and column from 0)."""

    period_end: date
    service: str
    org: str
    kind: str
    cell: Cell
    row: int
    column: int
    band: str = TOTAL

    @property
    def key(self) -> tuple[date, str, str, str, str]:
        """What makes two cells the same figure."""
        return self.period_end, self.service, self.org, self.kind, self.band


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose header was found: the header's row, and where each column stands, by meaning."""

    sheet: Sheet
    header: int
    places: Mapping[str, int]

    def cell(self, row: int, column: str) -> Cell:
        """The cell of a row under a column, nothing where the table lacks an optional one."""
        return self.sheet.at(row, self.places[column]) if column in self.places else None

    def text(self, row: int, column: str) -> str:
        """The same as a text without blanks at its ends."""
        cell = self.cell(row, column)
        return "" if cell is None else str(cell).strip()

    def rows(self) -> Iterator[int]:
        """Rows below the header that are not empty."""
        for row in range(self.header + 1, len(self.sheet.rows)):
            if not all(is_blank(cell) for cell in self.sheet.rows[row]):
                yield row

    def wrong(self, row: int, column: str, expected: str) -> NoReturn:
        """Refuse the file at a cell."""
        refuse(self.sheet.name or "the file", row=row, column=self.places[column], expected=expected)


@dataclass(frozen=True, slots=True)
class Collected:
    """Figures by period, what was made of each cell, and what to say."""

    figures: Mapping[date, tuple[Figure, ...]]
    tally: Tally = field(default_factory=Tally)


def find_table(workbook: Workbook, contract: Sequence[Column]) -> Table | None:
    """The first sheet with every required column of a contract in one row near its top."""
    required = {column.meaning for column in contract if column.is_required}
    for sheet in workbook.sheets:
        for row, cells in enumerate(sheet.rows[:HEAD_ROWS]):
            places = found_columns(cells, contract)
            if required <= places.keys():
                return Table(sheet, row, places)
    return None


def collect(printed: Iterable[Printed], sheet: str, markers: Markers, *, rounded_kinds: frozenset[str]) -> Collected:
    """Every figure once, by period.

    Parameters
    ----------
    rounded_kinds
        Kinds printed with decimals, such as waits in days and shares in percent; kept to the nearest whole one.
    """
    tally = Tally()
    alike: dict[tuple[date, str, str, str, str], list[tuple[Printed, Reading]]] = defaultdict(list)
    for item in printed:
        reading = _read(item.cell, markers, may_round=item.kind in rounded_kinds)
        if reading.marker is None:
            tally.count(None)
            figure = _figure(item, reading, sheet)
            tally.remark("unknown_marker", Severity.WARNING, "A cell is no number and no known marker.", figure)
        elif reading == NOTHING:
            tally.count(reading.marker)
        else:
            alike[item.key].append((item, reading))
    figures: dict[date, list[Figure]] = defaultdict(list)
    for (period_end, *_), same in alike.items():
        if (figure := _once(same, sheet, tally)) is not None:
            figures[period_end].append(figure)
    return Collected({period: tuple(figures[period]) for period in sorted(figures)}, tally)


def delivery_of(
    source: str,
    collected: Collected,
    *,
    layout: str,
    organisations: Iterable[PrintedOrganisation],
    remarks: Iterable[Remark] = (),
    notes: tuple[str, ...] = (),
) -> ParsedDelivery:
    """The delivery that figures make: a vintage a period, known from the day of loading since no date is printed.

    Raises
    ------
    FileRefused
        EMPTY: no figure at all.
    """
    if not collected.figures:
        raise FileRefused("the table has a header but no figures", code="EMPTY")
    newest = max(collected.figures)
    named = {organisation.code: organisation for organisation in reversed([*organisations])}
    said = capped([*remarks, *collected.tally.remarks])
    return ParsedDelivery(
        source=source,
        layout=layout,
        period_end=newest,
        published_on=None,
        vintages=tuple(ParsedVintage(source, period, figures) for period, figures in collected.figures.items()),
        findings=tuple(remark.finding(period_end=newest, known_from=newest) for remark in said),
        counts=collected.tally.counts(),
        organisations=tuple(named.values()),
        notes=notes,
    )


def _once(same: Sequence[tuple[Printed, Reading]], sheet: str, tally: Tally) -> Figure | None:
    """The figure, or none where two differ: nobody can say which is right."""
    (item, reading), *others = same
    figure = _figure(item, reading, sheet)
    if all(other == reading for _, other in others):
        for _ in same:
            tally.count(reading.marker)
        if others:
            tally.remark("duplicate_same_value", Severity.INFO, "The same figure is printed twice.", figure)
        return figure
    for _ in same:
        tally.count(None)
    rows = ", ".join(str(other.row + 1) for other, _ in same)
    sentence = f"Rows {rows} print different figures of the same thing; none of them is used."
    tally.remark("duplicate_different_value", Severity.ERROR, sentence, figure)
    return None


def _read(cell: Cell, markers: Markers, *, may_round: bool) -> Reading:
    word = plain(cell)
    if word in markers.suppressed:
        return SUPPRESSED
    if not word or word in markers.nothing:
        return NOTHING
    if may_round:
        # Thousands set apart are read with the counts; a word is none of either.
        with suppress(ValueError, OverflowError):
            cell = round(float(word))
    return read_count(cell, highest=HIGHEST) or FOREIGN


def _figure(item: Printed, reading: Reading, sheet: str) -> Figure:
    marker = reading.marker or Marker.NOT_SUBMITTED
    row, column = item.row + 1, item.column + 1
    return Figure(item.service, item.org, item.band, reading.value, marker, sheet, row, column, kind=item.kind)
