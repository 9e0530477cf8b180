"""How many leave a list in a week, by how long they have waited: from consecutive censuses, without guessing at joins.

A census aged by the days to the next one says who would be there had nobody left; who is there against that, summed
over the recent past, is the share that stayed. Children who were not on the list at the first census are left out, so
no referrals are needed. Section "Breach warnings" of docs/methods.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from forecasting.flow.census import Census, aged
from forecasting.scores import FloatArray, IntArray

EDGES = (0, 8, 15, 29, 85, 127, 365, 729, 1093, 1457)
"""First days of the groups within which one rate holds: the wait bands, then years."""

FEWEST = 20.0
"""Children that must have been there to leave, over all pairs, before a group has a rate of its own."""

LARGEST_WEEKLY = 0.5
"""More than half of a list leaving each week is a clean-up or an error, not a pace."""


@dataclass(frozen=True, slots=True, eq=False)
class ExitRates:
    """Logarithm of the share that stays, day by day waited; the last entry is for the open top."""

    log_stay: FloatArray
    _summed: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Asked thousands of times: the sum up to each day is worked out once.
        object.__setattr__(self, "_summed", np.concatenate([[0.0], np.cumsum(self.log_stay[:-1])]))

    def staying(self, first: IntArray, last: IntArray) -> FloatArray:
        """(n,) share of children at the first waits, in days, who are still there at the last ones."""
        return np.exp(self._until(last) - self._until(first))

    def _until(self, days: IntArray) -> FloatArray:
        top = len(self.log_stay) - 1
        return self._summed[np.minimum(days, top)] + self.log_stay[-1] * np.maximum(0, days - top)


def no_exits(open_from: int) -> ExitRates:
    """The rates of a list that nobody leaves."""
    return ExitRates(np.zeros(open_from + 1))


def exit_rates(censuses: Sequence[Census]) -> ExitRates:
    """Rates from neighbouring censuses, oldest first, all with the same open top; at least two of them.

    Notes
    -----
    A group with too few children, or one too young to be seen leaving between two censuses, has the rate of the next
    older group that has one, else of the next younger. More children than could be there count as nobody leaving.
    """
    return _rates(tuple(censuses))


@lru_cache(maxsize=256)
def _rates(censuses: tuple[Census, ...]) -> ExitRates:
    """Asked for each horizon and way of counting of one past: worked out once."""
    open_from = censuses[-1].open_from
    starts = _starts(open_from)
    there, stayed = np.sum([_pair(before, after) for before, after in pairwise(censuses)], axis=0)
    gaps = (censuses[-1].on - censuses[0].on).days
    share = np.divide(stayed, there, out=np.full(len(there), np.nan), where=there >= FEWEST)
    least = (1 - LARGEST_WEEKLY) ** (gaps / (len(censuses) - 1) / 7)
    daily = _filled(np.log(np.clip(share, least, 1.0))) / (gaps / (len(censuses) - 1))
    widths = np.diff([*starts, open_from])
    return ExitRates(np.concatenate([np.repeat(daily[:-1], widths), daily[-1:]]))


def _starts(open_from: int) -> list[int]:
    return [edge for edge in EDGES if edge < open_from]


@lru_cache(maxsize=2048)
def _pair(before: Census, after: Census) -> FloatArray:
    """(2, groups) children who would be there had nobody left, and who are; neighbours of many past windows."""
    starts, gap = _starts(after.open_from), (after.on - before.on).days
    return np.array([_groups(aged(before, gap), starts, since=gap), _groups(after, starts, since=gap)])


def _groups(census: Census, starts: Sequence[int], *, since: int) -> FloatArray:
    """Children by group, of those who have waited `since` days or more; the open top last."""
    days = census.days.copy()
    days[:since] = 0
    return np.append(np.add.reduceat(days, starts), census.beyond)


def _filled(rates: FloatArray) -> FloatArray:
    """Each missing rate is that of the next older group, else of the next younger; nobody leaves where none is."""
    known = np.flatnonzero(~np.isnan(rates))
    if not len(known):
        return np.zeros(len(rates))
    older = np.searchsorted(known, np.arange(len(rates)))
    return rates[known[np.minimum(older, len(known) - 1)]]
