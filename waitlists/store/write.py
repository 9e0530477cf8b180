"""What commands write: runs, deliveries with their vintages and figures, refusals, and the version readers see.

Every function works inside the caller's transaction (`session.writing`), so a delivery becomes visible together with
the dataset version that publishes it, or not at all. Nothing that was loaded is ever overwritten; only what is worked
out from it (findings across vintages, coverage) is replaced.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256 as checksum
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from waitlists.deliveries.unread import UNKNOWN, Sender
from waitlists.domain import Finding, ParsedDelivery, ParsedVintage
from waitlists.errors import BadArgument
from waitlists.masks import masked
from waitlists.store import tables
from waitlists.store.bulk import insert_rows
from waitlists.store.details import add_details
from waitlists.store.judged import carry_over
from waitlists.store.rows import add_row, storable, storable_name
from waitlists.store.series_ids import series_ids
from waitlists.store.write_findings import add_delivery_findings, replace_history_checks

__all__ = [
    "add_delivery",
    "add_refusal",
    "add_vintages",
    "finish_run",
    "is_running",
    "known_delivery",
    "new_scopes",
    "publish",
    "replace_history_checks",
    "same_date_seen_with_other_bytes",
    "start_run",
]


def start_run(connection: Connection, *, command: str, as_of: date | None, now: datetime) -> int:
    """The id of a new run of `command`, which stands as `running` until it is finished."""
    empty: dict[str, object] = {}
    values = {"command": command, "as_of": as_of, "started_at": now, "status": "running", "summary": empty}
    return add_row(connection, tables.run, values)


def finish_run(
    connection: Connection, run_id: int, *, status: str, summary: Mapping[str, object], now: datetime
) -> None:
    """Record how a run ended: `done`, `partial` or `failed`, with counts for people and no row's values."""
    changed = connection.execute(
        update(tables.run)
        .where(tables.run.c.id == run_id)
        .values(status=status, summary=dict(summary), finished_at=now)
    )
    if changed.rowcount != 1:
        raise BadArgument(f"there is no run {run_id} to finish", field="run_id")


def is_running(connection: Connection, run_id: int) -> bool:
    """Whether a run has not ended yet."""
    run = tables.run
    return connection.execute(select(run.c.status).where(run.c.id == run_id)).scalar() == "running"


def publish(connection: Connection, *, run_id: int, now: datetime, above: int = 0, keeps_trends: bool = False) -> int:
    """The number of the new dataset version, one more than the last; readers see it when the transaction ends.

    `above`: a number that readers have seen of another state of this database, which a backup replaces. `keeps_trends`:
    whether neither figures, nor findings, nor decisions have changed, so that what was judged ahead still holds.
    """
    # Numbered here and not by the database, whose sequences leave gaps and may commit out of order.
    last = connection.execute(select(func.max(tables.dataset_version.c.version))).scalar()
    version = max(last or 0, above) + 1
    connection.execute(insert(tables.dataset_version).values(version=version, published_at=now, run_id=run_id))
    if keeps_trends:
        carry_over(connection, version)
    return version


def known_delivery(connection: Connection, sha256: str) -> int | None:
    """The id of the delivery with this checksum, None where the file was never loaded."""
    return connection.execute(select(tables.delivery.c.id).where(tables.delivery.c.sha256 == sha256)).scalar()


def same_date_seen_with_other_bytes(connection: Connection, parsed: ParsedDelivery, *, sha256: str) -> bool:
    """Whether another file about the same month and sender already printed the same publication date."""
    delivery, vintage = tables.delivery, tables.vintage
    found = (
        select(delivery.c.id)
        .join(vintage, vintage.c.delivery_id == delivery.c.id)
        .where(
            delivery.c.source == parsed.source,
            delivery.c.period_end == parsed.period_end,
            delivery.c.published_on == parsed.published_on,
            delivery.c.sha256 != sha256,
            vintage.c.scope.in_({part.scope for part in parsed.vintages if part.period_end == parsed.period_end}),
        )
    )
    return connection.execute(found.limit(1)).first() is not None


def new_scopes(connection: Connection, parsed: ParsedDelivery) -> frozenset[str]:
    """Senders, and services of theirs, of whom nothing was ever delivered before; nobody where files have no sender."""
    vintage = tables.vintage
    scopes = {part.scope for part in parsed.vintages if part.scope}
    known = select(vintage.c.scope).where(vintage.c.source == parsed.source, vintage.c.scope.in_(scopes)).distinct()
    return frozenset(scopes - set(connection.execute(known).scalars()))


def add_delivery(
    connection: Connection,
    parsed: ParsedDelivery,
    *,
    name: str,
    sha256: str,
    content: bytes,
    known_from: date,
    received_at: datetime,
    run_id: int,
    findings: Iterable[Finding],
) -> int:
    """Keep a file and all it says as new vintages; the id of the delivery.

    Parameters
    ----------
    parsed
        What the file says; its own findings are kept too.
    name
        The file's name as received, for people; nothing depends on it.
    content
        The whole file, `sha256` its checksum; kept unless the parser says it must not be.
    known_from
        From which day its figures count as known (`waitlists.vintages.known_from`).
    findings
        What the checks of this delivery found, beside `parsed.findings`.

    Raises
    ------
    BadArgument
        When the checksum is not the content's; nothing is written.
    """
    if checksum(content).hexdigest() != sha256:
        raise BadArgument("the checksum is not that of the content", field="sha256")
    described = _describe(parsed, name=name, sha256=sha256, size=len(content))
    stamped = {"known_from": known_from, "received_at": received_at, "run_id": run_id}
    delivery_id = add_row(connection, tables.delivery, described | stamped)
    if parsed.is_kept:
        connection.execute(insert(tables.delivery_content).values(delivery_id=delivery_id, content=content))
    add_vintages(connection, delivery_id, parsed.vintages, known_from=known_from)
    _add_context(connection, delivery_id, parsed)
    add_delivery_findings(connection, delivery_id, known_from, (*parsed.findings, *findings))
    return delivery_id


