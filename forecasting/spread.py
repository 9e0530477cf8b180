"""How far lists of one source and measure stray from their last value: pooled over many series, scaled to each.

A short series says little of its own spread; hundreds of sister series say much. Errors of the last value are divided
by each series' own scale, pooled by horizon, and multiplied back. Method: sections (h1) step 7 and (h3) 4 of
docs/methods.md. Nothing here knows a model or a date: knowledge days are ordinals.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from forecasting.scores import FloatArray

IntArray = npt.NDArray[np.int64]

NO_CHANGE = 1e-9
"""Children a step: a list that changes by less does not change."""

LONGEST_STEP = 3
"""A change over a gap of more steps than this says nothing of the change in one step."""

OWN_WEIGHT = 6.0
"""Own changes count v/(v + 6) against the pooled relative change, as in step 7 of (h1)."""

SMALLEST_POOL = 20
"""With this many pooled errors or fewer, a normal spread that grows with the root of the horizon takes their place."""

SMALLEST_SCALE_POOL = 5
"""Fewer series than this make no typical change."""

SMALLEST_LEVEL = 1.0
"""Children: a list that stands at 0 may be at 1 next month, so its spread is that of a list of 1."""

RANDOM_WALK_WIDTH = 1.25
"""Standard deviation of a normal error for a mean absolute one of 1: root(pi/2)."""


@dataclass(frozen=True, slots=True)
class TypicalChange:
    """What lists of a level usually change by in a step: factor x level ** power, in children.

    Small lists change by more of themselves than large ones: counts alone give a power of one half, changes that grow
    with the list a power of one. Without it, lists of a few children would set the range of one of thousands.
    """

    factor: float
    power: float

    def at(self, level: FloatArray | float) -> FloatArray:
        """The change of lists of these levels, those below 1 child as one of 1."""
        return self.factor * np.maximum(level, SMALLEST_LEVEL) ** self.power


DEFAULT_CHANGE = TypicalChange(0.13, 1.0)
"""Median monthly change of a list as a share of its size: NHS England community lists, January 2023 to March 2025."""

POWERS = (0.5, 1.0)


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
    """Pooled errors of the last value: `offsets` (horizon, k) in units of a series' scale, from `counts` (horizon,)."""

    levels: tuple[float, ...]
    change: TypicalChange
    offsets: FloatArray
    counts: IntArray


def pool_spread(panel: Panel, *, horizon: int, levels: tuple[float, ...]) -> SpreadPool:
    """The spread of the last value's errors over all series of a panel, by horizon.

    Notes
    -----
    Origins need two earlier changes. Seven parts symmetrised and three parts as they fell, then centred on the last
    value: a few years of rising lists must not become a promise of rising lists. A horizon that no pair of published
    months spans takes its spread from the horizons around it, and no spread shrinks as the horizon grows.
    """
    change = typical_change(panel.values)
    scales = _running_scales(panel.values, change)
    offsets: dict[int, FloatArray] = {}
    counts = np.zeros(horizon, dtype=np.int64)
    for step in range(1, min(horizon, panel.values.shape[1] - 1) + 1):
        errors = (panel.values[:, step:] - panel.values[:, :-step]) / scales[:, :-step]
        pooled = errors[np.isfinite(errors)]
        counts[step - 1] = pooled.size
        if pooled.size > SMALLEST_POOL:
            offsets[step] = _tamed(pooled, levels)
    return SpreadPool(levels, change, _at_every_step(offsets, horizon, levels), counts)


def no_pool(*, horizon: int, levels: tuple[float, ...]) -> SpreadPool:
    """The spread of a series that has no sisters: normal, growing with the root of the horizon."""
    empty = Panel(np.full((0, 1), np.nan), np.zeros((0, 1), dtype=np.int64))
    return pool_spread(empty, horizon=horizon, levels=levels)


