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
from waitlists.snapshot.counts import Counts, Lists, flows, on_lists
from waitlists.snapshot.listed import Listed
from waitlists.snapshot.stays import STAGES, Stays
from waitlists.stages import Stage
from waitlists.standards import OF_SOME, Standard, last_day_within

Freq = Literal["W", "M"]

_EDGES: Final = frozenset(band.to_days for band in CHS_BANDS)

NOT_SAID: Final = "not_said"
"""The group of those whose record leaves the field of a cut empty."""


class Asked(NamedTuple):
    """What every way of putting stays on lists is counted with; `days` are the census days and those before them."""

    freq: Freq
    ends: tuple[date, ...]
    days: Days
    listed: Listed


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


def counted_of(asked: Asked, lists: Lists, stays: Stays, order: NDArray[np.intp], *, level: Level) -> Counted:
    """The counts of lists whose stays are those listed, put into `order`.

    A change of provider is no flow of a board's list, on which the child stays.
    """
    days, everyone, chosen = asked.days, np.ones(len(stays.row), np.bool_), asked.listed.adjustment[order]
    moved = moved_within(lists.of, stays, asked.listed.child[order], days) if level is Level.ICB else nobody(stays)
    removed, came = stays.is_removed & ~moved.out, ~moved.into
    by_reason = lists.of[removed] * len(REASONS) + stays.reason[removed]
    removals = flows(by_reason, lists.size * len(REASONS), stays.left[removed], days)
    waiting: list[tuple[Standard, Counts, Counts]] = []
    adjusted: list[tuple[Standard, Counts, Counts]] = []
    completed: list[tuple[Standard, Counts, Counts]] = []
    for standard, unordered in asked.listed.measures:
        about, until = unordered[order], stays.start + np.int32(last_day_within(standard) + 1)
        if counts_waiting(standard):
            among = on_lists(lists, lists.left, days, about)
            waiting.append((standard, on_lists(lists, until, days, about), among))
            adjusted.append((standard, on_lists(lists, until + chosen, days, about), among))
        if "completed" in standard.applies_to:
            done = about & stays.is_treated
            timely = done & (stays.left < until)
            within, among = (flows(lists.of[part], lists.size, stays.left[part], days) for part in (timely, done))
            completed.append((standard, within, among))
    return Counted(
        size=on_lists(lists, lists.left, days, everyone),
        referrals=flows(lists.of[came], lists.size, stays.entered[came], days),
        removals=removals.reshape(lists.size, len(REASONS), len(days)),
        waiting=tuple(waiting),
        adjusted=tuple(adjusted),
        completed=tuple(completed),
    )
