"""What a list may be headlined with: never as better alone while another wait that is watched of it gets worse.

First page and mail ask the same question of the verdicts that their reader may see, so that none says more than that.
"""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from waitlists.suppression.rules import STEP

Way = Literal["worse", "unknown", "same", "better"]
"""Whether the number over a wait really changed, and which way; `unknown` where the reader's figures cannot tell."""

_SAID: Final[dict[Way, str]] = {
    "worse": "real change for the worse",
    "unknown": "cannot be told whether it got worse",
}


class Wait(NamedTuple):
    """A wait in words, `over 52 weeks`, and which way those over it go."""

    over: str
    way: Way


def way_of(real_change: bool | None, is_worse: bool | None, change: float | None, *, is_exact: bool) -> Way:
    """Which way a verdict goes; that a rise is none cannot be told from rounded figures where rounding may make it."""
    if real_change is None or (not real_change and not is_exact and 0 < (change or 0) <= STEP):
        return "unknown"
    if not real_change:
        return "same"
    return "worse" if is_worse else "better"


def both_ways(lead: Wait, others: Sequence[Wait]) -> str | None:
    """Both in one line, the worse first; None where the lead may be said by itself.

    >>> both_ways(Wait("over 18 weeks", "better"), [Wait("over 52 weeks", "worse")])
    'Over 52 weeks: real change for the worse; over 18 weeks: for the better'
    """
    doubted = [one for way in _SAID for one in others if one.way == way]
    if lead.way != "better" or not doubted:
        return None
    is_named = doubted[-1].way == "worse"
    parts = [f"{one.over}: {_SAID[one.way]}" for one in doubted]
    said = "; ".join([*parts, f"{lead.over}: {'' if is_named else 'real change '}for the better"])
    return f"{said[:1].upper()}{said[1:]}"
