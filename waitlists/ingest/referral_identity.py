"""The same referral twice in one file: an exact copy is dropped and counted, any other pair is quarantined, both rows.

A referral is known by its provider and identifier. Rows already quarantined or left out count as other content: a
good row beside them is not taken either, since nobody knows which of the two is right.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from waitlists.ingest.referral_words import Flags
from waitlists.record.schema import IDENTITY, SCHEMA

Keys = np.ndarray[tuple[int], np.dtype[np.int64]]


class Repeats(NamedTuple):
    """Among the rows of some tables laid end to end: exact copies of an earlier row, and rows that contradict one."""

    copies: Flags
    clashes: Flags


def repeats(records: Sequence[pa.Table], others: Sequence[pa.Table]) -> Repeats:
    """Which rows of `records` stand there more than once.

    Parameters
    ----------
    records : tables of the record's columns, laid end to end
    others : tables with the columns of IDENTITY, of rows that are not taken
    """
    size = sum(table.num_rows for table in records)
    copies, clashes = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    identifiers = _end_to_end([*records, *others], IDENTITY[1])
    if pc.count_distinct(identifiers).as_py() < len(identifiers) - identifiers.null_count:
        keys = _keys(identifiers, _end_to_end([*records, *others], IDENTITY[0]))
        _, first, group, counts = np.unique(keys[:size], return_index=True, return_inverse=True, return_counts=True)
        is_elsewhere = np.isin(keys[:size], keys[size:])
        rows = np.flatnonzero(counts[group] > 1)
        differs = np.zeros(len(counts), np.bool_)
        differs[group[rows[_differing(records, rows, first[group[rows]])]]] = True
        clashes = differs[group] | is_elsewhere
        copies[rows] = rows != first[group[rows]]
        copies &= ~clashes
    return Repeats(copies, clashes)


def _keys(identifiers: pa.ChunkedArray, providers: pa.ChunkedArray) -> Keys:
    """One number for each provider and identifier; rows without an identifier get numbers of their own."""
    of_identifier, of_provider = (_codes(column) for column in (identifiers, providers))
    keys = of_identifier * (of_provider.max() + 1) + of_provider
    nameless = identifiers.is_null().to_numpy()
    keys[nameless] = -1 - np.arange(nameless.sum())
    return keys


def _codes(column: pa.ChunkedArray) -> Keys:
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _differing(records: Sequence[pa.Table], rows: Keys, firsts: Keys) -> Flags:
    """Whether each of some rows holds anything else than the first one of its identity."""
    differs = np.zeros(len(rows), np.bool_)
    for name in SCHEMA.names:
        column = _end_to_end(records, name)
        codes = _codes(column.take(pa.array(np.concatenate([rows, firsts]))))
        differs |= codes[: len(rows)] != codes[len(rows) :]
    return differs


def _end_to_end(tables: Sequence[pa.Table], name: str) -> pa.ChunkedArray:
    wanted = SCHEMA.field(name).type
    return pa.chunked_array([chunk for table in tables for chunk in table[name].cast(wanted).chunks], type=wanted)
