"""Every list week by week: children join, are seen or leave unseen, by how long they have waited.

Whole cohorts are moved, not children, so that the work does not grow with the size of the lists; each cohort and week
of leaving is then written out as children.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from waitlists.synthetic.kent.calendar import (
    FRONT_DOOR_SERVICES,
    NEVER,
    Faults,
    clinic_factors,
    day_number,
    front_door_factors,
    referral_factors,
)
from waitlists.synthetic.kent.lists import LISTS
from waitlists.synthetic.kent.profile import OLDEST, profile
from waitlists.synthetic.kent.referrals import Column

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]

BURN_IN_WEEKS = 52
"""Weeks run before the first that is kept, so that those waiting for a next stage are there from the start."""

UNSEEN, SEEN, CLEANED, OPEN = 0, 1, 2, 3
CLEANED_FROM_WEEK = 18


@dataclass(frozen=True, slots=True)
class Truth:
    """What the figures come from. Lists in the order of `lists.LISTS`, weeks in that of the population.

    Parameters
    ----------
    seen_hazard, unseen_hazard : (lists, weeks of waiting) share that leaves in an average week
    capacity : (lists, weeks) children the clinics would be expected to see
    referrals, seen, unseen, waiting : (lists, weeks) children who joined, were seen, left unseen, wait on the Sunday
    """

    seen_hazard: Floats
    unseen_hazard: Floats
    capacity: Floats
    referrals: Counts
    seen: Counts
    unseen: Counts
    waiting: Counts


class Stays(NamedTuple):
    """One entry a child: the list, the days of joining and leaving (NEVER while waiting) and how it ended."""

    list_index: Column
    joined: Column
    left: Column
    ending: Column


class _Cells(NamedTuple):
    """Children who left: list, cohort, week of leaving, how, and how many."""

    list_index: Counts
    cohort: Counts
    week: Counts
    ending: Counts
    children: Counts


def simulate(weeks: Sequence[date], faults: Faults, *, rng: np.random.Generator, scale: float) -> tuple[Stays, Truth]:
    """The stays of all children on every list, and what they come from.

    Parameters
    ----------
    weeks : Sundays on which the weeks end
    scale : size against the real lists
    """
    mondays = [weeks[0] + timedelta(days=-6, weeks=number) for number in range(-BURN_IN_WEEKS, len(weeks))]
    profiles = [profile(item) for item in LISTS]
    hazards = _Hazards(np.stack([item.seen for item in profiles]), np.stack([item.unseen for item in profiles]))
    levels = _levels(mondays) * scale
    waiting = np.zeros((len(LISTS), OLDEST + len(mondays)), dtype=np.int64)
    waiting[:, :OLDEST] = rng.poisson(np.stack([item.waiting for item in profiles]) * levels[:, :1])[:, ::-1]
    arrivals = rng.poisson(np.array([[item.referrals] for item in LISTS]) * levels * _joining(mondays, faults))
    speeds = _speeds(mondays, rng)
    gone: list[_Cells] = []
    history: list[NDArray[np.float64]] = []
    for week, monday in enumerate(mondays):
        waiting[:, OLDEST + week] = arrivals[:, week]
        present = waiting[:, : OLDEST + week + 1]
        rates = hazards.of(week, speeds[:, week])
        capacity = (present * rates.seen).sum(axis=1)
        leaving = _leaving(present, rates, rng)
        sunday = monday + timedelta(days=6)
        children = round(faults.cleaned_children * scale) if sunday == faults.cleaned_week else 0
        leaving.append(_cleaned(present - sum(leaving), children, faults.cleaned, rng))
        present -= sum(leaving)
        gone += [_cells(count, week, ending) for ending, count in enumerate(leaving)]
        history.append(np.stack([capacity, *(count.sum(axis=1) for count in leaving), present.sum(axis=1)]))
    past = np.stack(history[BURN_IN_WEEKS:], axis=-1)
    capacity, unseen, seen, cleaned, size = past
    joined = arrivals[:, BURN_IN_WEEKS:]
    truth = Truth(*hazards, capacity, joined, *(item.astype(np.int64) for item in (seen, unseen + cleaned, size)))
    return _stays([*gone, _cells(waiting, len(mondays), OPEN)], mondays[0], rng), truth


class _Hazards(NamedTuple):
    """Share seen and leaving unseen in a week: (lists, weeks of waiting), or by cohort."""

    seen: Floats
    unseen: Floats

    def of(self, week: int, speeds: Floats) -> "_Hazards":
        """By cohort in a week, oldest first, with the clinics at their speed of that week."""
        ages = np.minimum(np.arange(OLDEST + week, -1, -1), OLDEST - 1)
        seen = np.minimum(self.seen[:, ages] * speeds[:, None], 1)
        return _Hazards(seen, np.minimum(self.unseen[:, ages], 1 - seen))


def _levels(mondays: Sequence[date]) -> Floats:
    years = [[(monday - item.known_on).days / 365.25 for monday in mondays] for item in LISTS]
    return (1 + np.array([[item.growth] for item in LISTS])) ** np.array(years)


def _joining(mondays: Sequence[date], faults: Faults) -> Floats:
    season = referral_factors(mondays)
    front_door = front_door_factors(mondays, faults.front_door)
    is_behind = [item.service in FRONT_DOOR_SERVICES and not item.is_review for item in LISTS]
    return np.where(np.array(is_behind)[:, None], season * front_door, season)


def _speeds(mondays: Sequence[date], rng: np.random.Generator) -> Floats:
    """Clinics have good and bad months: a slow wander about the season, the same for every age."""
    moods: list[Floats] = []
    mood = np.zeros(len(LISTS))
    for _ in mondays:
        mood = 0.9 * mood + rng.normal(0, 0.012, len(LISTS))
        moods.append(mood)
    return clinic_factors(mondays) * np.exp(np.stack(moods, axis=-1))


def _leaving(present: Counts, rates: _Hazards, rng: np.random.Generator) -> list[Counts]:
    """Children who leave in a week by list and cohort, unseen and seen."""
    where = present > 0
    gone, seen = np.zeros_like(present), np.zeros_like(present)
    either = rates.seen[where] + rates.unseen[where]
    gone[where] = rng.binomial(present[where], either)
    seen[where] = rng.binomial(gone[where], rates.seen[where] / either)
    return [gone - seen, seen]


def _cleaned(present: Counts, children: int, whose: tuple[str, str], rng: np.random.Generator) -> Counts:
    """A validation: so many of one list who have waited 18 weeks and more, taken at random."""
    removed = np.zeros_like(present)
    if not children:
        return removed
    row = next(n for n, item in enumerate(LISTS) if (item.provider, item.service) == whose and not item.is_review)
    long = present[row, :-CLEANED_FROM_WEEK]
    removed[row, :-CLEANED_FROM_WEEK] = rng.multivariate_hypergeometric(long, min(children, int(long.sum())))
    return removed


def _cells(children: Counts, week: int, ending: int) -> _Cells:
    lists, cohorts = np.nonzero(children)
    whole = np.full(len(lists), 1)
    return _Cells(lists, cohorts, whole * week, whole * ending, children[lists, cohorts])


def _stays(cells: Sequence[_Cells], first_monday: date, rng: np.random.Generator) -> Stays:
    """Children of working days; whoever leaves in the week of joining leaves on the day of joining or later."""
    columns = [np.concatenate(column) for column in zip(*cells, strict=True)]
    lists, cohorts, weeks, endings = (np.repeat(column, columns[-1]) for column in columns[:-1])
    monday = day_number(first_monday)
    joined = monday + 7 * (cohorts - OLDEST) + rng.integers(0, 5, len(cohorts))
    left = np.maximum(monday + 7 * weeks + rng.integers(0, 5, len(weeks)), joined)
    return Stays(
        lists.astype(np.int16),
        joined.astype(np.int32),
        np.where(endings == OPEN, NEVER, left).astype(np.int32),
        endings.astype(np.int8),
    )
