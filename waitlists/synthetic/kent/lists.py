"""The waiting lists of Kent and Medway as they are imagined: whose, how many join, how they are spread over the bands.

Levels: published figures of March 2025 (CAMHS: June 2024) where there are any. Everything else is a guess, to be
replaced: the split of ASD and ADHD over providers, the eating disorder, EHC and review lists, ages and next stages.

Source: NHS England, Community Health Services Waiting Times, March 2025; Kent and Medway's published papers; Mental
Health Services Monthly Statistics, four-week waits, June 2024; National Wheelchair Data Collection, 2019.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

KENT_AND_MEDWAY = "QKS"
MARCH_2025, JUNE_2024 = date(2025, 3, 30), date(2024, 6, 30)


@dataclass(frozen=True, slots=True)
class WaitingList:
    """One list of one provider at its reference date.

    Parameters
    ----------
    referrals : children a week who join
    bands : (8,) children waiting in each wait band
    growth : share the list grows in a year if nothing changes
    unseen : share of those waiting who leave unseen in a week, in the first eight weeks and later
    ages : youngest and oldest age in years at which a child is on it
    boys : share of boys
    next_stage : share of those seen who wait on for a later stage, and for how many weeks on average
    plateau : week of waiting until which those over 104 weeks fade slowly
    """

    service: str
    provider: str
    referrals: float
    bands: tuple[float, ...]
    growth: float
    unseen: tuple[float, float]
    ages: tuple[float, float] = (0.5, 11)
    boys: float = 0.6
    next_stage: tuple[float, float] = (0.0, 1.0)
    plateau: int = 104
    priority: str = "routine"
    is_review: bool = False
    known_on: date = MARCH_2025


class Succession(NamedTuple):
    """Lists that another provider carries from a day on, with every child's wait kept."""

    provider: str
    successor: str
    since: date
    services: frozenset[str]


SUCCESSIONS = (
    Succession("RAT", "RXY", date(2026, 4, 1), frozenset({"CAMHS", "CAMHS_ED"})),
    Succession("LOCAL:THERAPEUTIC_ALLIANCE", "LOCAL:SALUS", date(2026, 4, 1), frozenset({"CAMHS"})),
)

YOUNG, TEENS, ALL = (0.5, 11.0), (11.0, 18.0), (1.0, 18.0)


def _part(share: float, *bands: float) -> tuple[float, ...]:
    return tuple(share * band for band in bands)


def _autism(provider: str, share: float, ages: tuple[float, float]) -> WaitingList:
    bands = _part(share, 85, 84.5, 168, 655, 472, 2510, 3330, 2695)
    return WaitingList("ASD", provider, 85 * share, bands, 0.09, (0.002, 0.00115), ages, 0.68, (0.15, 12), plateau=150)


def _attention(provider: str, share: float, ages: tuple[float, float]) -> WaitingList:
    bands = _part(share, 95, 94, 186, 705, 490, 1750, 600, 80)
    return WaitingList("ADHD", provider, 95 * share, bands, 0.17, (0.002, 0.001), ages, 0.66, (0.5, 26))


def _mental_health(provider: str, share: float, ages: tuple[float, float]) -> WaitingList:
    bands = _part(share, 705, 665, 1230, 4010, 2450, 8750, 6150, 3750)
    return WaitingList(
        "CAMHS", provider, 708 * share, bands, 0.15, (0.0385, 0.0147), ages, 0.42, plateau=150, known_on=JUNE_2024
    )


def _paediatrics(provider: str, referrals: float, *bands: float, ages: tuple[float, float] = (0.5, 16)) -> WaitingList:
    return WaitingList("COMM_PAEDS", provider, referrals, bands, 0.03, (0.012, 0.0043), ages, 0.66, (0.35, 16))


def _speech(provider: str, referrals: float, *bands: float) -> WaitingList:
    return WaitingList("SALT", provider, referrals, bands, 0.10, (0.009, 0.005), (1.5, 11), 0.68, (0.5, 10))


def _plans(provider: str, share: float) -> WaitingList:
    bands = _part(share, 60, 59.5, 118, 450, 290, 960, 60, 0)
    return WaitingList("EHC", provider, 60 * share, bands, 0.02, (0.03, 0.0005), (2.0, 17), 0.72)


def _review(service: str, provider: str, referrals: float, *bands: float, ages: tuple[float, float]) -> WaitingList:
    return WaitingList(service, provider, referrals, bands, 0.04, (0.001, 0.001), ages, is_review=True)


LISTS = (
    _autism("RYY", 0.42, YOUNG),
    _autism("NQ7", 0.18, YOUNG),
    _autism("RAT", 0.40, TEENS),
    _attention("RYY", 0.30, (5.0, 11.0)),
    _attention("NQ7", 0.15, (5.0, 11.0)),
    _attention("RAT", 0.55, TEENS),
    _mental_health("RAT", 0.85, TEENS),
    _mental_health("LOCAL:THERAPEUTIC_ALLIANCE", 0.15, (5.0, 18.0)),
    WaitingList(
        "CAMHS_ED", "RAT", 3, (1.6, 0.5, 0.4, 0.3, 0, 0, 0, 0), 0.02, (0.02, 0.02), TEENS, 0.1, priority="urgent"
    ),
    WaitingList("CAMHS_ED", "RAT", 12, (11.5, 10.5, 16, 14, 2.5, 3, 0, 0), 0.02, (0.02, 0.02), TEENS, 0.12),
    _paediatrics("NQ7", 70, 69, 60, 141, 448, 183, 1130, 1543, 480),
    _paediatrics("RYY", 89, 87, 76, 179, 568, 232, 1434, 364, 30, ages=YOUNG),
    _paediatrics("RPA", 21.5, 21, 18, 42, 134, 55, 339, 247, 41),
    _paediatrics("RVV", 27.5, 27, 23, 56, 176, 71, 442, 2, 0),
    _speech("RYY", 111, 113, 103, 156, 333, 64, 113, 0, 0),
    _speech("NQ7", 59, 60, 54, 83, 178, 43, 250, 101, 0),
    WaitingList(
        "WHEELCHAIR", "LOCAL:WHEELCHAIR_KM", 8, (7.9, 7.4, 13.5, 41, 17, 67, 66, 30), 0.0, (0.004, 0.004), ALL, 0.58
    ),
    _plans("E10000016", 0.83),
    _plans("E06000035", 0.17),
    _review("ASD", "RAT", 4, 4, 4, 8, 32, 23, 75, 4, 0, ages=TEENS),
    _review("ADHD", "RAT", 20, 20, 20, 39, 150, 105, 350, 16, 0, ages=TEENS),
    _review("COMM_PAEDS", "RYY", 24, 24, 23, 45, 160, 100, 240, 8, 0, ages=YOUNG),
    _review("WHEELCHAIR", "LOCAL:WHEELCHAIR_KM", 3, 3, 3, 5, 17, 10, 21, 1, 0, ages=ALL),
)
"""Every list at its reference date. A child is on one list of one service."""

PROVIDERS = tuple(dict.fromkeys([*(item.provider for item in LISTS), *(item.successor for item in SUCCESSIONS)]))
SERVICES = tuple(dict.fromkeys(item.service for item in LISTS))

HELD = tuple(
    dict.fromkeys(
        [
            *((item.provider, item.service) for item in LISTS),
            *((item.successor, service) for item in SUCCESSIONS for service in sorted(item.services)),
        ]
    )
)
"""Provider and service of every list, before and after lists move."""
