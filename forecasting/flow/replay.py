"""A track carried on at its recent pace, with ranges as wide as such looks ahead erred before, and checked in turn.

At past periods the pace of the year, or half year, before is held against what came, over all lists of a source; what
that teaches is in `learnt`. Ranges are calibrated as those of the last value are, in `tasks`. The replay reads figures
as now known, and makes a past range from errors known by its own day. Section "Clearance" of docs/methods.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Final

import numpy as np

from forecasting.flow.learnt import USUAL_PERIODS, Past, by_chance, learnt
from forecasting.flow.panel import STEPS, paces, side_by_side, what_came
from forecasting.flow.tracks import Track
from forecasting.kept_ranges import FEWEST_PAST
from forecasting.models.base import within_bounds
from forecasting.results import LEVELS, RangesHeld
from forecasting.scale import own_scale
from forecasting.scores import FloatArray
from forecasting.spread import growing
from forecasting.tasks import Tasks, calibrated_in_turn, joined, own_factors, score, spread_factors
from waitlists.sources import Freq

APART: Final[Mapping[Freq, int]] = {"W": 6, "M": 2}
"""Past ranges are made and checked every so many periods: those of neighbours say nearly the same."""

UNCHECKED: Final = 2.0
"""So much wider are ranges of a list too few of whose past ones could be checked, as with breach warnings."""

WEEKS_A_STEP: Final[Mapping[Freq, float]] = {"W": 1.0, "M": 365.25 / 12 / 7}

_ALL: Final = date.max.toordinal()
"""A day by which everything is known."""

_DEVIATIONS: Final = np.array([NormalDist().inv_cdf(level) for level in LEVELS])
_MIDDLE: Final = len(LEVELS) // 2


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Where a track leads from its last known period, by (H,) `weeks`: (H, k) `quantiles` of its total.

    A total below 0 stands for how long it has been there: between two distances it then is 0 at the right time.
    `held` is how its own past ranges turned out; None where none could be checked.
    """

    stands: float
    pace: float
    weeks: FloatArray
    quantiles: FloatArray
    held: RangesHeld | None

    @property
    def checked_weeks(self) -> int:
        """As far ahead enough past ranges could be checked."""
        return self.held.checked_weeks if self.held else 0

    def by_week(self, weeks: int) -> FloatArray:
        """(weeks, k) quantiles of the total at the end of week 1, 2, ...: straight lines between the distances."""
        times, known = np.arange(1.0, weeks + 1), np.concatenate([[0.0], self.weeks])
        starts = np.full((1, len(LEVELS)), self.stands)
        totals = np.concatenate([starts, self.quantiles])
        return np.column_stack([np.interp(times, known, totals[:, place]) for place in range(len(LEVELS))])


def replay(tracks: Sequence[Track], *, freq: Freq, is_stock: bool) -> list[Course | None]:
    """Where each track leads, in the order given; None of one whose pace or total is not known.

    Parameters
    ----------
    tracks
        Those of one source and question, one or more: they share how far such looks ahead erred.
    is_stock
        Whether they are of a number waiting, and not of who left.
    """
    panel = side_by_side(tracks, freq)
    past = Past(panel, paces(panel), what_came(panel), is_stock)
    tasks, horizon = _tasks(past), len(STEPS[freq])
    factors = spread_factors(tasks, horizon=horizon, levels=LEVELS, only_widen=True)
    own = own_factors(tasks, factors, levels=LEVELS)
    in_turn = calibrated_in_turn(tasks, horizon=horizon, levels=LEVELS, only_widen=True)
    taught = learnt(past, by=_ALL)
    weeks = WEEKS_A_STEP[freq] * np.array(STEPS[freq], dtype=float)
    checked = _checked_weeks(in_turn, weeks, freq)
    found: list[Course | None] = []
    for row, last in enumerate(_last_known(panel.stands)):
        stands, pace = float(panel.stands[row, last]), float(past.paces[row, last])
        if not np.isfinite([stands, pace]).all():
            found.append(None)
            continue
        usual = panel.usual[row, : last + 1][-USUAL_PERIODS[freq] :]
        chance = by_chance(own_scale(usual, taught.change), weeks, freq=freq, is_stock=is_stock)
        units = np.hypot(chance, taught.wander * (stands if is_stock else pace * weeks))
        held = _held(in_turn, row, checked)
        wider = own.get(row, 1.0) if held is not None and held.checked >= FEWEST_PAST else UNCHECKED
        away = growing(wider * factors * units[:, None] * taught.offsets)
        quantiles = np.sort((stands + pace * weeks * taught.lasting)[:, None] + away, axis=-1)
        found.append(Course(stands, pace, weeks, quantiles, held))
    return found


