"""What is replayed of a list, period by period: who left, how it grew, and how the number over 52 weeks did.

A figure of a part of a list counts as not known: children who are missing from a file have not left. How far such a
track may be carried on is in `replay`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np

from forecasting.flow.rates import weeks_of
from forecasting.models.base import BoolArray
from forecasting.scores import FloatArray, IntArray
from waitlists.counts.histories import ListHistory
from waitlists.domain import Measure, SeriesKey
from waitlists.series import Series, SeriesPoint, build_series

Kind = Literal["run_off", "threshold", "sustainable"]
"""A question of clearance."""

STOCKS: Final[frozenset[Kind]] = frozenset({"threshold", "sustainable"})
"""Tracks that go on from the number waiting; that of who left starts at nobody."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One list by period, all (n,) along `period_ends`, NaN where a whole figure is not known.

    `moved` is by how many children the total changed in a period, `stands` the total that a look ahead starts from,
    `usual` the figures from which its usual change is learnt, `known` the day, as an ordinal, each was known from.
    """

    period_ends: tuple[date, ...]
    weeks: FloatArray
    known: IntArray
    moved: FloatArray
    stands: FloatArray
    usual: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class ListSeries:
    """The series of one list, all along the same periods."""

    sizes: Series
    over: Series
    removals: Series
    referrals: Series


def list_series(history: ListHistory, *, org: str, as_of: date) -> ListSeries:
    """What clearance looks at of one list as known on a day."""
    sizes, over, removals, referrals = (
        build_series(history, SeriesKey(history.source, history.service, org, measure), as_of=as_of)
        for measure in (Measure.LIST_SIZE, Measure.OVER_52_WEEKS, Measure.REMOVALS, Measure.REFERRALS)
    )
    return ListSeries(sizes, over, removals, referrals)


def track_of(found: ListSeries, kind: Kind) -> Track:
    """What is replayed of a list for a question."""
    points = found.sizes.points
    weeks = np.array([weeks_of(found.sizes.freq, point) for point in points])
    sizes, left = _adjusted(points), _whole(found.removals.points)
    if kind == "run_off":
        moved, stands, usual = left, 0.0 * sizes, left / weeks
    elif kind == "sustainable":
        moved, stands, usual = _whole(found.referrals.points) - left, sizes, sizes
    else:
        over = _whole(found.over.points)
        moved = np.where(_is_break(found.over), np.nan, np.diff(over, prepend=np.nan))
        stands, usual = _adjusted(found.over.points), over
    known = np.array([point.known_from.toordinal() if point.known_from else 0 for point in points], dtype=np.int64)
    return Track(tuple(point.period_end for point in points), weeks, known, moved, stands, usual)


def _is_break(series: Series) -> BoolArray:
    """Where figures are not to be compared with those before: a number that was counted otherwise has not fallen."""
    cuts = {cut.period_end for cut in series.breaks}
    return np.array([point.period_end in cuts for point in series.points], dtype=bool)


def _adjusted(points: Sequence[SeriesPoint]) -> FloatArray:
    return np.array([np.nan if point.adjusted is None else point.adjusted for point in points], dtype=float)


def _whole(points: Sequence[SeriesPoint]) -> FloatArray:
    return np.array([np.nan if point.value is None or point.coverage < 1 else point.value for point in points])
