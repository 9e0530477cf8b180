"""Who the children are, as far as a record says: age, sex, ethnic group, home district and its deprivation.

All guesses, made to be plausible: district sizes by children living there, more need in deprived areas, and more
leaving unseen there too. Nobody is modelled on anyone.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from waitlists.record.schema import DISTRICTS, OUTSIDE, REASONS
from waitlists.synthetic.kent.lists import LISTS
from waitlists.synthetic.kent.referrals import Column, of_lists

HOMES = (*DISTRICTS, OUTSIDE)
GENDERS = ("1", "2", "3", "4", "X", "Z")
ETHNICITIES = ("A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "Z", "99")
YEAR = 365.25

_CHILDREN = (29, 30, 29, 23, 26, 40, 28, 21, 35, 29, 32, 27, 66)
"""Thousands of children by district, in the order of `DISTRICTS`, roughly."""

_SLOPES = (0.0, -0.02, -0.02, 0.08, 0.10, -0.06, -0.16, 0.10, 0.16, 0.24, -0.16, -0.20, 0.10, 0.0)
"""How much likelier a more deprived decile is, for each step, in the home area of a district."""

_NEED, _LEAVING = 0.04, 0.05
"""The same for being referred at all, and for leaving unseen."""

_WHITE = (0.80, 0.80, 0.64, 0.88, 0.60, 0.80, 0.84, 0.86, 0.86, 0.85, 0.85, 0.82, 0.70, 0.75)
_OTHER_ETHNICITIES = (
    0.03, 0.20, 0.05, 0.05, 0.05, 0.06, 0.10, 0.04, 0.03, 0.06, 0.04, 0.12, 0.03, 0.02, 0.04, 0.12, 0.08,
)  # fmt: skip

_EAST = ("E07000105", "E07000106", "E07000108", "E07000112", "E07000114")
_AREAS: dict[str, tuple[str, ...]] = {
    "NQ7": ("E06000035", "E07000113"),
    "RPA": ("E06000035", "E07000113"),
    "RVV": _EAST,
    "RYY": tuple(code for code in DISTRICTS if code != "E06000035"),
    "E10000016": tuple(code for code in DISTRICTS if code != "E06000035"),
    "E06000035": ("E06000035",),
}
"""Whose children a provider sees; the others see those of all districts."""

_AGES = {"SALT": (1.2, 3.5), "COMM_PAEDS": (1.3, 2.0), "CAMHS": (2.0, 2.1), "CAMHS_ED": (2.5, 1.5), "EHC": (1.5, 1.8)}
"""Shape of the ages at referral between youngest and oldest: the two parameters of a beta distribution."""


class People(NamedTuple):
    """Columns of `referrals.Referrals` that describe the child."""

    born: Column
    gender: Column
    ethnicity: Column
    decile: Column
    district: Column


def people(list_index: Column, reason: Column, joined: Column, last: Column, rng: np.random.Generator) -> People:
    """A child for each referral.

    Parameters
    ----------
    reason : place in `REASONS`, or -1
    joined, last : first and last day on which the child's age is reported
    """
    district = _drawn(_homes()[list_index], rng)
    has_left = np.isin(reason, [REASONS.index("declined"), REASONS.index("discharged_unseen")])
    decile = 1 + _drawn(_deciles()[district + len(HOMES) * has_left], rng)
    ethnicity = _drawn(_ethnicities()[district], rng)
    boys = of_lists(lambda item: item.boys)[list_index]
    gender = np.where(rng.random(len(boys)) < boys, 0, 1)
    unusual = rng.random(len(boys)) < 0.012
    gender[unusual] = rng.integers(2, len(GENDERS), int(unusual.sum()))
    born = _born(list_index, reason, joined, last, rng)
    return People(born, *(column.astype(np.int8) for column in (gender, ethnicity, decile, district)))


def _born(list_index: Column, reason: Column, joined: Column, last: Column, rng: np.random.Generator) -> Column:
    """Day of birth such that the child is of the list's ages from first to last; who ages out is 18 on leaving."""
    youngest, oldest = (of_lists(lambda item: item.ages)[list_index] * YEAR).T
    shapes = of_lists(lambda item: _AGES.get(item.service, (2.0, 2.0)))[list_index]
    age = youngest + (oldest - youngest) * rng.beta(shapes[:, 0], shapes[:, 1])
    room = np.maximum(oldest - youngest - (last - joined), 0)
    latest = last - oldest + 2 + rng.random(len(age)) * np.minimum(room * 0.9, 200)
    born = np.maximum(joined - age, latest)
    birthday = last - 18 * YEAR + 1 + rng.random(len(age)) * 6
    return np.where(reason == REASONS.index("aged_out"), birthday, born).astype(np.int32)


def _homes() -> NDArray[np.float64]:
    """Chance of each home by list: (lists, homes)."""
    children = np.array([*_CHILDREN, 0.01 * sum(_CHILDREN)])
    rows: list[NDArray[np.float64]] = []
    for item in LISTS:
        area = (*_AREAS.get(item.provider, tuple(DISTRICTS)), *(() if item.service == "EHC" else (OUTSIDE,)))
        rows.append(children * np.isin(HOMES, area))
        if item.provider in {"NQ7", "RPA"}:
            rows[-1][HOMES.index("E07000113")] *= 0.15
    return np.stack(rows)


def _deciles() -> NDArray[np.float64]:
    """Chance of each decile by home, and again for those who leave unseen: (2 x homes, 10)."""
    steps = np.arange(1, 11) - 5.5
    slopes = np.array(_SLOPES) + _NEED
    return np.exp(-np.outer(np.concatenate([slopes, slopes + _LEAVING]), steps))


def _ethnicities() -> NDArray[np.float64]:
    white = np.array(_WHITE)[:, None]
    others = np.array(_OTHER_ETHNICITIES) / sum(_OTHER_ETHNICITIES)
    return np.hstack([white, (1 - white) * others])


def _drawn(chances: NDArray[np.float64], rng: np.random.Generator) -> Column:
    """A place for each row of chances, which need not add up to one."""
    sums = np.cumsum(chances, axis=1)
    return (rng.random(len(chances))[:, None] * sums[:, -1:] > sums).sum(axis=1)
