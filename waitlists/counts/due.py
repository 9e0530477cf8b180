"""Who crosses a threshold when: a provider's own list of facts about its referrals, without any score of a child.

What is kept of a child is since when it waits, whether an appointment is booked, and the thresholds of its service:
dates that stay as they are while weeks pass, so that a week later few rows differ. Nothing about it is predicted.
"""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.clock import Clocks
from waitlists.counts.crossings import LONGEST_LOOK_WEEKS
from waitlists.record.columns import NEVER, Days, Flags, day_number
from waitlists.record.schema import IDENTITY
from waitlists.snapshot.stays import Stays, is_about, stays_of
from waitlists.standards import STANDARDS, Standard, last_day_within

DUE_SCHEMA: Final = pa.schema(
    [
        ("provider", pa.string()),
        ("service_request_identifier", pa.string()),
        ("service", pa.string()),
        ("waiting_for", pa.string()),
        ("waits_since", pa.date32()),
        ("adjustment_days", pa.int32()),
        ("appointment_on", pa.date32()),
        ("next_crossing", pa.date32()),
        ("limits", pa.string()),
    ]
)
"""What is told of a referral; `limits` are JSON: each standard with the longest waits that are not over it."""


def due(table: pa.Table, clocks: Clocks, *, on: date) -> pa.Table:
    """Referrals on a service's own list at the end of a day that cross a threshold within a year from then."""
    today = day_number(on)
    stays = _waiting(stays_of(clocks), today)
    limits = sorted(_limits(table, stays), key=lambda one: (one.over_days, one.standard))
    crossing = np.full(len(stays.row), NEVER, np.int32)
    for one in limits:
        crosses = stays.start + np.int32(one.over_days + 1)
        crossing = np.where(one.about & (crosses > today), np.minimum(crossing, crosses), crossing)
    places = np.flatnonzero(crossing <= today + 7 * LONGEST_LOOK_WEEKS)
    row = stays.row[places]
    facts = table.select([*IDENTITY, "service", "waiting_for", "next_appointment_date"]).take(row)
    *words, appointment = facts.columns
    columns = [
        *words,
        _days(stays.start[places]),
        pa.array(clocks.adjustment[row], pa.int32()),
        appointment,
        _days(crossing[places]),
        _told(limits, places),
    ]
    return pa.Table.from_arrays(columns, schema=DUE_SCHEMA)


class _Limit(NamedTuple):
    """A longest wait that is not over a standard, and which stays it is about."""

    standard: str
    over_days: int
    about: Flags


def _waiting(stays: Stays, today: int) -> Stays:
    return stays.take(np.flatnonzero((stays.stage == 0) & (stays.entered <= today) & (stays.left > today)))


def _limits(table: pa.Table, stays: Stays) -> list[_Limit]:
    return [
        _Limit(standard.id, days, about)
        for standard in STANDARDS.values()
        for about in [is_about(standard, table)[stays.row]]
        for days in _longest(standard)
    ]


def _longest(standard: Standard) -> tuple[int, ...]:
    """The longest waits that are not over: that of the standard itself, then its long waits."""
    return (last_day_within(standard), *standard.long_wait_days)


def _told(limits: Sequence[_Limit], places: NDArray[np.intp]) -> pa.Array:
    """The limits of each stay as text, worked out once for all stays that have the same."""
    about = sum((one.about[places].astype(np.int64) << bit for bit, one in enumerate(limits)), np.int64(0))
    kinds, of = np.unique(about, return_inverse=True)
    words = [
        json.dumps([(one.standard, one.over_days) for bit, one in enumerate(limits) if kind >> bit & 1])
        for kind in kinds.tolist()
    ]
    return pa.array(words, pa.string()).take(pa.array(of))


def _days(days: Days) -> pa.Array:
    return pa.array(days, pa.int32()).cast(pa.date32())