def chances_at_most(quantiles: FloatArray, goal: float) -> FloatArray:
    """(n,) chance that a total is at most `goal`, from (n, k) quantiles of it.

    Notes
    -----
    Between two quantiles on a straight line in standard deviations; beyond the outermost, which the past says nothing
    of, as a normal total of that side's width.
    """
    normal = NormalDist()
    return np.array([normal.cdf(_deviation(row, goal)) for row in quantiles])


def _deviation(row: FloatArray, goal: float) -> float:
    if row[0] <= goal < row[-1]:
        return float(np.interp(goal, row, _DEVIATIONS))
    end = 0 if goal < row[_MIDDLE] else -1
    width = abs(row[end] - row[_MIDDLE])
    if width == 0:
        return math.inf if end else -math.inf
    return float(abs(_DEVIATIONS[end]) * (goal - row[_MIDDLE]) / width)


def _tasks(past: Past) -> Tasks:
    """What would have been said at past periods, uncalibrated, of every distance whose end has come."""
    places = range(past.panel.stands.shape[1])
    return joined([_tasks_at(past, place) for place in places[:: -APART[past.panel.freq]]])


def _tasks_at(past: Past, place: int) -> Tasks:
    is_there = np.isfinite([past.paces[:, place], past.panel.stands[:, place]]).all(axis=0)
    # The day of the first who knew: what others learnt later is not used for anybody.
    day = int(past.panel.known[is_there, place].min(initial=_ALL))
    taught = learnt(past, by=day)
    changes, weeks = past.came.changes[:, place], past.came.weeks[place]
    middle = past.panel.stands[:, place, None] + past.paces[:, place, None] * weeks * taught.lasting
    quantiles = within_bounds(middle[..., None] + taught.units[:, place, :, None] * taught.offsets)
    row, step = np.nonzero(np.isfinite(changes) & np.isfinite(quantiles).all(axis=-1))
    return Tasks(
        quantiles=quantiles[row, step],
        actual=np.maximum(0.0, past.panel.stands[row, place] + changes[row, step]),
        horizon=step + 1,
        origin=np.full(len(row), day),
        known=past.came.known[row, place, step],
        scale=np.ones(len(row)),
        series=row,
    )


def _last_known(stands: FloatArray) -> list[int]:
    return [int(np.flatnonzero(np.isfinite(row)).max(initial=0)) for row in stands]


def _checked_weeks(in_turn: Tasks, weeks: FloatArray, freq: Freq) -> int:
    """The furthest distance of which enough past ranges could be checked, and two of them that do not overlap."""
    furthest = 0.0
    for place, step in enumerate(STEPS[freq]):
        days = in_turn.origin[in_turn.horizon == place + 1]
        if len(days) >= FEWEST_PAST and round(float(np.ptp(days)) / (7 * WEEKS_A_STEP[freq])) >= step:
            furthest = weeks[place]
    return int(furthest)


def _held(in_turn: Tasks, row: int, checked_weeks: int) -> RangesHeld | None:
    own = in_turn.where(in_turn.series == row)
    if not len(own.actual):
        return None
    found = score(own, levels=LEVELS)
    return RangesHeld(found.n, found.coverage80, found.coverage95, checked_weeks if found.n >= FEWEST_PAST else 0)
