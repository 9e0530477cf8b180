"""An extract in a Parquet file: what it says of its size is believed before anything is unpacked, then held to it."""

from collections.abc import Iterator
from functools import partial
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from waitlists.errors import FileRefused
from waitlists.ingest.referral_source import Chunk, OpenSource

PARQUET_MARK = b"PAR1"
MOST_ROWS = 5_000_000
MOST_UNPACKED_BYTES = 2 * 2**30
MOST_COLUMNS = 400
ROWS_AT_ONCE = 2**16
LONGEST_TEXT = 10_000
"""Characters of a cell; dictionaries let a small file say a long one a million times."""


def open_parquet(stream: BinaryIO) -> OpenSource:
    """The extract in a stream of Parquet bytes.

    Raises
    ------
    FileRefused
        UNREADABLE, TOO_LARGE, or CONTRACT when a column holds neither texts, numbers nor dates.
    """
    try:
        file = pq.ParquetFile(stream, memory_map=False, pre_buffer=False)
        header = tuple(file.schema_arrow.names)
        kinds = tuple(file.schema_arrow.types)
    except _DAMAGE:
        raise _damaged() from None
    _check_size(file.metadata, header)
    _check_kinds(kinds)
    file = pq.ParquetFile(stream, metadata=file.metadata, read_dictionary=list(header), pre_buffer=False)
    return OpenSource("parquet", header, partial(_chunks, file))


_DAMAGE = (pa.ArrowException, OSError, ValueError, MemoryError)


def _check_size(metadata: Any, header: tuple[str, ...]) -> None:
    unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if metadata.num_rows > MOST_ROWS or unpacked > MOST_UNPACKED_BYTES or len(header) > MOST_COLUMNS:
        limits = f"{MOST_ROWS:,} rows, {MOST_COLUMNS} columns or {MOST_UNPACKED_BYTES // 2**30} GiB unpacked"
        raise FileRefused(f"the file says it has more than {limits}; send it in parts", code="TOO_LARGE")


def _check_kinds(kinds: tuple[Any, ...]) -> None:
    """A column is named by its place: in a file of another kind its name may be anything."""
    for place, kind in enumerate(kinds, start=1):
        if not _is_readable(kind.value_type if pa.types.is_dictionary(kind) else kind):
            raise FileRefused(f"column {place} holds neither texts, numbers nor dates", code="CONTRACT")


_READABLE = (
    "string", "large_string", "string_view", "integer", "floating", "decimal", "boolean", "date", "timestamp", "null",
)  # fmt: skip


def _is_readable(kind: Any) -> bool:
    return any(getattr(pa.types, f"is_{test}")(kind) for test in _READABLE)


def _chunks(file: Any, _: frozenset[int]) -> Iterator[Chunk]:
    seen = 0
    try:
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE, use_threads=False):
            columns = tuple(_texts(column) for column in batch.columns)
            yield Chunk(columns, np.arange(seen + 2, seen + 2 + batch.num_rows, dtype=np.int64))
            seen += batch.num_rows
    except _DAMAGE:
        raise _damaged() from None


def _texts(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        texts = _plain_texts(column.dictionary)
        _check(texts)
        return pa.DictionaryArray.from_arrays(column.indices, texts)
    texts = _plain_texts(column)
    _check(texts)
    return texts


def _plain_texts(column: pa.Array) -> pa.Array:
    """Typed values as a CSV would hold them: 7.0 is 7, midnight is its day. A moment with a zone stays one, in UTC."""
    kind = column.type
    if pa.types.is_date(kind):
        return column.cast(pa.date32()).cast(pa.string())
    if pa.types.is_timestamp(kind):
        return pc.replace_substring_regex(column.cast(pa.string()), "[ T]00:00(:00(\\.0+)?)?Z?$", "")
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pc.replace_substring_regex(column.cast(pa.string()), r"\.0+$", "")
    return column.cast(pa.string())


def _check(texts: pa.Array) -> None:
    """Texts are UTF-8, of a believable length and without a NUL, which no database takes."""
    texts.validate(full=True)
    longest = pc.max(pc.binary_length(texts)).as_py()
    if longest is not None and longest > LONGEST_TEXT:
        raise FileRefused(f"a cell holds more than {LONGEST_TEXT:,} characters", code="TOO_LARGE")
    if pc.any(pc.match_substring(texts, "\0")).as_py():
        raise FileRefused("a cell holds a NUL, which no text does", code="ENCODING")


def _damaged() -> FileRefused:
    return FileRefused("the Parquet file is damaged, encrypted or cut short", code="UNREADABLE")
