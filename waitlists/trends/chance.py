"""Tail chances of Fisher's F, Student's t and fair coins, without a statistics package: commands have to start quickly.

Method: the continued fraction of the regularised incomplete beta function (Numerical Recipes, section 6.4), by Lentz.
"""

import math
from typing import Final

_TINY: Final = 1e-300
_PRECISION: Final = 1e-14


def f_tail(f: float, between: int, within: int) -> float:
    """The chance that an F of `between` and `within` degrees of freedom is larger.

    >>> round(f_tail(4.0, 11, 20), 6)
    0.003518
    """
    return 1.0 if f <= 0 else _incomplete_beta(within / 2, between / 2, within / (within + between * f))


def t_quantile(share: float, freedom: int) -> float:
    """The t that both tails together exceed with a chance of 1 - `share`.

    >>> round(t_quantile(0.95, 10), 4)
    2.2281
    """
    low, high = 0.0, 1.0
    while f_tail(high * high, 1, freedom) > 1 - share:
        high *= 2
    while (middle := (low + high) / 2) not in {low, high}:
        low, high = (middle, high) if f_tail(middle * middle, 1, freedom) > 1 - share else (low, middle)
    return middle


def coin_quantile(share: float, tosses: int) -> int:
    """The least number of heads whose chance, together with all lower ones, is at least `share`.

    >>> coin_quantile(0.05, 9)
    2
    """
    needed, heads, found = share * 2**tosses, 0, 1
    while found < needed:
        heads += 1
        found += math.comb(tosses, heads)
    return heads


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """I_x(a, b); the fraction converges fast below the mean, above it the mirrored one is taken."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    if x <= 0:
        return 0.0
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) * _fraction(a, b, x) / a


def _fraction(a: float, b: float, x: float) -> float:
    c, step = 1.0, 0
    found = d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    while True:
        step += 1
        for factor in (
            step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step)),
            -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1)),
        ):
            d = 1 / _away_from_zero(1 + factor * d)
            c = _away_from_zero(1 + factor / c)
            found *= c * d
        if abs(c * d - 1) < _PRECISION:
            return found


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
