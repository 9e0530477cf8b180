"""Invented referral extracts for tests: one good row, changed as a test wants, written as a file."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from waitlists.ingest.mapping import CANONICAL, ProviderMapping
from waitlists.ingest.referral_delivery import Extract
from waitlists.ingest.referral_extract import read_extract
from waitlists.record.schema import SENT

DELIVERED = date(2026, 11, 16)
SNAPSHOT = "2026-11-15"

GOOD = {
    "pseudonym_id": "a3f09c41d77e52b86a3f09c41d77e52b",
    "service": "SALT",
    "waiting_for": "first_contact",
    "service_request_identifier": "ref-000001",
    "organisation_identifier_code_of_provider": "RYY",
    "organisation_identifier_code_of_commissioner": "QKS",
    "referral_request_received_date": "2026-05-04",
    "age_band": "5-10",
    "snapshot_date": SNAPSHOT,
    "source_system": "RiO",
}


def row(number: int = 1, **changes: str) -> dict[str, str]:
    """A good row with an identifier of its own, and what a test changes of it."""
    return {**GOOD, "service_request_identifier": f"ref-{number:06}", **changes}


def csv_of(rows: Iterable[Mapping[str, str]], *, columns: Sequence[str] = SENT, delimiter: str = ",") -> bytes:
    """Rows as a CSV with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(
        text, columns, restval="", delimiter=delimiter, lineterminator="\r\n", extrasaction="ignore"
    )
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def read(content: bytes, mapping: ProviderMapping = CANONICAL) -> Extract:
    """An extract of these bytes, delivered on the Monday after the snapshot."""
    return read_extract(io.BytesIO(content), mapping=mapping, on=DELIVERED)


def read_rows(*rows: Mapping[str, str], mapping: ProviderMapping = CANONICAL) -> Extract:
    """An extract of these rows."""
    return read(csv_of(rows), mapping)


def accepted(extract: Extract) -> list[dict[str, object]]:
    """The rows taken, without what is empty."""
    return [
        {name: value for name, value in record.items() if value is not None}
        for batch in extract.batches()
        for record in batch.records.to_pylist()
    ]


def rejected(extract: Extract) -> list[tuple[int, str, str]]:
    """Row, rule and field of the rows quarantined."""
    return [
        (record["row"], record["rule"], record["field"])
        for batch in extract.batches()
        for record in batch.rejected.to_pylist()
    ]
