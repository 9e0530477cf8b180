"""Two 64-bit numbers for each referral: which one it is, and what is said about it.

They stand for long texts where a million rows of a new delivery are compared with a million stored ones. Both depend
on nothing but the values: not on the run, the machine, the batch, or the order of rows or columns.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from waitlists.record.schema import IDENTITY, SENT

Hashes = npt.NDArray[np.uint64]

CONTENT: Final = tuple(name for name in SENT if name != "snapshot_date")
"""What is compared: a row that says the same a week later says nothing new."""

_MOSTLY_DIFFERENT: Final = {"pseudonym_id", "service_request_identifier", "referral_spell_id"}
"""Columns in which nearly every row differs: looking for equal texts first would only cost time."""

_ROWS: Final = 16_384
"""Rows hashed at a time, so that what is worked on stays in the processor's cache."""

_EMPTY: Final = np.uint64(0x9E3779B97F4A7C15)


def identities(table: pa.Table) -> npt.NDArray[np.int64]:
    """(n,) numbers of the referrals in a records table: the same for the same provider and identifier.

    Notes
    -----
    Two of a million referrals share a number by chance once in 40 million loads.
    """
    return _row_hashes(table, IDENTITY)


def digests(table: pa.Table) -> npt.NDArray[np.int64]:
    """(n,) numbers of what the rows say, `snapshot_date` apart."""
    return _row_hashes(table, CONTENT)


def numbers_of(table: pa.Table, name: str) -> npt.NDArray[np.int64]:
    """(n,) numbers of the words in a column: the same for the same word of any table."""
    return _row_hashes(table, [name])


def _row_hashes(table: pa.Table, names: Sequence[str]) -> npt.NDArray[np.int64]:
    total = np.zeros(table.num_rows, np.uint64)
    for name in names:
        seed = np.uint64(int.from_bytes(blake2b(name.encode(), digest_size=8).digest()))
        total += _mixed(_column_hashes(table[name].combine_chunks(), name) ^ seed)
    return _mixed(total).view(np.int64)


def _column_hashes(column: Any, name: str) -> Hashes:
    """(n,) a hash of each value; the same number for every empty one."""
    if column.null_count == len(column):
        return np.full(len(column), _EMPTY)
    if not pa.types.is_string(column.type):
        found = _mixed(column.cast(pa.int32()).fill_null(0).to_numpy().astype(np.uint64))
    elif name in _MOSTLY_DIFFERENT:
        found = _text_hashes(column)
    else:
        coded = column.dictionary_encode()
        found = _text_hashes(coded.dictionary)[coded.indices.fill_null(0).to_numpy()]
    if column.null_count:
        found = np.where(column.is_null().to_numpy(zero_copy_only=False), _EMPTY, found)
    return found


def _text_hashes(column: Any) -> Hashes:
    """(n,) for each text the sum of a random number for each of its letters at its place."""
    parts = [_part_hashes(column[first : first + _ROWS]) for first in range(0, len(column), _ROWS)]
    return np.concatenate(parts)


def _part_hashes(column: Any) -> Hashes:
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    lengths = np.diff(ends)
    letters = np.frombuffer(data or b"", np.uint8)[ends[0] : ends[-1]].astype(np.int32)
    places = np.arange(len(letters), dtype=np.int32) - np.repeat(ends[:-1] - ends[0], lengths)
    weights = _weights(1 << int(lengths.max()).bit_length())
    # Sums over each text from one running sum: both wrap round at 64 bits, and so does their difference.
    running = np.concatenate((np.zeros(1, np.uint64), np.cumsum(weights[places * 256 + letters], dtype=np.uint64)))
    return running[ends[1:] - ends[0]] - running[ends[:-1] - ends[0]] + lengths.astype(np.uint64)


@lru_cache(maxsize=16)
def _weights(longest: int) -> Hashes:
    """A random number for each of 256 letters at each place of a text."""
    return _mixed(np.arange(1, longest * 256 + 1, dtype=np.uint64) * _EMPTY)


def _mixed(values: Hashes) -> Hashes:
    """Each number spread over all 64 bits (the end of splitmix64, Steele, Lea and Flood 2014)."""
    spread = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    spread = (spread ^ (spread >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return spread ^ (spread >> np.uint64(31))
