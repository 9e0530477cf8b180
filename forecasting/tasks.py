"""Scored forecasts of one model side by side, and the spread factors learnt from them.

A task is one past forecast of one target. Calibration asks how far targets fell from the median in units of the range,
over all lists of a source, and widens or narrows ranges so that they are right as often as they claim. Method:
conformal scaling, section (d), and (h3) step 2 of docs/methods.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasting.kept_ranges import FEWEST_PAST
from forecasting.models.base import BoolArray, FloatArray, within_bounds
from forecasting.results import Score
from forecasting.scores import IntArray, is_covered, mean_scaled, weighted_interval_score
from forecasting.spread import growing

SHRINKAGE = 20.0
SMALLEST_FACTOR, LARGEST_FACTOR = 0.5, 3.0

OWN_POWER = 0.3
"""How much of what sets a list apart from its sisters is believed, of one with endless past targets."""

OWN_WEIGHT = 6.0
FEWEST_OWN = 13
SMALLEST_OWN, LARGEST_OWN = 0.4, 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Tasks:
    """Past forecasts of one model: (n, k) quantiles, and for each task (n,) what it was about.

    `origin` and `known` are days as ordinals: when the forecast was made, and from when its target was known. `scale`
    is that of MASE, `series` an index of the caller's.
    """

    quantiles: FloatArray
    actual: FloatArray
    horizon: IntArray
    origin: IntArray
    known: IntArray
    scale: FloatArray
    series: IntArray

    def where(self, mask: BoolArray) -> "Tasks":
        """The tasks a mask keeps."""
        return Tasks(
            self.quantiles[mask],
            self.actual[mask],
            self.horizon[mask],
            self.origin[mask],
            self.known[mask],
            self.scale[mask],
            self.series[mask],
        )

    def with_quantiles(self, quantiles: FloatArray) -> "Tasks":
        """The same tasks, answered with other quantiles."""
        return Tasks(quantiles, self.actual, self.horizon, self.origin, self.known, self.scale, self.series)


def joined(parts: Sequence[Tasks]) -> Tasks:
    """Tasks of several series as one, in the order given; `parts` is not empty."""
    return Tasks(
        np.concatenate([part.quantiles for part in parts]),
        np.concatenate([part.actual for part in parts]),
        np.concatenate([part.horizon for part in parts]),
        np.concatenate([part.origin for part in parts]),
        np.concatenate([part.known for part in parts]),
        np.concatenate([part.scale for part in parts]),
        np.concatenate([part.series for part in parts]),
    )


def spread_factors(tasks: Tasks, *, horizon: int, levels: tuple[float, ...], only_widen: bool = False) -> FloatArray:
    """(horizon, k) factors for each quantile's distance from the median; 1 where too little is known.

    Parameters
    ----------
    only_widen
        For ranges that were learnt from all pairs of past figures already: a few origins do not make them narrower.

    Notes
    -----
    For each central range, the factor is the quantile, at the range's own share, of the targets' distances from the
    median over the range's half-width on their side; shrunk towards 1 by n/(n + 20). A horizon with fewer than 15 tasks
    takes the factors of all horizons together.
    """
    smallest = 1.0 if only_widen else SMALLEST_FACTOR
    ratios = _distances(tasks, levels)
    overall = _factors(ratios, levels, smallest=smallest)
    rows = [
        _factors(ratios[tasks.horizon == step], levels, smallest=smallest, fallback=overall)
        for step in range(1, horizon + 1)
    ]
    return np.array(rows)


def own_factors(tasks: Tasks, factors: FloatArray, *, levels: tuple[float, ...]) -> dict[int, float]:
    """By series, how much wider its ranges are to be than those of its sisters; a series not named has 1.

    Parameters
    ----------
    factors
        (horizon, k) those of all series together, within which a series' own misses are looked at.

    Notes
    -----
    r = median distance of the series' targets from the median over its 8 in 10 range, by that of all; the factor is r,
    held within 0.4 and 2.5, to the power 0.3 v/(v + 6), where a target h steps ahead counts 1/h in v: neighbouring
    targets say nearly the same.
    """
    middle = tasks.quantiles[:, len(levels) // 2][:, None]
    scaled = tasks.with_quantiles(middle + factors[tasks.horizon - 1] * (tasks.quantiles - middle))
    distance = _distances(scaled, levels)[:, 1]
    known = np.flatnonzero(np.isfinite(distance))
    usual = float(np.median(distance[known])) if len(known) else 0.0
    if usual == 0:
        return {}
    by_series = known[np.argsort(tasks.series[known], kind="stable")]
    first = np.flatnonzero(np.diff(tasks.series[by_series], prepend=-1))
    return {
        int(tasks.series[own[0]]): _own_factor(distance[own] / usual, tasks.horizon[own])
        for own in np.split(by_series, first[1:])
        if len(own) >= FEWEST_OWN
    }


def _own_factor(ratios: FloatArray, horizon: IntArray) -> float:
    count = float(np.sum(1 / horizon))
    ratio = min(max(float(np.median(ratios)), SMALLEST_OWN), LARGEST_OWN)
    return ratio ** (OWN_POWER * count / (count + OWN_WEIGHT))


def widened(quantiles: FloatArray, factors: FloatArray) -> FloatArray:
    """(h, k) quantiles of the steps ahead, their distances from the median multiplied by (h, k) factors.

    They are ordered and not below zero, and no distance is smaller than at an earlier step.
    """
    middle = quantiles[:, quantiles.shape[1] // 2][:, None]
    return within_bounds(middle + growing(factors * (quantiles - middle)))


def calibrated_in_turn(tasks: Tasks, *, horizon: int, levels: tuple[float, ...], only_widen: bool = False) -> Tasks:
    """The same tasks with each origin's ranges scaled by what was known on its own day, nothing later."""
    quantiles = tasks.quantiles.copy()
    for day in np.unique(tasks.origin):
        known = tasks.where(tasks.known <= day)
        factors = spread_factors(known, horizon=horizon, levels=levels, only_widen=only_widen)
        own = own_factors(known, factors, levels=levels)
        here = np.flatnonzero(tasks.origin == day)
        series, of = np.unique(tasks.series[here], return_inverse=True)
        step, middle = tasks.horizon[here] - 1, tasks.quantiles[here, len(levels) // 2][:, None]
        wider = np.array([own.get(place, 1.0) for place in series.tolist()])[of, None] * factors[step]
        away = np.zeros((len(series), horizon, len(levels)))
        away[of, step] = wider * (tasks.quantiles[here] - middle)
        quantiles[here] = within_bounds(middle + growing(away)[of, step])
    return tasks.with_quantiles(quantiles)


def score(tasks: Tasks, *, levels: tuple[float, ...]) -> Score:
    """Mean scores of the tasks; there is at least one."""
    middle = tasks.quantiles[:, len(levels) // 2]
    return Score(
        n=len(tasks.actual),
        wis=float(weighted_interval_score(tasks.quantiles, tasks.actual, levels=levels).mean()),
        mase=mean_scaled(np.abs(middle - tasks.actual), tasks.scale),
        coverage80=float(is_covered(tasks.quantiles, tasks.actual, levels=levels, share=0.8).mean()),
        coverage95=float(is_covered(tasks.quantiles, tasks.actual, levels=levels, share=0.95).mean()),
    )


def _distances(tasks: Tasks, levels: tuple[float, ...]) -> FloatArray:
    """(n, k // 2) distance of each target from the median over the half-width on its side; NaN where that is zero."""
    middle = len(levels) // 2
    median, actual = tasks.quantiles[:, middle], tasks.actual
    widths = np.where(
        (actual >= median)[:, None],
        tasks.quantiles[:, :middle:-1] - median[:, None],
        median[:, None] - tasks.quantiles[:, :middle],
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(widths > 0, np.abs(actual - median)[:, None] / widths, np.nan)


def _factors(
    ratios: FloatArray, levels: tuple[float, ...], *, smallest: float, fallback: FloatArray | None = None
) -> FloatArray:
    """(k,) factors for the levels from (n, k // 2) distances."""
    if len(ratios) < FEWEST_PAST:
        return np.ones(len(levels)) if fallback is None else fallback
    factors = np.ones(len(levels))
    for place, level in enumerate(levels[: len(levels) // 2]):
        known = ratios[np.isfinite(ratios[:, place]), place]
        if len(known) >= FEWEST_PAST:
            raw = np.clip(np.quantile(known, 1 - 2 * level), smallest, LARGEST_FACTOR)
            factors[place] = factors[-1 - place] = np.exp(np.log(raw) * len(known) / (len(known) + SHRINKAGE))
    return factors
