"""How good a forecast was: interval scores, coverage, scaled errors. Pure, vectorised, and nothing is fitted here.

Arrays run over tasks first (one task is one forecast of one target) and over levels last. Missing targets are left out
by the caller: a score never guesses. Formulas: section (i) of docs/methods.md; Gneiting and Raftery 2007, Bracher et
al. 2021, Hyndman and Koehler 2006.
"""

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

SMALLEST_WIS = 1e-6
"""Scores below this count as this in ratios, so that a perfect forecast does not divide by zero."""


def interval_score(lower: FloatArray, upper: FloatArray, actual: FloatArray, *, alpha: float) -> FloatArray:
    """Width of the range plus a penalty of 2/alpha for each child by which the target lies outside.

    Parameters
    ----------
    lower, upper, actual
        (n,) ends of the central 1 - alpha range and what came.

    Examples
    --------
    >>> interval_score(np.array([8.0]), np.array([12.0]), np.array([13.0]), alpha=0.2).tolist()
    [14.0]
    """
    below, above = np.maximum(lower - actual, 0), np.maximum(actual - upper, 0)
    return (upper - lower) + (2 / alpha) * (below + above)


def weighted_interval_score(quantiles: FloatArray, actual: FloatArray, *, levels: tuple[float, ...]) -> FloatArray:
    """(n,) weighted interval score: half the error of the median and alpha/2 times each interval score, averaged.

    Parameters
    ----------
    quantiles
        (n, k) at `levels`, which are symmetric around 0.5.

    Notes
    -----
    Equals twice the mean pinball loss over the levels, which is how the tests work it out again.
    """
    middle = len(levels) // 2
    total = np.abs(actual - quantiles[..., middle]) / 2
    for low in range(middle):
        alpha = 2 * levels[low]
        total = total + alpha / 2 * interval_score(quantiles[..., low], quantiles[..., -1 - low], actual, alpha=alpha)
    return total / (middle + 0.5)


def is_covered(quantiles: FloatArray, actual: FloatArray, *, levels: tuple[float, ...], share: float) -> FloatArray:
    """(n,) 1 where the target fell inside the central range that claims `share` of targets, ends included, else 0."""
    low = int(np.argmin(np.abs(np.asarray(levels) - (1 - share) / 2)))
    return ((quantiles[..., low] <= actual) & (actual <= quantiles[..., -1 - low])).astype(float)


def training_scale(values: FloatArray, *, season: int = 1) -> float:
    """Mean change over `season` steps in training, gaps left out; 0 for a constant, NaN where there is no pair.

    Notes
    -----
    Scaled scores leave out tasks whose scale is 0 or NaN; coverage keeps them.
    """
    change = np.abs(values[season:] - values[:-season])
    known = change[np.isfinite(change)]
    return float(known.mean()) if known.size else math.nan


def mase_scale(values: FloatArray) -> float:
    """The scale of MASE: change over 12 steps, or over one step for at most 14 values (then: random-walk scaled)."""
    return training_scale(values, season=12 if np.isfinite(values).sum() > 14 else 1)


def mean_scaled(score: FloatArray, scale: FloatArray) -> float | None:
    """Mean of score over scale of the tasks that have a scale; None where none has."""
    usable = np.isfinite(scale) & (scale > 0)
    if not usable.any():
        return None
    return float(np.mean(score[usable] / scale[usable]))


def geometric_mean_ratio(ours: FloatArray, reference: FloatArray) -> float:
    """Geometric mean over series of our score over the reference's; below 1 is better than the reference."""
    logs = np.log(np.maximum(ours, SMALLEST_WIS)) - np.log(np.maximum(reference, SMALLEST_WIS))
    return float(np.exp(logs.mean()))
