"""A track carried on at its recent pace, with ranges as wide as such looks ahead erred before, and checked in turn.

At past periods the pace of the year, or half year, before is held against what came, over all lists of a source.
Errors are scaled, pooled and calibrated as those of the last value are: `scale`, `spread` and `tasks`. The replay reads
figures as now known, and makes a past range from errors known by its own day. Section "Clearance" of docs/methods.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from forecasting.flow.panel import STEPS, Came, Panel, paces, side_by_side, what_came
from forecasting.flow.tracks import Track
from forecasting.kept_ranges import FEWEST_PAST
from forecasting.models.base import within_bounds
from forecasting.results import LEVELS, RangesHeld
from forecasting.scale import TypicalChange, own_scale, running_scales, typical_change
from forecasting.scores import FloatArray
from forecasting.spread import SMALLEST_POOL, at_every_step, growing, tamed
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
    `held` is how its own past ranges turned out. As far as `checked_weeks` ahead enough ranges of its source could be
    checked; 0 where too few of its own could.
    """

    stands: float
    pace: float
    weeks: FloatArray
    quantiles: FloatArray
    held: RangesHeld | None
    checked_weeks: float

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
        Whether they are of a number waiting, which wanders once its pace is taken off, or of who left, whose pace may
        itself change: errors grow with the root of the distance, or with the distance.
    """
    past = _past(side_by_side(tracks, freq), is_stock=is_stock)
    tasks, horizon = _tasks(past), len(STEPS[freq])
    factors = spread_factors(tasks, horizon=horizon, levels=LEVELS, only_widen=True)
    own = own_factors(tasks, factors, levels=LEVELS)
    in_turn = calibrated_in_turn(tasks, horizon=horizon, levels=LEVELS, only_widen=True)
    learnt = _learnt(past, by=_ALL)
    weeks = WEEKS_A_STEP[freq] * np.array(STEPS[freq], dtype=float)
    reach = _reach(freq, weeks, is_stock=is_stock)
    checked = _checked_weeks(in_turn, weeks)
    found: list[Course | None] = []
    for row, last in enumerate(_last_known(past.panel.stands)):
        stands, pace = float(past.panel.stands[row, last]), float(past.paces[row, last])
        if not np.isfinite(stands + pace):
            found.append(None)
            continue
        away = own_scale(past.panel.usual[row], learnt.change) * reach[:, None] * learnt.offsets
        held = _held(in_turn, row)
        is_checked = held is not None and held.checked >= FEWEST_PAST
        wider = own.get(row, 1.0) if is_checked else UNCHECKED
        middle = (stands + pace * weeks * learnt.lasting)[:, None]
        quantiles = np.sort(middle + growing(wider * factors * away), axis=-1)
        found.append(Course(stands, pace, weeks, quantiles, held, checked if is_checked else 0.0))
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
    end = 0 if goal < row[0] else -1
    width = abs(row[end] - row[_MIDDLE])
    if width == 0:
        return math.inf if end else -math.inf
    return float(abs(_DEVIATIONS[end]) * (goal - row[_MIDDLE]) / width)


class _Past(NamedTuple):
    """A panel with its paces, what came after each, and how errors grow with the distance: `reach` (periods, H)."""

    panel: Panel
    paces: FloatArray
    came: Came
    reach: FloatArray
    is_stock: bool


def _past(panel: Panel, *, is_stock: bool) -> _Past:
    came = what_came(panel)
    return _Past(panel, paces(panel), came, _reach(panel.freq, came.weeks, is_stock=is_stock), is_stock)


def _reach(freq: Freq, weeks: FloatArray, *, is_stock: bool) -> FloatArray:
    return np.sqrt(weeks / WEEKS_A_STEP[freq]) if is_stock else weeks


class _Learnt(NamedTuple):
    """What past looks ahead taught by a day: (H,) how much of a pace lasts, (H, k) errors in usual changes, these."""

    lasting: FloatArray
    offsets: FloatArray
    change: TypicalChange
    scales: FloatArray


def _learnt(past: _Past, *, by: int) -> _Learnt:
    usual = np.where(past.panel.known <= by, past.panel.usual, np.nan)
    change = typical_change(usual)
    scales = running_scales(usual, change)
    units = scales[:, :, None] * past.reach
    said = past.paces[:, :, None] * past.came.weeks / units
    came = past.came.changes / units
    is_told = np.isfinite(said) & np.isfinite(came) & (past.came.known <= by)
    horizon = came.shape[-1]
    lasting, found = np.ones(horizon), dict[int, FloatArray]()
    for place in range(horizon):
        told = is_told[..., place]
        if told.sum() > SMALLEST_POOL:
            x, y = said[..., place][told], came[..., place][told]
            lasting[place] = _lasting(x, y) if past.is_stock else 1.0
            found[place + 1] = tamed(y - lasting[place] * x, LEVELS)
        elif place:
            lasting[place] = lasting[place - 1]
    return _Learnt(lasting, at_every_step(found, horizon, LEVELS), change, scales)


def _lasting(said: FloatArray, came: FloatArray) -> float:
    """The share of a pace that lasted, by least squares, between none and all of it."""
    square = float(said @ said)
    return min(max(float(said @ came) / square, 0.0), 1.0) if square else 1.0


def _tasks(past: _Past) -> Tasks:
    """What would have been said at past periods, uncalibrated, of every distance whose end has come."""
    last, apart = past.panel.stands.shape[1] - 1, APART[past.panel.freq]
    return joined([_tasks_at(past, place) for place in range(last % apart, last + 1, apart)])


def _tasks_at(past: _Past, place: int) -> Tasks:
    is_there = np.isfinite(past.paces[:, place] + past.panel.stands[:, place])
    # The day of the first who knew: what others learnt later is not used for anybody.
    day = int(past.panel.known[is_there, place].min(initial=_ALL))
    learnt = _learnt(past, by=day)
    changes, weeks = past.came.changes[:, place], past.came.weeks[place]
    middle = past.panel.stands[:, place, None] + past.paces[:, place, None] * weeks * learnt.lasting
    away = (learnt.scales[:, place, None] * past.reach[place])[..., None] * learnt.offsets
    quantiles = within_bounds(middle[..., None] + away)
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


def _checked_weeks(in_turn: Tasks, weeks: FloatArray) -> float:
    counts = np.bincount(in_turn.horizon - 1, minlength=len(weeks))
    return float(weeks[counts >= FEWEST_PAST].max(initial=0.0))


def _held(in_turn: Tasks, row: int) -> RangesHeld | None:
    own = in_turn.where(in_turn.series == row)
    if not len(own.actual):
        return None
    found = score(own, levels=LEVELS)
    return RangesHeld(found.n, found.coverage80, found.coverage95)
