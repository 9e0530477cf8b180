"""Referrals as columns: one entry a referral with its true dates, some of them still to come on any given Sunday.

Days are numbers (see `calendar`), words are places in a register; nothing here is what a sender would send.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from waitlists.synthetic.kent.calendar import NEVER
from waitlists.synthetic.kent.lists import LISTS, WaitingList

Column = NDArray[Any]


class Referrals(NamedTuple):
    """The columns, of equal length.

    `received` is when this provider got the referral, `started` when the wait began (an earlier provider, or an earlier
    referral of the same spell), `original` the first provider's date where the list has moved. `stopped` ends the wait
    for `reason`; a day is NEVER where a thing does not happen. Numbers without a day of their own are known from the
    day beside them.
    """

    list_index: Column
    provider: Column
    child: Column
    number: Column
    spell: Column
    received: Column
    started: Column
    original: Column
    stopped: Column
    reason: Column
    successor: Column
    contact: Column
    baseline: Column
    plan: Column
    assessment: Column
    equipment: Column
    rejected: Column
    discharged: Column
    booked: Column
    appointment: Column
    missed_on: Column
    missed: Column
    family_on: Column
    family: Column
    adjustment: Column
    provider_on: Column
    born: Column
    gender: Column
    ethnicity: Column
    decile: Column
    district: Column
    source: Column
    medium: Column

    def take(self, rows: Column) -> "Referrals":
        """The referrals at these places, or where the mask is true."""
        return Referrals(*(column[rows] for column in self))


DATES = (
    "received", "contact", "baseline", "plan", "assessment", "equipment", "rejected", "stopped", "discharged",
    "booked", "appointment", "missed_on", "family_on", "provider_on",
)  # fmt: skip
"""The columns whose day makes a referral look different from then on."""


def of_lists(value: Callable[[WaitingList], object]) -> Column:
    """A value of each list, to be looked up by `list_index`."""
    return np.array([value(item) for item in LISTS])


SERVICE = of_lists(lambda item: item.service)
IS_REVIEW = of_lists(lambda item: item.is_review)


def joined(parts: Sequence[Referrals]) -> Referrals:
    """One set after the other."""
    return Referrals(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def happened(days: Column, on: Column | int) -> NDArray[np.bool_]:
    """Whether a thing has happened by the end of a day."""
    return (days != NEVER) & (days <= on)


def is_waiting(referrals: Referrals, on: int) -> NDArray[np.bool_]:
    """Whether each is on its list at the end of a day."""
    return (referrals.received <= on) & ~happened(referrals.stopped, on)
