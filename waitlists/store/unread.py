"""Files that came by a day and are in no figure known on it: refused and not mended, or held and not approved."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, func, or_, select

from waitlists.deliveries.unread import Sender, UnreadFile
from waitlists.periods import london_date
from waitlists.store.tables import delivery, held_delivery, referral_delivery, refusal, run, series, vintage

LATELY: Final = timedelta(days=7)
"""Refusals of the week; what was refused before and did not come since is late, and said to be."""

SENDING: Final = timedelta(weeks=5)
"""A source system that sent nothing for longer is not waited for."""


def unread_files(connection: Connection, *, as_of: date) -> tuple[UnreadFile, ...]:
    """Files of senders that are known, once each; a day known again gives the same."""
    found = (*_refused(connection, as_of), *_held(connection, as_of))
    return tuple(dict.fromkeys(found))


def services_of(connection: Connection, orgs: Collection[str]) -> dict[str, set[str]]:
    """By organisation the services of which there ever was a figure of its own."""
    found: dict[str, set[str]] = {}
    rows = connection.execute(select(series.c.org, series.c.service).distinct().where(series.c.org.in_(sorted(orgs))))
    for org, service in rows:
        found.setdefault(org, set()).add(service)
    return found


def _refused(connection: Connection, as_of: date) -> Iterator[UnreadFile]:
    """Not where the same bytes, a later file of that name, or another of that sender's, were loaded by the day."""
    same = delivery.c.sha256 == refusal.c.sha256
    mended = and_(delivery.c.file_name == refusal.c.file_name, delivery.c.received_at >= refusal.c.received_at)
    is_loaded = select(1).select_from(delivery).where(or_(same, mended), delivery.c.known_from <= as_of).exists()
    told = (refusal.c.sender, refusal.c.code, refusal.c.received_at, run.c.as_of)
    query = select(*told).join(run, run.c.id == refusal.c.run_id).where(refusal.c.sender.is_not(None), ~is_loaded)
    for row in connection.execute(query.order_by(refusal.c.id)):
        known, sender = _known(row.as_of, row.received_at), _sender(row.sender)
        if as_of - LATELY < known <= as_of and not _sent_since(connection, sender, row.received_at, as_of):
            yield UnreadFile(sender, known, row.code)


def _sent_since(connection: Connection, sender: Sender, moment: datetime, as_of: date) -> bool:
    """Whether all of a sender's providers sent again what it is, or anything where nobody knows what that was.

    What was loaded at the same moment came beside it: a provider may send each service in a file of its own.
    """
    records, parts = referral_delivery, vintage
    query = (
        select(delivery.c.id, func.coalesce(records.c.provider, parts.c.scope))
        .outerjoin(records, records.c.delivery_id == delivery.c.id)
        .outerjoin(parts, parts.c.delivery_id == delivery.c.id)
        .where(delivery.c.received_at > moment, delivery.c.known_from <= as_of)
    )
    if sender.source is not None:
        query = query.where(delivery.c.source == sender.source)
    sent = {scope.partition("/")[0] for _, scope in connection.execute(query.distinct()) if scope is not None}
    return bool(sent) and set(sender.providers) <= sent


def _held(connection: Connection, as_of: date) -> Iterator[UnreadFile]:
    """Not where all of its providers' lists came since."""
    table = held_delivery
    query = select(table, run.c.as_of).join(run, run.c.id == table.c.run_id).where(table.c.providers.is_not(None))
    for row in connection.execute(query.order_by(table.c.id)):
        is_over = row.approved_at is not None and london_date(row.approved_at) <= as_of
        if is_over or _known(row.as_of, row.held_at) > as_of:
            continue
        if not is_overtaken(connection, row, as_of=as_of):
            yield UnreadFile(Sender(row.source, tuple(row.providers)), row.snapshot_date, None)


def is_overtaken(connection: Connection, held: Row[Any], *, as_of: date) -> bool:
    """Whether lists of all the providers of a held delivery came since, as known on a day: it is no news any more."""
    return all(_came_since(connection, held, provider, as_of) for provider in held.providers)


def _came_since(connection: Connection, held: Row[Any], provider: str, as_of: date) -> bool:
    """Whether lists of its day or later came of a provider since, of every source system that had sent lately.

    Of which systems the held file itself is, nobody kept.
    """
    table = referral_delivery
    rows = connection.execute(
        select(table.c.snapshot_date, table.c.source_systems, delivery.c.received_at)
        .join(delivery, delivery.c.id == table.c.delivery_id)
        .where(table.c.provider == provider, table.c.known_from <= as_of)
    ).all()
    since = [one for one in rows if one.received_at > held.held_at and one.snapshot_date >= held.snapshot_date]
    lately = [
        one for one in rows if one.received_at <= held.held_at and one.snapshot_date > held.snapshot_date - SENDING
    ]
    came = {system for one in since for system in one.source_systems or ()}
    known = {system for one in lately for system in one.source_systems or ()}
    speaks_for_all = any(not one.source_systems for one in since)
    return bool(since) and (speaks_for_all or known <= came)


def _known(as_of: date | None, moment: datetime) -> date:
    """The day as of which a run was made, that of the moment where none was said."""
    return as_of or london_date(moment)


def _sender(kept: Mapping[str, Any]) -> Sender:
    return Sender(kept["source"], tuple(kept["providers"]))
