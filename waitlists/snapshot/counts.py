"""The counting under snapshots: stays told apart by list, counted at many census days at once.

Who is on a list, or within a standard on it, is counted by adding those who begin to be and taking off those who cease
to be, for all days together. Wait by wait a list is looked at day by day: its stays are sorted once by start, which
sorts their waits on every day there will be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from waitlists.bands import CHS_BANDS
from waitlists.record.columns import Days

Counts = NDArray[np.int64]

SINGLE_WEEKS: Final = 261
"""Whole weeks waited, told apart up to 259; the last holds 260 and more."""

OVER_WEEKS: Final = (18, 52, 104, 156, 208)
"""The long waits that are counted: over N weeks is more than 7N days."""

_EDGES: Final = np.array(sorted({*(band.from_days for band in CHS_BANDS), *(7 * weeks + 1 for weeks in OVER_WEEKS)}))
"""First days of the finest steps of waits that make up every band and every long wait."""

_DAYS: Final = 7 * SINGLE_WEEKS
"""Days waited that are told apart, in whole weeks; the last holds longer waits, which no edge parts."""

_WEEKS: Final = np.arange(0, _DAYS, 7)

_STEPS: Final = np.union1d(_WEEKS, _EDGES)
"""First days of the steps that make up every week and every edge: a list is counted by these, not by single days."""

_STEP_OF: Final = np.repeat(np.arange(len(_STEPS), dtype=np.int32), np.diff(_STEPS, append=_DAYS))
"""(1827,) the step of each number of days waited."""

_WEEK_STEPS, _EDGE_STEPS = (np.searchsorted(_STEPS, days) for days in (_WEEKS, _EDGES))
_BANDS: Final = np.searchsorted(_EDGES, [band.from_days for band in CHS_BANDS])
_OVER: Final = np.searchsorted(_EDGES, [7 * weeks + 1 for weeks in OVER_WEEKS])


@dataclass(frozen=True, slots=True)
class Lists:
    """Stays on `size` lists: (n,) `of` says which, `entered` and `left` when, sorted by list and start."""

    size: int
    of: NDArray[np.int32]
    start: Days
    entered: Days
    left: Days


class Reach(NamedTuple):
    """Some of the stays, and the first of the census days on which each is on its list: (n,) places.

    `until` holds columns of places: the first census day on which a stay no longer counts though it lasts, such as that
    on which its wait is over a threshold.
    """

    stays: NDArray[np.intp]
    first: NDArray[np.intp]
    until: tuple[NDArray[np.intp], ...]


class Ages(NamedTuple):
    """The waits on each list on one day, and (g,) figures of them, NaN of an empty list.

    `weeks` are (g, 261) by whole week, `bands` (g, 8), `over` (g, 5) those over each of OVER_WEEKS.
    """

    weeks: Counts
    bands: Counts
    over: Counts
    median: NDArray[np.float64]
    mean: NDArray[np.float64]
    p92: NDArray[np.float64]
    longest: NDArray[np.float64]


def order_by_list(of: NDArray[np.int32], size: int) -> NDArray[np.intp]:
    """The order by list, of `size` lists; stays on one list follow one another as they did."""
    # The smallest numbers, as those of up to 16 bits are sorted by counting them.
    return np.argsort(of.astype(np.min_scalar_type(size)), kind="stable")


def on_lists(of: NDArray[np.int32], size: int, reach: Reach, many: int) -> list[Counts]:
    """How many are on each list on each of so many days, until each of the columns of a reach: (g, k) counts."""
    width = many + 1
    cells = of[reach.stays] * width

    def steps(places: NDArray[np.intp]) -> Counts:
        return np.bincount(cells + places, minlength=size * width)

    begun = steps(reach.first)
    return [np.cumsum((begun - steps(until)).reshape(size, width), axis=1)[:, :-1] for until in reach.until]


def flows(of: NDArray[np.integer[Any]], size: int, when: NDArray[np.intp], many: int) -> Counts:
    """How many of the events lie after each of so many days and up to the next: (g, k) counts.

    Parameters
    ----------
    when : (n,) places
        The first of the days that is not before each event; column i counts those of i.
    """
    width = many + 1
    return np.bincount(of * width + when, minlength=size * width).reshape(size, width)[:, :-1]


def ages(lists: Lists, days: Days) -> Iterator[Ages]:
    """The waits on each list, for one day after the other."""
    for day in days.tolist():
        here = np.flatnonzero((lists.entered <= day) & (lists.left > day))
        yield _ages(lists.of[here], day - lists.start[here], lists.size)


def _ages(of: NDArray[np.int32], waited: Days, size: int) -> Ages:
    """`waited` is in order of lists, longest first within each."""
    cells = of * np.int32(len(_STEPS)) + _STEP_OF[np.minimum(waited, _DAYS - 1)]
    counts = np.bincount(cells, minlength=size * len(_STEPS)).reshape(size, len(_STEPS))
    weeks, edges = (np.add.reduceat(counts, steps, axis=1) for steps in (_WEEK_STEPS, _EDGE_STEPS))
    many = weeks.sum(axis=1)
    end = np.cumsum(many)
    return Ages(
        weeks=weeks,
        bands=np.add.reduceat(edges, _BANDS, axis=1),
        over=np.cumsum(edges[:, ::-1], axis=1)[:, ::-1][:, _OVER],
        median=_quantile(waited, many, end, 0.5),
        mean=_mean(waited, many, end),
        p92=_quantile(waited, many, end, 0.92),
        longest=_quantile(waited, many, end, 1.0),
    )


def _mean(waited: Days, many: Counts, end: Counts) -> NDArray[np.float64]:
    """The mean of each list's waits, which lie before `end`."""
    found = np.full(len(many), np.nan)
    held = np.flatnonzero(many)
    found[held] = np.add.reduceat(waited, (end - many)[held], dtype=np.int64) / many[held]
    return found


def _quantile(waited: Days, many: Counts, end: Counts, q: float) -> NDArray[np.float64]:
    """Linear at position (n - 1) q of each list's waits, shortest first; they lie longest first before `end`."""
    found = np.full(len(many), np.nan)
    held = np.flatnonzero(many)
    position = (many[held] - 1) * q
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, many[held] - 1)
    shorter, longer = waited[end[held] - 1 - below], waited[end[held] - 1 - above]
    found[held] = shorter + (longer - shorter) * (position - below)
    return found
