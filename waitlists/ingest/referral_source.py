"""What every form of an extract looks like once it is open: a header, and chunks of texts with their row numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from waitlists.ingest.referral_delivery import Form
from waitlists.record.schema import SENT

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows: a column of texts for every place in the header, each row's number in the file, and broken rows.

    Columns are text or dictionaries of text; an empty cell is an empty text or null. The rows in `broken` (numbers)
    have more or fewer cells than the header and are in no column: nobody knows which cell is which.
    """

    columns: tuple[pa.Array, ...]
    rows: Rows
    broken: tuple[int, ...] = ()


def without_blank_rows(chunk: Chunk) -> Chunk:
    """The chunk without rows that hold nothing at all, which spreadsheets and editors leave behind."""
    is_blank = np.ones(len(chunk.rows), np.bool_)
    for column in chunk.columns:
        if not is_blank.any():
            return chunk
        is_blank &= _is_empty(column)
    if not is_blank.any():
        return chunk
    filled = pa.array(~is_blank)
    return Chunk(tuple(column.filter(filled) for column in chunk.columns), chunk.rows[~is_blank], chunk.broken)


def _is_empty(column: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if pa.types.is_dictionary(column.type):
        texts = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column.dictionary), ""), True)
        return pc.fill_null(texts.take(column.indices), True).to_numpy(zero_copy_only=False)
    return pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True).to_numpy(zero_copy_only=False)


@dataclass(frozen=True, slots=True)
class OpenSource:
    """An extract of any form: its header, and a function that reads it once, from the places with long texts.

    `is_ended` says, once it was read, whether its last line has a line end.
    """

    form: Form
    header: tuple[str, ...]
    read: Callable[[frozenset[int]], Iterator[Chunk]]
    encoding: str | None = None
    delimiter: str | None = None
    is_ended: Callable[[], bool] = lambda: True


def open_table(table: pa.Table) -> OpenSource:
    """Rejected rows as a source of their own, for reading them again once a register or a mapping has been mended."""
    columns = table.select(SENT).combine_chunks()
    rows = table["row"].combine_chunks().to_numpy(zero_copy_only=False)
    chunk = Chunk(tuple(column.combine_chunks() for column in columns.columns), rows)
    return OpenSource("rows", SENT, lambda _: iter((chunk,)))
