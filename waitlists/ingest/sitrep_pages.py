"""Which sheet of a workbook is which table: by title first, by the sheet's name only where two titles say the same.

A band table whose band is not known stops the file; a sheet that is no table of this collection is only remarked on.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from waitlists.domain import TOTAL, Severity
from waitlists.errors import FileRefused
from waitlists.ingest.columns import is_blank, plain, printed, refuse
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.ingest.sitrep_contract import (
    ALWAYS_PRINTED,
    COVER_LABELS,
    COVER_TITLE,
    HEAD_ROWS,
    OVER_52,
    SPLIT_TOP,
    TABLE_4,
)
from waitlists.ingest.sitrep_titles import (
    ENGLAND_BANDS,
    ENGLAND_SERIES,
    NON_SUBMISSIONS,
    band_in,
    month_in_title,
    table_in,
)

_NAMES = {
    NON_SUBMISSIONS: re.compile(r"(?:table ?)?1"),
    ENGLAND_SERIES: re.compile(r"(?:table ?)?2"),
    ENGLAND_BANDS: re.compile(r"(?:table ?)?3"),
    TABLE_4.title: re.compile(r"(?:table ?)?4 ?[a-z]?"),
}
"""What the sheets of each table are called."""


@dataclass(frozen=True, slots=True)
class Titled:
    """A sheet that is a table of this collection; `band` is empty for Tables 1 to 3, `month` None if none is named."""

    table: str
    band: str
    title: str
    month: date | None
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a workbook: Tables 1 to 3 where they are there, Tables 4 to 4h by wait band, the cover page."""

    cover: Sheet | None
    by_name: Mapping[str, Titled]
    by_band: Mapping[str, Titled]
    remarks: tuple[Remark, ...]


def find_tables(workbook: Workbook) -> Tables:
    """Every table of the workbook.

    Raises
    ------
    FileRefused
        CONTRACT: a band table without a known band, two tables for one band, or a required table missing or hidden.
    """
    remarks = [_said("hidden_sheet", "is hidden and was not read", s) for s in workbook.sheets if s.is_hidden]
    visible = [sheet for sheet in workbook.sheets if not sheet.is_hidden]
    cover = next((sheet for sheet in visible if is_cover(sheet)), None)
    found: dict[str, Titled] = {}
    for sheet in visible:
        titled = None if sheet is cover or _is_contents(sheet) else titled_sheet(sheet)
        if titled is not None:
            _take(titled, found, remarks)
        elif sheet is not cover and not _is_contents(sheet) and not all(map(is_blank, _cells(sheet))):
            remarks.append(_said("unknown_sheet", "is no table of this collection and was not read", sheet))
    bands = _without_overlap({titled.band: titled for titled in found.values() if titled.band}, remarks)
    _check_bands(bands, remarks)
    names = {titled.table: titled for titled in found.values() if not titled.band}
    remarks.extend(_formulas(titled.sheet) for titled in found.values() if titled.sheet.formulas)
    remarks.extend(_missing(name) for name in (NON_SUBMISSIONS, ENGLAND_SERIES, ENGLAND_BANDS) if name not in names)
    return Tables(cover, names, bands, tuple(remarks))


def titled_sheet(sheet: Sheet) -> Titled | None:
    """The sheet as a table, None when no text in its first rows is a title of this collection.

    Raises
    ------
    FileRefused
        CONTRACT: the title of a band table names no known band, or a sheet called Table 4 has no title.
    """
    title = next((text for text in _head(sheet) if table_in(text)), None)
    if title is None:
        if _NAMES[TABLE_4.title].fullmatch(plain(sheet.name)):
            refuse(sheet.name, expected="a title that names the total waiting list or a wait band")
        return None
    table = str(table_in(title))
    band = band_in(title) if table == TABLE_4.title else ""
    if band is None:
        refuse(sheet.name, expected="a title that names a known wait band such as 18-52 weeks (127-364 days)")
    return Titled(table, band, printed(title), month_in_title(title, sheet.name), sheet)


