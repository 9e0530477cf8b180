"""Findings and coverage: those of one delivery are kept with it, those across vintages follow what is stored now.

A finding that stands keeps its number whatever else is loaded, so that a reader who goes through them page by page
meets each once.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select

from waitlists.domain import Coverage, Finding
from waitlists.quality import HistoryChecks
from waitlists.store import tables
from waitlists.store.left_aside import EARLIER_STANDS


def add_delivery_findings(
    connection: Connection, delivery_id: int, known_from: date, findings: Iterable[Finding]
) -> None:
    """Keep what was found in one file; it is known from the day its figures are."""
    vintages, found = _vintages_by_period(connection, delivery_id), list(findings)
    left = {(one.service, one.period_end) for one in found if one.code == EARLIER_STANDS}
    numbers = [None if (one.service, one.period_end) in left else _vintage_of(one, vintages) for one in found]
    rows = [
        _finding_row(finding, delivery_id=delivery_id, vintage_id=number, is_across=False) | {"known_from": known_from}
        for finding, number in zip(found, numbers, strict=True)
    ]
    if rows:
        connection.execute(insert(tables.finding), rows)


_AT_ONCE = 1000
"""Rows deleted in one statement."""


def replace_history_checks(connection: Connection, source: str, checks: HistoryChecks) -> None:
    """Keep these findings and this coverage as all that comparing the vintages of `source` with one another says.

    Findings that are there already stay, under their numbers; others are added, and those no longer found deleted.
    """
    vintage = tables.vintage
    rows = connection.execute(select(vintage.c.id, vintage.c.delivery_id).where(vintage.c.source == source))
    deliveries = {row.id: row.delivery_id for row in rows}
    found = [
        _finding_row(each, delivery_id=deliveries[vintage_id], vintage_id=vintage_id, is_across=True)
        for vintage_id, several in checks.findings.items()
        for each in several
    ]
    ours = select(vintage.c.id).where(vintage.c.source == source)
    _keep_findings(connection, ours, found)
    covered = [_coverage_row(each, vintage_id) for vintage_id, several in checks.coverage.items() for each in several]
    connection.execute(delete(tables.coverage).where(tables.coverage.c.vintage_id.in_(ours)))
    if covered:
        connection.execute(insert(tables.coverage), covered)


def _keep_findings(connection: Connection, ours: Select[int], found: Sequence[Mapping[str, Any]]) -> None:
    """Add the rows that are not there and delete the stored ones that are not among them."""
    finding = tables.finding
    stored: dict[tuple[object, ...], list[int]] = defaultdict(list)
    rows = connection.execute(select(finding).where(finding.c.is_across, finding.c.vintage_id.in_(ours)))
    for row in rows.mappings():
        stored[_content(row)].append(row["id"])
    new: list[Mapping[str, Any]] = []
    for row in found:
        same = stored.get(_content(row))
        if same:
            same.pop()
        else:
            new.append(row)
    # Added before the others go: SQLite would give the last number again.
    if new:
        connection.execute(insert(finding), new)
    gone = sorted(number for numbers in stored.values() for number in numbers)
    for first in range(0, len(gone), _AT_ONCE):
        connection.execute(delete(finding).where(finding.c.id.in_(gone[first : first + _AT_ONCE])))


def _content(row: Mapping[Any, Any]) -> tuple[object, ...]:
    """All that a row says, to compare what is stored with what was found."""
    said = tuple(row[column.name] for column in tables.finding.c if column.name not in {"id", "details"})
    return (*said, json.dumps(row["details"], sort_keys=True))


def _vintages_by_period(connection: Connection, delivery_id: int) -> dict[date, list[tuple[str, int]]]:
    """The scopes and vintages a finding of a period may belong to: those of the delivery's own source come first."""
    vintage, delivery = tables.vintage, tables.delivery
    rows = connection.execute(
        select(vintage.c.period_end, vintage.c.scope, vintage.c.id)
        .join(delivery, delivery.c.id == vintage.c.delivery_id)
        .where(delivery.c.id == delivery_id)
        .order_by((vintage.c.source == delivery.c.source).desc(), vintage.c.id)
    )
    found: dict[date, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        found[row.period_end].append((row.scope, row.id))
    return found


def _vintage_of(finding: Finding, vintages: Mapping[date, Sequence[tuple[str, int]]]) -> int | None:
    """Where senders or their services are vintages of their own, the one the finding is about; else the first."""
    several = vintages.get(finding.period_end, ())
    own = [
        number
        for scope, number in several
        if (finding.service and scope.endswith(f"/{finding.service}")) or (scope and scope == finding.org)
    ]
    return next(iter([*own, *(number for _, number in several)]), None)


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
