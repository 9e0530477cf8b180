"""Whether rounded steps can be judged at all: what rounding or hiding alone may make is no change, and none is said.

Counts are shown to the nearest 5. Limits drawn from them can close on one value, and a step of 5 can be one child.
"""

from collections.abc import Sequence
from typing import Final

from waitlists.suppression.rules import STEP
from waitlists.trends.judging import Trend
from waitlists.trends.measures import Unit
from waitlists.trends.steps import Step
from waitlists.trends.verdict import JudgedPoint, Variation

LEAST_WIDTH: Final = 2 * STEP
MOST_HIDDEN: Final = 0.25

TOO_CLOSE: Final = "too close to the rounding to judge"
TOO_HIDDEN: Final = "too many steps are not shown to judge"
NO_WAITS: Final = "a wait worked out from rounded wait bands is known only about, so it is not judged"


def unjudgeable(
    steps: Sequence[Step], trend: Trend, variation: Variation, *, unit: Unit, is_of_step: bool
) -> str | None:
    """Why nothing can be said of rounded steps; None where the verdict holds.

    Parameters
    ----------
    is_of_step
        Whether the verdict is of the last step and not of the level.
    """
    if unit == "weeks":
        return NO_WAITS
    judged = [step for step in steps if step.period_end >= trend.groups[-1].since]
    if sum(step.is_suppressed for step in judged) > MOST_HIDDEN * len(judged):
        return TOO_HIDDEN
    if unit == "share":
        return None
    values = [step.value for step in judged if step.is_whole and step.value is not None]
    last = next(point for point in reversed(trend.points) if point.date == trend.judged_on)
    is_small = len(values) > 1 and is_rounding(values[-2], values[-1])
    is_made = variation != "common_cause" and is_small and (is_of_step or not _is_far_out(last))
    return TOO_CLOSE if _width(last) < LEAST_WIDTH or is_made else None


def is_rounding(before: float, value: float) -> bool:
    """Whether rounding alone may have made a step between two counts."""
    return abs(value - before) <= STEP


def _width(point: JudgedPoint) -> float:
    return (point.upper or 0.0) - (point.lower or 0.0)


def _is_far_out(point: JudgedPoint) -> bool:
    """Whether a value lies further beyond its limits than rounding can move it: a level that stays is no small step."""
    value, lower, upper = point.value or 0.0, point.lower or 0.0, point.upper or 0.0
    return value > upper + STEP or value < lower - STEP
