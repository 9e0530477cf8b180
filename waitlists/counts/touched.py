"""What a load can have changed of what was counted: which services, from which day to which, and nothing beyond.

Lists are sums over stays, so that a period in which no stay differs is as it was. A changed referral may change others:
those of its spell, so these are looked at with it. Two stays that a change of provider makes one are in the same period
of the same list, which is counted again as a whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from waitlists.clock import Clocks, clocks
from waitlists.counts.begun import Begun
from waitlists.record.columns import NEVER, Days, Flags, day_number
from waitlists.snapshot.stays import STAGES, stays_of
from waitlists.standards import last_day_within, standards_for

KEY: Final = "identity"
"""The column by which the versions of a referral are known for one another."""

_OF_THE_DAY: Final = (
    "age_band", "district_code", "imd_decile", "waiting_for", "organisation_identifier_code_of_commissioner"
)  # fmt: skip
"""Fields that describe the child on the day of the snapshot: another value says nothing about earlier weeks."""

_FRAME: Final = (
    "service", "pseudonym_id", "organisation_identifier_code_of_commissioner", "age_band",
    "clinical_response_priority_type", "primary_reason_for_referral", "service_or_team_type_referred_to",
)  # fmt: skip
"""Fields that say which lists and standards a stay is of, from its first day to its last."""


class Span(NamedTuple):
    """Days, first and last, on which lists of a service may differ; `at_ends`: only those that end a period count."""

    service: str
    first: int
    last: int
    at_ends: bool


class _Told(NamedTuple):
    """Stays at one stage by referral: (n,) each, as `Stays` has them; `row` is -1 where there is none."""

    row: NDArray[np.intp]
    start: Days
    entered: Days
    left: Days
    reason: NDArray[np.int32]
    adjustment: Days


def spans_of(before: pa.Table, after: pa.Table, *, on: date) -> frozenset[Span]:
    """Where stays of referrals are not what they were.

    Parameters
    ----------
    before, after
        The same referrals as known before a load and as known now, all of a spell together; those that are new are
        `after` alone. A column `identity` tells them apart. What is of the day is to be the same in both.
    on
        The newest day that anything is known of.
    """
    ids: list[NDArray[np.int64]] = [cast("Any", table[KEY]).to_numpy() for table in (before, after)]
    known, first, second = np.intersect1d(*ids, assume_unique=True, return_indices=True)
    everyone = np.union1d(*ids)
    is_same = np.zeros(len(everyone), np.bool_)
    is_same[np.searchsorted(everyone, known)] = _same_frame(before.take(pa.array(first)), after.take(pa.array(second)))
    tables = before, after
    ticking = [clocks(table, on=on) for table in tables]
    words = [np.asarray(table["service"].to_pylist(), object) for table in tables]
    places = [np.searchsorted(everyone, found) for found in ids]
    found: set[Span] = set()
    for stage in range(len(STAGES)):
        old, new = (_told(clock, stage, place, len(everyone)) for clock, place in zip(ticking, places, strict=True))
        found.update(_differing(old, new, is_same, words))
    return frozenset(found)


def as_described(after: pa.Table, before: pa.Table) -> pa.Table:
    """Referrals as now known, with what they say of their snapshot's day alone as it was known before, where it was."""
    ids: list[NDArray[np.int64]] = [cast("Any", table[KEY]).to_numpy() for table in (before, after)]
    _, known, rows = np.intersect1d(*ids, assume_unique=True, return_indices=True)
    places = np.arange(after.num_rows)
    places[rows] = after.num_rows + known
    for name in _OF_THE_DAY:
        both = pa.chunked_array([*after[name].chunks, *before[name].chunks], after[name].type)
        after = after.set_column(after.column_names.index(name), name, both.take(pa.array(places)))
    return after


def _same_frame(before: pa.Table, after: pa.Table) -> Flags:
    same = np.ones(before.num_rows, np.bool_)
    for name in _FRAME:
        old, new = (table[name].fill_null("") for table in (before, after))
        same &= pc.equal(old, new).to_numpy()
    return same


