"""One checksum of all that was loaded and found, to tell whether two databases hold the same.

Numbers given by the database and times of loading do not count, nor does the order of rows: two databases which
took the same files, in whatever order and on whichever engine, have the same checksum.
"""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Select, select

from waitlists.store import tables

_MODULUS = 1 << 256
_A_PAGE_AT_A_TIME = {"yield_per": 5_000}


def content_hash(connection: Connection) -> str:
    """Checksum of deliveries, vintages, figures, details, organisations, findings, coverage and records."""
    rows = (row for query in _queries() for row in connection.execute(query, execution_options=_A_PAGE_AT_A_TIME))
    return f"{_sum_of_rows(rows):064x}"


def _sum_of_rows(rows: Iterable[Sequence[Any]]) -> int:
    # A sum does not depend on the order, and the two engines sort texts differently.
    return sum(int.from_bytes(sha256(_as_bytes(row)).digest()) for row in rows) % _MODULUS


def _as_bytes(row: Sequence[Any]) -> bytes:
    return json.dumps(list(row), default=str, sort_keys=True).encode()


def _queries() -> Iterable[Select[*tuple[Any, ...]]]:
    delivery, vintage, finding = tables.delivery, tables.vintage, tables.finding
    file = delivery.c.sha256
    part = (vintage.c.source, vintage.c.scope, vintage.c.period_end, vintage.c.known_from)
    yield select(*_without(delivery, "id", "file_name", "received_at", "run_id"))
    yield _of_file(select(file, *part), vintage)
    figures = _of_file(select(file, *part, *_without(tables.series, "id"), *_without(tables.figure)), vintage)
    yield figures.join(tables.figure, tables.figure.c.vintage_id == vintage.c.id).join(
        tables.series, tables.series.c.id == tables.figure.c.series_id
    )
    silent = tables.non_submission
    yield _of_file(select(file, *_without(silent)), silent)
    yield select(*_without(tables.organisation))
    covered = _of_file(select(file, *part, *_without(tables.coverage)), vintage)
    yield covered.join(tables.coverage, tables.coverage.c.vintage_id == vintage.c.id)
    told = _of_file(select(file, *part, *_without(tables.detail)), vintage)
    yield told.join(tables.detail, tables.detail.c.vintage_id == vintage.c.id)
    referral, quarantine = tables.referral, tables.quarantine
    said = (referral.c.identity, referral.c.digest, referral.c.known_until, referral.c.is_absent)
    yield _of_file(select(file, referral.c.known_from, referral.c.stated_on, referral.c.snapshot_date, *said), referral)
    yield _of_file(select(file, *_without(quarantine, "id", "released_at")), quarantine)
    found = _of_file(select(file, *part, *_without(finding, "id")), finding)
    yield found.outerjoin(vintage, vintage.c.id == finding.c.vintage_id)


def _of_file(query: Select[*tuple[Any, ...]], table: Any) -> Select[*tuple[Any, ...]]:
    return query.select_from(table).join(tables.delivery, tables.delivery.c.id == table.c.delivery_id)


def _without(table: Any, *names: str) -> list[Any]:
    """The columns of a table that say something: no numbers that stand for another row."""
    given = {*names, "delivery_id", "vintage_id", "series_id"}
    return [column for column in table.c if column.name not in given]
