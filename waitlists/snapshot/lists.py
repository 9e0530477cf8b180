"""Stays put on lists and counted: by provider or board, by standard, whole or cut into groups of children."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, NamedTuple, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.clock import Clocks
from waitlists.domain import Level
from waitlists.record.columns import Coded, Days, Flags, coded
from waitlists.record.schema import REASONS
from waitlists.snapshot.boards import moved_within, nobody
from waitlists.snapshot.counts import Counts, Lists, flows, on_lists
from waitlists.snapshot.stays import STAGES, Stays, is_about
from waitlists.stages import Stage
from waitlists.standards import Standard, last_day_within, standards_for

Freq = Literal["W", "M"]

CUTS: Final[Mapping[str, str]] = {
    "district": "district_code",
    "age_band": "age_band",
    "sex": "person_stated_gender_code",
    "ethnicity": "ethnic_category",
    "deprivation": "imd_decile",
}
"""What a board's list may be cut by, and the field of the record that says it."""

NOT_SAID: Final = "not_said"
"""The group of those whose record leaves the field of a cut empty."""


class Measure(NamedTuple):
    """A standard, the stays it is about, and until when each is within it, with and without the days families chose."""

    standard: Standard
    about: Flags
    until: Days
    adjusted: Days


class Asked(NamedTuple):
    """What every way of putting stays on lists is counted with; `days` are the census days and those before them.

    `child` says of which child each stay is, where it may begin or end with a change of provider.
    """

    freq: Freq
    ends: tuple[date, ...]
    days: Days
    stays: Stays
    child: NDArray[np.int64]
    measures: tuple[Measure, ...]


class Named(NamedTuple):
    """Stays put on lists: which list each is `of`, and service, organisation, stage and group of every list."""

    level: Level
    cut: str
    of: NDArray[np.int64]
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


def measures_of(table: pa.Table, clocks: Clocks, stays: Stays) -> tuple[Measure, ...]:
    """The standards of the table's services; they are about a service's own list alone."""
    own, chosen = stays.stage == 0, clocks.adjustment[stays.row]
    held = {found.id: found for name in coded(table, "service").words for found in standards_for(name)}
    found: list[Measure] = []
    for standard in held.values():
        until = stays.start + np.int32(last_day_within(standard) + 1)
        found.append(Measure(standard, is_about(standard, table)[stays.row] & own, until, until + chosen))
    return tuple(found)


def named_of(table: pa.Table, stays: Stays, org: Coded, level: Level, *, cut: str) -> Named:
    """The stays on the lists of organisations of a level, cut by a word of CUTS or, with an empty one, whole."""
    service = coded(table, "service")
    group = coded(table, CUTS[cut]) if cut else Coded(np.zeros(table.num_rows, np.int64), ("",))
    groups = tuple(word or NOT_SAID for word in group.words) if cut else ("",)
    parts = (service.codes[stays.row], org.codes[stays.row], stays.stage, group.codes[stays.row])
    sizes = (len(service.words), len(org.words), len(STAGES), len(groups))
    keys, of = np.unique(np.ravel_multi_index(parts, sizes), return_inverse=True)
    places = cast("list[list[int]]", np.stack(np.unravel_index(keys, sizes), axis=1).tolist())
    names: list[tuple[str, str, Stage, str]] = [
        (service.words[a], org.words[b], STAGES[c], groups[d]) for a, b, c, d in places
    ]
    return Named(level, cut, of, tuple(names))


def counted_of(asked: Asked, lists: Lists, stays: Stays, order: NDArray[np.intp], *, level: Level) -> Counted:
    """The counts of lists whose stays are those asked about, put into `order`.

    A change of provider is no flow of a board's list, on which the child stays.
    """
    days, everyone = asked.days, np.ones(len(stays.row), np.bool_)
    moved = moved_within(lists.of, stays, asked.child[order], days) if level is Level.ICB else nobody(stays)
    removed, came = stays.is_removed & ~moved.out, ~moved.into
    by_reason = lists.of[removed] * len(REASONS) + stays.reason[removed]
    removals = flows(by_reason, lists.size * len(REASONS), stays.left[removed], days)
    waiting: list[tuple[Standard, Counts, Counts]] = []
    adjusted: list[tuple[Standard, Counts, Counts]] = []
    completed: list[tuple[Standard, Counts, Counts]] = []
    for standard, unordered, until, without in asked.measures:
        about = unordered[order]
        if "waiting" in standard.applies_to:
            among = on_lists(lists, lists.left, days, about)
            waiting.append((standard, on_lists(lists, until[order], days, about), among))
            adjusted.append((standard, on_lists(lists, without[order], days, about), among))
        if "completed" in standard.applies_to:
            done = about & stays.is_treated
            timely = done & (stays.left < until[order])
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
