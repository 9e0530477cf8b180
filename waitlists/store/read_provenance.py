"""Where figures come from: the published version, deliveries, refusals, runs, and the cell every figure stands in.

Lists of records go by number: `after` is the last number seen, so that rows added meanwhile are neither skipped nor
repeated.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, func, literal, or_, select, union

from waitlists.deliveries.unread import Sender, UnreadFile
from waitlists.domain import Level, Marker, PrintedOrganisation
from waitlists.store import tables
from waitlists.store.seen import is_seen, sight_on
from waitlists.store.stored import (
    DatasetVersion,
    StoredCell,
    StoredDelivery,
    StoredHeld,
    StoredRefusal,
    StoredRun,
    StoredVintage,
)
from waitlists.store.unread import waiting_deliveries

Record = TypeVar("Record")

_FILES = (tables.delivery, tables.held_delivery)

_ASIDE = (
    select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery() for table in (tables.refusal, tables.held_delivery)
)
_VERSION = (
    select(tables.dataset_version, sum(_ASIDE, start=literal(0)).label("aside"))
    .order_by(tables.dataset_version.c.version.desc())
    .limit(1)
)


def latest_version(connection: Connection) -> DatasetVersion | None:
    """The newest published version of the data, None where nothing was published yet."""
    row = connection.execute(_VERSION).first()
    return None if row is None else DatasetVersion(row.version, row.published_at, row.run_id, row.aside)


def periods_sent(connection: Connection, source: str) -> dict[tuple[str, str], set[date]]:
    """The periods of which senders' own figures of a source are here, by provider and service."""
    vintage = tables.vintage
    rows = connection.execute(
        select(vintage.c.scope, vintage.c.period_end)
        .distinct()
        .where(vintage.c.source == source, vintage.c.scope != "")
    )
    sent: dict[tuple[str, str], set[date]] = defaultdict(set)
    for scope, period_end in rows:
        org, _, service = scope.partition("/")
        sent[org, service].add(period_end)
    return sent


def deliveries(
    connection: Connection,
    *,
    source: str | None = None,
    period_end: date | None = None,
    after: int | None = None,
    limit: int,
) -> list[StoredDelivery]:
    """At most `limit` deliveries by number, from the one following `after` on."""
    query = _page(tables.delivery, after, limit, {"source": source, "period_end": period_end})
    query = query.where(_is_file_seen(connection))
    return _records(connection, query, StoredDelivery)


def delivery(connection: Connection, delivery_id: int) -> StoredDelivery | None:
    """One delivery, None where there is no such number."""
    query = select(tables.delivery).where(tables.delivery.c.id == delivery_id)
    query = query.where(_is_file_seen(connection))
    return next(iter(_records(connection, query, StoredDelivery)), None)


def delivery_content(connection: Connection, delivery_id: int) -> bytes | None:
    """The file itself, byte for byte."""
    kept = tables.delivery_content
    return connection.execute(select(kept.c.content).where(kept.c.delivery_id == delivery_id)).scalar()


def vintages_of(connection: Connection, delivery_id: int) -> list[StoredVintage]:
    """What one delivery says: its vintages by number."""
    query = vintage_query().where(tables.vintage.c.delivery_id == delivery_id).order_by(tables.vintage.c.id)
    return _records(connection, query, StoredVintage)


def vintage_query() -> Select[*tuple[Any, ...]]:
    """Every vintage with the file it stands in."""
    vintage, delivery = tables.vintage, tables.delivery
    file = (
        delivery.c.sha256,
        delivery.c.file_name,
        delivery.c.is_synthetic,
        delivery.c.source.label("delivery_source"),
    )
    own = [vintage.c[one.name] for one in fields(StoredVintage) if one.name in vintage.c]
    return select(*own, *file).join(delivery, delivery.c.id == vintage.c.delivery_id)


def refusals(connection: Connection, *, after: int | None = None, limit: int) -> list[StoredRefusal]:
    """At most `limit` refused files by number, from the one following `after` on."""
    told = [tables.refusal.c[one.name] for one in fields(StoredRefusal)]
    return _records(connection, _page(tables.refusal, after, limit, {}).with_only_columns(*told), StoredRefusal)


def held_deliveries(
    connection: Connection, *, today: date, source: str | None = None, after: int | None = None, limit: int
) -> list[StoredHeld]:
    """At most `limit` files that wait for a person by number, from the one following `after` on."""
    every = (row for row in waiting_deliveries(connection, today=today) if source in {None, row.source})
    wanted = islice((row for row in every if row.id > (after or 0)), limit)
    return [
        StoredHeld(
            id=row.id,
            sha256=row.sha256,
            source=row.source,
            file_name=row.file_name,
            received_at=row.held_at,
            period_end=row.snapshot_date,
            sentence=UnreadFile(Sender(row.source, tuple(row.providers or ())), row.snapshot_date, None).sentence,
            run_id=row.run_id,
        )
        for row in wanted
    ]


