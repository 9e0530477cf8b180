"""Least squares for adjusted charts: a line, the best single step, month effects beside either, and autocorrelation.

Months are taken out of values and regressors alike by their means, which leaves one slope to fit (Frisch and Waugh), so
every place of a step is tried in one pass. Missing values are left out before.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from waitlists.trends.chance import f_tail, t_quantile
from waitlists.trends.xmr import exact_mean

LEAST_BESIDE_STEP: Final = 8
LARGEST_AUTOCORRELATION: Final = 0.99
NOISE: Final = 2.0**-40
"""What is smaller than this share of the largest value is rounding, not variation."""


class Line(NamedTuple):
    """A line of least squares: its level at the middle of the times, its slope for one step, and how well it fits."""

    middle: float
    level: float
    slope: float
    rss: float
    spread: float
    size: int

    def at(self, time: float) -> float:
        """The line at a time."""
        return self.level + self.slope * (time - self.middle)

    @property
    def half_width(self) -> float | None:
        """Half the 95% interval of the slope, None of two values."""
        freedom = self.size - 2
        return t_quantile(0.95, freedom) * math.sqrt(self.rss / freedom / self.spread) if freedom else None


class MonthFit(NamedTuple):
    """Effects of the twelve months around zero, January first, with the test of whether there are any."""

    effects: tuple[float, ...]
    f: float | None
    p: float

    @property
    def shrinkage(self) -> float:
        """What part of the effects is kept; None of F is a perfect fit."""
        return 1.0 if self.f is None else max(0.0, 1 - 1 / self.f) if self.f else 0.0


def line_of(times: Sequence[float], values: Sequence[float]) -> Line:
    """The line of least squares through two or more values at different times."""
    middle, level = exact_mean(times), exact_mean(values)
    away = [time - middle for time in times]
    slope, rss = _slope(away, [value - level for value in values])
    return Line(middle, level, slope, rss, _squares(away), len(values))


def split_of(values: Sequence[float], *, least_before: int = LEAST_BESIDE_STEP) -> int | None:
    """Where one step fits best: the place of its first value, None of too few values or none that differ."""
    level = exact_mean(values)
    return _best_step([value - level for value in values], [0] * len(values), least_before)


def month_fit(months: Sequence[int], times: Sequence[float], values: Sequence[float]) -> MonthFit:
    """Month effects beside a line or a step, whichever leaves less; the test is of the version with a line.

    Each of the twelve `months` (1 to 12) is there, and there are 24 values or more.
    """
    level = _month_means(months, values)
    around = [value - level[month] for month, value in zip(months, values, strict=True)]
    clock = _without_months(months, times)
    slope, with_line = _slope(clock, around)
    regressor, coefficient = times, slope
    step = _best_step(around, months, LEAST_BESIDE_STEP)
    if step is not None:
        jump = [float(place >= step) for place in range(len(values))]
        size, with_step = _slope(_without_months(months, jump), around)
        if with_step < with_line:
            regressor, coefficient = jump, size
    at = _month_means(months, regressor)
    raw = {month: level[month] - coefficient * at[month] for month in range(1, 13)}
    centre = exact_mean(list(raw.values()))
    f, p = _test(line_of(times, values).rss, with_line, len(values), max(map(abs, values)))
    return MonthFit(tuple(raw[month] - centre for month in range(1, 13)), f, p)


def autocorrelation(values: Sequence[float]) -> float:
    """Correlation of neighbours around the mean, NaN values and their pairs left out; 0 where nothing varies."""
    given = [value for value in values if not math.isnan(value)]
    level = exact_mean(given)
    squares = _squares(value - level for value in given)
    if squares <= len(given) * (NOISE * max(map(abs, given), default=0.0)) ** 2:
        return 0.0
    pairs = ((before - level) * (after - level) for before, after in pairwise(values) if not math.isnan(before - after))
    return math.fsum(pairs) / squares


def corrected(correlation: float, count: int) -> float:
    """An autocorrelation without the downward bias of short series (Kendall), kept inside (-1, 1)."""
    raised = correlation + (1 + 4 * correlation) / count
    return max(-LARGEST_AUTOCORRELATION, min(LARGEST_AUTOCORRELATION, raised))


def _test(without: float, with_months: float, count: int, size: float) -> tuple[float | None, float]:
    """F and its chance; None of F where months leave nothing to explain."""
    noise = count * (NOISE * size) ** 2
    if with_months <= noise:
        return (0.0, 1.0) if without <= noise else (None, 0.0)
    freedom = count - 13
    f = max(0.0, (without - with_months) / 11 / (with_months / freedom))
    return f, f_tail(f, 11, freedom)


def _best_step(around: Sequence[float], months: Sequence[int], least_before: int) -> int | None:
    """The place of a step that explains most of values already without their months' means."""
    sizes = {month: months.count(month) for month in set(months)}
    after = dict.fromkeys(sizes, 0)
    best, place_of_best, total, spread = 0.0, None, 0.0, 0.0
    for place in range(len(around) - 1, least_before - 1, -1):
        month = months[place]
        total += around[place]
        # The spread of the step's own residual grows by 1 less what the mean of its month takes up.
        spread += 1 - (2 * after[month] + 1) / sizes[month]
        after[month] += 1
        if place <= len(around) - LEAST_BESIDE_STEP and spread > NOISE and total * total / spread > best:
            best, place_of_best = total * total / spread, place
    return place_of_best


def _slope(regressor: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """The slope through the origin and the sum of squares left."""
    spread = _squares(regressor)
    pairs = list(zip(regressor, values, strict=True))
    slope = math.fsum(one * value for one, value in pairs) / spread
    return slope, _squares(value - slope * one for one, value in pairs)


def _month_means(months: Sequence[int], values: Sequence[float]) -> dict[int, float]:
    found: dict[int, list[float]] = {}
    for month, value in zip(months, values, strict=True):
        found.setdefault(month, []).append(value)
    return {month: exact_mean(of) for month, of in found.items()}


def _without_months(months: Sequence[int], values: Sequence[float]) -> list[float]:
    level = _month_means(months, values)
    return [value - level[month] for month, value in zip(months, values, strict=True)]


def _squares(values: Iterable[float]) -> float:
    return math.fsum(value * value for value in values)
