"""The records that a load's lists are counted from: all of them, or those alone that what it changed can touch.

After a delivery of changes nearly all lists of nearly all weeks are what they were, and the few others hold few of the
records. Which they are follows from the versions before and after (`waitlists.counts.touched`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

import pyarrow as pa
from sqlalchemy import Connection

from jobs.records.differing import differing
from jobs.records.due import APPOINTMENT, Since, due_again
from waitlists.clock import ClockDifference, Clocks, clocks
from waitlists.counts.begun import Begun, Part, begun_again, begun_of
from waitlists.counts.counted import SOURCE_OF, of_service, renewed
from waitlists.counts.counting import UNCOUNTED, Cover, before, counted, covers_of
from waitlists.counts.touched import Span, as_described, begun_earlier, services_by_period, spans_of
from waitlists.domain import ParsedVintage
from waitlists.organisations import is_settled
from waitlists.periods import period_range
from waitlists.snapshot import Listed, joined, listed_of
from waitlists.sources import Freq
from waitlists.store.counted import Place, counted_before, extract_days, grouped_before, standing
from waitlists.store.referral_covers import Kept, are_changes, kept_covers, kept_since
from waitlists.store.referral_parts import Window, changed_since, first_said, on_lists
from waitlists.store.referral_write import Merged
from waitlists.store.referrals import READ_SCHEMA, let_plan, read_referrals

_COLUMNS = [name for name in READ_SCHEMA.names if name not in UNCOUNTED or name == APPOINTMENT]
_A_DAY = timedelta(days=1)
_NO_VERSION = 2**31 - 1
_LAST_WEEKS = timedelta(weeks=2)
"""A provider's newest week lies in so many before its newest extract."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a delivery of records changed."""

    delivery_id: int
    merged: Merged


@dataclass(frozen=True, slots=True)
class Basis:
    """Stays, what records cover, and what is counted from them.

    Attributes
    ----------
    differing
        By provider, where its sender's clocks are not ours in its newest week.
    since
        The day from which on all lists are counted from them; None where that is for each source to say.
    services
        Of earlier periods, by frequency and last day, the services that are.
    """

    listed: Listed
    differing: Mapping[str, Sequence[ClockDifference]]
    covers: Mapping[str, Cover]
    begun: Begun
    since: date | None = None
    services: Mapping[Freq, Mapping[date, frozenset[str]]] = field(
        default_factory=dict[Freq, Mapping[date, frozenset[str]]]
    )

    @property
    def kept(self) -> Kept:
        """What the next delivery of changes needs to know of it."""
        return Kept({name: cover.since for name, cover in self.covers.items()}, self.begun)


def basis_of(
    connection: Connection, changes: Sequence[Change], days: Mapping[str, tuple[date, date]], *, known_from: date
) -> Basis:
    """What the lists that a load changed are counted from; `days` are those of each provider's extracts.

    Who crosses a threshold when is renewed of the providers that sent something, while their records are at hand.
    """
    deliveries = [change.delivery_id for change in changes]
    if not are_changes(connection, deliveries):
        return _of_all(connection, changes, days, known_from, since={})
    found = _of_changes(connection, changes, days, known_from)
    return found or _of_all(connection, changes, days, known_from, since=kept_since(connection))


def _of_all(
    connection: Connection,
    changes: Sequence[Change],
    days: Mapping[str, tuple[date, date]],
    known_from: date,
    *,
    since: Mapping[str, date],
) -> Basis:
    """All records; `since` when whole lists said that providers' records are whole, where no new list says it.

    They are looked at one provider at a time, and go: a million would not fit beside what is worked out from them.
    """
    let_plan(connection)
    senders = _senders(changes)
    covers: dict[str, Cover] = {}
    begun: dict[Part, int] = {}
    parts: list[_Part] = []
    for name in sorted(days):
        table = read_referrals(connection, as_of=known_from, providers=[name], columns=_COLUMNS)
        found = clocks(table, on=_newest(days))
        for whose, cover in covers_of(table, found.stop, days).items():
            covers[whose] = replace(cover, since=since.get(whose, cover.since))
        begun |= begun_of(table, found)
        parts.append(_looked_at(connection, table, found, days, senders=senders & {name}))
    differing = {name: several for part in parts for name, several in part.differing.items()}
    return Basis(joined([part.listed for part in parts]), differing, covers, begun)


def _senders(changes: Iterable[Change]) -> frozenset[str]:
    return frozenset(name for change in changes for name in change.merged.providers)


class _Part(NamedTuple):
    """What is worked out from records of whole providers."""

    listed: Listed
    differing: Mapping[str, Sequence[ClockDifference]]


