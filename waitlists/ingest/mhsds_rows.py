"""The long tables of the Mental Health Services Data Set: one row a measure, organisation and period.

Four-week waits, autism and other collections print them with columns of the same meanings and changing names. Codes
identify organisations; one code may stand under several names.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, NamedTuple

from waitlists.domain import ENGLAND, Level, PrintedOrganisation, Severity
from waitlists.ingest.columns import Column, day_in, plain, printed
from waitlists.ingest.published import Table
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sheets import Cell
from waitlists.periods import month_end, months_between

BREAKDOWNS: Final = {
    "england": Level.ENGLAND,
    "ccg or sub icb location - gp practice or residence": Level.SUB_ICB,
    "commissioning region - gp practice or residence": Level.REGION,
    "icb of gp practice or residence": Level.ICB,
    "icb": Level.ICB,
    "commissioning region": Level.REGION,
    "provider": Level.PROVIDER,
}
"""Breakdowns that are read; the others count the same people once more."""

AGE: Final = "age group"
"""A breakdown by age says so at its end, or says nothing else."""

_MEASURE: Final = re.compile(r"([a-z]+[0-9]+)([a-z]*)", re.IGNORECASE | re.ASCII)

DAYS: Final = "a day such as 30/06/2024 or 2024-06-30"


def _column(meaning: str, *names: str, is_required: bool = True) -> Column:
    return Column(meaning, frozenset(names), is_required)


COLUMNS: Final = (
    _column("start", "reporting_period_start", "reporting_period_start_date"),
    _column("end", "reporting_period_end", "reporting_period_end_date"),
    _column("status", "status", is_required=False),
    _column("breakdown", "breakdown"),
    _column("code", "primary_level"),
    _column("name", "primary_level_description"),
    _column("part", "secondary_level"),
    _column("measure", "measure_id", "metric", "indicator_id"),
    _column("words", "measure_name", "metric_name", "metric_description", is_required=False),
    _column("value", "measure_value", "metric_value", "indicator_value"),
)


class LongRow(NamedTuple):
    """One row: its organisation, the part of the people it is about, the measure, its months, the value's cell."""

    level: Level
    org: str
    name: str
    part: str
    measure: str
    period_end: date
    months: int
    is_one_day: bool
    cell: Cell
    row: int


def long_rows(table: Table, *, unread: set[str]) -> Iterator[LongRow]:
    """Every row of a breakdown that is read; the names of the others are added to `unread`.

    Raises
    ------
    FileRefused
        CONTRACT: a row's period is no period; the message names its cell.
    """
    for row in table.rows():
        breakdown = plain(table.cell(row, "breakdown"))
        # England by age has the age where its code would be.
        is_england_by_age = breakdown == AGE
        level = BREAKDOWNS.get("england" if is_england_by_age else breakdown.removesuffix(AGE).rstrip("; "))
        if level is None:
            unread.add(printed(table.cell(row, "breakdown"))[:60] or "rows that name none")
            continue
        period_end, months, is_one_day = _period(table, row)
        code = ENGLAND if level is Level.ENGLAND else table.text(row, "code").upper()
        name = "England" if level is Level.ENGLAND else printed(table.cell(row, "name"))
        part = printed(table.cell(row, "code" if is_england_by_age else "part"))
        yield LongRow(
            level,
            code,
            name or code,
            "" if plain(part) == "none" else part,
            measure_of(table, row),
            period_end,
            months,
            is_one_day,
            table.cell(row, "value"),
            row,
        )


def measure_of(table: Table, row: int) -> str:
    """The id of a row's measure as the data set writes it, whatever letters a release has: MRS08A is MRS08a."""
    text = table.text(row, "measure")
    found = _MEASURE.fullmatch(text)
    return found[1].upper() + found[2].lower() if found else text


def measures_not_read(measures: Iterable[str]) -> list[Remark]:
    """That a table has measures of which it is not known what they count."""
    sentence = f"Measures not read, as it is not known what they count: {', '.join(sorted(measures)[:5])}."
    return [Remark("unknown_measure_id", Severity.WARNING, sentence)] if measures else []


def organisations_in(rows: Iterable[LongRow]) -> Iterator[PrintedOrganisation]:
    """Each organisation once, under the first name printed for it."""
    seen: set[str] = set()
    for row in rows:
        if row.org not in seen:
            seen.add(row.org)
            yield PrintedOrganisation(row.org, row.name, row.level)


def _period(table: Table, row: int) -> tuple[date, int, bool]:
    """Month end of a row, how many months it is about, and whether its end is printed equal to its start."""
    start, end = _day(table, row, "start"), _day(table, row, "end")
    if end < start:
        table.wrong(row, "end", "a day after the start of the period")
    return month_end(end.year, end.month), months_between(start, end) + 1, end == start


def _day(table: Table, row: int, column: str) -> date:
    day = day_in(table.cell(row, column), uses_1904=False)
    # The month of the calendar's last days has no end that could be counted from.
    return table.wrong(row, column, DAYS) if day is None or day.year == date.max.year else day


def remarks_on(rows: Iterable[LongRow], unread: Iterable[str]) -> Iterator[Remark]:
    """What is to be said of a whole table: breakdowns that were not read, periods that end where they begin."""
    if names := sorted(unread):
        sentence = f"Breakdowns that count the same people again are not read: {', '.join(names[:5])}."
        yield Remark("unknown_breakdown", Severity.WARNING, sentence)
    if count := sum(row.is_one_day for row in rows):
        sentence = f"In {count:,} rows the period ends on the day it begins; the month of that day is taken."
        yield Remark("period_of_one_day", Severity.INFO, sentence)


def age_band(age: str) -> str:
    """An age as all files would print it: "0 - 17" and "0 to 17" are `0-17`, "Under 10" is `0-9`.

    >>> age_band("0 - 17"), age_band("10 to 17"), age_band("Under 10"), age_band("65 and Over")
    ('0-17', '10-17', '0-9', '65+')
    """
    text = plain(age).replace(" to ", "-").replace(" ", "").replace("andover", "+")
    under = re.fullmatch(r"under([0-9]{1,3})", text)
    return f"0-{int(under[1]) - 1}" if under else text[:20]
