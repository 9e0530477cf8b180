"""What each measure of a list is to a chart: which kind of number, which way is better, and how sentences name it.

Fewer waiting is better only while nobody is turned away: what balances a measure is named here beside it. Referrals and
removals have no better way; a list is left by other doors than being seen.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from waitlists.counts.histories import STOCKS
from waitlists.domain import Measure
from waitlists.standards import Basis
from waitlists.trends.asking import Direction, Kind

Unit = Literal["people", "weeks", "share"]


class Measured(NamedTuple):
    """How a measure is charted and said; `phrase` takes the word for the people of its service."""

    kind: Kind
    direction: Direction
    unit: Unit
    phrase: str


_STOCK_PHRASES: Final[Mapping[Measure, str]] = {
    Measure.LIST_SIZE: "{people} waiting",
    Measure.OVER_18_WEEKS: "{people} waiting over 18 weeks",
    Measure.OVER_52_WEEKS: "{people} waiting over 52 weeks",
    Measure.OVER_104_WEEKS: "{people} waiting over 104 weeks",
    Measure.OVER_156_WEEKS: "{people} waiting over 156 weeks",
    Measure.OVER_208_WEEKS: "{people} waiting over 208 weeks",
}

MEASURED: Final[Mapping[Measure, Measured]] = MappingProxyType({
    **{measure: Measured("stock", "decrease", "people", _STOCK_PHRASES[measure]) for measure in STOCKS},
    Measure.REFERRALS: Measured("flow", "neutral", "people", "{people} referred in the period"),
    Measure.REMOVALS: Measured("flow", "neutral", "people", "{people} leaving the list in the period"),
    Measure.TREATED: Measured("flow", "increase", "people", "{people} treated in the period"),
    Measure.SHARE_WITHIN_STANDARD: Measured(
        "percent", "increase", "share", "share of {people} waiting who are within the standard"
    ),
    Measure.MEDIAN_WAIT: Measured("median", "decrease", "weeks", "median weeks that {people} have waited"),
    Measure.P92_WAIT: Measured("median", "decrease", "weeks", "weeks that 92 in 100 {people} have waited at most"),
})  # fmt: skip
"""Every measure of the service."""

SHARE_OF_THOSE_SEEN: Final = "share of {people} seen who were within the standard"

SMALL: Final = 10
"""Below it a mean or a limit of counts is said with one decimal: a whole number would hide what it is."""


def phrase_of(measure: Measure, people: str, basis: Basis = "waiting") -> str:
    """A measure as a sentence names it: children waiting over 52 weeks."""
    phrase = MEASURED[measure].phrase if basis == "waiting" else SHARE_OF_THOSE_SEEN
    return phrase.format(people=people)


def said(value: float, unit: Unit) -> str:
    """A number of a unit as people read it, with its unit where the phrase does not name it.

    >>> said(1651.0, "people"), said(0.6432, "share"), said(7.25, "weeks")
    ('1,651', '64.3%', '7.2 weeks')
    """
    if unit == "share":
        return f"{_short(100 * value, 1)}%"
    if unit == "weeks":
        return f"{_short(value, 1)} weeks"
    return _short(value, 1 if abs(value) < SMALL else 0)


def within_reach(value: float, unit: Unit) -> float:
    """A limit as it can be met: nobody counts fewer than none, and no share is over the whole."""
    least = max(0.0, value)
    return min(1.0, least) if unit == "share" else least


def _short(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
