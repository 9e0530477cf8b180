"""Counts the lists anew after a load of referral records, and stores every count that came out differently."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from jobs.records.basis import Basis, Change, basis_of, counted_from
from jobs.records.differing import newest_week
from waitlists.clock.findings import clock_findings
from waitlists.counts.counted import SOURCE_OF
from waitlists.counts.counting import Cover, before, dated
from waitlists.domain import ParsedVintage
from waitlists.store.carried import take_over
from waitlists.store.counted import Place, counted_before, extract_days, standing_vintages
from waitlists.store.erase import whole_from
from waitlists.store.referral_covers import keep_covers
from waitlists.store.write import add_vintages
from waitlists.store.write_findings import add_delivery_findings


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
    basis = basis_of(connection, changes, days, known_from=known_from)
    keep_covers(connection, basis.kept)
    last = changes[-1].delivery_id
    whole = whole_from(connection) or date.min
    written: set[str] = set()
    for freq, source in SOURCE_OF.items():
        stood = counted_before(connection, source)
        new = frozenset(name for name in carriers if not any(scope == name for scope, _ in stood))
        parts: dict[int, list[ParsedVintage]] = defaultdict(list)
        stays = {place for place in stood if before(place[1], freq) + timedelta(days=1) < whole}
        since = basis.since or _since(changes, basis.covers, stood)
        for part in counted_from(connection, basis, freq, since=since):
            place = part.scope, part.period_end
            if place not in stays:
                made = dated(part, basis.covers, new=new, known_from=known_from, stood=place in stood)
                parts[carriers.get(part.scope, last)].append(made)
        for delivery_id, several in parts.items():
            _add(connection, delivery_id, several, known_from)
            written.add(source)
            if freq == "W":
                _note_clocks(connection, basis, delivery_id, several, known_from)
    return frozenset(written)


def _add(connection: Connection, delivery_id: int, parts: Sequence[ParsedVintage], known_from: date) -> None:
    """Keep vintages of one source, those of some services with what stands of the others."""
    stands = standing_vintages(connection, parts[0].source, {part.period_end for part in parts if part.is_part})
    ids = add_vintages(connection, delivery_id, parts, known_from=known_from)
    numbered = zip(ids, parts, strict=True)
    take_over(connection, {number: stands[part.scope, part.period_end] for number, part in numbered if part.is_part})


def _note_clocks(
    connection: Connection, basis: Basis, delivery_id: int, parts: Iterable[ParsedVintage], known_from: date
) -> None:
    """Say beside the newest week of each provider where its sender's clocks are not ours, of who was on a list then."""
    for part in parts:
        if part.scope and part.period_end == newest_week(basis.covers[part.scope].until):
            found = basis.differing.get(part.scope, ())
            findings = clock_findings(found, period_end=part.period_end, known_from=known_from)
            add_delivery_findings(connection, delivery_id, known_from, findings)


def _since(changes: Sequence[Change], covers: Mapping[str, Cover], stood: Iterable[Place]) -> date:
    """The first day on which a list may have changed, or of which no list was counted yet."""
    counted_until = dict(sorted(stood))
    found = [change.merged.affected_from for change in changes if change.merged.affected_from is not None]
    for change in changes:
        for name in change.merged.providers & covers.keys():
            until = counted_until.get(name)
            found.append(until + timedelta(days=1) if until else covers[name].since)
    earliest = min((cover.since for cover in covers.values()), default=min(found))
    return max(min(found), earliest)
