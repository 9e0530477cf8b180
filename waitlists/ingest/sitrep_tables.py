"""Tables 4 to 4h: one sheet a wait band, organisations down, service lines across; one figure a cell.

Every number and every `*` becomes a figure with its place. A cell that cannot be used without guessing (an unknown
line, a marker of another collection, two values for one list) is quarantined and said; what the contract forbids stops
the file.
"""

from collections import Counter
from dataclasses import dataclass, field

from waitlists.domain import ENGLAND, Figure, Marker, Severity, cell_address
from waitlists.errors import FileRefused
from waitlists.ingest.columns import NOTHING, Reading, expected_count, is_blank, read_count, refuse, texts
from waitlists.ingest.remarks import Remark, Tally
from waitlists.ingest.sheets import Cell, Row, Sheet
from waitlists.ingest.sitrep_contract import TABLE_4
from waitlists.ingest.sitrep_header import Header, read_header
from waitlists.ingest.sitrep_pages import Titled
from waitlists.ingest.sitrep_rows import Directory, RowReader

_NUMBER, _SUPPRESSED = Marker.NUMBER, Marker.SUPPRESSED

Line = tuple[str, str]
"""A service and an organisation."""


@dataclass(frozen=True, slots=True)
class BandTable:
    """One table as read: its figures by service and organisation, whose rows it has, its header and its notes."""

    titled: Titled
    header: Header
    figures: dict[Line, Figure]
    orgs: frozenset[str]
    notes: tuple[str, ...]

    @property
    def services(self) -> frozenset[str]:
        """Codes of the service lines the table has a column for."""
        return frozenset(self.header.lines.values())


def read_band_table(titled: Titled, directory: Directory, tally: Tally) -> BandTable:
    """The figures of one of Tables 4 to 4h; organisations go into `directory`, counts and remarks into `tally`.

    Raises
    ------
    FileRefused
        CONTRACT: no header, a column missing, a value outside the contract, a row of nobody, no row for England.
        EMPTY: no row of data, or no count at all.
    """
    sheet = titled.sheet
    header = read_header(sheet)
    reader = RowReader(sheet.name, header.places, directory)
    cells = _Cells(titled, header, tally)
    orgs: set[str] = set()
    for row in reader.rows(sheet.rows, header.row + 1, [*header.lines, *header.unknown_lines]):
        orgs.add(row.org)
        cells.take(row.row, row.org, row.cells)
    _check_rows(sheet, orgs, cells.figures)
    cells.finish()
    notes = tuple(text for text in texts(sheet, range(header.row)) if text != titled.title)
    return BandTable(titled, header, cells.figures, frozenset(orgs), (*notes, *reader.notes))


def _check_rows(sheet: Sheet, orgs: set[str], figures: dict[Line, Figure]) -> None:
    if not any(figure.marker is Marker.NUMBER for figure in figures.values()):
        raise FileRefused(f"{sheet.name}: expected counts of those waiting, and there are none", code="EMPTY")
    if len(orgs) > TABLE_4.most_rows:
        refuse(sheet.name, expected=f"at most {TABLE_4.most_rows:,} organisations")
    if ENGLAND not in orgs:
        refuse(sheet.name, expected="a row for England")


@dataclass(slots=True)
class _Cells:
    """Turns the cells of one table into figures, one for each service and organisation."""

    titled: Titled
    header: Header
    tally: Tally
    figures: dict[Line, Figure] = field(default_factory=dict[Line, Figure])
    conflicts: set[Line] = field(default_factory=set[Line])
    repeats: Counter[str] = field(default_factory=Counter[str])

    def take(self, index: int, org: str, row: Row) -> None:
        """The figures of one row."""
        sheet, band, width = self.titled.sheet.name, self.titled.band, len(row)
        for column, service in self.header.lines.items():
            cell = row[column] if column < width else None
            marker, value = self._read(cell, index, column)
            if marker is _NUMBER or marker is _SUPPRESSED:
                line = (service, org)
                figure = Figure(service, org, band, value, marker, sheet, index + 1, column + 1)
                if line in self.figures or line in self.conflicts:
                    self._repeat(line, figure)
                else:
                    self.figures[line] = figure
            elif marker is None:
                self._remark_marker(service, org, index, column)
            else:
                self.tally.not_submitted += 1
        unknown = [column for column in self.header.unknown_lines if column < width and not is_blank(row[column])]
        self.tally.quarantined += len(unknown)

    def _read(self, cell: Cell, row: int, column: int) -> Reading:
        if cell is None:
            return NOTHING
        reading = read_count(cell, highest=TABLE_4.highest)
        if reading is None:
            refuse(self.titled.sheet.name, row=row, column=column, expected=expected_count(TABLE_4.highest))
        return reading

    def _repeat(self, line: Line, figure: Figure) -> None:
        """One list printed twice: the same value is dropped, two values are both put aside."""
        first = self.figures.get(line)
        if first is not None and (first.value, first.marker) == (figure.value, figure.marker):
            self.repeats[figure.org] += 1
            return
        self.tally.quarantined += 1
        if first is not None:
            self.tally.quarantined += 1
            del self.figures[line]
            self.conflicts.add(line)
            sentence = (
                f"{figure.sheet} prints two different figures for this list, in {first.cell} and {figure.cell}; "
                "neither is used."
            )
            self.tally.remark("duplicate_different_value", Severity.ERROR, sentence, figure)

    def finish(self) -> None:
        """Count the figures kept, and say which organisations are printed twice with the same ones."""
        for figure in self.figures.values():
            self.tally.count(figure.marker)
        for org, count in sorted(self.repeats.items()):
            sentence = f"{self.titled.sheet.name} prints {count:,} figures of {org} twice, the same; one was dropped."
            remark = Remark("duplicate_same_value", Severity.INFO, sentence, org=org, sheet=self.titled.sheet.name)
            self.tally.remarks.append(remark)

    def _remark_marker(self, service: str, org: str, row: int, column: int) -> None:
        self.tally.quarantined += 1
        name = self.titled.sheet.name
        cell = cell_address(row + 1, column + 1)
        sentence = f"{name} has a marker of no known meaning in {cell}; the figure is taken as unknown."
        remark = Remark("unknown_marker", Severity.WARNING, sentence, service, org, sheet=name, cell=cell)
        self.tally.remarks.append(remark)
