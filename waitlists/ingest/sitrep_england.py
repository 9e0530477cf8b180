"""Tables 2 and 3: England's series by month, and England's month by wait band.

Table 2 restates earlier months, so those make a source of their own; Table 3 says again what Tables 4 say and is only
checked. Service lines stand down the page here, among rows that add them up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from waitlists.domain import ENGLAND, TOTAL, Figure, Marker, ParsedVintage, Severity, cell_address
from waitlists.ingest.columns import (
    Reading,
    TableContract,
    expected_count,
    is_blank,
    month_in,
    plain,
    read_count,
    refuse,
    texts,
)
from waitlists.ingest.dated_bands import dated_band
from waitlists.ingest.remarks import Remark, Tally
from waitlists.ingest.sheets import Row, Sheet
from waitlists.ingest.sitrep_contract import (
    ENGLAND_NAMES,
    HEAD_ROWS,
    OTHER_COUNTS,
    SOURCE_ENGLAND_SERIES,
    SUBTOTALS,
    TABLE_2,
    TABLE_3,
)
from waitlists.ingest.sitrep_header import is_line, service_in
from waitlists.ingest.sitrep_titles import band_in
from waitlists.periods import in_words, month_range

Kind = date | str
"""What a column of Table 2 or 3 is about: a month, or a wait band."""


class Printed(NamedTuple):
    """One cell of Table 2 or 3: what stood there, and its row and column from 1."""

    reading: Reading
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class LineTable:
    """Table 2 or 3 as read: cells by (service, month or band), subtotals by (their label, month or band).

    Where a line or month is printed twice, all its cells are kept, in order.
    """

    sheet: Sheet
    kinds: tuple[Kind, ...]
    cells: Mapping[tuple[str, Kind], tuple[Printed, ...]]
    subtotals: Mapping[tuple[str, Kind], int]
    notes: tuple[str, ...]
    remarks: tuple[Remark, ...]

    def filled(self) -> tuple[Kind, ...]:
        """Months or bands in which at least one line or subtotal holds a number, in the order printed."""
        numbers = {kind for (_, kind), cells in self.cells.items() for cell in cells if cell.reading.value is not None}
        return tuple(kind for kind in self.kinds if kind in numbers | {kind for _, kind in self.subtotals})


def read_series(sheet: Sheet, *, uses_1904: bool) -> LineTable:
    """Table 2: England's lists by line and month; empty months to come are columns without a number.

    Raises
    ------
    FileRefused
        CONTRACT: no header of months, no service line, or a value outside the contract.
    """
    header, months = month_columns(sheet, uses_1904=uses_1904)
    return _line_table(sheet, header, dict(months), TABLE_2)


def read_bands(sheet: Sheet) -> LineTable:
    """Table 3: England's lists of the month by line and wait band.

    Raises
    ------
    FileRefused
        CONTRACT: no header of wait bands, no service line, or a value outside the contract.
    """
    headers = ((index, _bands_in(row)) for index, row in enumerate(sheet.rows[:HEAD_ROWS]))
    header, bands = next((found for found in headers if len(found[1]) > 1), (0, dict[int, Kind]()))
    if not bands:
        refuse(sheet.name, expected="a header row with wait bands such as Waiting 0-1 weeks")
    table = _line_table(sheet, header, bands, TABLE_3)
    return replace(table, remarks=(*_dated(sheet, header, min(bands)), *table.remarks))


def _dated(sheet: Sheet, header: int, first: int) -> Iterator[Remark]:
    """A remark on each heading of a band that became a date; its column is not read."""
    for column, cell in enumerate(sheet.rows[header][first:], start=first):
        if (instead := dated_band(cell)) is not None:
            place = cell_address(header + 1, column + 1)
            sentence = f"{sheet.name}, cell {place}: expected {instead}; the column is not read."
            yield Remark("dated_band", Severity.WARNING, sentence, sheet=sheet.name, cell=place)


def _bands_in(row: Row) -> dict[int, Kind]:
    return {column: band for column, cell in enumerate(row) if (band := band_in(plain(cell))) is not None}


def earlier_months(table: LineTable, period_end: date, tally: Tally) -> tuple[ParsedVintage, ...]:
    """Table 2's months before the data month, each a vintage of England's series; counts go into `tally`."""
    months = sorted(kind for kind in table.filled() if isinstance(kind, date) and kind < period_end)
    return tuple(ParsedVintage(SOURCE_ENGLAND_SERIES, month, tuple(_figures(table, month, tally))) for month in months)


def _figures(table: LineTable, month: date, tally: Tally) -> Iterator[Figure]:
    for (service, kind), cells in table.cells.items():
        if kind != month:
            continue
        readings = {cell.reading for cell in cells if cell.reading.marker is not Marker.NOT_SUBMITTED}
        if len(readings) > 1:
            tally.quarantined += len(cells)
            tally.remarks.append(_two_values(table, service, month))
            continue
        (reading, row, column) = next((c for c in cells if c.reading in readings), cells[0])
        tally.count(reading.marker)
        if reading.marker is None:
            tally.remarks.append(_foreign_marker(table, service, month, cell_address(row, column)))
        if reading.marker in {Marker.NUMBER, Marker.SUPPRESSED}:
            marker = Marker.NUMBER if reading.value is not None else Marker.SUPPRESSED
            yield Figure(service, ENGLAND, TOTAL, reading.value, marker, table.sheet.name, row, column)


def _foreign_marker(table: LineTable, service: str, month: date, cell: str) -> Remark:
    name = table.sheet.name
    sentence = f"{name} has a marker of no known meaning in {cell}; the figure is taken as unknown."
    return Remark("unknown_marker", Severity.WARNING, sentence, service, ENGLAND, name, cell, month)


def _two_values(table: LineTable, service: str, month: date) -> Remark:
    """Two columns for one month, above all beside a month without one: one of them carries the wrong name."""
    name, months = table.sheet.name, [kind for kind in table.kinds if isinstance(kind, date)]
    holes = [hole for hole in month_range(min(months), max(months)) if hole not in months]
    hole = f", perhaps {' or '.join(map(in_words, holes))}, which has none" if holes else ""
    told = f"{name} prints two different figures for {in_words(month)}, and neither is used"
    sentence = f"{told}; one column may be another month{hole}."
    return Remark("duplicate_different_value", Severity.ERROR, sentence, service, ENGLAND, name, period_end=month)


def month_columns(sheet: Sheet, *, uses_1904: bool) -> tuple[int, Mapping[int, date]]:
    """The header row of a table by month (from 0), and its months by column.

    Raises
    ------
    FileRefused
        CONTRACT: no row above the figures names a month.
    """
    header, months = 0, dict[int, date]()
    for index, row in enumerate(sheet.rows[:HEAD_ROWS]):
        # A list of 45,000 reads like a day number, so a row of figures must never pass for a header.
        if months or any(service_in(cell) or plain(cell) in ENGLAND_NAMES for cell in row):
            break
        header = index
        months = {c: month for c, cell in enumerate(row) if (month := month_in(cell, uses_1904=uses_1904)) is not None}
    if not months:
        refuse(sheet.name, expected="a header row with months such as Apr-24")
    return header, months


def _line_table(sheet: Sheet, header: int, kinds: Mapping[int, Kind], contract: TableContract) -> LineTable:
    label_column = _label_column(sheet, header, min(kinds))
    reader = _LineRows(sheet, kinds, contract)
    for index in range(header + 1, len(sheet.rows)):
        reader.take(index, sheet.rows[index], plain(sheet.at(index, label_column)))
    ordered = tuple(dict.fromkeys(kinds.values()))
    cells = {key: tuple(found) for key, found in reader.cells.items()}
    notes = (*texts(sheet, range(header)), *reader.notes)
    return LineTable(sheet, ordered, cells, reader.subtotals, notes, tuple(reader.remarks))


def _label_column(sheet: Sheet, header: int, first_value: int) -> int:
    counts = {
        column: sum(service_in(sheet.at(index, column)) is not None for index in range(header + 1, len(sheet.rows)))
        for column in range(first_value)
    }
    if not any(counts.values()):
        refuse(sheet.name, row=header, expected="a column of service lines such as (CYP) Audiology")
    return max(counts, key=lambda column: counts[column])


@dataclass(slots=True)
class _LineRows:
    """Sorts the rows of Table 2 or 3 into service lines, subtotals, other counts and notes."""

    sheet: Sheet
    kinds: Mapping[int, Kind]
    contract: TableContract
    cells: dict[tuple[str, Kind], list[Printed]] = field(default_factory=dict[tuple[str, Kind], list[Printed]])
    subtotals: dict[tuple[str, Kind], int] = field(default_factory=dict[tuple[str, Kind], int])
    notes: list[str] = field(default_factory=list[str])
    remarks: list[Remark] = field(default_factory=list[Remark])

    def take(self, index: int, row: Row, label: str) -> None:
        """Sort one row by its label."""
        has_values = not all(is_blank(self.sheet.at(index, column)) for column in self.kinds)
        service = service_in(label)
        if service is not None:
            for column, kind in self.kinds.items():
                reading = checked_count(self.sheet, index, column, self.contract)
                self.cells.setdefault((service, kind), []).append(Printed(reading, index + 1, column + 1))
        elif label in SUBTOTALS:
            for column, kind in self.kinds.items():
                value = checked_count(self.sheet, index, column, self.contract).value
                if value is not None:
                    self.subtotals[label, kind] = value
        elif not has_values:
            self.notes.extend(texts(self.sheet, [index]))
        elif not label.startswith(OTHER_COUNTS):
            self._remark(index, is_a_line=is_line(label))

    def _remark(self, index: int, *, is_a_line: bool) -> None:
        what = "a service line" if is_a_line else "a row of figures"
        sentence = f"{self.sheet.name}, row {index + 1} is {what} that no register knows; it was not read."
        code = "unknown_line" if is_a_line else "unknown_row"
        self.remarks.append(Remark(code, Severity.WARNING, sentence, sheet=self.sheet.name))


def checked_count(sheet: Sheet, row: int, column: int, contract: TableContract) -> Reading:
    """The count in a cell (row and column from 0) of a table.

    Raises
    ------
    FileRefused
        CONTRACT: the cell holds what the table's contract does not allow.
    """
    reading = read_count(sheet.at(row, column), highest=contract.highest)
    if reading is None:
        refuse(sheet.name, row=row, column=column, expected=expected_count(contract.highest))
    return reading