def own_scale(values: FloatArray, change: TypicalChange) -> float:
    """The mean change of one series in a step, drawn towards the change typical of its level where it has few.

    Parameters
    ----------
    values
        (n,) as published, NaN for gaps.
    change
        What lists of a level usually change by.
    """
    changes = step_changes(values[None, :])[0]
    known = changes[np.isfinite(changes)]
    level = float(np.nanmean(values))
    return float((known.sum() + OWN_WEIGHT * change.at(level)) / (known.size + OWN_WEIGHT))


def step_changes(values: FloatArray) -> FloatArray:
    """(series, periods) absolute change since the last value, per root of the steps between; NaN over long gaps."""
    changes = np.full(values.shape, np.nan)
    is_next = np.isfinite(values)
    for step in range(1, min(LONGEST_STEP, values.shape[1] - 1) + 1):
        change = np.abs(values[:, step:] - values[:, :-step]) / np.sqrt(step)
        usable = is_next[:, step:] & np.isfinite(change)
        changes[:, step:] = np.where(usable, change, changes[:, step:])
        is_next[:, step:] &= ~usable
    return changes


def typical_change(values: FloatArray) -> TypicalChange:
    """The change typical of a level, fitted on the logarithms of series with six changes or more."""
    changes = step_changes(values)
    counts = np.isfinite(changes).sum(axis=1)
    enough = counts >= OWN_WEIGHT
    levels = np.nansum(values[enough], axis=1) / np.maximum(np.isfinite(values[enough]).sum(axis=1), 1)
    means = np.nansum(changes[enough], axis=1) / np.maximum(counts[enough], 1)
    moving = (levels > 0) & (means > NO_CHANGE)
    if moving.sum() < SMALLEST_SCALE_POOL:
        return DEFAULT_CHANGE
    level, change = np.log(levels[moving]), np.log(means[moving])
    away = level - level.mean()
    slope = float(away @ change / (away @ away)) if away @ away > NO_CHANGE else POWERS[1]
    power = min(max(slope, POWERS[0]), POWERS[1])
    return TypicalChange(float(np.exp(np.median(change - power * level))), power)


def _running_scales(values: FloatArray, change: TypicalChange) -> FloatArray:
    """(series, periods) `own_scale` of each series up to each period; NaN before two changes, or at zero."""
    changes = step_changes(values)
    counts = np.isfinite(changes).cumsum(axis=1)
    sums = np.nancumsum(changes, axis=1)
    levels = np.nancumsum(values, axis=1) / np.maximum(np.isfinite(values).cumsum(axis=1), 1)
    scales = (sums + OWN_WEIGHT * change.at(levels)) / (counts + OWN_WEIGHT)
    # Lists that always stand at 0 would fill the pool with errors of 0 and narrow everybody else's range.
    return np.where((counts >= 2) & (levels > 0), scales, np.nan)


def _tamed(errors: FloatArray, levels: tuple[float, ...]) -> FloatArray:
    raw = np.quantile(errors, levels)
    symmetric = np.quantile(np.concatenate([errors, -errors]), levels)
    mixed = 0.7 * symmetric + 0.3 * raw
    return mixed - mixed[len(levels) // 2]


def _at_every_step(found: dict[int, FloatArray], horizon: int, levels: tuple[float, ...]) -> FloatArray:
    """(horizon, k) offsets: pooled where there are enough, between and beyond them by the root of the step."""
    if not found:
        return np.array([_normal_offsets(step, levels) for step in range(1, horizon + 1)])
    pooled = sorted(found)
    roots = np.sqrt(np.arange(1, horizon + 1))
    known = np.array([found[step] / np.sqrt(step) for step in pooled])
    per_root = np.column_stack([np.interp(roots, np.sqrt(pooled), known[:, place]) for place in range(len(levels))])
    offsets = per_root * roots[:, None]
    return growing(offsets)


def growing(offsets: FloatArray) -> FloatArray:
    """(..., horizon, k) distances from the median, none smaller than at an earlier step."""
    return np.sign(offsets) * np.maximum.accumulate(np.abs(offsets), axis=-2)


def _normal_offsets(step: int, levels: tuple[float, ...]) -> FloatArray:
    return RANDOM_WALK_WIDTH * np.sqrt(step) * np.array([NormalDist().inv_cdf(level) for level in levels])
