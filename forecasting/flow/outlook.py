"""Children due to cross a threshold in 4, 8 and 12 weeks, as a range that past ranges of the same making check.

Rolling origins: at each past census every way of counting ahead says what it would have said, knowing nothing later,
and is held against what came. The way that erred least is used; the size of its own past errors is the width of its
range. Section "Breach warnings" of docs/methods.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from forecasting.flow.breaches import FEWEST_CENSUSES, MODELS, CrossingModel, Expected
from forecasting.flow.census import Census, crossed
from forecasting.results import Basis, Method
from waitlists.sources import Freq

WEEKS_AHEAD: Final = (4, 8, 12)

STEPS_AHEAD: Final[Mapping[Freq, tuple[int, ...]]] = {"W": (4, 8, 12), "M": (1, 2, 3)}
"""What 4, 8 and 12 weeks are checked on: as many weeks, or 1, 2 and 3 months of 30 or 31 days."""

RECENT: Final[Mapping[Freq, int]] = {"W": 26, "M": 6}
"""Half a year is the recent past from which exit rates are taken."""

MOST_ORIGINS: Final = 26
FEWEST_CHECKED: Final = 4
"""With fewer past errors than this no range can be checked, and none is narrowed."""

LEVEL: Final = 0.8
"""8 in 10 cases fall between P10 and P90."""

_POISSON: Final = 1.2816
"""Standard deviations from the median to P90: no count of children is surer than chance allows."""


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


class Task(NamedTuple):
    """What one way said at a past census of a later one, and what came."""

    origin: int
    target: int
    expected: float
    seen: float
    crossing: float

    @property
    def error(self) -> float:
        """How far off it was, in the width that chance alone would give."""
        return abs(self.seen - self.expected) / _scale(self.expected)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Who is due to cross, by which way of counting, from what, and how past ranges turned out."""

    ranges: tuple[Range, ...]
    method: Method
    basis: Basis
    checked: tuple[Checked, ...]


def outlook(
    steps: Sequence[Census | None], *, freq: Freq, over_days: int, models: Sequence[CrossingModel] = MODELS
) -> Outlook | None:
    """The outlook of a list whose threshold its censuses know; None where too little of it is known.

    Parameters
    ----------
    steps
        The list by week or month, oldest first, the last of them there; None where no whole figure is known.
    models
        The ways of counting ahead, the one to be preferred first; it is used unless another erred less.
    """
    now, known = steps[-1], _alike(steps)
    past = _recent(known, len(known) - 1, freq)
    if now is None or len(past) < FEWEST_CENSUSES:
        return None
    tasks = {
        model.name: [
            _tasks(known, model, freq=freq, over_days=over_days, steps_ahead=ahead) for ahead in STEPS_AHEAD[freq]
        ]
        for model in models
    }
    model = min(models, key=lambda one: _mean_error(tasks[one.name]))
    found, checked = list[Range](), list[Checked]()
    for weeks, own in zip(WEEKS_AHEAD, tasks[model.name], strict=True):
        expected = model.expected(past, over_days=over_days, days=7 * weeks)
        half = _half_width(own, _compared(expected, now), expected.crossing)
        found.append(Range(weeks, max(0.0, expected.crossing - half), expected.crossing, expected.crossing + half))
        checked.append(_checked(weeks, own))
    return Outlook(_widening(found), model.name, now.basis, tuple(checked))


def _alike(steps: Sequence[Census | None]) -> list[Census | None]:
    """The steps since the list is known as it is now, by weeks or by bands with the same open top."""
    now = steps[-1]
    kept: list[Census | None] = []
    for step in reversed(steps):
        if step is not None and now is not None and (step.open_from, step.basis) != (now.open_from, now.basis):
            break
        kept.append(step)
    return kept[::-1]


def _recent(steps: Sequence[Census | None], until: int, freq: Freq) -> list[Census]:
    found = steps[max(0, until - RECENT[freq]) : until + 1]
    return [step for step in found if step is not None]


def _tasks(
    steps: Sequence[Census | None], model: CrossingModel, *, freq: Freq, over_days: int, steps_ahead: int
) -> list[Task]:
    """What a way would have said at each past census of the one so many steps later; oldest first."""
    found: list[Task] = []
    for origin in range(max(0, len(steps) - steps_ahead - MOST_ORIGINS), len(steps) - steps_ahead):
        start, target = steps[origin], steps[origin + steps_ahead]
        past = _recent(steps, origin, freq)
        if start is None or target is None or len(past) < FEWEST_CENSUSES:
            continue
        seen = _seen(steps[origin : origin + steps_ahead + 1], over_days=over_days)
        if seen is None:
            continue
        expected = model.expected(past, over_days=over_days, days=(target.on - start.on).days)
        found.append(Task(origin, origin + steps_ahead, _compared(expected, start), seen, expected.crossing))
    return found


def _compared(expected: Expected, census: Census) -> float:
    """What can be held against later figures: crossings where single weeks are known, else the number over then."""
    return expected.crossing if census.basis == "weeks" else expected.over


def _seen(steps: Sequence[Census | None], *, over_days: int) -> float | None:
    """What came of the children of the first step; None where crossings are counted and a step between is missing."""
    there = [step for step in steps if step is not None]
    start, last = there[0], there[-1]
    if last.basis == "bands":
        since = max(over_days + 1, (last.on - start.on).days)
        return float(last.days[since:].sum() + last.beyond)
    if len(there) < len(steps):
        return None
    return sum(
        crossed(after, over_days, within=(after.on - before.on).days, since=(after.on - start.on).days)
        for before, after in pairwise(there)
    )


def _mean_error(by_horizon: Sequence[Sequence[Task]]) -> float:
    """The mean error over all horizons; none where nothing could be checked, so that the first way is used."""
    errors = [abs(task.seen - task.expected) for tasks in by_horizon for task in tasks]
    return float(np.mean(errors)) if len(by_horizon[0]) >= FEWEST_CHECKED else 0.0


def _scale(expected: float) -> float:
    return math.sqrt(max(expected, 1.0))


def _half_width(past: Sequence[Task], compared: float, crossing: float) -> float:
    """Half of the range: the past error that 8 in 10 stayed within, and never less than chance alone would be off."""
    chance = _POISSON * _scale(crossing)
    if len(past) < FEWEST_CHECKED:
        return max(2 * chance, crossing / 2)
    errors = sorted(task.error for task in past)
    rank = min(len(errors), math.ceil((len(errors) + 1) * LEVEL))
    return max(chance, errors[rank - 1] * _scale(compared))


def _checked(weeks: int, tasks: Sequence[Task]) -> Checked:
    """Past ranges, each made from the errors known by its own census, held against what came."""
    checked = held = 0
    for task in tasks:
        before = [one for one in tasks if one.target <= task.origin]
        if len(before) >= FEWEST_CHECKED:
            checked += 1
            held += abs(task.seen - task.expected) <= _half_width(before, task.expected, task.crossing)
    return Checked(weeks, checked, held)


def _widening(found: Sequence[Range]) -> tuple[Range, ...]:
    """Whoever crosses within 4 weeks has crossed within 8: no end of a longer range lies below that of a shorter."""
    lows, mids, highs = (np.maximum.accumulate([getattr(one, name) for one in found]) for name in ("p10", "p50", "p90"))
    return tuple(
        Range(one.weeks, float(low), float(mid), float(high))
        for one, low, mid, high in zip(found, lows, mids, highs, strict=True)
    )
