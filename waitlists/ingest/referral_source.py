"""What every form of an extract looks like once it is open: a header, and chunks of texts with their row numbers."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from waitlists.ingest.referral_delivery import Form
from waitlists.record.schema import SENT

NOTE_CELLS = 2
"""Cells of a row that can be nobody's: a referral needs four times as many."""

HEAD_ROWS = 20
"""Rows among which a header may stand below a title and notes."""

MOST_NOTES = 20
"""Rows at the end of a list that are looked at."""

_LIKE_A_PSEUDONYM = re.compile("[A-Za-z0-9_-]{16}")

Rows = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows: a column of texts for every place in the header, each row's number in the file, and broken rows.

    Columns are text or dictionaries of text; an empty cell is an empty text or null. The rows in `broken` (numbers)
    have more or fewer cells than the header and are in no column: nobody knows which cell is which; `short` are those
    that may be notes.
    """

    columns: tuple[pa.Array, ...]
    rows: Rows
    broken: tuple[int, ...] = ()
    short: AbstractSet[int] = frozenset()


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
    return Chunk(
        tuple(column.filter(filled) for column in chunk.columns), chunk.rows[~is_blank], chunk.broken, chunk.short
    )


class Parted(NamedTuple):
    """A chunk as it came, without the notes that stand below the list, and how many these are."""

    whole: Chunk
    listed: Chunk
    notes: int


def notes_apart(chunks: Iterable[Chunk], identity: Sequence[int] = ()) -> Iterator[Parted]:
    """Every chunk; rows of two cells at most at the end of the last one are notes or totals, and no one's referral.

    Parameters
    ----------
    identity
        The places of the provider and of its own number, where the file has columns of both: a row that says both, of a
        provider of other rows, is a referral's, however little else it says.
    """
    last: Chunk | None = None
    providers = set[str]()
    for chunk in chunks:
        if last is not None:
            yield Parted(last, last, 0)
            providers.update(*(last.columns[place].unique().to_pylist() for place in identity[:1]))
        last = chunk
    if last is not None:
        notes = _notes_of(last, identity, providers)
        stays = ~np.isin(last.rows, notes)
        columns = tuple(column.filter(pa.array(stays)) for column in last.columns) if notes else last.columns
        broken = tuple(number for number in last.broken if number not in notes)
        yield Parted(last, Chunk(columns, last.rows[stays], broken), len(notes))


def may_be_note(cells: Sequence[str]) -> bool:
    """Whether a row of these filled cells can be a note or a total: two at most, and none of them like a pseudonym."""
    return len(cells) <= NOTE_CELLS and not any(_LIKE_A_PSEUDONYM.search(cell) for cell in cells)


def _notes_of(chunk: Chunk, identity: Sequence[int], providers: set[str]) -> list[int]:
    if len(chunk.columns) <= 2 * NOTE_CELLS:
        return []
    first = max(0, len(chunk.rows) - MOST_NOTES)
    tail = list(zip(*(column.slice(first).to_pylist() for column in chunk.columns), strict=True))
    filled = [[cell for cell in cells if cell and cell.strip()] for cells in tail]
    maybe = {place for place, cells in enumerate(filled) if may_be_note(cells)}
    named = [chunk.columns[place] for place in identity[:1]]
    known = providers.union(*(column.slice(0, first).unique().to_pylist() for column in named))
    known |= {cells[place] for at, cells in enumerate(tail) for place in identity[:1] if at not in maybe}
    numbers = chunk.rows[first:].tolist()
    notes = {*chunk.short, *(numbers[place] for place in maybe if not _is_whose(tail[place], identity, known))}
    return list(takewhile(notes.__contains__, sorted([*numbers, *chunk.broken], reverse=True)))


def _is_whose(cells: Sequence[str | None], identity: Sequence[int], providers: AbstractSet[str]) -> bool:
    said = [cells[place] or "" for place in identity]
    return bool(said) and said[0] in providers and all(map(str.strip, said))


def _is_empty(column: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    if pa.types.is_dictionary(column.type):
        texts = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column.dictionary), ""), True)
        return pc.fill_null(texts.take(column.indices), True).to_numpy(zero_copy_only=False)
    return pc.fill_null(pc.equal(pc.utf8_trim_whitespace(column), ""), True).to_numpy(zero_copy_only=False)


@dataclass(frozen=True, slots=True)
class OpenSource:
    """An extract of any form: its header, and a function that reads it once, from the places with long texts.

    `below` are the cells of some rows that may be a header themselves, from the second row; `is_ended` says, once it
    was read, whether its last line has a line end.
    """

    form: Form
    header: tuple[str, ...]
    read: Callable[[frozenset[int]], Iterator[Chunk]]
    below: Callable[[], Iterator[tuple[str, ...]]] = lambda: iter(())
    encoding: str | None = None
    delimiter: str | None = None
    is_ended: Callable[[], bool] = lambda: True


def open_table(table: pa.Table) -> OpenSource:
    """Rejected rows as a source of their own, for reading them again once a register or a mapping has been mended."""
    columns = table.select(SENT).combine_chunks()
    rows = table["row"].combine_chunks().to_numpy(zero_copy_only=False)
    chunk = Chunk(tuple(column.combine_chunks() for column in columns.columns), rows)
    return OpenSource("rows", SENT, lambda _: iter((chunk,)))
