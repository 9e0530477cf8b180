"""When things happen in the imagined Kent and Medway: season, holidays, and the weeks in which something goes wrong.

Days are counted from 1 January 1970 as 32-bit integers; NEVER stands where a thing has not happened.

Source: the seasonal factors and every date of a fault are invented; see the methods page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

EPOCH = date(1970, 1, 1)
NEVER: Final = -(2**31)

REFERRALS_BY_MONTH = (1.00, 1.03, 1.15, 0.90, 1.02, 1.05, 1.02, 0.65, 0.92, 1.12, 1.16, 0.98)
CLINICS_BY_MONTH = (1.03, 1.03, 1.03, 1.00, 1.03, 1.03, 1.00, 0.80, 1.03, 1.04, 1.04, 1.00)
CHRISTMAS_CLINICS, CHRISTMAS_REFERRALS = 0.35, 0.6

FRONT_DOOR_SERVICES = frozenset({"ASD", "ADHD"})
FRONT_DOOR_WEEKS, FRONT_DOOR_AT_FIRST, FRONT_DOOR_LATER = 9, 0.55, 0.80
"""Support comes before a referral: few are referred while the first families are in it, and fewer than before after."""


def day_number(day: date) -> int:
    """Days since 1 January 1970."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=number)


def last_sunday(day: date) -> date:
    """The Sunday on or before a day."""
    return day - timedelta(days=day.isoweekday() % 7)


def sundays(end: date, weeks: int) -> tuple[date, ...]:
    """The ends of that many weeks, the last on or before `end`."""
    last = last_sunday(end)
    return tuple(last - timedelta(weeks=weeks - 1 - number) for number in range(weeks))


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong and when; weeks are the Sundays they end on. Each is placed so many weeks before the end.

    `missing` sent nothing in `missing_weeks`; `starts` sends from `starts_on`; `frozen` repeats the week before
    `frozen_weeks` in its returns; `cleaned` takes `cleaned_children` off its list in `cleaned_week`, unseen; `late`
    sends `late_week` two weeks late; from `front_door` a needs summary comes before a referral; `pooled` prints one
    number for speech therapy under `copied` too.
    """

    missing_weeks: frozenset[date]
    starts_on: date
    frozen_weeks: frozenset[date]
    cleaned_week: date
    late_week: date
    front_door: date
    missing: str = "NQ7"
    starts: str = "RVV"
    frozen: tuple[str, str] = ("RPA", "COMM_PAEDS")
    cleaned: tuple[str, str] = ("RYY", "COMM_PAEDS")
    cleaned_children: int = 400
    late: str = "RPA"
    late_by: timedelta = timedelta(weeks=2)
    pooled: tuple[str, str] = ("RYY", "SALT")
    copied: tuple[str, ...] = ("CYP_OCCUPATIONAL_THERAPY", "CYP_PHYSIOTHERAPY")


def faults(end: date) -> Faults:
    """The faults of a population that ends on a day; up to 15 November 2026 they fall as in the published workbooks."""
    last = last_sunday(end)
    weeks = {number: last - timedelta(weeks=number) for number in range(200)}
    return Faults(
        missing_weeks=frozenset(weeks[number] for number in range(42, 55)),
        starts_on=weeks[132],
        frozen_weeks=frozenset(weeks[number] for number in range(16, 20)),
        cleaned_week=weeks[26],
        late_week=weeks[9],
        front_door=weeks[24],
    )


def referral_factors(mondays: Sequence[date]) -> NDArray[np.float64]:
    """How many join in each week, against an average week."""
    return np.array([_factor(day, REFERRALS_BY_MONTH, CHRISTMAS_REFERRALS) for day in mondays])


def clinic_factors(mondays: Sequence[date]) -> NDArray[np.float64]:
    """How much clinics do in each week, against an average week."""
    return np.array([_factor(day, CLINICS_BY_MONTH, CHRISTMAS_CLINICS) for day in mondays])


def front_door_factors(mondays: Sequence[date], opened: date) -> NDArray[np.float64]:
    """How many of those who would have been referred are, before and after the needs summary begins."""
    weeks = np.array([(day - opened).days // 7 for day in mondays])
    return np.where(weeks < 0, 1.0, np.where(weeks < FRONT_DOOR_WEEKS, FRONT_DOOR_AT_FIRST, FRONT_DOOR_LATER))


def _factor(monday: date, by_month: tuple[float, ...], christmas: float) -> float:
    days = [monday + timedelta(days=number) for number in range(5)]
    usual = sum(by_month[day.month - 1] for day in days) / 5
    holidays = sum((day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1) for day in days)
    return usual * (1 - (1 - christmas) * min(1.0, holidays / 4))
