"""Files that came by a day and are in no figure known on it: refused and not mended, or held and not approved."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple, Self

from sqlalchemy import Connection, Row, and_, or_, select

from waitlists.deliveries.answered import Came, Refused, is_answered
from waitlists.deliveries.unread import UNKNOWN, Sender, UnreadFile, senders_named
from waitlists.periods import london_date
from waitlists.sources import PUBLISHED_SOURCES, RECORDS
from waitlists.store.tables import delivery, held_delivery, referral_delivery, refusal, run, series, vintage

LATELY: Final = timedelta(days=7)
"""How long ago a file may have been refused: a week begins at six, so that one refused later that day is in the next
one's; what was refused before and did not come since is late, and said to be."""

SENDING: Final = timedelta(weeks=5)
"""A source system that sent nothing for longer is not waited for, nor is a decision on a file held for longer."""

_DAY: Final = timedelta(days=1)


class NamedFile(NamedTuple):
    """Such a file under the name it came by, for who runs the service."""

    name: str
    file: UnreadFile


@dataclass(frozen=True, slots=True)
class Unread:
    """Files of a day that were refused or are held, read once for all lists, and who keeps which lists."""

    files: Sequence[UnreadFile]
    lists: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, connection: Connection, as_of: date) -> Self:
        """Those that are known of on a day."""
        files = unread_files(connection, as_of=as_of)
        senders = {code for one in files for code in one.sender.providers}
        return cls(files, services_of(connection, senders) if senders else {})

    def about(self, service: str, org: str, source: str | None) -> tuple[str, ...]:
        """A sentence on each file that may tell of a list, which is read from a source or from none yet."""
        return tuple(dict.fromkeys(one.sentence for one in self._of(service, org, source)))

    def is_awaited(self, service: str, org: str, source: str) -> bool:
        """Whether a list waits for a file of a provider, so that it may yet say otherwise."""
        return any(one.is_own for one in self._of(service, org, source))

    def _of(self, service: str, org: str, source: str | None) -> Iterator[UnreadFile]:
        return (one for one in self.files if one.concerns(service, org, source=source, lists=self.lists))


def days_of_unread(connection: Connection) -> set[date]:
    """The days from which another set of such files may be known: when one came, was let in, or is told no more."""
    sent = select(refusal.c.received_at, run.c.as_of).join(run, run.c.id == refusal.c.run_id)
    came = {_known(row.as_of, row.received_at) for row in connection.execute(sent.where(refusal.c.sender.is_not(None)))}
    held = select(held_delivery.c.held_at, held_delivery.c.approved_at, run.c.as_of)
    found = came | {day + LATELY + _DAY for day in came}
    for row in connection.execute(held.join(run, run.c.id == held_delivery.c.run_id)):
        known = _known(row.as_of, row.held_at)
        found |= {known, known + SENDING + _DAY, *([london_date(row.approved_at)] if row.approved_at else ())}
    return found


def unread_files(connection: Connection, *, as_of: date) -> tuple[UnreadFile, ...]:
    """Files of senders that are known, once each; a day known again gives the same."""
    found = (*_refused(connection, as_of), *_held(connection, as_of))
    return tuple(dict.fromkeys(one.file for one in found if one.file.sender != UNKNOWN))


def undecided_files(connection: Connection, *, as_of: date) -> tuple[NamedFile, ...]:
    """The same by name, with those of senders that nobody knows: what somebody has yet to see to."""
    found = (*_refused(connection, as_of), *_held(connection, as_of))
    return tuple({one.name: one for one in found}.values())


def awaited_files(connection: Connection, *, as_of: date) -> tuple[UnreadFile, ...]:
    """Those of providers: what lists wait for."""
    return tuple(one for one in unread_files(connection, as_of=as_of) if one.is_own)


def services_awaiting(connection: Connection, files: Collection[UnreadFile]) -> set[str]:
    """The services of which lists wait for some files: those that a file is of, else all that its providers keep."""
    kept = services_of(connection, {code for one in files for code in one.sender.providers}) if files else {}
    found = {service for one in files for service in one.sender.services}
    unsaid = (one.sender.providers for one in files if not one.sender.services)
    return found.union(*(kept.get(code, ()) for providers in unsaid for code in providers))


def services_of(connection: Connection, orgs: Collection[str]) -> dict[str, set[str]]:
    """By organisation the services of which there ever was a figure of its own."""
    found: dict[str, set[str]] = {}
    rows = connection.execute(select(series.c.org, series.c.service).distinct().where(series.c.org.in_(sorted(orgs))))
    for org, service in rows:
        found.setdefault(org, set()).add(service)
    return found


def _refused(connection: Connection, as_of: date) -> Iterator[NamedFile]:
    """Not where the same bytes, a later file of that name, or what it was about, were loaded by the day."""
    same = delivery.c.sha256 == refusal.c.sha256
    mended = and_(delivery.c.file_name == refusal.c.file_name, delivery.c.received_at >= refusal.c.received_at)
    is_loaded = select(1).select_from(delivery).where(or_(same, mended), delivery.c.known_from <= as_of).exists()
    told = (refusal.c.sender, refusal.c.file_name, refusal.c.code, refusal.c.received_at, run.c.as_of)
    query = select(*told).join(run, run.c.id == refusal.c.run_id).where(~is_loaded)
    for row in connection.execute(query.order_by(refusal.c.id)):
        known = _known(row.as_of, row.received_at)
        if as_of - LATELY <= known <= as_of and not is_mended(connection, row, as_of=as_of):
            yield NamedFile(row.file_name, UnreadFile(_sender(row.sender), known, row.code))


