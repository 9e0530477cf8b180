"""Which table a sheet is, which wait band it holds and which month it is about: by its title, never by its letter.

In 2024 the letter g stood for "over 52 weeks", in 2025 for "52-104 weeks". A title that names an unknown band stops the
file; a sheet that is no table of this collection is only remarked on.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from waitlists.domain import TOTAL, Severity
from waitlists.errors import BadArgument, FileRefused
from waitlists.ingest.columns import plain, printed, refuse
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.ingest.sitrep_contract import (
    ALWAYS_PRINTED,
    BANDS,
    COVER_LABELS,
    COVER_TITLE,
    HEAD_ROWS,
    OPEN_BANDS,
    OVER_52,
    SPLIT_TOP,
    TABLE_1,
    TABLE_2,
    TABLE_3,
)
from waitlists.periods import parse_month

NON_SUBMISSIONS, ENGLAND_SERIES, ENGLAND_BANDS = TABLE_1.title, TABLE_2.title, TABLE_3.title

_WEEK_RANGE = re.compile(r"(?:>|over |more than )?(\d+) ?(?:-|to) ?>?(\d+) weeks")
_OPEN_WEEKS = re.compile(
    r"(?:>|over|more than|greater than) ?(\d+) weeks|(\d+)(?:\+ weeks| weeks (?:and|or) (?:over|more))"
)
_DAY_RANGE = re.compile(r"(\d+) ?(?:-|to) ?(\d+) days")
_MONTH: Final = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?: \d{4}|-(?:\d{4}|\d{2})\b)", re.IGNORECASE
)
_NUMBERED = re.compile(r"^table \w+ ?[:.-] ?")
_BAND_TABLE_NAME = re.compile(r"table ?4 ?[a-z]?")


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
        CONTRACT: a band table without a known band, two tables for one thing, or a required table missing or hidden.
    """
    found: dict[str, Titled] = {}
    remarks: list[Remark] = []
    cover: Sheet | None = None
    for sheet in workbook.sheets:
        if sheet.is_hidden:
            remarks.append(_remark("hidden_sheet", "is hidden and was not read", sheet))
        elif cover is None and is_cover(sheet):
            cover = sheet
        elif not _is_contents(sheet):
            _take(sheet, found, remarks)
    bands = _without_overlap({titled.band: titled for titled in found.values() if titled.band}, remarks)
    _check_bands(bands, remarks)
    names = {titled.table: titled for titled in found.values() if not titled.band}
    remarks.extend(_missing(name) for name in (NON_SUBMISSIONS, ENGLAND_SERIES, ENGLAND_BANDS) if name not in names)
    return Tables(cover, names, bands, tuple(remarks))


def _take(sheet: Sheet, found: dict[str, Titled], remarks: list[Remark]) -> None:
    titled = titled_sheet(sheet)
    if titled is None:
        if any(cell is not None for row in sheet.rows for cell in row):
            remarks.append(_remark("unknown_sheet", "is no table of this collection and was not read", sheet))
        return
    key = titled.band or titled.table
    if key in found:
        other = found[key].sheet.name
        refuse(sheet.name, expected=f"a table that is not there yet; {other} has a title that says the same")
    found[key] = titled
    if sheet.formulas:
        sentence = (
            f"{sheet.name} holds {sheet.formulas:,} formulas; the values saved with them count, and may be stale."
        )
        remarks.append(Remark("formula_values", Severity.INFO, sentence, sheet=sheet.name))


def titled_sheet(sheet: Sheet) -> Titled | None:
    """The sheet as a table, None when no text in its first rows is a title of this collection."""
    for text in _head(sheet):
        title = _NUMBERED.sub("", plain(text))
        table = _table_of(title)
        if table is not None:
            band = "" if table in {NON_SUBMISSIONS, ENGLAND_SERIES, ENGLAND_BANDS} else _band_of(title, sheet)
            return Titled(table, band, printed(text), month_in_title(text, sheet.name), sheet)
    if _BAND_TABLE_NAME.fullmatch(plain(sheet.name)):
        refuse(sheet.name, expected="a title that names the total waiting list or a wait band")
    return None


def _table_of(title: str) -> str | None:
    if "did not submit" in title:
        return NON_SUBMISSIONS
    if title.startswith("national time series"):
        return ENGLAND_SERIES
    if title.startswith("national overview"):
        return ENGLAND_BANDS
    if title.startswith(("total waiting list", "number waiting", "number of people waiting")):
        return "Table 4"
    return None


def _band_of(title: str, sheet: Sheet) -> str:
    if title.startswith("total waiting list"):
        return TOTAL
    band = band_in(title)
    if band is None:
        refuse(sheet.name, expected="a title that names a known wait band such as 18-52 weeks (127-364 days)")
    return band


def band_in(text: str) -> str | None:
    """Label of the wait band a title or heading names, None when it names none that is known.

    The days in brackets have to be those of the weeks: "18-52 weeks (127-364 days)".

    Examples
    --------
    >>> band_in("Number waiting >52-104 weeks (365-728 days) by service, March 2025")
    '>52-104'
    """
    text = plain(text)
    if text.startswith("total waiting list"):
        return TOTAL
    days = _DAY_RANGE.search(text)
    if weeks := _WEEK_RANGE.search(text):
        label, known_days = BANDS.get((int(weeks[1]), int(weeks[2])), (None, (0, 0)))
        agrees = days is None or (int(days[1]), int(days[2])) == known_days
        return label if agrees else None
    if weeks := _OPEN_WEEKS.search(text):
        return None if days else OPEN_BANDS.get(int(weeks[1] or weeks[2]))
    return None


def month_in_title(title: str, sheet: str) -> date | None:
    """Month end a title names, None when it names none.

    Raises
    ------
    FileRefused
        CONTRACT: the title names two months.
    """
    months: set[date] = set()
    for match in _MONTH.findall(title):
        try:
            months.add(parse_month(match))
        except BadArgument:
            continue
    if len(months) > 1:
        refuse(sheet, expected="a title that names one month, not two")
    return months.pop() if months else None


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
    return plain(sheet.name).startswith("cover") or len(labels & COVER_LABELS) >= 3


def is_of_this_collection(sheet: Sheet) -> bool:
    """Whether a sheet is this collection's cover page or a table of Table 4's family, by its own words."""
    if is_cover(sheet):
        return any(COVER_TITLE in plain(text) for text in _head(sheet))
    return any(_NUMBERED.sub("", plain(text)).startswith("total waiting list by service") for text in _head(sheet))


def _is_contents(sheet: Sheet) -> bool:
    """A list of tables names several; a table has one title."""
    titles = {title for text in _head(sheet) if _table_of(title := _NUMBERED.sub("", plain(text)))}
    return plain(sheet.name) == "contents" or len(titles) > 2


def _head(sheet: Sheet) -> Iterator[str]:
    for row in sheet.rows[:HEAD_ROWS]:
        for cell in row:
            if isinstance(cell, str) and cell.strip():
                yield cell


def _remark(code: str, sentence: str, sheet: Sheet) -> Remark:
    return Remark(code, Severity.INFO, f"Sheet {sheet.name} {sentence}.", sheet=sheet.name)


def _missing(name: str) -> Remark:
    return Remark("missing_table", Severity.WARNING, f"{name} is missing, so nothing could be checked against it.")
