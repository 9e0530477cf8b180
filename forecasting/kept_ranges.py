"""How ranges of a forecast turned out so far, in words: a range with a poor record is never just called 8 in 10.

One rule and one wording for whoever shows a range. Plain Python, so that readers need no numpy.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

FEWEST_PAST: Final = 15
"""With fewer past ranges neither is how wide they should be learnt from them, nor anything said of how well they hold.

One range more or less would move the share by 7 in 100 or more. Of 15 ranges that truly hold 8 times in 10, 8 or fewer
hold once in 55 times by chance, and 10 or fewer, which is called poor, once in 6: a doubt too many costs a reader less
than one too few.
"""

POOR_BELOW: Final = 70
"""Below this percentage of past 8 in 10 ranges that held, whoever reads of one is told that they were too narrow."""

UNCHECKED: Final = "No past ranges could be checked yet, so nobody knows how well such ranges hold."
TOO_NARROW: Final = "They were too narrow: be ready for more and for fewer."
DAYS_TOO_NARROW: Final = "They were too narrow: be ready for sooner and for later."
_YEAR: Final = 52


class Kept(NamedTuple):
    """How many past 8 in 10 ranges could be checked, and the share of them that held, in percent as it is said.

    `weeks` is how far ahead enough could be checked; None where that is not known.
    """

    checked: int
    percent: int
    weeks: int | None = None

    @property
    def is_enough(self) -> bool:
        """Whether so many could be checked that their share says anything."""
        return self.checked >= FEWEST_PAST

    @property
    def is_poor(self) -> bool:
        """Whether far fewer held than were meant to; never said of few."""
        return self.is_enough and self.percent < POOR_BELOW

    def reaches(self, ahead: int) -> bool:
        """Whether enough ranges that looked so many weeks ahead could be checked."""
        return self.weeks is None or ahead <= self.weeks


def kept_of(scores: Mapping[str, Mapping[str, Any]], model: str | None) -> Kept | None:
    """How past ranges of the published model held, from stored scores; None where none could be checked."""
    score = scores.get(model or "")
    return _kept(score["n"], score["coverage80"]) if score and score["n"] else None


def kept_in(held: Mapping[str, Any] | None) -> Kept | None:
    """The same from how ranges of clearance held, as stored; None where none could be checked."""
    return _kept(held["checked"], held["coverage80"], held.get("checked_weeks")) if held else None


def weeks_ahead(answer: Mapping[str, Any]) -> int:
    """So many weeks ahead lies the last day that an answer of clearance speaks of: all of its curve without a `p90`."""
    curve = answer["curve"]
    return next((week for week, point in enumerate(curve, 1) if point["date"] == answer["p90"]), len(curve))


def kept_among(checked: int, held: int) -> Kept | None:
    """The same from counts."""
    return _kept(checked, held / checked) if checked else None


def _kept(checked: int, share: float, weeks: int | None = None) -> Kept:
    # As answers round it, so that nothing is called poor beside a number that is not.
    return Kept(checked, round(100 * round(share, 2)), weeks)


def how_sure(kept: Kept | None, *, ahead: int = 0) -> str:
    """The chance beside a range: what it is, or only what it is meant to be where past ranges do not bear it out.

    Parameters
    ----------
    ahead
        How many weeks ahead the range looks, of ranges that were checked up to some distance.
    """
    is_borne_out = kept is not None and kept.is_enough and not kept.is_poor and kept.reaches(ahead)
    return "8 in 10" if is_borne_out else "meant as 8 in 10"


def in_a_hundred(chance: float) -> str:
    """A chance in words, never as certain.

    Examples
    --------
    >>> in_a_hundred(0.853), in_a_hundred(0.0001), in_a_hundred(1.0)
    ('about 85 in 100', 'less than 1 in 100', 'more than 99 in 100')
    """
    percent = round(100 * round(chance, 2))
    if percent < 1:
        return "less than 1 in 100"
    return "more than 99 in 100" if percent > 99 else f"about {percent} in 100"


def within_a_year(chance: float | None) -> str:
    """How likely a list has cleared within 52 weeks, in words; None where too few past ranges say so."""
    if chance is None:
        return "Whether within 52 weeks is not worked out: too few past ranges could be checked so far ahead."
    return f"The chance that this comes within 52 weeks is {in_a_hundred(chance)}."


def to_hold(low: float, high: float, kept: Kept | None) -> str:
    """How many more a week would have to leave for a list that grows to grow no more, in words.

    Examples
    --------
    >>> to_hold(0.0, 15.5, Kept(200, 75))
    'For it not to grow over the next 52 weeks, between 0 and 16 more a week would have to leave (8 in 10).'
    """
    sure = how_sure(kept, ahead=_YEAR)
    of = " and ".join(f"{count:.1f}" if 0 < count < 10 else f"{count:,.0f}" for count in (low, high))
    said = f"For it not to grow over the next {_YEAR} weeks, between {of} more a week would have to leave ({sure})."
    return said if kept is None else said + _reach(kept, _YEAR)


def kept_words(kept: Kept | None, *, too_narrow: str = TOO_NARROW, ahead: int = 0) -> str:
    """What a reader must know of the range beside it, which looks so many weeks ahead.

    `too_narrow` is what to be ready for where few held.

    Examples
    --------
    >>> kept_words(Kept(40, 79))
    'Looking back, 79% of 40 such ranges held; 80% were meant to.'
    >>> kept_words(Kept(3, 0))
    'Too few past ranges could be checked to say how well such ranges hold (3).'
    >>> kept_words(Kept(51, 80, weeks=39), ahead=88)
    'Looking back, 80% of 51 such ranges held; 80% were meant to. Enough could be checked up to 39 weeks ahead only.'
    """
    if kept is None:
        return UNCHECKED
    if not kept.is_enough:
        return f"Too few past ranges could be checked to say how well such ranges hold ({kept.checked})."
    said = f"Looking back, {kept.percent}% of {kept.checked:,} such ranges held; 80% were meant to."
    return said + _reach(kept, ahead) + (f" {too_narrow}" if kept.is_poor else "")


def _reach(kept: Kept, ahead: int) -> str:
    """How far ahead ranges could be checked, where the one beside it looks further."""
    if not kept.is_enough or kept.reaches(ahead):
        return ""
    if not kept.weeks:
        return " At no distance ahead could enough be checked."
    return f" Enough could be checked up to {kept.weeks} weeks ahead only."
