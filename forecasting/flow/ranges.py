"""Ranges around the children due to cross: as wide as past errors were, and checked against the past they come from.

A list with enough past errors has its own; one with fewer has those of all lists of its source that were counted in the
same way, each error in the width that chance alone would give. A past range is made from errors known by its own day.
Split conformal prediction: Vovk, Gammerman and Shafer 2005; section "Breach warnings" of docs/methods.md.
"""

import math
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from forecasting.flow.outlook import FEWEST_CHECKED, Ahead, Outlook, Task, scale
from forecasting.results import Basis, Method

LEVEL: Final = 0.8
"""8 in 10 cases fall between P10 and P90."""

LEAST_HALF: Final = 0.5
"""No count of children is surer than half a child."""

_UNCHECKED: Final = 2.5632
"""Twice the way from the median to P90 of a count by chance: how wide a range is that nothing can be said of."""

Kind = tuple[Method, Basis, int]
"""What is alike enough to share errors: the way of counting, what waits are known by, and the weeks ahead."""


class Range(NamedTuple):
    """Children of today's list expected to cross within so many weeks."""

    weeks: int
    p10: float
    p50: float
    p90: float

    @property
    def probability(self) -> float:
        """The chance that at least one crosses, each by chance of its own."""
        return -math.expm1(-self.p50)


class Checked(NamedTuple):
    """How many past ranges of a horizon could be checked, and how many held."""

    weeks: int
    checked: int
    held: int


class Pooled(NamedTuple):
    """Errors of several lists: all of them, and how past ranges made from earlier ones turned out."""

    error: float | None
    checked: int
    held: int


Pool = Mapping[Kind, Pooled]


def pool_of(outlooks: Iterable[Outlook]) -> Pool:
    """The errors that lists of one source share."""
    tasks: dict[Kind, list[Task]] = defaultdict(list)
    for one in outlooks:
        for ahead in one.horizons:
            tasks[one.method, one.basis, ahead.weeks] += ahead.tasks
    return {kind: _pooled(several) for kind, several in tasks.items()}


def ranges(found: Outlook, pool: Pool) -> tuple[tuple[Range, ...], tuple[Checked, ...]]:
    """The range of each horizon and how past ranges of its making turned out.

    Notes
    -----
    Whoever crosses within 4 weeks has crossed within 8: no end of a longer range lies below that of a shorter one.
    """
    made, checked = list[tuple[float, float, float]](), list[Checked]()
    for ahead in found.horizons:
        own = _pooled(ahead.tasks)
        used = own if len(ahead.tasks) >= FEWEST_CHECKED else pool.get((found.method, found.basis, ahead.weeks), own)
        half = _half_width(ahead, used.error)
        made.append((max(0.0, ahead.crossing - half), ahead.crossing, ahead.crossing + half))
        checked.append(Checked(ahead.weeks, used.checked, used.held))
    rising = np.maximum.accumulate(np.array(made), axis=0).tolist()
    return tuple(Range(one.weeks, *ends) for one, ends in zip(found.horizons, rising, strict=True)), tuple(checked)


def _half_width(ahead: Ahead, error: float | None) -> float:
    if error is None:
        return max(_UNCHECKED * scale(ahead.crossing), ahead.crossing / 2)
    return max(LEAST_HALF, error * scale(ahead.compared))


def _pooled(tasks: Sequence[Task]) -> Pooled:
    """Each past range from the errors of tasks that had ended by its day; those of one day together."""
    known: list[float] = []
    ended = sorted(tasks, key=lambda task: task.until)
    checked = held = place = 0
    for day in sorted({task.on for task in tasks}):
        while place < len(ended) and ended[place].until <= day:
            insort(known, ended[place].error)
            place += 1
        limit = _limit(known)
        if limit is not None:
            checked_then, held_then = _checked(tasks, day, limit)
            checked, held = checked + checked_then, held + held_then
    return Pooled(_limit(sorted(task.error for task in tasks)), checked, held)


def _checked(tasks: Sequence[Task], day: date, limit: float) -> tuple[int, int]:
    then = [task for task in tasks if task.on == day]
    return len(then), sum(
        abs(task.seen - task.expected) <= max(LEAST_HALF, limit * scale(task.expected)) for task in then
    )


def _limit(errors: Sequence[float]) -> float | None:
    """The error that 8 in 10 stay within, for one more of their kind; None from too few."""
    if len(errors) < FEWEST_CHECKED:
        return None
    return errors[min(len(errors), math.ceil((len(errors) + 1) * LEVEL)) - 1]
