"""Special causes: windows of rows in one group of a chart that chance alone would seldom make.

Each rule gives windows with their side, the rows they span and the rows they flag; a row may lie in many. Which of
them names the point is decided in `verdict`. Missing values are NaN and break every window.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, Literal, NamedTuple

from waitlists.trends.xmr import Limits

Rule = Literal["outside", "trend", "two_in_three", "shift"]
SpecialCause = Literal[
    "none", "above_upper", "below_lower", "trend_up", "trend_down", "two_in_three_above", "two_in_three_below",
    "shift_above", "shift_below",
]  # fmt: skip

WORDS: Final[dict[tuple[Rule, int], SpecialCause]] = {
    ("outside", 1): "above_upper",
    ("outside", -1): "below_lower",
    ("trend", 1): "trend_up",
    ("trend", -1): "trend_down",
    ("two_in_three", 1): "two_in_three_above",
    ("two_in_three", -1): "two_in_three_below",
    ("shift", 1): "shift_above",
    ("shift", -1): "shift_below",
}


class Window(NamedTuple):
    """A rule met from one row to another, on the high (1) or low (-1) side, and the rows it flags."""

    rule: Rule
    side: int
    first: int
    last: int
    rows: Sequence[int]


def windows_of(
    values: Sequence[float], limits: Limits, *, run_length: int, skips_ties: bool, outside_is_near: bool
) -> list[Window]:
    """Every window of every rule, that rule first which names a point; windows that overlap on one side are one.

    `outside_is_near` counts points beyond a control limit among those of two in three.
    """
    sides = [(value > limits.mean) - (value < limits.mean) for value in values]
    return [
        *_outside(values, limits),
        *_trends(values, run_length, skips_ties=skips_ties),
        *_two_in_three(sides, _near(values, limits, outside_is_near=outside_is_near)),
        *_shifts(sides, run_length),
    ]


def _outside(values: Sequence[float], limits: Limits) -> list[Window]:
    """Strictly beyond a control limit."""
    lower, upper = limits.lower, limits.upper
    return [
        Window("outside", 1 if value > upper else -1, row, row, (row,))
        for row, value in enumerate(values)
        if value > upper or value < lower
    ]


def _near(values: Sequence[float], limits: Limits, *, outside_is_near: bool) -> list[bool]:
    """Strictly beyond a near limit; beyond the control limit only where asked."""
    low, high = limits.near_lower, limits.near_upper
    if outside_is_near:
        return [value < low or value > high for value in values]
    lower, upper = limits.lower, limits.upper
    return [lower <= value < low or high < value <= upper for value in values]


def _shifts(sides: Sequence[int], run_length: int) -> Iterator[Window]:
    """So many rows in a row on one side of the mean; on the mean is on neither."""
    first = 0
    for side, run in groupby(sides):
        rows = range(first, first + len(list(run)))
        if side and len(rows) >= run_length:
            yield Window("shift", side, first, rows[-1], rows)
        first = rows.stop


def _two_in_three(sides: Sequence[int], near: Sequence[bool]) -> list[Window]:
    """Three rows on one side of which two or more are near a limit; only the near ones are flagged."""
    if sum(near) < 2:
        return []
    spans: list[list[int]] = []
    for row in range(len(sides) - 2):
        side = sides[row]
        if not side or sides[row + 1] != side or sides[row + 2] != side or sum(near[row : row + 3]) < 2:
            continue
        if spans and spans[-1][1] >= row:
            spans[-1][1] = row + 2
        else:
            spans.append([row, row + 2])
    return [
        Window("two_in_three", sides[first], first, last, [row for row in range(first, last + 1) if near[row]])
        for first, last in spans
    ]


def _trends(values: Sequence[float], run_length: int, *, skips_ties: bool) -> Iterator[Window]:
    """So many rows of which each is higher (or each lower) than the one before.

    Where ties are skipped, a row equal to the one before neither counts as a step nor ends the trend.
    """
    way = first = last = steps = 0
    for row, (before, after) in enumerate(pairwise((*values, float("nan"))), 1):
        step = (after > before) - (after < before)
        if step == way and step:
            steps, last = steps + 1, row
        elif not (skips_ties and before == after):
            if steps >= run_length - 1:
                yield Window("trend", way, first, last, range(first, last + 1))
            way, first, last, steps = step, row - 1, row, abs(step)
