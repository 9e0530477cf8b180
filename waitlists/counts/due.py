"""Who crosses a threshold when: a provider's own list of facts about its referrals, without any score of a child.

Rows are ordered by the day of crossing, as a diary is. What is said of a child is how long it has waited, whether an
appointment is booked, and how many days are left to each threshold of its service; nothing about it is predicted.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from waitlists.clock import Clocks
from waitlists.counts.crossings import LONGEST_LOOK_WEEKS, Due, Threshold
from waitlists.errors import BadArgument
from waitlists.record.columns import EPOCH, Days, Flags, day_number
from waitlists.snapshot.stays import Stays, is_about, stays_of
from waitlists.standards import STANDARDS, Standard, last_day_within


def due(table: pa.Table, clocks: Clocks, *, on: date, within_weeks: int) -> list[Due]:
    """Referrals on a service's own list at the end of a day that cross a threshold in so many weeks from then.

    Raises
    ------
    BadArgument
        When the weeks are none, or more than a year.
    """
    if not 1 <= within_weeks <= LONGEST_LOOK_WEEKS:
        raise BadArgument(f"expected 1 to {LONGEST_LOOK_WEEKS} weeks", field="within_weeks")
    today = day_number(on)
    stays = _waiting(stays_of(clocks), today)
    crossings = list(_crossings(table, stays))
    chosen = np.zeros(len(stays.row), np.bool_)
    for _, _, crosses, about in crossings:
        chosen |= about & (crosses > today) & (crosses <= today + 7 * within_weeks)
    places = np.flatnonzero(chosen)
    facts = table.select(_FACTS).take(stays.row[places]).to_pylist()
    waits = zip(stays.start[places].tolist(), clocks.adjustment[stays.row[places]].tolist(), strict=True)
    found = [
        Due(
            provider=row["organisation_identifier_code_of_provider"],
            referral=row["service_request_identifier"],
            service=row["service"],
            waiting_for=row["waiting_for"],
            waited_days=today - start,
            adjusted_days=max(0, today - start - chosen_days),
            booked_for=_still_to_come(row["next_appointment_date"], on),
            thresholds=tuple(_thresholds(crossings, place, today)),
        )
        for row, place, (start, chosen_days) in zip(facts, places.tolist(), waits, strict=True)
    ]
    return sorted(found, key=lambda one: (one.next_crossing, one.provider, one.referral))


_FACTS = [
    "organisation_identifier_code_of_provider", "service_request_identifier", "service", "waiting_for",
    "next_appointment_date",
]  # fmt: skip


class _Crossing(NamedTuple):
    """A threshold: the first day over it for each stay, and which stays it is about."""

    standard: str
    over_days: int
    crosses: Days
    about: Flags


def _waiting(stays: Stays, today: int) -> Stays:
    return stays.take(np.flatnonzero((stays.stage == 0) & (stays.entered <= today) & (stays.left > today)))


def _crossings(table: pa.Table, stays: Stays) -> Iterator[_Crossing]:
    for standard in STANDARDS.values():
        about = is_about(standard, table)[stays.row]
        for days in _limits(standard):
            yield _Crossing(standard.id, days, stays.start + np.int32(days + 1), about)


def _limits(standard: Standard) -> tuple[int, ...]:
    """The longest waits that are not over: that of the standard itself, then its long waits."""
    return (last_day_within(standard), *standard.long_wait_days)


def _thresholds(crossings: list[_Crossing], place: int, today: int) -> list[Threshold]:
    days = [(int(one.crosses[place]), one.standard, one.over_days) for one in crossings if one.about[place]]
    return [
        Threshold(standard, over_days, EPOCH + timedelta(days=crosses), crosses - today)
        for crosses, standard, over_days in sorted(days)
    ]


def _still_to_come(booked: date | None, on: date) -> date | None:
    return booked if booked is not None and booked > on else None
