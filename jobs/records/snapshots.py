"""Counts the lists anew after a load of referral records, and stores every count that came out differently."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

import pyarrow as pa
from pyarrow import compute
from sqlalchemy import Connection

from jobs.records.due import APPOINTMENT, due_again
from waitlists.clock import clocks, differences
from waitlists.clock.findings import clock_findings
from waitlists.counts.counted import SOURCE_OF
from waitlists.counts.counting import UNCOUNTED, Cover, counted, covers_of, dated
from waitlists.domain import ParsedVintage
from waitlists.record.schema import IDENTITY
from waitlists.sources import Freq
from waitlists.store.counted import Place, counted_before, extract_days, grouped_before
from waitlists.store.erase import whole_from
from waitlists.store.referral_write import Merged
from waitlists.store.referrals import READ_SCHEMA, read_referrals
from waitlists.store.write import add_vintages
from waitlists.store.write_findings import add_delivery_findings


@dataclass(frozen=True, slots=True)
class Change:
    """What a delivery of records changed."""

    delivery_id: int
    merged: Merged


def count_again(connection: Connection, changes: Sequence[Change], *, known_from: date) -> frozenset[str]:
    """Lists counted and stored as new vintages where anything changed, in the caller's transaction.

    Parameters
    ----------
    changes
        The deliveries of one load, in the order in which they were merged.
    known_from
        The day from which the deliveries count as known; nothing known later is looked at. What was counted of periods
        that began before records were erased stays as it is.

    Returns
    -------
    frozenset of str
        The sources that have new vintages.
    """
    carriers = {provider: change.delivery_id for change in changes for provider in change.merged.providers}
    days = extract_days(connection, known_on=known_from)
    if not carriers.keys() & days.keys():
        return frozenset()
    needed = [name for name in READ_SCHEMA.names if name not in UNCOUNTED or name == APPOINTMENT]
    table = read_referrals(connection, as_of=known_from, columns=needed)
    due_again(connection, table, days, providers=carriers)
    covers = covers_of(table, days)
    last = changes[-1].delivery_id
    whole = whole_from(connection) or date.min
    written: set[str] = set()
    for freq, source in SOURCE_OF.items():
        stood = counted_before(connection, source)
        new = frozenset(name for name in carriers if not any(scope == name for scope, _ in stood))
        parts: dict[int, list[ParsedVintage]] = defaultdict(list)
        stays = {place for place in stood if _began(place[1], freq) < whole}
        grouped = grouped_before(connection, source)
        since = _since(changes, covers, stood)
        for part in counted(table, covers, freq=freq, since=since, stood=stood, with_groups=grouped):
            place = part.scope, part.period_end
            if place not in stays:
                made = dated(part, covers, new=new, known_from=known_from, stood=place in stood)
                parts[carriers.get(part.scope, last)].append(made)
        for delivery_id, several in parts.items():
            add_vintages(connection, delivery_id, several, known_from=known_from)
            written.add(source)
            if freq == "W":
                _note_clocks(connection, table, delivery_id, several, known_from)
    return frozenset(written)


def _note_clocks(
    connection: Connection, table: pa.Table, delivery_id: int, parts: Iterable[ParsedVintage], known_from: date
) -> None:
    """Say beside the newest week of each provider where its sender's clocks are not ours."""
    newest = {part.scope: part.period_end for part in sorted(parts, key=attrgetter("period_end")) if part.scope}
    for name, period_end in newest.items():
        own = table.filter(compute.equal(table[IDENTITY[0]], name))
        found = differences(own, clocks(own, on=period_end))
        add_delivery_findings(
            connection, delivery_id, known_from, clock_findings(found, period_end=period_end, known_from=known_from)
        )


def _began(period_end: date, freq: Freq) -> date:
    """The first day of a period."""
    return period_end - timedelta(days=6) if freq == "W" else period_end.replace(day=1)


def _since(changes: Sequence[Change], covers: dict[str, Cover], stood: Iterable[Place]) -> date:
    """The first day on which a list may have changed, or of which no list was counted yet."""
    counted_until = dict(sorted(stood))
    found = [change.merged.affected_from for change in changes if change.merged.affected_from is not None]
    for change in changes:
        for name in change.merged.providers & covers.keys():
            until = counted_until.get(name)
            found.append(until + timedelta(days=1) if until else covers[name].since)
    earliest = min((cover.since for cover in covers.values()), default=min(found))
    return max(min(found), earliest)
