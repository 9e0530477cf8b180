"""Where new limits might be drawn: one lasting step that stands out, suggested with its evidence and never applied.

The four conditions and what they were measured to do are in docs/methods.md, section (c).
"""

import math
from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from typing import Final, NamedTuple

from waitlists.trends.adjust import season_of
from waitlists.trends.asking import Options, Point
from waitlists.trends.fits import autocorrelation, split_of
from waitlists.trends.verdict import Group
from waitlists.trends.xmr import exact_mean

LEAST_BEFORE: Final = 12
LEAST_AFTER: Final = 8
LEAST_T: Final = 3.2
LEAST_SIZE: Final = 1.0


class Suggestion(NamedTuple):
    """A step: its first date, the means around it, its size in standard deviations (None: nothing else varies).

    `run_length` counts the last points that all lie beyond the earlier mean.
    """

    date: date
    before_mean: float
    after_mean: float
    size_sd: float | None
    run_length: int


class _Step(NamedTuple):
    place: int
    before: float
    after: float
    deviation: float


def suggested_rebase(rows: Sequence[Point], last: Group, options: Options) -> Suggestion | None:
    """The step in the last group that new limits might start from, None where the evidence is not all there."""
    season, _ = season_of(rows, options)
    steady = season.without(rows) if season else rows
    given = [(row.date, row.value) for row in steady if row.value is not None and row.date >= last.since]
    values = [value for _, value in given]
    place = split_of(values, least_before=LEAST_BEFORE)
    if place is None:
        return None
    step = _step(values, place)
    difference = step.after - step.before
    size = difference / step.deviation if step.deviation else None
    run = _run_beyond(values, step.before, 1 if difference > 0 else -1)
    if run < LEAST_AFTER or (size is not None and not _stands_out(size, place, len(values))):
        return None
    if _remembered(values, step) > 1.65 / math.sqrt(len(values)):
        return None
    return Suggestion(given[place][0], step.before, step.after, size, run)


def _stands_out(size: float, place: int, count: int) -> bool:
    t = abs(size) / math.sqrt(1 / place + 1 / (count - place))
    return t >= LEAST_T and abs(size) >= LEAST_SIZE


def _step(values: Sequence[float], place: int) -> _Step:
    before, after = exact_mean(values[:place]), exact_mean(values[place:])
    squares = math.fsum((value - (before if at < place else after)) ** 2 for at, value in enumerate(values))
    return _Step(place, before, after, math.sqrt(squares / (len(values) - 2)))


def _run_beyond(values: Sequence[float], mean: float, side: int) -> int:
    """How many of the last values lie on one side of a mean."""
    return sum(1 for _ in takewhile(lambda value: (value - mean) * side > 0, reversed(values)))


def _remembered(values: Sequence[float], step: _Step) -> float:
    """Likeness of neighbours within both parts, corrected for the two means."""
    around = [value - (step.before if place < step.place else step.after) for place, value in enumerate(values)]
    return autocorrelation(around) + 2 / len(values)
