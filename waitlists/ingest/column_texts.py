"""The different texts of a column of an extract, each with its rows: most columns hold few, and each is read once."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


class Texts(NamedTuple):
    """The different texts of a column, and how many rows hold each; one each for a column of long texts."""

    values: pa.Array
    counts: npt.NDArray[np.int64] | None

    def filled(self) -> int:
        """Rows that hold anything."""
        return self._sum(pc.not_equal(self.values, ""))

    def matching(self, pattern: str) -> int:
        """Rows whose text a pattern matches."""
        return self._sum(pc.match_substring_regex(self.values, pattern))

    def alike(self, pattern: str, *, most: int) -> set[str]:
        """Some texts of a pattern, enough to tell few from many."""
        found = self.values.filter(pc.match_substring_regex(self.values, pattern))
        return set(pc.unique(found).slice(0, most).to_pylist())

    def weights(self) -> npt.NDArray[np.int64]:
        """How many rows hold each of the texts."""
        return np.ones(len(self.values), np.int64) if self.counts is None else self.counts

    def _sum(self, flags: pa.Array) -> int:
        if self.counts is None:
            return pc.sum(flags).as_py() or 0
        return int(self.counts[flags.fill_null(False).to_numpy(zero_copy_only=False)].sum())


def texts_of(column: pa.Array) -> Texts:
    """The texts of a column of texts, or of a dictionary of them."""
    if not pa.types.is_dictionary(column.type):
        return Texts(column, None)
    indices = column.indices.drop_null().to_numpy(zero_copy_only=False)
    return Texts(column.dictionary, np.bincount(indices, minlength=len(column.dictionary)))


def first_filled(column: pa.Array, most: int) -> tuple[npt.NDArray[np.intp], list[str]]:
    """The places of the first cells that hold anything, and their texts."""
    if not pa.types.is_dictionary(column.type):
        column = column.slice(0, _PLAIN * most).dictionary_encode()
    is_word = pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column.dictionary), ""), False)
    words = np.append(is_word.to_numpy(zero_copy_only=False), False)
    indices = column.indices.fill_null(len(column.dictionary)).to_numpy(zero_copy_only=False)
    places = np.flatnonzero(words[indices])[:most]
    return places, column.dictionary.take(pa.array(indices[places])).to_pylist()


_PLAIN = 4
"""Cells of a long column that are looked through for each that is wanted; identifiers are seldom empty."""
