"""Periods that a series leaves out: months or weeks put in as missing rows, so that no rule reaches across a gap."""

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

from waitlists.trends.asking import Point

MOST_ADDED: Final = 240
"""Rows put into one gap at most; one breaks a window as well as a thousand."""


class Filled(NamedTuple):
    """Rows with those put in, the dates of these, and whether no regular step was found."""

    rows: Sequence[Point]
    added: tuple[date, ...] = ()
    is_uneven: bool = False


def filled(rows: Sequence[Point]) -> Filled:
    """The rows with a missing one for each month or week left out, where the dates have such a step."""
    dates = [row.date for row in rows]
    if len(rows) < 3:
        return Filled(rows)
    if is_monthly(dates):
        places = [day.year * 12 + day.month for day in dates]
        return _filled(rows, places, max(day.day for day in dates))
    days = [(day - dates[0]).days for day in dates]
    if all(number % 7 == 0 for number in days):
        return _filled(rows, [number // 7 for number in days], None)
    return Filled(rows, is_uneven=len({after - before for before, after in pairwise(days)}) > 1)


def is_monthly(dates: Sequence[date]) -> bool:
    """Whether each date stands for a month of its own: the same day of each, or the last where a month is shorter."""
    day = max((one.day for one in dates), default=0)
    is_same_day = all(one.day == day or one.day == monthrange(one.year, one.month)[1] < day for one in dates)
    return is_same_day and len({(one.year, one.month) for one in dates}) == len(dates)


def _filled(rows: Sequence[Point], places: Sequence[int], day: int | None) -> Filled:
    """Missing rows put in where places differ by more than the usual step; `day` of the month, None for weeks."""
    steps = [after - before for before, after in pairwise(places)]
    usual = Counter(sorted(steps)).most_common(1)[0][0]
    if any(step % usual for step in steps):
        return Filled(rows, is_uneven=True)
    if max(steps) == usual:
        return Filled(rows)
    full, added = [rows[0]], list[date]()
    for row, step, place in zip(rows[1:], steps, places, strict=False):
        for number in range(1, min(step // usual, MOST_ADDED + 1)):
            start = full[-1].date
            one = start + timedelta(weeks=usual) if day is None else _day_of(place + number * usual, day)
            added.append(one)
            full.append(Point(one, None))
        full.append(row)
    return Filled(full, tuple(added))


def _day_of(month: int, day: int) -> date:
    """A day of a month counted since year 0, its last where it is shorter."""
    year, number = divmod(month - 1, 12)
    return date(year, number + 1, min(day, monthrange(year, number + 1)[1]))
