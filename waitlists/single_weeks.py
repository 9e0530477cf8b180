"""A list by whole weeks waited, as a provider may count it: who waits longer, and waits in the open top band.

Week n is days 7n to 7n + 6, the last one 260 weeks and more. Bands and marks end one day later, on day 7n, so that who
is over so many weeks is known only where nobody is in the week of the mark. The rules are those of docs/methods.md.
"""

from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from waitlists.bands import Wait
from waitlists.spread import Spread

LAST_WEEK: Final = 260
"""The open top of the single weeks: 260 and more."""

_DAYS: Final = 7
_FIRSTS: Final = tuple(range(0, _DAYS * LAST_WEEK + 1, _DAYS))
_WIDTHS: Final = (_DAYS,) * LAST_WEEK


def single_weeks(counts: Mapping[str, int | None], total: int | None) -> Spread | None:
    """Children by whole weeks waited; None where these are not all of a list.

    Parameters
    ----------
    counts
        By week, `"0"` to `"260"`; a week that is left out has nobody in it.

    >>> single_weeks({"0": 3, "200": 1}, 4).everybody, single_weeks({"0": 3}, 4)
    (4, None)
    """
    known = [counts.get(str(week), 0) for week in range(LAST_WEEK + 1)]
    if None in known or sum(filter(None, known)) != total:
        return None
    return Spread(_FIRSTS, _WIDTHS, tuple(accumulate(count or 0 for count in known)))


def over_weeks(weeks: Spread, mark: int) -> int | None:
    """Children over a mark, days > 7 x mark; None where any are in the week of the mark: its first day is not over it.

    >>> over_weeks(single_weeks({"155": 2, "157": 3}, 5), 156)
    3
    """
    upto = weeks.upto
    return weeks.everybody - upto[mark] if upto[mark] == upto[mark - 1] else None


def percentile_wait(weeks: Spread, q: float) -> Wait | None:
    """Wait that a share `q` of those waiting do not exceed, linear inside its week; None of nobody."""
    if not weeks.everybody:
        return None
    days = weeks.wait_of(q)
    return Wait(days, None) if days is not None else Wait(None, LAST_WEEK)