def _take(titled: Titled, found: dict[str, Titled], remarks: list[Remark]) -> None:
    """Keep the table; of two for one thing, the one whose sheet is called as the table is."""
    key = titled.band or titled.table
    other = found.setdefault(key, titled)
    if other is titled:
        return
    names = _NAMES[titled.table]
    called = [table for table in (other, titled) if names.fullmatch(plain(table.sheet.name))]
    if len(called) != 1:
        refuse(
            titled.sheet.name,
            expected=f"a table that is not there yet; {other.sheet.name} has a title that says the same",
        )
    found[key] = called[0]
    left = titled if called[0] is other else other
    remarks.append(
        _said("unknown_sheet", f"has a title like that of {called[0].sheet.name} and was not read", left.sheet)
    )


def _without_overlap(bands: dict[str, Titled], remarks: list[Remark]) -> dict[str, Titled]:
    """One set of bands over 52 weeks, the two parts before the whole, so that nobody counts twice."""
    if OVER_52 not in bands or not any(band in bands for band in SPLIT_TOP):
        return bands
    left_out = {OVER_52} if all(band in bands for band in SPLIT_TOP) else set(SPLIT_TOP)
    for band in sorted(left_out & bands.keys()):
        sentence = f"{bands[band].sheet.name} overlaps another table over 52 weeks and was not read."
        remarks.append(Remark("overlapping_bands", Severity.WARNING, sentence, sheet=bands[band].sheet.name))
    return {band: titled for band, titled in bands.items() if band not in left_out}


def _check_bands(bands: Mapping[str, Titled], remarks: list[Remark]) -> None:
    missing = [band for band in ALWAYS_PRINTED if band not in bands]
    if OVER_52 not in bands:
        missing.extend(band for band in SPLIT_TOP if band not in bands)
    if missing:
        hidden = "; a hidden sheet is not read" if any(remark.code == "hidden_sheet" for remark in remarks) else ""
        wanted = ", ".join("the total waiting list" if band == TOTAL else f"{band} weeks" for band in missing)
        raise FileRefused(f"Tables 4 to 4h: expected a table of {wanted}{hidden}", code="CONTRACT")


def is_cover(sheet: Sheet) -> bool:
    """Whether a sheet is the cover page: it is called so, or carries three of its labels."""
    labels = {plain(text).partition(":")[0] for text in _head(sheet)}
    return plain(sheet.name).startswith("cover") or len(labels & COVER_LABELS.keys()) >= 3


def is_of_this_collection(sheet: Sheet) -> bool:
    """Whether a sheet is this collection's cover page or its Table 4, by its own words."""
    if is_cover(sheet):
        return any(COVER_TITLE in plain(text) for text in _head(sheet))
    return any(table_in(text) == TABLE_4.title and band_in(text) == TOTAL for text in _head(sheet))


def _is_contents(sheet: Sheet) -> bool:
    """A list of tables names several; a table has one title."""
    titles = {plain(text) for text in _head(sheet) if table_in(text)}
    return plain(sheet.name) == "contents" or len(titles) > 2


def _head(sheet: Sheet) -> Iterator[str]:
    for row in sheet.rows[:HEAD_ROWS]:
        for cell in row:
            if isinstance(cell, str) and cell.strip():
                yield cell


def _cells(sheet: Sheet) -> Iterator[object]:
    for row in sheet.rows:
        yield from row


def _formulas(sheet: Sheet) -> Remark:
    sentence = f"{sheet.name} holds {sheet.formulas:,} formulas; the values saved with them count, and may be stale."
    return Remark("formula_values", Severity.INFO, sentence, sheet=sheet.name)


def _said(code: str, sentence: str, sheet: Sheet) -> Remark:
    return Remark(code, Severity.INFO, f"Sheet {sheet.name} {sentence}.", sheet=sheet.name)


def _missing(name: str) -> Remark:
    return Remark("missing_table", Severity.WARNING, f"{name} is missing, so nothing could be checked against it.")
