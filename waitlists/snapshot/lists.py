"""Stays put on lists and counted: by provider or board, by standard, whole or cut into groups of children."""

from datetime import date
from typing import Final, Literal, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from waitlists.bands import CHS_BANDS
from waitlists.domain import Level
from waitlists.record.columns import Coded, Days
from waitlists.record.schema import REASONS
from waitlists.snapshot.boards import moved_within, nobody
from waitlists.snapshot.counts import Counts, Reach, flows, on_lists
from waitlists.snapshot.listed import Listed
from waitlists.snapshot.stays import STAGES
from waitlists.stages import Stage
from waitlists.standards import OF_SOME, Standard, last_day_within

Freq = Literal["W", "M"]

_EDGES: Final = frozenset(band.to_days for band in CHS_BANDS)

NOT_SAID: Final = "not_said"
"""The group of those whose record leaves the field of a cut empty."""


class Asked(NamedTuple):
    """What every way of putting stays on lists is counted with; `days` are the census days and those before them.

    `left` is the first of the days by which each stay had ended: (n,) places. `all` reaches over all stays, `by` over
    those that each standard is about.
    """

    freq: Freq
    ends: tuple[date, ...]
    days: Days
    listed: Listed
    left: NDArray[np.intp]
    all: Reach
    by: tuple["Reached", ...]


class Reached(NamedTuple):
    """The stays that a standard is about: while they are on a list, within the standard, and within it adjusted."""

    standard: Standard
    reach: Reach


def asked_of(listed: Listed, ends: tuple[date, ...], days: Days, freq: Freq) -> Asked:
    """Stays on census days: worked out once, whatever lists they are then put on."""
    stays = listed.stays
    entered, left = (np.searchsorted(days, when) for when in (stays.entered, stays.left))
    everyone = Reach(np.arange(len(entered)), entered, (np.maximum(entered, left),))
    by = tuple(_reached(listed, standard, np.flatnonzero(about), days, everyone) for standard, about in listed.measures)
    return Asked(freq, ends, days, listed, left, everyone, by)


def _reached(listed: Listed, standard: Standard, places: NDArray[np.intp], days: Days, everyone: Reach) -> Reached:
    over = listed.stays.start[places] + np.int32(last_day_within(standard) + 1)
    first, left = everyone.first[places], everyone.until[0][places]
    within, adjusted = (
        np.clip(np.searchsorted(days, when), first, left) for when in (over, over + listed.adjustment[places])
    )
    return Reached(standard, Reach(places, first, (left, within, adjusted)))


class Named(NamedTuple):
    """Stays put on lists: which list each is `of`, and service, organisation, stage and group of every list."""

    level: Level
    cut: str
    of: NDArray[np.int32]
    names: tuple[tuple[str, str, Stage, str], ...]


Shares = tuple[tuple[Standard, Counts, Counts], ...]
"""A standard, how many are within it and of how many: (g, k) counts each."""


class Counted(NamedTuple):
    """Counts of lists on days: (g, k) each, removals (g, reasons, k)."""

    size: Counts
    referrals: Counts
    removals: Counts
    waiting: Shares
    adjusted: Shares
    completed: Shares


def counts_waiting(standard: Standard) -> bool:
    """Whether those waiting are counted by a standard: if it is about them, or wait bands do not tell of it.

    They do not where it ends inside a band, or is about a part of the list.
    """
    return "waiting" in standard.applies_to or standard.id in OF_SOME or last_day_within(standard) not in _EDGES


def named_of(listed: Listed, org: Coded, level: Level, *, cut: str) -> Named:
    """The stays on the lists of organisations of a level, cut by a word of CUTS or, with an empty one, whole."""
    service = listed.service
    group = listed.groups[cut] if cut else Coded(np.zeros(len(service.codes), np.int32), ("",))
    groups = tuple(word or NOT_SAID for word in group.words) if cut else ("",)
    sizes = (len(service.words), len(org.words), len(STAGES), len(groups))
    keys = np.ravel_multi_index((service.codes, org.codes, listed.stays.stage, group.codes), sizes)
    held = np.flatnonzero(np.bincount(keys))
    place = np.zeros(int(np.prod(sizes)), np.int32)
    place[held] = np.arange(len(held), dtype=np.int32)
    places = cast("list[list[int]]", np.stack(np.unravel_index(held, sizes), axis=1).tolist())
    names: list[tuple[str, str, Stage, str]] = [
        (service.words[a], org.words[b], STAGES[c], groups[d]) for a, b, c, d in places
    ]
    return Named(level, cut, place[keys], tuple(names))


def counted_of(asked: Asked, named: Named) -> Counted:
    """The counts of lists on which all stays were put.

    A change of provider is no flow of a board's list, on which the child stays.
    """
    stays, of, size, many = asked.listed.stays, named.of, len(named.names), len(asked.days)
    is_board = named.level is Level.ICB
    moved = moved_within(of, stays, asked.listed.child, asked.days) if is_board else nobody(stays)
    removed, came = np.flatnonzero(stays.is_removed & ~moved.out), np.flatnonzero(~moved.into)
    by_reason = of[removed] * len(REASONS) + stays.reason[removed]
    waiting: list[tuple[Standard, Counts, Counts]] = []
    adjusted: list[tuple[Standard, Counts, Counts]] = []
    completed: list[tuple[Standard, Counts, Counts]] = []
    for standard, reach in asked.by:
        if counts_waiting(standard):
            among, within, without = on_lists(of, size, reach, many)
            waiting.append((standard, within, among))
            adjusted.append((standard, without, among))
        if "completed" in standard.applies_to:
            done = reach.stays[stays.is_treated[reach.stays]]
            timely = done[stays.left[done] < stays.start[done] + np.int32(last_day_within(standard) + 1)]
            within, among = (flows(of[part], size, asked.left[part], many) for part in (timely, done))
            completed.append((standard, within, among))
    (sizes,) = on_lists(of, size, asked.all, many)
    return Counted(
        size=sizes,
        referrals=flows(of[came], size, asked.all.first[came], many),
        removals=flows(by_reason, size * len(REASONS), asked.left[removed], many).reshape(size, len(REASONS), many),
        waiting=tuple(waiting),
        adjusted=tuple(adjusted),
        completed=tuple(completed),
    )
