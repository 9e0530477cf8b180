"""Tracks of many lists side by side: their recent pace at every past period, and what came after it.

Lists of any size share their errors, since each is in its own list's usual change. What is made of them is in `replay`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from forecasting.flow.rates import FEWEST_PERIODS, PERIODS
from forecasting.flow.tracks import Track
from forecasting.scale import lately
from forecasting.scores import FloatArray, IntArray
from waitlists.periods import period_range, steps_between
from waitlists.sources import Freq

STEPS: Final[Mapping[Freq, tuple[int, ...]]] = {
    "W": (1, 2, 4, 8, 13, 26, 39, 52, 78, 104),
    "M": (1, 2, 3, 6, 9, 12, 18, 24),
}
"""Distances, in weeks or months, that are replayed."""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Tracks on one grid: (series, periods), NaN where a whole figure is not known.

    `weeks` (periods,) is how long each period is, `known` the day from which all figures up to it were.
    """

    freq: Freq
    weeks: FloatArray
    known: IntArray
    moved: FloatArray
    stands: FloatArray
    usual: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Came:
    """What came: (series, periods, H) by how much totals changed over each distance, NaN where that is not known.

    `known` is the day from which it was, `weeks` (periods, H) how long it took.
    """

    changes: FloatArray
    known: IntArray
    weeks: FloatArray


def side_by_side(tracks: Sequence[Track], freq: Freq) -> Panel:
    """The tracks, one or more, on the periods from the first to the last of any."""
    first = min(track.period_ends[0] for track in tracks)
    grid = period_range(first, max(track.period_ends[-1] for track in tracks), freq)
    weeks, known = np.ones(len(grid)), np.zeros((len(tracks), len(grid)), dtype=np.int64)
    moved, stands, usual = np.full((3, len(tracks), len(grid)), np.nan)
    for row, track in enumerate(tracks):
        start = steps_between(first, track.period_ends[0], freq)
        place = slice(start, start + len(track.weeks))
        weeks[place], known[row, place] = track.weeks, track.known
        moved[row, place], stands[row, place], usual[row, place] = track.moved, track.stands, track.usual
    return Panel(freq, weeks, np.maximum.accumulate(known, axis=1), moved, stands, usual)


def paces(panel: Panel) -> FloatArray:
    """(series, periods) children a week over the last year or half year, NaN where too few of its periods are known."""
    is_known = np.isfinite(panel.moved)
    sums, weeks, counts = (
        lately(values, PERIODS[panel.freq])
        for values in (np.nan_to_num(panel.moved), is_known * panel.weeks, is_known.astype(float))
    )
    return np.divide(sums, weeks, out=np.full(sums.shape, np.nan), where=counts >= FEWEST_PERIODS)


def what_came(panel: Panel) -> Came:
    """How totals changed over each distance; a period that is not known leaves none that holds it."""
    steps = STEPS[panel.freq]
    shape = (*panel.moved.shape, len(steps))
    changes, known, weeks = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64), np.full(shape[1:], np.nan)
    summed, passed = np.nan_to_num(panel.moved).cumsum(axis=1), panel.weeks.cumsum()
    unknown = np.isnan(panel.moved).cumsum(axis=1)
    for place, step in enumerate(steps):
        is_whole = unknown[:, step:] == unknown[:, :-step]
        changes[:, :-step, place] = np.where(is_whole, summed[:, step:] - summed[:, :-step], np.nan)
        known[:, :-step, place] = panel.known[:, step:]
        weeks[:-step, place] = passed[step:] - passed[:-step]
    return Came(changes, known, weeks)
