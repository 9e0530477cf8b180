"""Children due to cross a threshold in 4, 8 and 12 weeks, by the way of counting that did best on the past.

Rolling origins: at each past census every way of counting ahead says what it would have said, knowing nothing later,
and is held against what came. The way that erred least is used; how wide its past errors make a range is in `ranges`.
Section "Breach warnings" of docs/methods.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from forecasting.flow.breaches import FEWEST_CENSUSES, MODELS, CrossingModel, Expected
from forecasting.flow.census import Census, crossed, opened
from forecasting.results import Basis, Method
from waitlists.sources import Freq

WEEKS_AHEAD: Final = (4, 8, 12)

STEPS_AHEAD: Final[Mapping[Freq, tuple[int, ...]]] = {"W": (4, 8, 12), "M": (1, 2, 3)}
"""What 4, 8 and 12 weeks are checked on: as many weeks, or 1, 2 and 3 months of 30 or 31 days."""

RECENT: Final[Mapping[Freq, int]] = {"W": 26, "M": 6}
"""Half a year is the recent past from which exit rates are taken."""

MOST_ORIGINS: Final = 26
FEWEST_CHECKED: Final = 8
"""With fewer past errors of its own a list's range is that of all lists of its source."""


class Task(NamedTuple):
    """What was said at a past census of a later one, and what came; `on` and `until` are their days."""

    on: date
    until: date
    expected: float
    seen: float

    @property
    def error(self) -> float:
        """How far off it was, in the width that chance alone would give."""
        return abs(self.seen - self.expected) / scale(self.expected)


class Ahead(NamedTuple):
    """What one horizon holds: children expected to cross, the number that past figures are held against, and tasks."""

    weeks: int
    crossing: float
    compared: float
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """Who is due to cross by horizon, by which way of counting, from what; ranges are put around it in `ranges`."""

    horizons: tuple[Ahead, ...]
    method: Method
    basis: Basis


def outlook(
    steps: Sequence[Census | None],
    now: Census,
    *,
    freq: Freq,
    over_days: int,
    models: Sequence[CrossingModel] = MODELS,
) -> Outlook | None:
    """The outlook of a list whose threshold its newest census knows; None where too little of its past is known.

    Parameters
    ----------
    steps
        The list by week or month, oldest first, up to the day of `now`; None where no whole figure is known.
    now
        The list from which children cross: the last step, or what is made good in its place.
    models
        The ways of counting ahead, the one to be preferred first; it is used unless another erred less.
    """
    now, known = alike(steps, now, over_days=over_days)
    past = recent(known, now, freq)
    if len(past) < FEWEST_CENSUSES:
        return None
    tasks = {
        model.name: [
            _tasks(known, model, freq=freq, over_days=over_days, steps_ahead=ahead) for ahead in STEPS_AHEAD[freq]
        ]
        for model in models
    }
    model = min(models, key=lambda one: _mean_error(tasks[one.name]))
    found: list[Ahead] = []
    for weeks, own in zip(WEEKS_AHEAD, tasks[model.name], strict=True):
        expected = model.expected(past, over_days=over_days, days=7 * weeks)
        found.append(Ahead(weeks, expected.crossing, _compared(expected, now), tuple(own)))
    return Outlook(tuple(found), model.name, now.basis)


def alike(steps: Sequence[Census | None], now: Census, *, over_days: int) -> tuple[Census, list[Census | None]]:
    """All censuses that know the threshold in the way `now` does, cut to the same open top; None in place of others."""
    fit = [one if one and one.basis == now.basis and one.open_from > over_days else None for one in steps]
    least = min([now.open_from, *(one.open_from for one in fit if one)])
    return opened(now, least), [opened(one, least) if one else None for one in fit]


def recent(steps: Sequence[Census | None], now: Census, freq: Freq) -> list[Census]:
    """The censuses of the last half year, `now` the last of them."""
    return [*_recent(steps, len(steps) - 2, freq), now]


def _recent(steps: Sequence[Census | None], until: int, freq: Freq) -> list[Census]:
    found = steps[max(0, until - RECENT[freq]) : max(0, until + 1)]
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
        found.append(Task(start.on, target.on, _compared(expected, start), seen))
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
    return float(np.mean(errors)) if errors else 0.0


def scale(expected: float) -> float:
    """The width of chance around a count."""
    return math.sqrt(max(expected, 1.0))
