"""When a list that drifts and wavers first reaches a size: the closed form of Brownian motion with drift.

Section (e) of docs/methods.md. Sizes are children above the goal, drift is children fewer a week, variance is a week's.
"""

import math

import numpy as np

from forecasting.scores import FloatArray

_FAR_TAIL = 25.0
"""Beyond this many standard deviations erfc loses its last digits; the asymptotic series has them."""

_NO_VARIANCE = 1e-9
"""A week's count of children varies by far more, if it varies at all."""


def chance_by_week(excess: float, *, drift: float, variance: float, weeks: int) -> FloatArray:
    """(weeks,) chance that the goal has been reached by the end of week 1, 2, ...

    Parameters
    ----------
    excess
        Children above the goal; 0 or less is reached at once.
    drift
        Children fewer a week; negative where the list grows.
    variance
        Of a week's change; none, or next to none, gives the deterministic answer.
    """
    times = np.arange(1, weeks + 1, dtype=float)
    if excess <= 0:
        return np.ones(weeks)
    if variance < _NO_VARIANCE:
        return (drift * times >= excess).astype(float)
    return np.array([_chance(excess, drift, variance, time) for time in times.tolist()])


def chance_ever(excess: float, *, drift: float, variance: float) -> float:
    """The chance that the goal is reached at all, however late."""
    if excess <= 0 or drift > 0 or (drift == 0 and variance > 0):
        return 1.0
    return math.exp(2 * drift * excess / variance) if variance > 0 else 0.0


def _chance(excess: float, drift: float, variance: float, time: float) -> float:
    """Inverse Gaussian distribution function, the second term in logs: its two factors over- and underflow alone."""
    root = math.sqrt(variance * time)
    direct = math.exp(_log_normal((drift * time - excess) / root))
    reflected = math.exp(min(0.0, 2 * drift * excess / variance + _log_normal(-(excess + drift * time) / root)))
    return min(1.0, direct + reflected)


def _log_normal(z: float) -> float:
    """Logarithm of the standard normal distribution function."""
    if z > -_FAR_TAIL:
        return math.log(math.erfc(-z / math.sqrt(2)) / 2)
    tail = 1 / (z * z)
    return -1 / (2 * tail) - math.log(-z * math.sqrt(2 * math.pi)) + math.log1p(-tail + 3 * tail * tail)
