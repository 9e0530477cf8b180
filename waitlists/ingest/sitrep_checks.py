"""What the workbook says twice must be the same twice: its tables against each other.

Bands against totals and parts against wholes are checked for every source alike, in `waitlists.quality`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from waitlists.domain import ENGLAND, TOTAL, Figure, Marker, Severity, cell_address
from waitlists.ingest.columns import refuse
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sitrep_contract import SUBTOTALS
from waitlists.ingest.sitrep_england import Kind, LineTable, Printed
from waitlists.ingest.sitrep_tables import BandTable
from waitlists.services import CHS_SERVICES, SERVICES

Bands = Mapping[str, BandTable]


def require_same_lines(bands: Bands, others: Iterable[LineTable]) -> tuple[Remark, ...]:
    """Remarks on lines this file does not have at all; a line missing from one table alone stops the file.

    Raises
    ------
    FileRefused
        CONTRACT: a table has no column or row for a line that another table has.
    """
    wanted = frozenset[str]().union(*(table.services for table in bands.values()), *map(_services, others))
    for table in bands.values():
        if missing := wanted - table.services:
            row = table.header.row
            refuse(table.titled.sheet.name, row=row, expected=f"the columns {_lines(missing)}, as in another table")
    return tuple(_missing_line(service) for service in CHS_SERVICES if service not in wanted)


def _missing_line(service: str) -> Remark:
    sentence = f"The workbook has no column for {SERVICES[service].line}; nothing is known of its lists this month."
    return Remark("missing_line", Severity.WARNING, sentence, service=service)


def missing_rows(bands: Bands) -> Iterator[Remark]:
    """A remark for each organisation that has a row in one of Tables 4 to 4h and none in another."""
    everyone = frozenset[str]().union(*(table.orgs for table in bands.values()))
    for table in bands.values():
        name = table.titled.sheet.name
        for org in sorted(everyone - table.orgs):
            sentence = f"{name} has no row for {org}, which other tables have; its figures there are unknown."
            yield Remark("row_missing", Severity.WARNING, sentence, org=org, sheet=name)


def compare_series(series: LineTable, total: BandTable, period_end: date) -> Iterator[Remark]:
    """Table 2's data month against England in Table 4."""
    for service in sorted(total.services):
        for cell in series.cells.get((service, period_end), ()):
            if cell.reading.value != _value(figure := total.figures.get((service, ENGLAND))):
                yield _differs("table2_differs", series, cell, service, total, figure)


def compare_bands(table_3: LineTable, bands: Bands) -> Iterator[Remark]:
    """Table 3 against England in Tables 4 to 4h; a line kept back there but printed here is said, not used."""
    for (service, kind), cells in table_3.cells.items():
        band = bands.get(str(kind))
        if band is None:
            continue
        figure = band.figures.get((service, ENGLAND))
        for cell in cells:
            if cell.reading.value != _value(figure):
                yield _differs("table3_differs", table_3, cell, service, band, figure)


def check_subtotals(table: LineTable) -> Iterator[Remark]:
    """Subtotals of Table 2 or 3 against the lines they add up; where a line is kept back they may only be larger."""
    for (label, kind), printed in table.subtotals.items():
        values = [
            cell.reading
            for (service, other), cells in table.cells.items()
            if other == kind and (SERVICES[service].line or "").startswith(SUBTOTALS[label])
            for cell in cells[:1]
        ]
        added = sum(reading.value or 0 for reading in values)
        is_whole = all(reading.marker is Marker.NUMBER for reading in values)
        if added > printed or (is_whole and added != printed):
            yield _subtotal_differs(table, label, kind, {"printed": printed, "added": added})


def _subtotal_differs(table: LineTable, label: str, kind: Kind, details: Mapping[str, object]) -> Remark:
    about = f"{kind:%B %Y}" if isinstance(kind, date) else ("the total" if kind == TOTAL else f"{kind} weeks")
    sentence = f"{table.sheet.name} prints a subtotal ({label}, {about}) that is not the sum of its lines."
    return Remark(
        "subtotal_differs",
        Severity.WARNING,
        sentence,
        org=ENGLAND,
        sheet=table.sheet.name,
        period_end=kind if isinstance(kind, date) else None,
        details=details,
    )


def _differs(
    code: str, table: LineTable, cell: Printed, service: str, band: BandTable, figure: Figure | None
) -> Remark:
    """A difference is a warning; a figure on one side only is a note, and is not repeated: it may be kept back."""
    other = band.titled.sheet.name
    address = cell_address(cell.row, cell.column)
    if cell.reading.value is not None and _value(figure) is not None:
        severity = Severity.WARNING
        sentence = f"{table.sheet.name} prints another figure for England in {address} than {other}, which is used."
    else:
        severity = Severity.INFO
        sentence = f"Only one of {table.sheet.name} ({address}) and {other} prints this figure; {other} is used."
    return Remark(code, severity, sentence, service, ENGLAND, sheet=table.sheet.name, cell=address)


def _value(figure: Figure | None) -> int | None:
    return None if figure is None else figure.value


def _services(table: LineTable) -> frozenset[str]:
    return frozenset(service for service, _ in table.cells)


def _lines(services: Iterable[str]) -> str:
    return ", ".join(sorted(SERVICES[service].line or service for service in services))
