"""The monthly community health services workbook (CHS SitRep) of NHS England: from a workbook to its figures.

Tables 4 to 4h make the vintage of the data month; the earlier months of Table 2 make vintages of England's own series,
so that a restated month is never mixed with the organisations' figures.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from waitlists.domain import TOTAL, Figure, ParsedDelivery, ParsedVintage, Severity
from waitlists.errors import FileRefused
from waitlists.ingest.columns import plain
from waitlists.ingest.remarks import Remark, Tally, capped
from waitlists.ingest.sheets import Workbook
from waitlists.ingest.sitrep_absent import Absent, read_absent
from waitlists.ingest.sitrep_checks import (
    check_subtotals,
    compare_bands,
    compare_series,
    missing_rows,
    require_same_lines,
)
from waitlists.ingest.sitrep_contract import (
    OVER_52,
    SOURCE,
    SOURCE_ENGLAND_SERIES,
    STANDING_COVERAGE_NOTES,
    STANDING_NOTES,
)
from waitlists.ingest.sitrep_cover import Cover, believed, read_cover
from waitlists.ingest.sitrep_england import LineTable, earlier_months, read_bands, read_series
from waitlists.ingest.sitrep_pages import Tables, find_tables, is_of_this_collection
from waitlists.ingest.sitrep_rows import Directory
from waitlists.ingest.sitrep_tables import BandTable, read_band_table
from waitlists.ingest.sitrep_titles import ENGLAND_BANDS, ENGLAND_SERIES, NON_SUBMISSIONS
from waitlists.services import SERVICES

__all__ = ["SOURCE", "SOURCE_ENGLAND_SERIES", "parse", "recognises"]


def recognises(workbook: Workbook) -> bool:
    """Whether the workbook calls itself one of this collection, on its cover page or over its Table 4."""
    return any(is_of_this_collection(sheet) for sheet in workbook.sheets if not sheet.is_hidden)


@dataclass(frozen=True, slots=True)
class _Pages:
    """All tables of a workbook, read, and what was met on the way."""

    tables: Tables
    bands: Mapping[str, BandTable]
    series: LineTable | None
    month: LineTable | None
    absent: Absent
    directory: Directory
    tally: Tally

    @property
    def line_tables(self) -> tuple[LineTable, ...]:
        """Tables 2 and 3, those that are there."""
        return tuple(table for table in (self.series, self.month) if table is not None)


def parse(workbook: Workbook) -> ParsedDelivery:
    """Everything the workbook says, with what was odd in it.

    Raises
    ------
    FileRefused
        CONTRACT: a table, column, row or value is not as the contract says; the message names sheet and place. EMPTY: a
        table without data. PERIOD_UNCLEAR: the workbook names no month, or two.
    """
    read = _read(workbook)
    period_end = data_month(read.tables, read.series)
    cover = read_cover(read.tables.cover, uses_1904=workbook.uses_1904)
    published_on, cover_remarks = believed(cover, period_end)
    earlier = earlier_months(read.series, period_end, read.tally) if read.series is not None else ()
    notes = _notes(cover, read)
    remarks = [*cover_remarks, *_remarks(read, period_end), *_note_remarks(notes)]
    known_from = published_on or period_end
    return ParsedDelivery(
        source=SOURCE,
        layout=_layout(read.bands),
        period_end=period_end,
        published_on=published_on,
        vintages=(ParsedVintage(SOURCE, period_end, tuple(_figures(read.bands))), *earlier),
        findings=tuple(r.finding(period_end=period_end, known_from=known_from) for r in capped(remarks)),
        counts=read.tally.counts(),
        organisations=tuple(read.directory.found.values()),
        notes=notes,
        non_submissions=read.absent.counts,
        providers_in_scope=read.absent.scope,
        is_synthetic=cover.is_synthetic,
    )


def _read(workbook: Workbook) -> _Pages:
    """Tables 4 to 4h first, Table 4 before its parts: an organisation is called what Table 4 calls it."""
    tables = find_tables(workbook)
    directory, tally = Directory(), Tally()
    ordered = sorted(tables.by_band.items(), key=lambda item: item[0] != TOTAL)
    bands = {band: read_band_table(titled, directory, tally) for band, titled in ordered}
    by_name, uses_1904 = tables.by_name, workbook.uses_1904
    series = read_series(by_name[ENGLAND_SERIES].sheet, uses_1904=uses_1904) if ENGLAND_SERIES in by_name else None
    month = read_bands(by_name[ENGLAND_BANDS].sheet) if ENGLAND_BANDS in by_name else None
    absent = read_absent(by_name.get(NON_SUBMISSIONS), directory, uses_1904=uses_1904)
    return _Pages(tables, bands, series, month, absent, directory, tally)


def data_month(tables: Tables, series: LineTable | None) -> date:
    """Month end the figures are about: what the titles name and Table 2 ends with.

    Raises
    ------
    FileRefused
        PERIOD_UNCLEAR: two titles name different months, Table 2 ends with another month, or nothing names one.
    """
    titled = [table for table in (*tables.by_band.values(), *tables.by_name.values()) if table.month is not None]
    months = {table.month for table in titled}
    if len(months) > 1:
        odd = next(table.sheet.name for table in titled if table.month != titled[0].month)
        raise _unclear(f"{odd}: expected the month that the title of {titled[0].sheet.name} names")
    last = max((kind for kind in series.filled() if isinstance(kind, date)), default=None) if series else None
    named = months.pop() if months else None
    if named is not None and last is not None and named != last:
        name = tables.by_name[ENGLAND_SERIES].sheet.name
        raise _unclear(f"{name}: expected figures up to the month that the title of {titled[0].sheet.name} names")
    found = named or last
    if found is None:
        raise _unclear("Tables 2 to 4h: expected a month in a title, or figures by month in Table 2")
    return found


def _unclear(message: str) -> FileRefused:
    return FileRefused(message, code="PERIOD_UNCLEAR")


def _figures(bands: Mapping[str, BandTable]) -> Iterator[Figure]:
    for table in bands.values():
        yield from table.figures.values()


def _layout(bands: Mapping[str, BandTable]) -> str:
    """The generation of the layout: how organisations are printed, and where the last band begins."""
    header = bands[TOTAL].header
    named = "named" if header.is_named else "unnamed"
    return f"{'coded' if header.places.code is not None else named}-{52 if OVER_52 in bands else 104}"


def _remarks(read: _Pages, period_end: date) -> Iterator[Remark]:
    yield from read.tables.remarks
    yield from require_same_lines(read.bands, read.line_tables)
    yield from read.directory.remarks
    yield from _column_remarks(read.bands)
    yield from missing_rows(read.bands)
    yield from read.tally.remarks
    for table in read.line_tables:
        yield from table.remarks
        yield from check_subtotals(table)
    if read.series is not None:
        yield from compare_series(read.series, read.bands[TOTAL], period_end)
    if read.month is not None:
        yield from compare_bands(read.month, read.bands)


def _column_remarks(bands: Mapping[str, BandTable]) -> Iterator[Remark]:
    """One remark on each line that no register knows, and one on each table with columns that are no lines."""
    sheets: dict[str, list[str]] = {}
    for table in bands.values():
        name = table.titled.sheet.name
        for line in table.header.unknown_lines.values():
            sheets.setdefault(line, []).append(name)
        if table.header.other_columns:
            sentence = f"{name} has {len(table.header.other_columns)} columns that are no service line; not read."
            yield Remark("unknown_column", Severity.INFO, sentence, sheet=name)
    for line, names in sheets.items():
        sentence = f"No register knows the line {line[:120]} ({', '.join(names)}); its figures are put aside."
        yield Remark("unknown_line", Severity.WARNING, sentence, sheet=names[0])


def _notes(cover: Cover, read: _Pages) -> tuple[str, ...]:
    """The publisher's words that are not said in every workbook, each once, without titles."""
    titles = {table.title for table in (*read.tables.by_band.values(), *read.tables.by_name.values())}
    tables = (*read.bands.values(), *read.line_tables, read.absent)
    said = [*cover.notes, *(note for table in tables for note in table.notes if note not in titles)]
    once: dict[str, str] = {}
    for note in said:
        if not plain(note).startswith(STANDING_NOTES):
            once.setdefault(plain(note.lstrip("* ")), note)
    return tuple(once.values())


def _note_remarks(notes: Iterable[str]) -> Iterator[Remark]:
    for note in notes:
        if not plain(note).startswith(STANDING_COVERAGE_NOTES):
            sentence = f"The publisher notes: {note.lstrip('* ').rstrip('.!? ')}."
            yield Remark("publisher_note", Severity.WARNING, sentence, service=_service_named(note))


def _service_named(note: str) -> str | None:
    """The service a note is about, when it names one line and no other."""
    text = plain(note)
    named = {
        code for code, service in SERVICES.items() if service.line and plain(service.line).partition(") ")[2] in text
    }
    return named.pop() if len(named) == 1 else None
