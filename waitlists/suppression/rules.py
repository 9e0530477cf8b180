"""What one number below England is shown as: to the nearest 5, or not at all where few people stand behind it.

Two national rules. `hes` (the default) can say that nobody waits; `mhsds` cannot. Only counts are looked at in their
exact form: a share, a change or a wait is worked out from counts as shown, so it tells nothing that they do not. None
is a number that is hidden or not known. Source: NHS Digital, disclosure control of Hospital Episode Statistics and of
the Mental Health Services Data Set; golden vectors under tests/golden/domain.
"""

import math
from enum import StrEnum
from typing import Final, NamedTuple

from waitlists.bands import band_of
from waitlists.errors import BadArgument

STEP: Final = 5
"""Shown counts are multiples of this."""

MARK: Final = "*"
"""What stands for a hidden number where there is room for one sign only; never drawn as zero."""


class Rule(StrEnum):
    """Which national rule hides small numbers."""

    HES = "hes"
    MHSDS = "mhsds"


class Span(NamedTuple):
    """The counts that something shown may stand for, both ends included."""

    low: int
    high: int


_SMALL: Final = {Rule.HES: Span(1, 7), Rule.MHSDS: Span(0, 4)}


def small_span(rule: Rule) -> Span:
    """The counts that are hidden because they are small: 1 to 7, or 0 to 4."""
    return _SMALL[rule]


def is_small(count: int, rule: Rule) -> bool:
    """Whether a count is hidden because few people stand behind it."""
    return _SMALL[rule].low <= count <= _SMALL[rule].high


def shown_count(count: int | None, rule: Rule) -> int | None:
    """A count as shown: the nearest 5, None where hidden or not known.

    >>> shown_count(1651, Rule.HES), shown_count(7, Rule.HES), shown_count(0, Rule.HES), shown_count(0, Rule.MHSDS)
    (1650, None, 0, None)
    """
    if count is None:
        return None
    if count < 0:
        raise BadArgument("a count of children is never negative", field="count")
    # A multiple of 5 is at most 2 away from any whole number, so there are no halves to decide.
    return None if is_small(count, rule) else (count + 2) // STEP * STEP


def span_of(shown: int, rule: Rule) -> Span:
    """The counts that a shown count may stand for.

    >>> span_of(10, Rule.HES), span_of(5, Rule.MHSDS), span_of(0, Rule.HES)
    (Span(low=8, high=12), Span(low=5, high=7), Span(low=0, high=0))
    """
    return Span(max(shown - 2, _SMALL[rule].high + 1), shown + 2) if shown else Span(0, 0)


def shown_change(after: int | None, before: int | None) -> int | None:
    """The difference of two counts as shown; None where either is hidden."""
    return None if after is None or before is None else after - before


def shown_share(part: int | None, whole: int | None, rule: Rule) -> float | None:
    """The share of two counts as shown, 0 to 1; None where either is hidden or nobody is there.

    The exact share would tell more than both counts as shown, so it is never looked at. `mhsds`: to a whole percent,
    and hidden where the part, taken as a difference, is below 5.

    >>> shown_share(25, 35, Rule.HES), shown_share(25, 35, Rule.MHSDS)
    (0.7142857142857143, 0.71)
    """
    if part is None or whole is None or whole == 0:
        return None
    if rule == Rule.HES:
        return part / whole
    if is_small(part, rule):
        return None
    return (200 * part + whole) // (2 * whole) / 100


def shown_statistic(value: float | None, persons: int | None) -> float | None:
    """A mean, median or percentile, None where the number of persons as shown is hidden.

    `value` is worked out from counts as shown: a median to the day of exact bands gives away their counts.
    """
    return None if persons is None else value


def shown_longest_wait(days: int | None, persons: int | None) -> str | None:
    """The longest wait as the band it lies in, never in days; None where the number of persons as shown is hidden."""
    return None if days is None or persons is None else band_of(days)


def shown_forecast(value: float | None, rule: Rule) -> int | None:
    """A quantile of a forecast, hidden and rounded as the count nearest to it; the order of quantiles is kept."""
    return None if value is None else shown_count(math.floor(value + 0.5), rule)


def words(rule: Rule) -> str:
    """What a sentence says in place of a small number: `fewer than 8` or `fewer than 5`."""
    return f"fewer than {_SMALL[rule].high + 1}"


NOT_SHOWN: Final = "a number not shown"
"""What a sentence says where larger numbers had to be hidden too, so that nobody learns which are the small ones."""


NOT_KNOWN: Final = "a number not known"
"""What a sentence says where nobody knows."""


def printed(shown: int | None) -> str:
    """A count as shown in one short sign or number: `1,650`, `0` or `*`."""
    return MARK if shown is None else f"{shown:,}"


def legend(rule: Rule) -> str:
    """The line under a table that has hidden numbers."""
    return f"{MARK} {words(rule)}, or hidden so that such a number cannot be worked out; do not read it as zero."
