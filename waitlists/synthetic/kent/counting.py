"""Lists counted from the true dates in a plain way, as a provider would: by wait band, by stage, who came and who left.

A spell of two referrals is one wait. This is what weekly returns and censuses are made of, and a check on clocks and
snapshots worked out from the same children's records; nothing of those is used here.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from waitlists.periods import is_month_end
from waitlists.record.schema import REASONS, STAGES
from waitlists.synthetic.kent.calendar import day_number, day_of
from waitlists.synthetic.kent.extract import stages
from waitlists.synthetic.kent.lists import HELD, KENT_AND_MEDWAY, PROVIDERS, SERVICES, SUCCESSIONS
from waitlists.synthetic.kent.population import Population
from waitlists.synthetic.kent.referrals import IS_REVIEW, SERVICE, Column, Referrals, happened, is_waiting

Counts = NDArray[np.int64]
Stage = Literal["list", "next", "review"]

BAND_ENDS = (8, 15, 29, 85, 127, 365, 729)
"""The first day of waiting that is past each band but the last."""

LAST_WEEK = 260
_SEEN = [REASONS.index(word) for word in ("seen", "assessed", "treated", "equipment_delivered")]


class Waiting(NamedTuple):
    """Days waited and what for (a place in `STAGES`), for each child at one stage of a list on a day."""

    days: Column
    waiting_for: Column

    def bands(self, waiting_for: str) -> Counts:
        """(8,) children who wait for this, by band."""
        return np.bincount(np.searchsorted(BAND_ENDS, self._days_for(waiting_for), side="right"), minlength=8)

    def single_weeks(self, waiting_for: str) -> Counts:
        """(261,) children who wait for this by whole weeks, the last open."""
        return np.bincount(np.minimum(self._days_for(waiting_for) // 7, LAST_WEEK), minlength=LAST_WEEK + 1)

    def _days_for(self, waiting_for: str) -> Column:
        return self.days[self.waiting_for == STAGES.index(waiting_for)]


class CensusRow(NamedTuple):
    """A list at a month end by wait band, (8,) counts; of a provider or, summed, of the board."""

    period_end: date
    service: str
    org: str
    bands: tuple[int, ...]


def waits(population: Population, provider: str, service: str) -> Referrals:
    """The waits of a list, a spell as one: from its first referral, with what came of its last."""
    referrals = population.referrals
    is_of_list = (referrals.provider == PROVIDERS.index(provider)) & (SERVICE[referrals.list_index] == service)
    referrals = referrals.take(np.flatnonzero(is_of_list))
    is_second = (referrals.spell >= 0) & (referrals.number != referrals.spell)
    # Of a spell whose second referral comes after the last week, nobody knows yet.
    is_second &= referrals.received <= day_number(population.weeks[-1])
    is_first = (referrals.number == referrals.spell) & np.isin(referrals.spell, referrals.spell[is_second])
    firsts, seconds = (np.flatnonzero(chosen) for chosen in (is_first, is_second))
    firsts, seconds = (rows[np.argsort(referrals.spell[rows])] for rows in (firsts, seconds))
    received = referrals.received.copy()
    received[seconds] = referrals.received[firsts]
    return referrals._replace(received=received).take(~is_first)


def waiting(referrals: Referrals, stage: Stage, *, on: int) -> Waiting:
    """Who waits at a stage at the end of a day; for a next stage, since the wait before it ended."""
    is_review = IS_REVIEW[referrals.list_index]
    if stage == "next":
        chosen = np.isin(referrals.reason, _SEEN) & happened(referrals.stopped, on) & (referrals.discharged > on)
        since = referrals.stopped
    else:
        chosen, since = is_waiting(referrals, on), referrals.started
    chosen &= is_review if stage == "review" else ~is_review
    found = referrals.take(np.flatnonzero(chosen))
    return Waiting(on - since[chosen], stages(found, on))


def came(referrals: Referrals, *, after: int, until: int) -> int:
    """Children who joined the list in (after, until], from another provider too; reviews are not counted."""
    is_new = (referrals.received > after) & (referrals.received <= until)
    return int((is_new & ~IS_REVIEW[referrals.list_index]).sum())


def left(referrals: Referrals, *, after: int, until: int) -> dict[str, int]:
    """Children who left the list in (after, until] by every reason of the record; reviews are not counted."""
    is_gone = (referrals.stopped > after) & (referrals.stopped <= until) & ~IS_REVIEW[referrals.list_index]
    counts = np.bincount(referrals.reason[is_gone], minlength=len(REASONS))
    return dict(zip(REASONS, counts.tolist(), strict=True))


def band_census(population: Population) -> Iterator[CensusRow]:
    """Every list at every month end of the population, in order of month, service and organisation."""
    lists = {pair: waits(population, *pair) for pair in HELD}
    for day in _month_ends(population):
        for service in SERVICES:
            found = {
                provider: _all_bands(waiting(referrals, "list", on=day_number(day)))
                for (provider, of), referrals in lists.items()
                if of == service and is_holding(provider, service, day)
            }
            whole = [sum(counts) for counts in zip(*found.values(), strict=True)]
            for org, bands in {**found, KENT_AND_MEDWAY: tuple(whole)}.items():
                yield CensusRow(day, service, org, tuple(bands))


def is_holding(provider: str, service: str, day: date) -> bool:
    """Whether a provider carries a service's list on a day or handed it over in the six days before."""
    for succession in SUCCESSIONS:
        if service in succession.services and provider == succession.provider:
            return (day - succession.since).days < 7
        if service in succession.services and provider == succession.successor:
            return day >= succession.since
    return (provider, service) in HELD


def _all_bands(found: Waiting) -> tuple[int, ...]:
    return tuple(np.bincount(np.searchsorted(BAND_ENDS, found.days, side="right"), minlength=8).tolist())


def _month_ends(population: Population) -> Iterator[date]:
    first, last = day_number(population.weeks[0]), day_number(population.weeks[-1])
    return (day for day in map(day_of, range(first, last + 1)) if is_month_end(day))
