"""Working days in England: Monday to Friday without bank holidays, worked out by rule so that any year has them.

Source: GOV.UK, UK bank holidays (England and Wales); Banking and Financial Dealings Act 1971 with the proclamations
for single years. A bank holiday on a weekend is kept on the next weekday that is none itself.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

_MOVED: Final = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}
"""Days that a proclamation moved within their year."""

_ONCE: Final = frozenset({date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)})
"""Days proclaimed once."""

_DAY: Final = timedelta(days=1)
_MONDAY, _SATURDAY = 0, 5


def is_working_day(day: date) -> bool:
    """Whether offices are open: 28 December 2026, the day kept for Boxing Day on a Saturday, is none."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def working_day_after(day: date, count: int) -> date:
    """The working day so many of them after a day: three after Friday 16 October 2026 is Wednesday the 21st."""
    while count > 0:
        day += _DAY
        count -= is_working_day(day)
    return day


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Bank holidays of a year on the days they are kept, from 2020 on."""
    easter = _easter(year)
    fixed = {easter - 2 * _DAY, easter + _DAY}
    mondays = {_monday(year, 5, 1), _monday(year, 5, 25), _monday(year, 8, 25)}
    found = fixed | {_MOVED.get(day, day) for day in mondays} | {day for day in _ONCE if day.year == year}
    for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        found.add(_kept(day, found))
    return frozenset(found)


def _kept(day: date, taken: set[date]) -> date:
    while day.weekday() >= _SATURDAY or day in taken:
        day += _DAY
    return day


def _monday(year: int, month: int, since: int) -> date:
    """The first Monday on or after a day of a month."""
    day = date(year, month, since)
    return day + (_MONDAY - day.weekday()) % 7 * _DAY


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm, Meeus 1991)."""
    golden, century, place = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (place // 4) - moon - place % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
