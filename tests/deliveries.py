"""Small deliveries for tests of the store, and loading them the way the load command does."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256

from sqlalchemy import Connection, Engine

from waitlists.domain import (
    Figure,
    Finding,
    Level,
    Marker,
    ParsedDelivery,
    ParsedVintage,
    PrintedOrganisation,
    Severity,
)
from waitlists.quality import check_history
from waitlists.store import read, write
from waitlists.store.session import writing
from waitlists.store.write_findings import replace_history_checks
from waitlists.vintages import known_from

NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
FEBRUARY, MARCH, APRIL = date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)
LEVELS = {"ENG": Level.ENGLAND, "Y61": Level.REGION, "QKS": Level.ICB}

Lists = Mapping[tuple[str, str], int | Mapping[str, int | None] | None]


def figures(lists: Lists) -> tuple[Figure, ...]:
    """Cells of `{(service, org): total}` or `{(service, org): {band: count}}`, one row a list; None is suppressed."""
    return tuple(
        Figure(service, org, band, value, Marker.SUPPRESSED if value is None else Marker.NUMBER, "Table 5", row, column)
        for row, ((service, org), counts) in enumerate(lists.items(), 10)
        for column, (band, value) in enumerate(
            (counts if isinstance(counts, Mapping) else {"total": counts}).items(), 3
        )
    )


def parsed(
    period_end: date,
    lists: Lists,
    *,
    published_on: date | None = None,
    findings: tuple[Finding, ...] = (),
    source: str = "chs_sitrep",
    scope: str = "",
    more: tuple[ParsedVintage, ...] = (),
    **extra,
) -> ParsedDelivery:
    """A delivery of one period of `source`, with `more` vintages if any."""
    cells = figures(lists)
    names = {org: PrintedOrganisation(org, f"NHS {org}", LEVELS.get(org, Level.PROVIDER)) for _, org in lists}
    return ParsedDelivery(
        source=source,
        layout="test",
        period_end=period_end,
        published_on=published_on,
        vintages=(ParsedVintage(source, period_end, cells, scope), *more),
        findings=findings,
        counts={"cells_read": len(cells), "numbers": len(cells)},
        organisations=extra.pop("organisations", tuple(names.values())),
        **extra,
    )


def finding(code: str, period_end: date, service: str | None = None, org: str | None = None, **extra) -> Finding:
    """A warning that says its own code."""
    known = extra.pop("known_from", period_end)
    return Finding(code, Severity.WARNING, f"This is {code}.", period_end, known, service, org, **extra)


def content_of(delivery: ParsedDelivery, salt: str = "") -> bytes:
    """Bytes that stand for the file: the same for the same delivery."""
    return (salt + repr(delivery)).encode()


def add(
    connection: Connection,
    delivery: ParsedDelivery,
    *,
    run_id: int,
    now: datetime = NOW,
    as_of: date | None = None,
    salt: str = "",
    findings: Iterable[Finding] = (),
) -> int | None:
    """The delivery's id, None where the same file is there already."""
    content = content_of(delivery, salt)
    checksum = sha256(content).hexdigest()
    if write.known_delivery(connection, checksum) is not None:
        return None
    seen = write.same_date_seen_with_other_bytes(connection, delivery, sha256=checksum)
    day = known_from(delivery.published_on, same_date_seen_with_other_bytes=seen, loaded_on=now.date(), as_of=as_of)
    return write.add_delivery(
        connection,
        delivery,
        name=f"{delivery.period_end}.xlsx",
        sha256=checksum,
        content=content,
        known_from=day,
        received_at=now,
        run_id=run_id,
        findings=findings,
    )


def load(engine: Engine, *deliveries: ParsedDelivery, now: datetime = NOW, **options) -> list[int | None]:
    """Load deliveries as one command: files, checks across months, a new version; the ids."""
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=now)
        ids = [add(connection, delivery, run_id=run_id, now=now, **options) for delivery in deliveries]
        for source in sorted({delivery.source for delivery in deliveries}):
            checks = check_history(read.line_totals(connection, source), levels=LEVELS)
            replace_history_checks(connection, source, checks)
        write.publish(connection, run_id=run_id, now=now)
        write.finish_run(connection, run_id, status="done", summary={"loaded": len(deliveries)}, now=now)
    return ids
