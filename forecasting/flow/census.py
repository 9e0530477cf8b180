"""One list on one day by days waited: what single weeks or wait bands say of every day of waiting.

Inside a week or a band children are taken to be spread evenly over its days, since nothing more is known; the open top
has no days at all. Everything here is arithmetic on such a list; how many leave it is in `exits`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.results import Basis
from forecasting.scores import FloatArray
from waitlists.bands import WaitBands, rows


@dataclass(frozen=True, slots=True, eq=False)
class Census:
    """A list at the end of a day: `days` (open_from,) children by whole days waited, and those who wait longer."""

    on: date
    days: FloatArray
    beyond: float
    basis: Basis

    @property
    def open_from(self) -> int:
        """The first day waited of which nothing more is known than that it is reached."""
        return len(self.days)


def census_of_weeks(on: date, weeks: Sequence[int]) -> Census:
    """From children by whole weeks waited, the last of them for that week and more."""
    return Census(on, np.repeat(np.array(weeks[:-1], dtype=float) / 7, 7), float(weeks[-1]), "weeks")


def census_of_bands(on: date, bands: WaitBands) -> Census | None:
    """From wait bands; None where one of them is unknown."""
    found = [(first, last, count) for _, first, last, count in rows(bands) if count is not None]
    if not bands.counts or len(found) < len(bands.counts):
        return None
    days = [np.full(last + 1 - first, count / (last + 1 - first)) for first, last, count in found if last is not None]
    return Census(on, np.concatenate(days), float(found[-1][2]), "bands")


def together(censuses: Sequence[Census]) -> Census:
    """Several lists as one, known as far as all of them are; of the first's day, by weeks only where all are."""
    least = min(one.open_from for one in censuses)
    cut = [opened(one, least) for one in censuses]
    basis: Basis = "weeks" if all(one.basis == "weeks" for one in censuses) else "bands"
    return Census(censuses[0].on, np.sum([one.days for one in cut], axis=0), sum(one.beyond for one in cut), basis)


def opened(census: Census, open_from: int) -> Census:
    """The list known up to an earlier day waited only; from there on it is open."""
    rest = census.beyond + float(census.days[open_from:].sum())
    return Census(census.on, census.days[:open_from], rest, census.basis)


def over(census: Census, over_days: int) -> float | None:
    """Children who have waited longer than so many days; None where the open top begins before."""
    if over_days >= census.open_from:
        return None
    return float(census.days[over_days + 1 :].sum() + census.beyond)


def crossed(census: Census, over_days: int, *, within: int, since: int = 0) -> float:
    """Children over a threshold for at most `within` days, of those who have waited `since` days or more."""
    return float(census.days[max(over_days + 1, since) : over_days + 1 + within].sum())


def aged(census: Census, days: int) -> Census:
    """The same children so many days later, if nobody joined or left."""
    kept = max(0, census.open_from - days)
    new = np.zeros(census.open_from)
    new[census.open_from - kept :] = census.days[:kept]
    return Census(census.on, new, census.beyond + float(census.days[kept:].sum()), census.basis)
