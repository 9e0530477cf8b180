"""Queue arithmetic: load, target list, target and relief capacity, pressure; each answers a number, or why it has none.

Waits are in weeks and rates per week throughout. The formulas and their edges are those of docs/methods.md, section on
queue metrics; what they do not copy from other tools is said there.
"""

import math
from collections.abc import Callable, Mapping
from inspect import signature
from types import MappingProxyType
from typing import Final, NamedTuple

from waitlists.errors import NotFound
from waitlists.near import near_codes

RULE_OF_THUMB_FACTOR: Final = 4.0
"""Tail factor where no share is named: the one that goes with 98.2% within the target wait (Fong et al. 2022)."""

USUAL_WEEKS_TO_TARGET: Final = 26.0


class Answer(NamedTuple):
    """A formula's number, or None and one word for why; `clamped_to_zero` stands beside the number 0."""

    value: float | None
    reason: str | None = None


INVALID: Final = Answer(None, "invalid_argument")
"""Negative demand or size, a share outside (0, 1), a time that is not positive, a number too large to hold."""


def load(demand: float, capacity: float) -> Answer:
    """Referrals per treatment: 1 is a steady list, more than 1 a growing one; None without any capacity."""
    if demand < 0 or capacity < 0:
        return INVALID
    return _answer(demand / capacity) if capacity else Answer(None, "no_capacity")


def tail_factor(p: float) -> Answer:
    """How many mean waits fit into the wait that a share `p` stays below, in a list treated in random order.

    >>> round(tail_factor(0.92).value, 4)
    2.5257
    """
    return _answer(-math.log1p(-p)) if 0 < p < 1 else INVALID


def target_mean_wait(target_wait: float, factor: float = RULE_OF_THUMB_FACTOR) -> Answer:
    """Mean wait in weeks at which the share behind `factor` waits less than `target_wait` weeks."""
    return _answer(target_wait / factor) if target_wait > 0 and factor > 0 else INVALID


def target_queue(demand: float, target_wait: float, factor: float = RULE_OF_THUMB_FACTOR) -> Answer:
    """Longest list that keeps the target wait when children are taken in random order."""
    if demand < 0 or target_wait <= 0 or factor <= 0:
        return INVALID
    return _answer(demand * target_wait / factor)


def target_queue_fifo(demand: float, target_wait: float, p: float) -> Answer:
    """Longest list that keeps the target wait for a share `p` when the longest wait is always taken first."""
    return _answer(demand * target_wait / p) if demand >= 0 and target_wait > 0 and 0 < p < 1 else INVALID


def target_capacity(
    demand: float,
    target_wait: float,
    factor: float = RULE_OF_THUMB_FACTOR,
    cv_demand: float = 1.0,
    cv_capacity: float = 1.0,
) -> Answer:
    """Treatments per week that hold the target wait: demand and a margin for its unevenness (Kingman).

    `cv` is the standard deviation of the gaps between events over their mean, 1 for events at random.
    """
    if demand < 0 or target_wait <= 0 or factor <= 0 or min(cv_demand, cv_capacity) < 0:
        return INVALID
    unevenness = (cv_demand * cv_demand + cv_capacity * cv_capacity) / 2
    return _answer(demand + unevenness * factor / target_wait)


def relief_capacity(
    demand: float,
    queue_size: float,
    target_queue_size: float,
    time_to_target: float = USUAL_WEEKS_TO_TARGET,
    num_referrals: float = 0.0,
    cv_demand: float = 0.0,
) -> Answer:
    """Treatments per week that bring a list to its target size in `time_to_target` weeks; never below 0.

    With `num_referrals` gaps observed, demand is raised to what a mean gap two standard errors shorter would mean,
    demand / (1 - x) with x = 2 cv / sqrt(n): the same whatever the unit of time. `uplift_undefined` where so few gaps
    cannot rule out any demand at all.
    """
    if min(demand, queue_size, target_queue_size, num_referrals, cv_demand) < 0 or time_to_target <= 0:
        return INVALID
    shortening = 2 * cv_demand / math.sqrt(num_referrals) if num_referrals else 0.0
    if shortening >= 1:
        return Answer(None, "uplift_undefined")
    needed = demand / (1 - shortening) + (queue_size - target_queue_size) / time_to_target
    return Answer(0.0, "clamped_to_zero") if needed < 0 else _answer(needed)


def pressure(mean_wait: float, target_wait: float) -> Answer:
    """Twice the mean wait over the target wait, both in weeks: above 1 the list is under pressure."""
    return _answer(2 * mean_wait / target_wait) if mean_wait >= 0 and target_wait > 0 else INVALID


FORMULAS: Mapping[str, Callable[..., Answer]] = MappingProxyType({
    formula.__name__: formula
    for formula in (load, tail_factor, target_mean_wait, target_queue, target_capacity, relief_capacity, pressure)
})  # fmt: skip
"""The formulas that may be asked for by name."""


def evaluate(fn: str, args: Mapping[str, object]) -> Answer:
    """The answer of a formula by name; an argument it does not know, lacks, or cannot use is `invalid_argument`.

    Raises
    ------
    NotFound
        When no formula has the name.
    """
    if fn not in FORMULAS:
        near = near_codes(fn, {name: name for name in FORMULAS})
        raise NotFound(f"no formula has this name; there are {', '.join(FORMULAS)}", field="fn", near=near)
    numbers = {name: number for name, value in args.items() if (number := _number(value)) is not None}
    try:
        given = signature(FORMULAS[fn]).bind(**numbers)
    except TypeError:
        return INVALID
    return FORMULAS[fn](*given.args, **given.kwargs) if len(numbers) == len(args) else INVALID


def _number(value: object) -> float | None:
    """A finite double; True is an int to Python and no number to anyone."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _answer(value: float) -> Answer:
    return Answer(value) if math.isfinite(value) else INVALID
