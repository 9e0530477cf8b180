"""Which waits are watched of a list: a standard's own threshold or, where nearly all are over it, the long tail."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from forecasting.warnings.warning import Subject
from waitlists.sources import PUBLISHED_SOURCES
from waitlists.standards import Standard, last_day_within, standards_for

LEFT_OUT: Final[Mapping[str, str]] = {
    "CYPED_URGENT": "Urgent eating disorder referrals (1 week) are left out: a weekly warning comes too late for a"
    " child, and this service is not for operational use.",
}
"""Standards that are never warned of, and what readers are told instead."""

TAIL_WEEKS: Final = (52, 104, 156, 208)

NEARLY_ALL: Final = 0.8
"""With a larger share of a list over a standard a warning of the standard says nothing new."""

NO_LONGER: Final = 0.7
"""A list whose tail is watched goes back to the standard below this share only, so that it does not flicker."""

_COMPARED_WITH: Final = frozenset({"comparator"})


class Watch(NamedTuple):
    """The longest wait in days that is not counted as over, and whether it is the standard's or one of the tail."""

    over_days: int
    subject: Subject


_OF_THE_LINE: Final = frozenset({("WHEELCHAIR", "CHS_18W")})
"""Standards of a published line that is wider than its service; the service's own clock has its own standard."""

_OF_THE_SERVICE: Final = frozenset({("WHEELCHAIR", "WHEELCHAIR_18W")})
"""Standards whose clock the published line does not run: it stops at delivery."""


def watched(service: str, source: str) -> tuple[Standard, ...]:
    """The standards of a service that are warned of in the figures of a source, in the order of the register."""
    others = _OF_THE_SERVICE if source in PUBLISHED_SOURCES else _OF_THE_LINE
    return tuple(one for one in watched_anywhere(service) if (service, one.id) not in others)


def watched_anywhere(service: str) -> tuple[Standard, ...]:
    """The standards of a service that are warned of in the figures of one source or another."""
    return tuple(one for one in standards_for(service) if one.id not in LEFT_OUT and one.kind not in _COMPARED_WITH)


def watch_of(standard: Standard, share_over: Callable[[int], float | None], *, before: Watch | None) -> Watch:
    """What is watched of a list under a standard.

    Parameters
    ----------
    share_over
        The share of the list that has waited longer than so many days; None where that is not known.
    before
        What was watched last time.

    Notes
    -----
    In the tail it is the shortest of 52, 104, 156 and 208 weeks that not nearly everybody is over, as far as known;
    where nobody is over it, it is the standard itself after all.
    """
    own = Watch(last_day_within(standard), "threshold")
    share = share_over(own.over_days)
    was_tail = before is not None and before.subject == "long_tail"
    if share is None:
        return before or own
    if share < (NO_LONGER if was_tail else NEARLY_ALL):
        return own
    tail = {7 * weeks: over for weeks in TAIL_WEEKS if (over := share_over(7 * weeks)) is not None}
    known = [days for days in tail if days > own.over_days]
    if not known:
        return own
    longest = next((days for days in known if tail[days] < _limit(days, before)), known[-1])
    return Watch(longest, "long_tail") if tail[longest] else own


def _limit(days: int, before: Watch | None) -> float:
    """A shorter wait than that watched so far has to be clearly less usual."""
    return NO_LONGER if before is not None and before.subject == "long_tail" and days < before.over_days else NEARLY_ALL