def _looked_at(
    connection: Connection,
    table: pa.Table,
    found: Clocks,
    days: Mapping[str, tuple[date, date]],
    *,
    senders: Collection[str],
    since: Since | None = None,
) -> _Part:
    due_again(connection, table, found, days, providers=senders, since=since)
    return _Part(listed_of(table, found), differing(table, found, days))


def _of_changes(
    connection: Connection, changes: Sequence[Change], days: Mapping[str, tuple[date, date]], known_from: date
) -> Basis | None:
    """None where only all records tell: after some were erased, or where the first who was on a list was not."""
    deliveries = [change.delivery_id for change in changes]
    kept, earlier = kept_covers(connection), extract_days(connection, known_on=known_from, without=deliveries)
    newest = _newest(days)
    if kept is None or not kept.since.keys() == earlier.keys() == days.keys():
        return None
    total = sum((change.merged for change in changes), Merged())
    version = total.first_version or _NO_VERSION
    old, new = changed_since(connection, version, columns=_COLUMNS)
    begun = begun_again(kept.begun, *(begun_of(table, clocks(table, on=newest)) for table in (old, new)))
    if begun is None or not is_settled(_newest(earlier), newest):
        return None
    covers = {name: Cover(kept.since[name], *days[name]) for name in days}
    moved = [earlier[name][1] + _A_DAY for name in days if earlier[name] != days[name]]
    said = first_said(connection, version) or newest + _A_DAY
    since = min([newest + _A_DAY, said, *moved])
    # What is true of a day alone says nothing of earlier ones.
    same = as_described(new, old)
    spans = spans_of(old, same, on=newest) | begun_earlier(kept.begun, begun_of(same, clocks(same, on=newest)))
    services: dict[Freq, Mapping[date, frozenset[str]]] = {
        freq: _touched(spans, covers, freq, until=since) for freq in SOURCE_OF
    }
    first = [before(end, freq) for freq in SOURCE_OF for end in period_range(since, newest, freq)[:1] if end <= newest]
    first += [days[name][1] - _LAST_WEEKS for name in total.providers & days.keys()]
    table = on_lists(connection, since=min(first), windows=_windows(services), columns=_COLUMNS)
    changed = Since(old, new, earlier)
    part = _looked_at(connection, table, clocks(table, on=newest), days, senders=_senders(changes), since=changed)
    return Basis(part.listed, part.differing, covers, begun, since, services)


def _newest(days: Mapping[str, tuple[date, date]]) -> date:
    return max(last for _, last in days.values())


def _touched(
    spans: Collection[Span], covers: Mapping[str, Cover], freq: Freq, *, until: date
) -> Mapping[date, frozenset[str]]:
    """The services touched in periods that end before a day, as far back as anybody's lists are counted."""
    earliest = min(cover.since for cover in covers.values())
    return services_by_period(spans, [end for end in period_range(earliest, until, freq) if end < until])


def _windows(services: Mapping[Freq, Mapping[date, frozenset[str]]]) -> Mapping[str, list[Window]]:
    """The days that are to be looked at of each service; those that meet are one window."""
    found: dict[str, list[Window]] = defaultdict(list)
    both = {
        Window(before(end, freq), end): names for freq, touched in services.items() for end, names in touched.items()
    }
    for window, names in sorted(both.items()):
        for name in names:
            last = found[name][-1] if found[name] else None
            if last is None or last.until < window.after:
                found[name].append(window)
            else:
                found[name][-1] = Window(last.after, max(last.until, window.until))
    return found


def counted_from(connection: Connection, basis: Basis, freq: Freq, *, since: date) -> Iterator[ParsedVintage]:
    """Everything that came out otherwise than it stands: periods from a day on, and earlier ones that were touched."""
    source = SOURCE_OF[freq]
    stood, grouped = counted_before(connection, source), grouped_before(connection, source)
    listed, covers, begun = basis.listed, basis.covers, basis.begun
    yield from counted(listed, covers, begun, freq=freq, since=since, stood=stood, with_groups=grouped)
    touched = basis.services.get(freq, {})
    stands = standing(connection, source, touched)
    parts: dict[Place, list[ParsedVintage]] = defaultdict(list)
    for service in sorted({name for names in touched.values() for name in names}):
        ends = [end for end, names in touched.items() if service in names]
        own = {place: of_service(stands[place], service).digest for place in stands if place[1] in set(ends)}
        lists = {part: day for part, day in begun.items() if part.service == service}
        of = listed.of_service(service)
        for part in counted(of, covers, lists, freq=freq, since=min(ends), only=ends, stood=own, with_groups=grouped):
            parts[part.scope, part.period_end].append(part)
    for place, several in sorted(parts.items()):
        yield renewed(stands.get(place), several)
