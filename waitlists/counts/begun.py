"""Since when each list has had a child on it: from that day on it is a list, be it one that nobody is on.

Who counts from some of the records alone does not see lists that have been empty since; they are named from here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from waitlists.bands import CHS_BANDS
from waitlists.clock import Clocks
from waitlists.domain import Level
from waitlists.record.columns import NEVER, coded, day_number
from waitlists.record.schema import IDENTITY
from waitlists.snapshot import OVER_WEEKS, Freq, Snapshot
from waitlists.snapshot.boards import boards_of
from waitlists.snapshot.counts import SINGLE_WEEKS
from waitlists.snapshot.lists import counts_waiting
from waitlists.snapshot.stays import STAGES, stays_of
from waitlists.stages import Stage
from waitlists.standards import standards_for


class Part(NamedTuple):
    """What of a board's list a provider carries."""

    provider: str
    service: str
    board: str
    stage: Stage


Begun = Mapping[Part, int]
"""The first day on which a child was on each part of a list."""


def begun_of(table: pa.Table, found: Clocks) -> Begun:
    """What the records of a table say of it."""
    stays = stays_of(found)
    if not len(stays.row):
        return {}
    provider, service, board = coded(table, IDENTITY[0]), coded(table, "service"), boards_of(table, found.on)
    words = (provider.words, service.words, board.words, STAGES)
    codes = (*(column.codes[stays.row] for column in (provider, service, board)), stays.stage)
    sizes = tuple(map(len, words))
    keys = np.ravel_multi_index(codes, sizes)
    first = np.full(int(np.prod(sizes)), NEVER, np.int32)
    np.minimum.at(first, keys, stays.entered)
    held = np.flatnonzero(first != NEVER)
    places = zip(*(part.tolist() for part in np.unravel_index(held, sizes)), strict=True)
    return {
        Part(provider.words[a], service.words[b], board.words[c], STAGES[d]): day
        for (a, b, c, d), day in zip(places, first[held].tolist(), strict=True)
    }


def begun_again(stood: Begun, before: Begun, after: Begun) -> Begun | None:
    """The same after some referrals changed; None where only all records tell.

    Parameters
    ----------
    before, after
        What the referrals that changed, and those of their spells, say of it: as they were known and as they are now.
    """
    found = dict(stood)
    for part in before.keys() | after.keys():
        day, first = after.get(part, NEVER), stood.get(part, NEVER)
        if day < first:
            found[part] = day
        elif day > first == before.get(part):
            # The first who was on it was not: somebody else came first, or nobody ever did.
            return None
    return found


def with_nobody(
    found: Iterable[Snapshot], begun: Begun, *, providers: Collection[str], ends: Collection[date], freq: Freq
) -> Iterator[Snapshot]:
    """Snapshots of whole lists, and with them those of lists that nobody is on any longer."""
    seen: set[tuple[str, str, Level, Stage, date]] = set()
    for one in found:
        seen.add((one.service, one.org, one.level, one.stage, one.period_end))
        yield one
    first: dict[tuple[str, str, Level, Stage], int] = {}
    for part, day in begun.items():
        if part.provider in providers:
            for org, level in ((part.provider, Level.PROVIDER), (part.board, Level.ICB)):
                place = part.service, org, level, part.stage
                first[place] = min(day, first.get(place, NEVER))
    for (service, org, level, stage), day in first.items():
        for end in ends:
            if day <= day_number(end) and (service, org, level, stage, end) not in seen:
                yield _nobody(service, org, level, stage, end, freq)


def _nobody(service: str, org: str, level: Level, stage: Stage, end: date, freq: Freq) -> Snapshot:
    standards = standards_for(service) if stage == "list" else ()
    waiting = {standard.id: (0, 0) for standard in standards if counts_waiting(standard)}
    return Snapshot(
        service=service,
        org=org,
        level=level,
        cut="",
        group="",
        stage=stage,
        period_end=end,
        freq=freq,
        list_size=0,
        bands=(0,) * len(CHS_BANDS),
        weeks=(0,) * SINGLE_WEEKS,
        over=dict.fromkeys(OVER_WEEKS, 0),
        referrals=0,
        removals={},
        residual=0,
        median_days=None,
        mean_days=None,
        p92_days=None,
        longest_band=None,
        waiting_within=waiting,
        adjusted_within=waiting,
        completed_within={standard.id: (0, 0) for standard in standards if "completed" in standard.applies_to},
    )