def is_mended(connection: Connection, row: Row[*tuple[Any, ...]], *, as_of: date) -> bool:
    """Whether all that a refused file can have been about came after it, as known on a day; not where it is nobody's.

    Parameters
    ----------
    row
        Its sender and name, when it came, and as of which day that was where its run says. Whose it is may stand in
        its name alone, and be registered by now.
    """
    sender = _sender(row.sender)
    if not sender.providers and sender.source not in PUBLISHED_SOURCES:
        sender = sender._replace(providers=senders_named(row.file_name))
    refused = Refused(sender, _known(row.as_of, row.received_at), row.received_at)
    return is_answered(refused, _came(connection, as_of=as_of, since=refused.day - SENDING))


def _came(connection: Connection, *, as_of: date, since: date) -> Iterator[Came]:
    """Every list that came as known on some days, of records by the service, of returns by their scope."""
    records, parts = referral_delivery, vintage
    is_lately = delivery.c.known_from.between(since, as_of)
    listed = select(records, delivery.c.source, delivery.c.received_at).join(delivery).where(is_lately)
    for row in connection.execute(listed):
        for service in row.open_by_service:
            yield Came(row.provider, row.source, service, row.snapshot_date, row.received_at)
    told = select(delivery.c.source, parts.c.scope, parts.c.period_end, delivery.c.received_at)
    is_own = (parts.c.source == delivery.c.source, parts.c.is_reconstructed.is_(False))
    sent = told.join(delivery).where(*is_own, delivery.c.source != RECORDS, is_lately)
    for row in connection.execute(sent):
        provider, _, service = row.scope.partition("/")
        yield Came(provider, row.source, service, row.period_end, row.received_at)


def _held(connection: Connection, as_of: date) -> Iterator[NamedFile]:
    """Not where the same bytes were loaded, or all of its providers' lists came since; nor for ever."""
    table = held_delivery
    is_loaded = (
        select(1).select_from(delivery).where(delivery.c.sha256 == table.c.sha256, delivery.c.known_from <= as_of)
    )
    query = select(table, run.c.as_of).join(run, run.c.id == table.c.run_id).where(~is_loaded.exists())
    for row in connection.execute(query.order_by(table.c.id)):
        is_over = row.approved_at is not None and london_date(row.approved_at) <= as_of
        if is_over or not as_of - SENDING <= _known(row.as_of, row.held_at) <= as_of:
            continue
        if row.providers is None or not is_overtaken(connection, row, as_of=as_of):
            sender = Sender(row.source, tuple(row.providers or ()), tuple(row.services or ()))
            yield NamedFile(row.file_name, UnreadFile(sender, row.snapshot_date, None))


def waiting_deliveries(connection: Connection, *, today: date) -> list[Row[Any]]:
    """Held deliveries that a person has to look at, in order of number.

    Not where the same bytes were loaded, as under a mended mapping, or newer lists of all its providers.
    """
    table = held_delivery
    is_loaded = select(1).select_from(delivery).where(delivery.c.sha256 == table.c.sha256).exists()
    rows = connection.execute(select(table).where(table.c.state == "held", ~is_loaded).order_by(table.c.id))
    return [row for row in rows.all() if row.providers is None or not is_overtaken(connection, row, as_of=today)]


def is_overtaken(connection: Connection, held: Row[Any], *, as_of: date) -> bool:
    """Whether lists of all the providers of a held delivery came since, as known on a day: it is no news any more."""
    return all(_came_since(connection, held, provider, as_of) for provider in held.providers)


def _came_since(connection: Connection, held: Row[Any], provider: str, as_of: date) -> bool:
    """Whether lists of its day or later came of a provider since: of its own source systems, or of all awaited.

    Those are what sent in the weeks before the newest list, and of its own what had sent before: it may be held because
    it calls its system by a name that never comes again.
    """
    table = referral_delivery
    rows = connection.execute(
        select(table.c.snapshot_date, table.c.source_systems, delivery.c.received_at)
        .join(delivery, delivery.c.id == table.c.delivery_id)
        .where(table.c.provider == provider, table.c.known_from <= as_of)
    ).all()
    newest = max((one.snapshot_date for one in rows), default=held.snapshot_date)
    before = [one for one in rows if one.received_at <= held.held_at]
    since = [one for one in rows if one.received_at > held.held_at and one.snapshot_date >= held.snapshot_date]
    came, own = _systems(since), set(held.source_systems or ())
    awaited = _systems([one for one in before if one.snapshot_date > newest - SENDING]) | (own & _systems(before))
    speaks_for_all = any(not one.source_systems for one in since)
    return bool(since) and (speaks_for_all or awaited <= came or (bool(own) and own <= came))


def _systems(rows: Sequence[Row[*tuple[Any, ...]]]) -> set[str]:
    return {system for one in rows for system in one.source_systems or ()}


def _known(as_of: date | None, moment: datetime) -> date:
    """The day as of which a run was made, that of the moment where none was said."""
    return as_of or london_date(moment)


def _sender(kept: Mapping[str, Any] | None) -> Sender:
    """Refusals of before told neither services nor a day."""
    if kept is None:
        return UNKNOWN
    until = kept.get("until")
    services = tuple(kept.get("services", ()))
    return Sender(kept["source"], tuple(kept["providers"]), services, date.fromisoformat(until) if until else None)
