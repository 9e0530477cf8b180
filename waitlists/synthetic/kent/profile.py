"""What keeps a list level: how many wait at each week of waiting, and the share of each age that leaves in a week.

A stable list grows by the same share at every age, so that the rate of leaving is read off neighbours:
1 - e = exp(g/52) n[a+1] / n[a]. The part above the rate of leaving unseen is being seen.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from waitlists.synthetic.kent.lists import WaitingList

Floats = NDArray[np.float64]

EDGES = (0, 1, 2, 4, 12, 18, 52, 104)
"""The first whole week of waiting of each band; on Sundays, for referrals of working days, these are the day bands."""

OLDEST = 312
"""Weeks of waiting kept apart."""

_EARLY_WEEKS = 8
_GONE = 1e-4
"""Children at an age, for one who joins, under which the rate is not worth reading off neighbours."""


class Profile(NamedTuple):
    """Who waits at each week of waiting, and the share seen and leaving unseen on the way to it: (OLDEST,) each."""

    waiting: Floats
    seen: Floats
    unseen: Floats


def profile(item: WaitingList) -> Profile:
    """The list at its reference date, smooth and never rising with age, with each band near its figure.

    Notes
    -----
    Counts by week start level inside each band. They are made to fall at least as fast as growth and leaving unseen
    make them, then averaged forward, so that no cliff leaks into the next band; five rounds of scaling bring the bands
    back to their figures.
    """
    unseen = np.where(np.arange(OLDEST) < _EARLY_WEEKS, item.unseen[0], item.unseen[1])
    fading = np.cumsum(unseen) + item.growth / 52 * np.arange(OLDEST)
    wanted = np.maximum(np.array(item.bands), 1e-9)
    steps = _steps(item)
    waiting = steps
    for _ in range(5):
        waiting = _smooth(_falling(steps * np.exp(fading), np.exp(-fading))) * np.exp(-fading)
        reached = np.maximum(np.add.reduceat(waiting, EDGES), 1e-9)
        steps = steps * np.repeat(wanted / reached, np.diff((*EDGES, OLDEST)))
    waiting = waiting * min(1.0, item.referrals * (1 - item.unseen[0]) / waiting[0])
    before = np.append(item.referrals, waiting[:-1] * np.exp(-item.growth / 52))
    leaving = np.clip(1 - waiting / np.maximum(before, 1e-12), unseen, 1)
    seen = np.where(waiting < _GONE * waiting[0], 0.35, leaving - unseen)
    return Profile(waiting, seen, unseen)


def _steps(item: WaitingList) -> Floats:
    ages = np.arange(OLDEST)
    tail = np.exp(-np.maximum(ages[EDGES[-1] :] - item.plateau, 0) / 14)
    level = np.array(item.bands[:-1]) / np.diff(EDGES)
    steps = np.append(np.repeat(level, np.diff(EDGES)), item.bands[-1] * tail / tail.sum())
    return np.maximum(steps, 1e-6 * np.exp(-0.2 * ages))


def _falling(values: Floats, weights: Floats) -> Floats:
    """The nearest values that never rise: neighbours that do are pooled, so that the weighted sum is kept."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        mean, mass, length = float(value), float(weight), 1
        while pools and pools[-1][0] < mean:
            other, more, longer = pools.pop()
            mean = (mean * mass + other * more) / (mass + more)
            mass, length = mass + more, length + longer
        pools.append((mean, mass, length))
    return np.repeat([mean for mean, _, _ in pools], [length for _, _, length in pools])


def _smooth(values: Floats) -> Floats:
    """The mean of a value and those after it, of at most nine weeks: falling values stay falling."""
    ends = np.minimum(np.arange(OLDEST) + np.minimum(9, 1 + np.arange(OLDEST) // 2), OLDEST)
    sums = np.append(0.0, np.cumsum(values))
    return (sums[ends] - sums[:-1]) / (ends - np.arange(OLDEST))
