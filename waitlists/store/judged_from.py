"""All that the trends of one service are worked out from, as one digest: while it is the same, so are they.

Of its own figures, findings, decisions and details that is everything; of those of other services only when each period
of a shared source was first known of, and of whom. Too much costs a judging, too little would let an old one stand.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select, and_, func, or_, select

from waitlists.store import tables
from waitlists.store.in_force import is_in_force
from waitlists.store.unread import awaited_files

_Row = Sequence[Any]


def made_from(connection: Connection, service: str, day: date) -> str:
    """The digest for a service on a day, and for all days around it on which nothing came to be known."""
    digest = blake2b(digest_size=32)
    for row in _rows(connection, service, day):
        digest.update(f"{tuple(row)!r}\n".encode())
    return digest.hexdigest()


def _rows(connection: Connection, service: str, day: date) -> Iterator[_Row]:
    said = _said(service)
    own = {(source, scope) for source, scope in connection.execute(_scopes(said))}
    every = connection.execute(_vintages(service)).all()
    yield from (row for row in every if (row.source, row.scope) in own)
    yield from _firsts(row for row in every if (row.source, row.scope) not in own)
    for query in (*_told(service), *_noted(service, said, day)):
        yield ("", *query.selected_columns.keys())
        yield from connection.execute(query)
    files = awaited_files(connection, as_of=day)
    yield from (("awaited", one) for one in files if service in (one.sender.services or {service}))


def _firsts(others: Iterable[Any]) -> Iterator[_Row]:
    """Of each period the first that others sent, by day and sender: what comes after it changes nothing of this."""
    first: dict[tuple[str, date], str] = {}
    for row in others:
        of = row.source, row.period_end
        if of not in first or row.scope < first[of]:
            first[of] = row.scope
            yield (*of, row.known_from, row.scope)


def _said(service: str) -> CompoundSelect[int]:
    """In which vintages anything is said of the service."""
    figure, series = tables.figure, tables.series
    counted = select(figure.c.vintage_id).join(series, series.c.id == figure.c.series_id)
    beside = (tables.coverage, tables.detail, tables.finding)
    return counted.where(series.c.service == service).union(
        *(select(each.c.vintage_id).where(each.c.service == service) for each in beside)
    )


def _scopes(said: CompoundSelect[int]) -> Select[str, str]:
    """Who ever said anything of the service: of these, every vintage counts."""
    vintage = tables.vintage
    return select(vintage.c.source, vintage.c.scope).where(vintage.c.id.in_(said)).distinct()


def _vintages(service: str) -> Select[*tuple[Any, ...]]:
    vintage, delivery, series = tables.vintage, tables.delivery, tables.series
    sources = select(series.c.source).where(series.c.service == service)
    return (
        select(*vintage.c, delivery.c.run_id, delivery.c.source.label("sent_as"), delivery.c.is_synthetic)
        .join(delivery, delivery.c.id == vintage.c.delivery_id)
        .where(vintage.c.source.in_(sources))
        .order_by(vintage.c.known_from, vintage.c.id)
    )


def _told(service: str) -> Iterator[Select[*tuple[Any, ...]]]:
    """Figures and details come with their vintage and are never changed: that they are there is enough."""
    series, figure, detail, coverage = tables.series, tables.figure, tables.detail, tables.coverage
    yield (
        select(figure.c.vintage_id, series.c.source, func.count(), func.sum(figure.c.value))
        .join(series, series.c.id == figure.c.series_id)
        .where(series.c.service == service)
        .group_by(figure.c.vintage_id, series.c.source)
        .order_by(figure.c.vintage_id, series.c.source)
    )
    yield (
        select(detail.c.vintage_id, func.count(), func.sum(detail.c.list_size))
        .where(detail.c.service == service)
        .group_by(detail.c.vintage_id)
        .order_by(detail.c.vintage_id)
    )
    yield select(coverage).where(coverage.c.service == service).order_by(coverage.c.vintage_id, coverage.c.org)


def _noted(service: str, said: CompoundSelect[int], day: date) -> Iterator[Select[*tuple[Any, ...]]]:
    """What was found and decided, what is invented, and who is called what."""
    vintage, delivery, series, finding = tables.vintage, tables.delivery, tables.series, tables.finding
    decision, organisation = tables.decision, tables.organisation
    # Those of several vintages are written anew with each load: their numbers change, and their order does not.
    found = [column for column in finding.c if column.name != "id"]
    files = select(vintage.c.delivery_id).where(vintage.c.id.in_(said))
    yield (
        select(*found, is_in_force(day).label("stands"))
        .where(or_(finding.c.service == service, and_(finding.c.service.is_(None), finding.c.delivery_id.in_(files))))
        .order_by(finding.c.id)
    )
    yield (
        select(vintage.c.source, func.min(vintage.c.known_from))
        .join(delivery, delivery.c.id == vintage.c.delivery_id)
        .where(vintage.c.source.in_(select(series.c.source).where(series.c.service == service)))
        .where(delivery.c.is_synthetic)
        .group_by(vintage.c.source)
        .order_by(vintage.c.source)
    )
    yield select(decision).where(decision.c.service == service).order_by(decision.c.id)
    yield (
        select(organisation.c.code, organisation.c.name, organisation.c.level)
        .where(organisation.c.code.in_(select(series.c.org).where(series.c.service == service)))
        .order_by(organisation.c.code)
    )
