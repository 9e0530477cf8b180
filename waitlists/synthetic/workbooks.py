"""The synthetic months laid out as the published workbooks were: rows of sheets, in three generations of layout.

A workbook is plain data here; writing it as a file is the shell's job. The cover page of every one says SYNTHETIC.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from waitlists.periods import add_months, month_end
from waitlists.synthetic.reports import CORRECTED_MONTH, LATE_MONTH, REPORTED_FROM, Month, months
from waitlists.synthetic.sheets import Row, Style, contents, lists_sheets, table_1, table_2, table_3

NAMES_FROM, CODES_FROM, OVER_104_FROM = date(2024, 8, 31), date(2024, 10, 31), date(2025, 10, 31)
"""The first months of the second and third layout, and of the one that splits waits of over 52 weeks in two."""

CORRECTION_AFTER = timedelta(days=21)
LATE_BY = timedelta(days=42)


@dataclass(frozen=True, slots=True)
class SyntheticSheet:
    """One sheet: row 0 is spreadsheet row 1, column 0 is column A; a missing cell is None."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class SyntheticWorkbook:
    """One workbook to be written: its file name, what it is about, when it counts as published, and its sheets."""

    name: str
    period_end: date
    published_on: date
    revised_on: date | None
    sheets: tuple[SyntheticSheet, ...]


def workbooks(*, seed: int) -> tuple[SyntheticWorkbook, ...]:
    """Thirty months of workbooks and one correction, in order of data month; the same seed gives the same rows.

    Parameters
    ----------
    seed : what the chance in the figures starts from

    Notes
    -----
    A workbook holds what was known when it was published: Table 2 of the months after the correction prints the
    corrected figure for the month that was wrong.
    """
    first = months(seed=seed, corrected=False)
    corrected = months(seed=seed, corrected=True)
    books: list[SyntheticWorkbook] = []
    for number, month in enumerate(first):
        known = corrected if month.period_end > CORRECTED_MONTH else first
        books.append(_workbook(known[: number + 1], revised_on=None))
        if month.period_end == CORRECTED_MONTH:
            revised_on = published_on(month.period_end) + CORRECTION_AFTER
            books.append(_workbook(corrected[: number + 1], revised_on=revised_on))
    return tuple(books)


def published_on(period: date) -> date:
    """The second Thursday of the second month after; the late month six weeks after that."""
    following = add_months(period, 2)
    first = following.replace(day=1)
    second_thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 7)
    return second_thursday + (LATE_BY if period == LATE_MONTH else timedelta())


def style_of(period: date) -> Style:
    """The layout a month is printed in."""
    if period < NAMES_FROM:
        return Style(generation=1, over_104=False)
    return Style(generation=2 if period < CODES_FROM else 3, over_104=period >= OVER_104_FROM)


def _workbook(history: tuple[Month, ...], *, revised_on: date | None) -> SyntheticWorkbook:
    month = history[-1]
    period, style = month.period_end, style_of(month.period_end)
    year = [item for item in history if item.period_end > _year_start(period)]
    noted = period == REPORTED_FROM
    pages = {
        "Cover page": _cover(period, style, revised_on=revised_on, noted=noted),
        "Contents": contents(period, style),
        "Table 1": table_1(year, _year(period), style),
        "Table 2": table_2(year, _year(period), style),
        "Table 3": table_3(month, style, noted=noted),
        **lists_sheets(month, style, noted=noted),
    }
    return SyntheticWorkbook(
        name=f"synthetic-community-health-{period:%Y-%m}{'-revised' if revised_on else ''}.xlsx",
        period_end=period,
        published_on=published_on(period),
        revised_on=revised_on,
        sheets=tuple(SyntheticSheet(name, tuple(style.shifted(rows))) for name, rows in pages.items()),
    )


def _year_start(period: date) -> date:
    return month_end(period.year if period.month > 3 else period.year - 1, 3)


def _year(period: date) -> tuple[date, ...]:
    """The twelve months of the financial year that a month falls in."""
    return tuple(add_months(_year_start(period), n) for n in range(1, 13))


def _cover(period: date, style: Style, *, revised_on: date | None, noted: bool) -> list[Row]:
    year = _year(period)
    rows: list[Row] = [
        ("Title:", "Community Health Services Waiting Times (SYNTHETIC)"),
        ("Summary:", "SYNTHETIC: every figure in this workbook is invented, for demonstrations and tests. Management"),
        (None, "information is laid out as in the real publication."),
        ("Period:", f"01 April {year[0].year} - 31 March {year[-1].year}"),
        ("Source:", "Community Health Services (CHS) SitRep"),
        ("Basis:", "Provider"),
        ("Published:", style.day(published_on(period))),
        ("Revised:", style.day(revised_on) if revised_on else "-"),
        ("Status:", "Revised" if revised_on else "Published"),
        ("Contact:", "None: this is a synthetic file"),
    ]
    if noted:
        rows += [(), (_COVERAGE_NOTE,)]
    return rows


_COVERAGE_NOTE = (
    "Please note: This month has seen an increase in the waiting list for children and young people's community "
    "paediatric service that is not reflected in previous data. It comes from Birmingham Community Healthcare NHS "
    "Foundation Trust submitting neurodevelopmental pathway waiting list data where it did not previously."
)
