"""Lists that age week by week: children join, wait, are seen or leave, and the bands follow from how long each waited.

Each list starts in balance (as many join as leave at every age) and then moves by growth, season and chance. The rate
at which a week's cohort leaves is read off the band shares: where the shares fall steeply, many are seen.

Source: the seasonal factors are invented for a demonstration; see the methods page.
"""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from waitlists.synthetic.places import LISTS, PAEDIATRICS, Shape, SyntheticList

Ages = NDArray[np.int64]

EDGES = (0, 1, 2, 4, 12, 18, 52, 104)
"""The first whole week of waiting of each band; the last band has no end."""

OLDEST = 260
"""Weeks of waiting kept apart; whoever waits longer stays in the last one."""

REFERRALS_BY_MONTH = (1.00, 1.03, 1.15, 0.90, 1.02, 1.05, 1.02, 0.65, 0.92, 1.12, 1.16, 0.98)
CLINICS_BY_MONTH = (1.03, 1.03, 1.03, 1.00, 1.03, 1.03, 1.00, 0.80, 1.03, 1.04, 1.04, 0.86)

CLEAN_UP = ("RYY", PAEDIATRICS, date(2026, 5, 11), 400)
"""A validation exercise: this many who had waited over 18 weeks are taken off the list in one week, unseen."""


class Balance(NamedTuple):
    """What keeps a list level: who waits at each age, who joins in a week, and the share of each age that leaves."""

    ages: NDArray[np.float64]
    joining: float
    leaving: NDArray[np.float64]


def balance(size: int, shape: Shape) -> Balance:
    """The list of a given size and shape at which as many leave as join.

    Parameters
    ----------
    size : children waiting
    shape : share of the list in each band

    Notes
    -----
    Children per week of waiting are drawn through the middle of each band, made to fall with age (nobody joins after
    week 0), and the share leaving at age w is one minus the ratio of neighbours. The last age keeps 4 in 100 leaving.
    """
    density = _density(shape)
    ages = density * size / density.sum()
    leaving = np.append(1 - density[1:] / density[:-1], 0.04)
    return Balance(ages, float((ages * leaving).sum()), leaving)


def _density(shape: Shape) -> NDArray[np.float64]:
    ends = (*EDGES[1:], OLDEST)
    widths = np.subtract(ends, EDGES)
    middles = np.add(EDGES, ends) / 2 - 0.5
    # A band without anyone still needs a number to interpolate through: far below one child.
    heights = np.maximum(np.array(shape.bands) / widths, 1e-7)
    curve = np.exp(np.interp(np.arange(OLDEST), middles, np.log(heights)))
    fading = curve * np.exp(-np.maximum(np.arange(OLDEST) - EDGES[-1], 0) / 30)
    return np.minimum.accumulate(fading)


def weeks_between(first: date, last: date) -> tuple[date, ...]:
    """Every Monday from the first to the last day, both included when they are Mondays."""
    start = first + timedelta(days=-first.weekday() % 7)
    return tuple(start + timedelta(weeks=n) for n in range((last - start).days // 7 + 1))


def bands_of(ages: Ages) -> NDArray[np.int64]:
    """Counts in the eight bands, from counts by weeks waited: (..., weeks) to (..., 8)."""
    return np.add.reduceat(ages, EDGES, axis=-1)


def simulate(weeks: tuple[date, ...], *, seed: int) -> dict[date, NDArray[np.int64]]:
    """Bands of every list at the end of every week: (lists, 8), in the order of `LISTS`."""
    rng = np.random.default_rng(seed)
    balances = [balance(item.size, item.shape) for item in LISTS]
    growth = np.array([item.shape.growth for item in LISTS])
    joining = np.array([item.joining for item in balances])
    leaving = np.stack([item.leaving for item in balances])
    ages = rng.poisson(np.stack([item.ages for item in balances]))
    mood = np.zeros(len(LISTS))
    history: dict[date, NDArray[np.int64]] = {}
    for number, week in enumerate(weeks):
        # Clinics have good and bad months: a slow wander, the same for every age.
        mood = 0.9 * mood + rng.normal(0, 0.03, len(LISTS))
        speed = CLINICS_BY_MONTH[week.month - 1] * np.exp(mood)
        ages = ages - rng.binomial(ages, np.minimum(leaving * speed[:, None], 1))
        arrivals = joining * (1 + growth) ** (number / 52) * REFERRALS_BY_MONTH[week.month - 1]
        ages = _older(ages, rng.poisson(arrivals))
        ages = _cleaned_up(ages, week, rng)
        history[week] = bands_of(ages)
    return history


def _older(ages: Ages, arrivals: Ages) -> Ages:
    moved = np.roll(ages, 1, axis=1)
    moved[:, -1] += moved[:, 0]
    moved[:, 0] = arrivals
    return moved


def _cleaned_up(ages: Ages, week: date, rng: np.random.Generator) -> Ages:
    provider, line, day, removed = CLEAN_UP
    if week != day:
        return ages
    row = next(n for n, item in enumerate(LISTS) if _is(item, provider, line))
    cleaned = ages.copy()
    cleaned[row, EDGES[5] :] -= rng.multivariate_hypergeometric(ages[row, EDGES[5] :], removed)
    return cleaned


def _is(item: SyntheticList, provider: str, line: str) -> bool:
    return (item.provider, item.line) == (provider, line)
