"""Findings and coverage: those of one delivery are kept with it, those across vintages are replaced as a whole."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from waitlists.domain import Coverage, Finding
from waitlists.quality import HistoryChecks
from waitlists.store import tables


def add_delivery_findings(
    connection: Connection, delivery_id: int, known_from: date, findings: Iterable[Finding]
) -> None:
    """Keep what was found in one file; it is known from the day its figures are."""
    vintages = _vintages_by_period(connection, delivery_id)
    rows = [
        _finding_row(finding, delivery_id=delivery_id, vintage_id=vintages.get(finding.period_end), is_across=False)
        | {"known_from": known_from}
        for finding in findings
    ]
    if rows:
        connection.execute(insert(tables.finding), rows)


def replace_history_checks(connection: Connection, source: str, checks: HistoryChecks) -> None:
    """Replace all findings and coverage worked out by comparing the vintages of `source` with one another."""
    vintage = tables.vintage
    ours = select(vintage.c.id).where(vintage.c.source == source)
    finding, coverage = tables.finding, tables.coverage
    connection.execute(delete(finding).where(finding.c.is_across, finding.c.vintage_id.in_(ours)))
    connection.execute(delete(coverage).where(coverage.c.vintage_id.in_(ours)))
    rows = connection.execute(select(vintage.c.id, vintage.c.delivery_id).where(vintage.c.source == source))
    deliveries = {row.id: row.delivery_id for row in rows}
    found = [
        _finding_row(each, delivery_id=deliveries[vintage_id], vintage_id=vintage_id, is_across=True)
        for vintage_id, several in checks.findings.items()
        for each in several
    ]
    covered = [_coverage_row(each, vintage_id) for vintage_id, several in checks.coverage.items() for each in several]
    for table, rows in ((finding, found), (coverage, covered)):
        if rows:
            connection.execute(insert(table), rows)


def _vintages_by_period(connection: Connection, delivery_id: int) -> dict[date, int]:
    """The vintage a finding of a period belongs to: that of the delivery's own source before any other."""
    vintage, delivery = tables.vintage, tables.delivery
    rows = connection.execute(
        select(vintage.c.period_end, vintage.c.id)
        .join(delivery, delivery.c.id == vintage.c.delivery_id)
        .where(delivery.c.id == delivery_id)
        .order_by(vintage.c.source == delivery.c.source, vintage.c.id.desc())
    )
    return {row.period_end: row.id for row in rows}


def _finding_row(finding: Finding, *, delivery_id: int, vintage_id: int | None, is_across: bool) -> dict[str, Any]:
    return {
        "delivery_id": delivery_id,
        "vintage_id": vintage_id,
        "code": finding.code,
        "severity": finding.severity.value,
        "service": finding.service,
        "org": finding.org,
        "period_end": finding.period_end,
        "known_from": finding.known_from,
        "known_until": finding.known_until,
        "sheet": finding.sheet,
        "cell": finding.cell,
        "sentence": finding.sentence,
        "details": _plain(finding.details),
        "is_across": is_across,
    }


def _coverage_row(coverage: Coverage, vintage_id: int) -> dict[str, Any]:
    missing = [
        {"org": who.org, "last_period": who.last_period.isoformat(), "last_list_size": who.last_list_size}
        for who in coverage.missing
    ]
    return {
        "vintage_id": vintage_id,
        "service": coverage.service,
        "org": coverage.org,
        "share": coverage.share,
        "missing": missing,
    }


def _plain(value: Any) -> Any:
    """The same as JSON knows it: dates as ISO texts, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value.isoformat() if isinstance(value, date) else value
