"""Run charts: what can be said of a series too short for limits, from runs and crossings of its median.

Source: the rules of Anhoej and Olesen (PLoS ONE 2014), as in the R package qicharts2.
"""

import math
from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from waitlists.trends.chance import coin_quantile


class RunChart(NamedTuple):
    """The median, the longest run and the crossings with what chance allows; values on the median do not count."""

    median: float
    useful: int
    longest_run: int
    longest_allowed: int
    crossings: int
    least_allowed: int

    @property
    def is_random(self) -> bool:
        """Whether neither the longest run is too long nor the crossings are too few."""
        return self.longest_run <= self.longest_allowed and self.crossings >= self.least_allowed


def run_chart(values: Sequence[float]) -> RunChart | None:
    """The run chart of values without missing ones, None of none.

    >>> run_chart([1, 2, 3, 10, 11, 12]).crossings
    1
    """
    if not values:
        return None
    middle = median(values)
    sides = [value > middle for value in values if value != middle]
    longest = max((len(list(run)) for _, run in groupby(sides)), default=0)
    crossings = sum(before != after for before, after in pairwise(sides))
    allowed = round(math.log2(len(sides))) + 3 if sides else 0
    return RunChart(middle, len(sides), longest, allowed, crossings, coin_quantile(0.05, max(0, len(sides) - 1)))
