"""Referral records for tests: rows in our own words with everything filled in that a test does not care about."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from waitlists.referral_record import SCHEMA

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


def records(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """A records table; what a row does not say is as in USUAL, or empty."""
    return pa.Table.from_pylist([{**USUAL, **row} for row in rows], schema=SCHEMA)
