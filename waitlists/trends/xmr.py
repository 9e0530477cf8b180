"""Mean and control limits of one group of an XmR chart: from moving ranges of neighbours, screened once if asked.

A missing value is NaN inside the charts, so that it is neither above nor below anything; limits that cannot be worked
out are NaN for the same reason. Source: Wheeler's XmR constants 2.66 and 3.267, as Making Data Count uses them.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

RANGES_TO_LIMIT: Final = 2.66
RANGES_TO_NEAR_LIMIT: Final = 2 * (2.66 / 3)
EXTREME_RANGES: Final = 3.267
MISSING: Final = math.nan


class Limits(NamedTuple):
    """Mean, control limits and near limits (two thirds of the way); NaN where there is nothing to work with."""

    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    is_collapsed: bool = False
    """Screening left ranges of zero alone, so the unscreened average was used."""


def exact_mean(values: Sequence[float]) -> float:
    """The mean to the last bit, NaN of nothing.

    Notes
    -----
    A plain mean of a constant decimal series may be one unit in the last place beside its value; every point would lie
    above or below the mean, a false shift. The second sum is exact and takes that away.
    """
    if not values:
        return MISSING
    count = len(values)
    first = math.fsum(values) / count
    return first + math.fsum((*values, *(-first,) * count)) / count


def limits_of(baseline: Sequence[float], *, screen: bool, mends_collapse: bool) -> Limits:
    """Limits from the rows of a baseline, missing ones among them; only ranges of neighbouring rows count.

    Where `mends_collapse`, a screening that keeps nothing, or zeros alone, is taken back.
    """
    mean = exact_mean(_given(baseline))
    ranges = _given([abs(after - before) for before, after in pairwise(baseline)])
    unscreened = exact_mean(ranges)
    average = exact_mean([size for size in ranges if size < EXTREME_RANGES * unscreened]) if screen else unscreened
    is_collapsed = mends_collapse and screen and not average > 0
    if is_collapsed:
        average = unscreened
    far, near = RANGES_TO_LIMIT * average, RANGES_TO_NEAR_LIMIT * average
    return Limits(mean, mean - far, mean + far, mean - near, mean + near, is_collapsed and unscreened > 0)


def _given(values: Iterable[float]) -> list[float]:
    return [value for value in values if value == value]  # noqa: PLR0124 - NaN is the one number unequal to itself
