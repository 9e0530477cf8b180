"""Columns of a records table as arrays of numbers: days since 1970-01-01 and places of words in a list of words.

Clocks and snapshots work on whole columns at once; nothing here knows a rule.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Days = NDArray[np.int32]
Flags = NDArray[np.bool_]

MISSING: Final = -(2**31)
"""Stands for no day."""

NEVER: Final = 2**31 - 1
"""Stands for a day that has not come: later than all others, so that an earliest and a latest need no special case."""

EPOCH: Final = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def days_of(table: pa.Table, name: str) -> Days:
    """A column of dates: (n,) days, NEVER where empty."""
    return numbers_of(table, name, empty=NEVER)


def numbers_of(table: pa.Table, name: str, *, empty: int) -> Days:
    """A column of dates or whole numbers: (n,) with `empty` where it holds nothing."""
    column = cast("Any", table.column(name))
    return cast("Days", column.cast(pa.int32()).fill_null(empty).to_numpy())


def places_of(table: pa.Table, name: str, words: Sequence[str]) -> NDArray[np.int32]:
    """A column of words: (n,) places in `words`, -1 for none of them and for nothing."""
    found = pc.index_in(table.column(name), value_set=pa.array(words, pa.string()))
    return cast("NDArray[np.int32]", found.fill_null(-1).to_numpy())


class Coded(NamedTuple):
    """A column as (n,) codes into its own words, in alphabetical order; an empty cell is the word ``""``."""

    codes: NDArray[np.int32]
    words: tuple[str, ...]

    def take(self, places: NDArray[np.intp]) -> "Coded":
        """The cells at these places, with all words."""
        return Coded(self.codes[places], self.words)


def coded(table: pa.Table, name: str) -> Coded:
    """A column of any words or numbers, counted through in alphabetical order whatever the order of the rows."""
    # Arrow sorts by bytes of UTF-8, and so in the order of Python's own texts, but ten times faster.
    column = cast("Any", table.column(name)).combine_chunks().cast(pa.string()).fill_null("").dictionary_encode()
    order = pc.sort_indices(column.dictionary).to_numpy()
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return Coded(place[column.indices.to_numpy()], tuple(column.dictionary.take(pa.array(order)).to_pylist()))


def kinds_of(table: pa.Table, name: str) -> NDArray[np.int32]:
    """A column of any words as (n,) numbers, the same for the same word and in no order."""
    column = cast("Any", table.column(name)).combine_chunks().fill_null("")
    return cast("NDArray[np.int32]", column.dictionary_encode().indices.to_numpy())
