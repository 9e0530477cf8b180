"""How far lists of one source and measure stray from their last value: pooled over many series, scaled to each.

Errors of the last value are divided by what each list usually changes by over as many steps, pooled by horizon, and
multiplied back. Method: sections (h1) and (d) of docs/methods.md. Nothing here knows a model or a date: knowledge days
are ordinals.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from forecasting.scale import (
    TypicalChange,
    changes_ahead,
    changes_so_far,
    growth_power,
    own_scale,
    running_scales,
    typical_change,
)
from forecasting.scores import FloatArray, IntArray

SMALLEST_POOL = 20
"""With this many pooled errors or fewer, a normal spread that grows with the root of the horizon takes their place."""

RANDOM_WALK_WIDTH = 1.25
"""Standard deviation of a normal error for a mean absolute one of 1: root(pi/2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Series of one source and measure side by side: (series, periods) values, NaN where nothing was published.

    `known` holds the day, as an ordinal, from which each value was known.
    """

    values: FloatArray
    known: IntArray

    def as_known(self, day: int) -> "Panel":
        """The panel of a past day: what became known later, a revision too, is missing."""
        return Panel(np.where(self.known <= day, self.values, np.nan), self.known)


@dataclass(frozen=True, slots=True, eq=False)
class SpreadPool:
    """Pooled errors of the last value: `offsets` (horizon, k) in units of a series' change over as many steps.

    `power` says how changes grow with the steps between, `counts` (horizon,) how many errors were pooled.
    """

    levels: tuple[float, ...]
    change: TypicalChange
    power: float
    offsets: FloatArray
    counts: IntArray


def pool_spread(panel: Panel, *, horizon: int, levels: tuple[float, ...]) -> SpreadPool:
    """The spread of the last value's errors over all series of a panel, by horizon.

    Notes
    -----
    Origins need two earlier changes. Seven parts symmetrised and three parts as they fell, then centred on the last
    value: a few years of rising lists must not become a promise of rising lists. A horizon that no pair of published
    months spans takes its spread from the horizons around it.
    """
    change = typical_change(panel.values)
    scales = running_scales(panel.values, change)
    power = growth_power(panel.values, scales, horizon=horizon)
    offsets: dict[int, FloatArray] = {}
    counts = np.zeros(horizon, dtype=np.int64)
    for step in range(1, min(horizon, panel.values.shape[1] - 1) + 1):
        usual = changes_so_far(panel.values, step**power * scales, step=step)[:, :-step]
        errors = (panel.values[:, step:] - panel.values[:, :-step]) / usual
        pooled = errors[np.isfinite(errors)]
        counts[step - 1] = pooled.size
        if pooled.size > SMALLEST_POOL:
            offsets[step] = tamed(pooled, levels)
    return SpreadPool(levels, change, power, at_every_step(offsets, horizon, levels), counts)


def no_pool(*, horizon: int, levels: tuple[float, ...]) -> SpreadPool:
    """The spread of a series that has no sisters: normal, growing with the root of the horizon."""
    empty = Panel(np.full((0, 1), np.nan), np.zeros((0, 1), dtype=np.int64))
    return pool_spread(empty, horizon=horizon, levels=levels)


def away(pool: SpreadPool, values: FloatArray, *, horizon: int) -> FloatArray:
    """(horizon, k) distances of the quantiles from the last value of one series; none smaller than at an earlier step.

    Parameters
    ----------
    values
        (n,) as published, NaN for gaps.
    """
    growth: FloatArray = np.arange(1.0, horizon + 1) ** pool.power
    scale = changes_ahead(values, growth * own_scale(values, pool.change))
    return growing(scale[:, None] * pool.offsets[:horizon])


def tamed(errors: FloatArray, levels: tuple[float, ...]) -> FloatArray:
    """(k,) quantiles of pooled errors: seven parts symmetrised and three as they fell, around 0."""
    raw = np.quantile(errors, levels)
    symmetric = np.quantile(np.concatenate([errors, -errors]), levels)
    mixed = 0.7 * symmetric + 0.3 * raw
    return mixed - mixed[len(levels) // 2]


def at_every_step(found: dict[int, FloatArray], horizon: int, levels: tuple[float, ...]) -> FloatArray:
    """(horizon, k) offsets: pooled where there are enough, between and beyond them those of the steps around."""
    if not found:
        standard = np.array([NormalDist().inv_cdf(level) for level in levels])
        return np.tile(RANDOM_WALK_WIDTH * standard, (horizon, 1))
    steps, pooled = np.arange(1, horizon + 1), sorted(found)
    known = np.array([found[step] for step in pooled])
    return np.column_stack([np.interp(steps, pooled, known[:, place]) for place in range(len(levels))])


def growing(offsets: FloatArray) -> FloatArray:
    """(..., horizon, k) distances from the median, none smaller than at an earlier step."""
    return np.sign(offsets) * np.maximum.accumulate(np.abs(offsets), axis=-2)
