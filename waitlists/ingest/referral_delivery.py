"""What reading a referral extract gives: facts about the file first, then its rows in batches.

The facts are whole before the first batch is handed out, since a file is judged as a whole: identifiers in its last
row, the same referral twice, no row that can be used. So whoever stores the rows can hold the file back first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pyarrow as pa

from waitlists.errors import BadArgument
from waitlists.ingest.mapping import Kind
from waitlists.record.schema import SENT

Form = Literal["csv", "parquet", "xlsx", "rows"]
"""How rows came; `rows` are rejected ones that are read again."""

REJECTED_SCHEMA: pa.Schema = pa.schema(
    [("row", pa.int64()), ("rule", pa.string()), ("field", pa.string()), *((name, pa.string()) for name in SENT)]
)
"""Columns of rejected rows: place in the file (the header is row 1), stable rule id, field, and the texts.

The texts are ours where they could be read (translated codes, ISO days), and where they could not what may be kept of
them (`referral_raw`).
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of an extract: `records` with the canonical SCHEMA, `rejected` with REJECTED_SCHEMA, in file order."""

    records: pa.Table
    rejected: pa.Table


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd that refuses no row: a stable code, the field, how many rows, and a sentence."""

    code: str
    field: str
    rows: int
    sentence: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of an extract once it was read: what it is, and where every row went.

    `by_rule` counts quarantined rows by rule id and excluded ones by theirs, `broken` tells their sender of each kind;
    `open_by_list` counts referrals still open by (provider, service), for comparing with the delivery before.
    `unknown_columns` are neither ours, nor mapped, nor ignored: their presence is drift. `is_synthetic` where every row
    comes from a system that is called so. `systems` are the source systems of the rows taken; `fields` are ours of
    which the file has a column or a constant. `filled` counts by provider the rows, taken or quarantined, in which each
    column says something; `empty` are fields whose mapped column never does, with how a message names each.
    """

    form: Form
    kind: Kind
    encoding: str | None
    delimiter: str | None
    snapshot_date: date
    providers: tuple[str, ...]
    read: int
    accepted: int
    quarantined: int
    excluded: int
    duplicates: int
    by_rule: Mapping[str, int]
    open_by_list: Mapping[tuple[str, str], int]
    unknown_columns: tuple[str, ...]
    remarks: tuple[Remark, ...]
    is_synthetic: bool = False
    systems: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    filled: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    empty: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        if self.read != self.accepted + self.quarantined + self.excluded + self.duplicates:
            raise BadArgument("every row read is accepted, quarantined, excluded or a duplicate", field="read")

    def filled_of(self, provider: str) -> Mapping[str, int]:
        """In how many rows of a provider each column says something; nothing where nobody knows."""
        return self.filled.get(provider, {})


@dataclass(frozen=True, slots=True)
class Extract:
    """A file that was read whole and not refused: its facts, its rows as often as asked for, some that wait."""

    facts: FileFacts
    make_batches: Callable[[], Iterator[Batch]]
    sample: pa.Table

    def batches(self) -> Iterator[Batch]:
        """The rows in file order, in batches of some ten thousand."""
        return self.make_batches()