def add_vintages(
    connection: Connection, delivery_id: int, parts: Sequence[ParsedVintage], *, known_from: date
) -> list[int]:
    """Keep what a delivery says, or what follows from it, of several periods; the ids of the new vintages in order."""
    ids = _add_vintages(connection, [_vintage_row(delivery_id, part, known_from) for part in parts])
    numbered = dict(zip(ids, parts, strict=True))
    _add_figures(connection, numbered)
    add_details(connection, {number: part.details for number, part in numbered.items()})
    return ids


def add_refusal(
    connection: Connection,
    *,
    name: str,
    sha256: str | None,
    code: str,
    reason: str,
    received_at: datetime,
    run_id: int,
    sender: Sender = UNKNOWN,
) -> int:
    """Record a file that was refused: its name, checksum, whose it is and why; nothing of its content."""
    values = {"file_name": storable_name(name), "sha256": sha256, "code": code, "run_id": run_id}
    whose = {"sender": None if sender == UNKNOWN else _whose(sender)}
    told = {"reason": storable(reason), "received_at": received_at}
    return add_row(connection, tables.refusal, values | told | whose)


def _whose(sender: Sender) -> dict[str, object]:
    until = sender.until.isoformat() if sender.until else None
    return {**sender._asdict(), "until": until}


def _describe(parsed: ParsedDelivery, *, name: str, sha256: str, size: int) -> dict[str, object]:
    return {
        "sha256": sha256,
        "source": parsed.source,
        "file_name": storable_name(name),
        "size_bytes": size,
        "published_on": parsed.published_on,
        "period_end": parsed.period_end,
        "layout": parsed.layout,
        "is_synthetic": parsed.is_synthetic,
        "counts": dict(parsed.counts),
        "notes": [masked(note) for note in parsed.notes],
        "providers_in_scope": parsed.providers_in_scope,
    }


def _vintage_row(delivery_id: int, part: ParsedVintage, known_from: date) -> dict[str, Any]:
    described: dict[str, Any] = {"source": part.source, "scope": part.scope, "period_end": part.period_end}
    known: dict[str, Any] = {"known_from": part.known_from or known_from, "is_reconstructed": part.is_reconstructed}
    return described | known | {"delivery_id": delivery_id, "digest": part.digest}


def _add_vintages(connection: Connection, rows: Sequence[Mapping[str, object]]) -> list[int]:
    """The numbers the database gave new vintages, in their order."""
    if not rows:
        return []
    adding = insert(tables.vintage).returning(tables.vintage.c.id, sort_by_parameter_order=True)
    return list(connection.execute(adding, rows).scalars())


def _add_figures(connection: Connection, vintages: Mapping[int, ParsedVintage]) -> None:
    keys = {
        (part.source, figure.service, figure.org, figure.kind, figure.band)
        for part in vintages.values()
        for figure in part.figures
    }
    ids = series_ids(connection, keys)
    rows = [
        (ids[(part.source, f.service, f.org, f.kind, f.band)], vintage_id, f.value, f.marker, f.sheet, f.row, f.column)
        for vintage_id, part in vintages.items()
        for f in part.figures
    ]
    # In the order of the key, so that each load appends to the clustered table instead of jumping about in it.
    rows.sort(key=lambda row: row[:2])
    insert_rows(connection, tables.figure, [column.name for column in tables.figure.c], rows)


def _add_context(connection: Connection, delivery_id: int, parsed: ParsedDelivery) -> None:
    """Who was named in the file, and how many were said to have sent nothing."""
    silent = [
        {"delivery_id": delivery_id, "org": n.org, "period_end": n.period_end, "not_submitting": n.not_submitting}
        for n in parsed.non_submissions
    ]
    if silent:
        connection.execute(insert(tables.non_submission), silent)
    _keep_organisations(connection, parsed)


def _keep_organisations(connection: Connection, parsed: ParsedDelivery) -> None:
    """Keep each code's name from the file of the latest month; the first one printed where a file prints two."""
    organisation = tables.organisation
    printed = {o.code: (parsed.period_end, o.name, o.level.value) for o in reversed(parsed.organisations)}
    kept = {
        row.code: (row.printed_in, row.name, row.level)
        for row in connection.execute(select(organisation).where(organisation.c.code.in_(printed)))
    }
    for code, latest in printed.items():
        values = dict(zip(("printed_in", "name", "level"), latest, strict=True))
        if code not in kept:
            connection.execute(insert(organisation).values(code=code, **values))
        elif latest > kept[code]:
            connection.execute(update(organisation).where(organisation.c.code == code).values(**values))