def known_files(connection: Connection, sha256: Collection[str], *, but_refused_as: Collection[str]) -> set[str]:
    """Which of some checksums are those of files that were loaded, held or refused before, but for some codes."""
    refusal = tables.refusal
    found = [select(table.c.sha256).where(table.c.sha256.in_(sorted(sha256))) for table in _FILES]
    final = select(refusal.c.sha256).where(refusal.c.sha256.in_(sorted(sha256)), refusal.c.code.not_in(but_refused_as))
    return set(connection.execute(union(*found, final)).scalars())


def runs(
    connection: Connection,
    *,
    command: str | None = None,
    status: str | None = None,
    after: int | None = None,
    limit: int,
) -> list[StoredRun]:
    """At most `limit` runs by number, from the one following `after` on."""
    return _records(connection, _page(tables.run, after, limit, {"command": command, "status": status}), StoredRun)


def figure_cells(connection: Connection, vintage_id: int, service: str, org: str) -> list[StoredCell]:
    """Every printed cell of one list in one vintage, in the order of the sheet."""
    return _cells(connection, tables.vintage.c.id == vintage_id, service, org)


def delivery_cells(connection: Connection, delivery_id: int, service: str, org: str) -> list[StoredCell]:
    """Every printed cell of one list in one file, in the order of its vintages and of the sheet.

    A sum or a count from records that is kept with the file stands in no cell of it.
    """
    return _cells(connection, tables.vintage.c.delivery_id == delivery_id, service, org)


def known_organisations(connection: Connection) -> list[PrintedOrganisation]:
    """Organisations met in files, by code, each with the name last printed."""
    organisation = tables.organisation
    rows = connection.execute(select(organisation).order_by(organisation.c.code))
    return [PrintedOrganisation(row.code, row.name, Level(row.level)) for row in rows]


def _page(table: Table, after: int | None, limit: int, wanted: Mapping[str, object]) -> Select[*tuple[Any, ...]]:
    query = select(table).where(*(table.c[name] == value for name, value in wanted.items() if value is not None))
    if after is not None:
        query = query.where(table.c.id > after)
    return query.order_by(table.c.id).limit(limit)


def _is_file_seen(connection: Connection) -> ColumnElement[bool]:
    """Whether a file is published, or sent by somebody whose figures are seen: it tells of all its lists at once."""
    delivery, vintage = tables.delivery, tables.vintage
    sight = sight_on(connection)
    scopes = connection.execute(select(vintage.c.scope).distinct()).scalars()
    own = [scope for scope in scopes if sight.owns(scope.partition("/")[0])]
    senders = select(vintage.c.delivery_id).where(vintage.c.scope.in_(own))
    return or_(is_seen(connection, delivery.c.source, None), delivery.c.id.in_(senders))


def _records(connection: Connection, query: Select[*tuple[Any, ...]], record: type[Record]) -> list[Record]:
    """Rows as records: the fields of a record are the columns of its query."""
    return [record(**row) for row in connection.execute(query).mappings()]


def _cells(connection: Connection, where: Any, service: str, org: str) -> list[StoredCell]:
    series, figure, vintage, delivery = tables.series, tables.figure, tables.vintage, tables.delivery
    place = (figure.c.value, figure.c.marker, figure.c.sheet, figure.c.row, figure.c.column)
    query = (
        select(vintage.c.id.label("vintage_id"), vintage.c.source, vintage.c.period_end)
        .add_columns(series.c.service, series.c.org, series.c.kind, series.c.band, *place)
        .add_columns(delivery.c.id.label("delivery_id"), delivery.c.sha256, delivery.c.file_name)
        .join(delivery, delivery.c.id == vintage.c.delivery_id)
        .join(figure, figure.c.vintage_id == vintage.c.id)
        .join(series, series.c.id == figure.c.series_id)
        .where(where, series.c.service == service, series.c.org == org, figure.c.row > 0)
        .where(is_seen(connection, vintage.c.source, series.c.org))
        .order_by(vintage.c.id, figure.c.sheet, figure.c.row, figure.c.column)
    )
    cells = _records(connection, query, StoredCell)
    return [cell._replace(marker=Marker(cell.marker)) for cell in cells]
