"""How much a list changes in a step and in several: as it did itself, drawn towards what is typical where it has few.

A short series says little of its own changes; hundreds of sister series say much. A list that grows steadily is further
from its last value after twelve steps than its single steps tell, so each distance has a scale of its own. Method:
section (h1) of docs/methods.md.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from forecasting.scores import FloatArray, IntArray

NO_CHANGE = 1e-9
"""Children a step: a list that changes by less does not change."""

LONGEST_STEP = 3
"""A change over a gap of more steps than this says nothing of the change in one step."""

OWN_WEIGHT = 6.0
"""Own changes count v/(v + 6) against the pooled relative change, as in step 7 of (h1)."""

SMALLEST_SCALE_POOL = 5
"""Fewer series than this make no typical change."""

SMALLEST_LEVEL = 1.0
"""Children: a list that stands at 0 may be at 1 next month, so its spread is that of a list of 1."""

OWN_WINDOWS = 3.0
"""A change over h steps is believed to be a list's own by v/(v + 3), where v counts its h steps that do not overlap."""

FEWEST_CHANGES = 3
"""A list with fewer changes over h steps is not asked how they grow with h."""


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


GROWTH = (0.5, 1.0)
"""Changes grow with the steps between at least like a random walk and at most like steady growth."""


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


def running_scales(values: FloatArray, change: TypicalChange, *, periods: int | None = None) -> FloatArray:
    """(series, periods) `own_scale` of each series up to each period; NaN before two changes, or at zero.

    Parameters
    ----------
    periods
        Of so many latest periods only; None is of all.
    """
    changes, over = step_changes(values), periods or values.shape[1]
    counts, sums = lately(np.isfinite(changes).astype(float), over), lately(np.nan_to_num(changes), over)
    known = lately(np.isfinite(values).astype(float), over)
    levels = lately(np.nan_to_num(values), over) / np.maximum(known, 1)
    scales = (sums + OWN_WEIGHT * change.at(levels)) / (counts + OWN_WEIGHT)
    # Lists that always stand at 0 would fill the pool with errors of 0 and narrow everybody else's range.
    return np.where((counts >= 2) & (levels > 0), scales, np.nan)


def lately(values: FloatArray, periods: int) -> FloatArray:
    """(series, periods) sums over the last so many periods."""
    summed = values.cumsum(axis=1)
    before = np.zeros_like(summed)
    before[:, periods:] = summed[:, :-periods]
    return summed - before


def growth_power(values: FloatArray, scales: FloatArray, *, horizon: int) -> float:
    """The power of h by which changes over h steps exceed those over one, over all series; one half where unknown.

    Parameters
    ----------
    scales
        (series, periods) `running_scales` of the values; the last of each series is its change in one step.
    """
    known = np.isfinite(scales)
    last = scales[np.arange(len(scales)), scales.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)]
    steps, ratios = list[float](), list[float]()
    # Beyond half of the panel two changes of one list share most of their steps.
    for step in range(2, min(horizon, (values.shape[1] - 1) // 2) + 1):
        changes = np.abs(values[:, step:] - values[:, :-step])
        counts = np.isfinite(changes).sum(axis=1)
        enough = (counts >= FEWEST_CHANGES) & np.isfinite(last)
        if enough.sum() >= SMALLEST_SCALE_POOL:
            steps.append(step)
            ratios.append(float(np.median(np.nansum(changes[enough], axis=1) / counts[enough] / last[enough])))
    at, seen = np.log(steps), np.log(np.maximum(ratios, NO_CHANGE))
    power = float(at @ seen / (at @ at)) if len(at) else GROWTH[0]
    return min(max(power, GROWTH[0]), GROWTH[1])


def changes_so_far(values: FloatArray, usual: FloatArray, *, step: int) -> FloatArray:
    """(series, periods) mean change over so many steps up to each period, drawn towards the usual one.

    Parameters
    ----------
    usual
        (series, periods) what is to be expected of a change over so many steps, NaN where there is no answer.
    """
    changes = np.full(values.shape, np.nan)
    changes[:, step:] = np.abs(values[:, step:] - values[:, :-step])
    return _drawn(np.nancumsum(changes, axis=1), np.isfinite(changes).cumsum(axis=1), usual, step)


def changes_ahead(values: FloatArray, usual: FloatArray) -> FloatArray:
    """(horizon,) mean change of one series over 1, 2, ... steps, drawn towards the usual ones.

    Parameters
    ----------
    values
        (n,) as published, NaN for gaps.
    usual
        (horizon,) what is to be expected of changes over so many steps.
    """
    horizon = len(usual)
    windows = sliding_window_view(np.concatenate([np.full(horizon, np.nan), values]), horizon + 1)
    changes = np.abs(windows[:, -1:] - windows[:, -2::-1])
    return _drawn(np.nansum(changes, axis=0), np.isfinite(changes).sum(axis=0), usual, np.arange(1, horizon + 1))


def _drawn(total: FloatArray, count: IntArray, usual: FloatArray, step: IntArray | int) -> FloatArray:
    """Mean of `count` overlapping changes, which count as one for each `step` of them, drawn towards the usual one."""
    return (total / step + OWN_WINDOWS * usual) / (count / step + OWN_WINDOWS)