def _told(found: Clocks, stage: int, places: NDArray[np.intp], size: int) -> _Told:
    stays = stays_of(found)
    chosen = np.flatnonzero(stays.stage == stage)
    row = stays.row[chosen]

    def put(values: NDArray[Any], empty: int) -> NDArray[Any]:
        column = np.full(size, empty, values.dtype)
        column[places[row]] = values
        return column

    return _Told(
        row=put(row, -1),
        start=put(stays.start[chosen], 0),
        entered=put(stays.entered[chosen], 0),
        left=put(stays.left[chosen], 0),
        reason=put(stays.reason[chosen], 0),
        adjustment=put(found.adjustment[row], 0),
    )


def _differing(old: _Told, new: _Told, is_same: Flags, services: Sequence[NDArray[np.object_]]) -> Iterator[Span]:
    stayed = is_same & (old.row >= 0) & (new.row >= 0) & (old.start == new.start) & (old.entered == new.entered)
    for one, words in zip((old, new), services, strict=True):
        other = np.flatnonzero((one.row >= 0) & ~stayed)
        yield from _spans(words[one.row[other]], one.entered[other], one.left[other])
    moved = np.flatnonzero(stayed & ((old.left != new.left) | (old.reason != new.reason)))
    first, last = np.minimum(old.left, new.left), np.maximum(old.left, new.left)
    yield from _spans(services[1][new.row[moved]], first[moved], last[moved])
    chosen = np.flatnonzero(stayed & (old.adjustment != new.adjustment))
    words = services[1][new.row[chosen]]
    least, most = (each(old.adjustment, new.adjustment)[chosen] for each in (np.minimum, np.maximum))
    for service in set(words.tolist()):
        own = chosen[words == service], words == service
        for standard in standards_for(service):
            until = new.start[own[0]] + np.int32(last_day_within(standard) + 1)
            begins = np.maximum(until + least[own[1]], new.entered[own[0]])
            ends = np.minimum(until + most[own[1]], last[own[0]]) - 1
            real = begins <= ends
            yield from _spans(words[own[1]][real], begins[real], ends[real], at_ends=True)


def _spans(
    services: NDArray[np.object_], first: NDArray[Any], last: NDArray[Any], *, at_ends: bool = False
) -> Iterator[Span]:
    for service, begins, ends in zip(services.tolist(), first.tolist(), last.tolist(), strict=True):
        yield Span(service, begins, ends, at_ends)


def begun_earlier(stood: Begun, begun: Begun) -> frozenset[Span]:
    """Where lists are that were not yet, be it that nobody was on them: from their new first day to their old one.

    Parameters
    ----------
    begun
        Of the referrals that changed, as they were described before: who is another board's or waits for something else
        from a day on was on no list of that before.
    """
    days = ((part.service, day, stood.get(part, NEVER)) for part, day in begun.items())
    return frozenset(Span(service, day, last, at_ends=False) for service, day, last in days if day < last)


def services_by_period(spans: Iterable[Span], ends: Sequence[date]) -> Mapping[date, frozenset[str]]:
    """The services whose lists may differ in each period, by its last day; of periods that follow one another."""
    days = np.array([day_number(end) for end in ends], np.int64)
    found: dict[date, set[str]] = defaultdict(set)
    by_service: dict[str, list[Span]] = defaultdict(list)
    for span in spans:
        by_service[span.service].append(span)
    for service, several in by_service.items():
        first = np.searchsorted(days, [span.first for span in several])
        last = np.array([span.last for span in several])
        # A stay that ends within a period is a flow of it; a share is looked at on its last day alone.
        over = np.searchsorted(days, last) + 1
        until = np.searchsorted(days, last, side="right")
        stop = np.minimum(np.where([span.at_ends for span in several], until, over), len(days))
        steps = np.bincount(first, minlength=len(days) + 1) - np.bincount(
            np.maximum(stop, first), minlength=len(days) + 1
        )
        for place in np.flatnonzero(np.cumsum(steps)[: len(days)] > 0).tolist():
            found[ends[place]].add(service)
    return {end: frozenset(services) for end, services in found.items()}
