"""The canonical referral record: one row for a referral as it stood at a snapshot, in NHS Data Dictionary words.

Senders' extracts are turned into it by `ingest.referral_extract`; the store keeps it, clocks and snapshots read it. Its
fields are those of `referral_fields`; here is the table they make.
"""

import pyarrow as pa

from waitlists.record.fields import (
    AGE_BANDS,
    CLOCK_RULES,
    DISTRICTS,
    FIELD_BY_NAME,
    FIELDS,
    IDENTITY,
    OUTSIDE,
    REASONS,
    REQUIRED,
    SENT,
    SERVICES,
    STAGES,
    Field,
    FieldType,
    Required,
)

__all__ = [
    "AGE_BANDS",
    "CLOCK_RULES",
    "DISTRICTS",
    "FIELDS",
    "FIELD_BY_NAME",
    "IDENTITY",
    "OUTSIDE",
    "REASONS",
    "REQUIRED",
    "SCHEMA",
    "SENT",
    "SERVICES",
    "STAGES",
    "Field",
    "FieldType",
    "Required",
]

_ARROW = {"date": pa.date32(), "integer": pa.int32()}

SCHEMA: pa.Schema = pa.schema([(name, _ARROW.get(FIELD_BY_NAME[name].type, pa.string())) for name in SENT])
"""Columns of a records table: the fields a sender may give; text but for dates (days) and integers (32 bits)."""
