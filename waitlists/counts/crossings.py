"""What is said of a referral that crosses a threshold soon: arithmetic on its dates, and no score of a child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

LONGEST_LOOK_WEEKS = 52


class Threshold(NamedTuple):
    """The first day on which a wait is over a standard or one of its long waits; from then on no days are left."""

    standard: str
    over_days: int
    crosses_on: date
    days_left: int


@dataclass(frozen=True, slots=True)
class Due:
    """A referral that crosses a threshold soon; `thresholds` are all of its service's, crossed ones too, soonest first.

    `adjusted_days` is the wait less the days the family chose, beside the wait; `booked_for` an appointment still to
    come, None where none is booked.
    """

    provider: str
    referral: str
    service: str
    waiting_for: str
    waited_days: int
    adjusted_days: int
    booked_for: date | None
    thresholds: tuple[Threshold, ...]

    @property
    def weeks_waited(self) -> float:
        """Days waited over 7."""
        return self.waited_days / 7

    @property
    def next_crossing(self) -> date:
        """The soonest day on which a threshold still to come is crossed."""
        return min(found.crosses_on for found in self.thresholds if found.days_left > 0)


class Waiting(NamedTuple):
    """What stays true of a referral while it waits, from which all that is said of it on a day follows.

    `adjustment` are the days that the family chose to wait; `limits` are each standard of its service with the longest
    waits that are not over it, shortest first.
    """

    provider: str
    referral: str
    service: str
    waiting_for: str
    since: date
    adjustment: int
    appointment: date | None
    limits: Sequence[tuple[str, int]]


def due_on(one: Waiting, on: date) -> Due:
    """What is said of a referral at the end of a day."""
    waited = (on - one.since).days
    return Due(
        provider=one.provider,
        referral=one.referral,
        service=one.service,
        waiting_for=one.waiting_for,
        waited_days=waited,
        adjusted_days=max(0, waited - one.adjustment),
        booked_for=one.appointment if one.appointment is not None and one.appointment > on else None,
        thresholds=tuple(
            Threshold(standard, over, one.since + timedelta(days=over + 1), over + 1 - waited)
            for standard, over in one.limits
        ),
    )
