"""Referral records for tests: rows in our own words, with everything filled in that a test does not care about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection

from waitlists.ingest.mapping import Kind
from waitlists.ingest.referral_delivery import REJECTED_SCHEMA, Batch, FileFacts
from waitlists.record.schema import IDENTITY, SCHEMA
from waitlists.store import write
from waitlists.store.referral_deliveries import Accepted, Received, add_accepted, add_extract
from waitlists.store.referral_looked import Stamp, looked_at
from waitlists.store.referral_write import Merged, merge, merge_changes
from waitlists.store.referrals import open_by_service

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
USUAL: Mapping[str, Any] = {
    "pseudonym_id": "child-0000000001",
    "service": "SALT",
    "waiting_for": "first_contact",
    "service_request_identifier": "R-1",
    "organisation_identifier_code_of_provider": "RYY",
    "organisation_identifier_code_of_commissioner": "QKS",
    "referral_request_received_date": date(2025, 9, 1),
    "age_band": "5-10",
    "snapshot_date": date(2026, 1, 4),
    "source_system": "RiO",
}
Rows = Sequence[Mapping[str, Any]]


def records(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """A records table; what a row does not say is as in USUAL, or empty."""
    return pa.Table.from_pylist([{**USUAL, **row} for row in rows], schema=SCHEMA)


def rejected(rows: Iterable[Mapping[str, Any]], *, rule: str = "received_missing") -> pa.Table:
    """Rejected rows of a file, with the texts that identify them."""
    texts = ({name: value for name, value in {**USUAL, **row}.items() if isinstance(value, str)} for row in rows)
    found = [{"row": place, "rule": rule, "field": None, **row} for place, row in enumerate(texts, start=2)]
    return pa.Table.from_pylist(found, schema=REJECTED_SCHEMA)


def facts(table: pa.Table, *, day: date, kind: Kind = "snapshot", **other: Any) -> FileFacts:
    """Facts of a file of these records."""
    said: dict[str, Any] = {
        "form": "csv", "kind": kind, "encoding": "utf-8", "delimiter": ",", "snapshot_date": day,
        "providers": ("RYY",), "read": table.num_rows, "accepted": table.num_rows, "quarantined": 0, "excluded": 0,
        "duplicates": 0, "by_rule": {}, "open_by_list": {}, "unknown_columns": (), "remarks": (),
    }  # fmt: skip
    return FileFacts(**(said | other))


def deliver(
    connection: Connection,
    rows: Rows,
    *,
    day: date,
    kind: Kind = "snapshot",
    known: date | None = None,
    provider: str = "RYY",
    refused: Rows = (),
    rows_at_once: int = 3,
) -> Merged:
    """A delivery of these rows about `day`, known from `known` (or its own day) on, in small batches."""
    table = records([{IDENTITY[0]: provider, **row, "snapshot_date": day} for row in rows])
    known_from = known or day
    run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
    checksum = sha256(f"{provider} {day} {kind} {rows} {run_id}".encode()).hexdigest()
    received = Received("records.csv", checksum, 1, NOW, run_id)
    told = facts(table, day=day, kind=kind, providers=(provider,))
    delivery_id = add_extract(connection, told, received, known_from=known_from)
    systems = tuple(sorted(set(table["source_system"].to_pylist()))) or ("RiO",)
    stamp = Stamp(kind, day, known_from, systems)
    none, no_rows = rejected([]), records([])
    batches = [Batch(table.slice(first, rows_at_once), none) for first in range(0, len(rows), rows_at_once)]
    batches.append(Batch(no_rows, rejected(refused)))
    if kind == "delta":
        changes = looked_at(connection, batches, stamp, providers=(provider,))
        merged = merge_changes(connection, changes, delivery_id, stamp)
        assert changes.is_open[provider] == open_by_service(connection, provider, systems=systems)
    else:
        merged = merge(connection, batches, delivery_id, stamp, providers=(provider,))
    add_accepted(connection, delivery_id, Accepted(provider, kind, day, known_from, {}, (), systems), {})
    return merged[provider]
