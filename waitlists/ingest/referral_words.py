"""The cells of an extract in the record's own words: trimmed, translated, dates as days, numbers as numbers.

Nearly every column of an extract holds few different texts, so a chunk's columns come as dictionaries and each text is
looked at once; rows only carry the number of their text. Identifiers alone are long columns of different texts.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_codes import spellings
from waitlists.ingest.referral_dates import MISSING, UNREADABLE, day_reader
from waitlists.ingest.referral_header import Layout
from waitlists.ingest.referral_source import Chunk, Rows
from waitlists.record.schema import FIELD_BY_NAME, SCHEMA, SENT

IDENTIFIERS = ("pseudonym_id", "service_request_identifier", "referral_spell_id")
"""Fields whose texts differ from row to row."""

_BLANKS = " \t\r\n\N{NO-BREAK SPACE}"
_DASHES = str.maketrans(dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}\N{MINUS SIGN}", "-"))
_AS_TEXT = '="'
_FORMULA = '^="([^"]*)"$'
"""How reports keep the zeros in front of a number from a spreadsheet: ="00123" is 00123."""

Codes = np.ndarray[tuple[int], np.dtype[np.int32]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of few different texts: the texts, which of them each row holds, and their values where it has some.

    An empty text stands for nothing. `values` are days since 1970-01-01 or numbers, MISSING or UNREADABLE; the texts of
    dates are as sent.
    """

    words: tuple[str, ...]
    codes: Codes
    values: Codes | None = None

    def where(self, is_so: Callable[[str], bool]) -> Flags:
        """The rows whose text has a property, looked at once for each text."""
        flags = np.fromiter(map(is_so, self.words), np.bool_, len(self.words))
        return flags[self.codes] if flags.any() else np.zeros(len(self.codes), np.bool_)

    def row_values(self) -> Codes:
        """Each row's day or number."""
        assert self.values is not None  # noqa: S101 - asked of dates and numbers only
        return self.values[self.codes]


@dataclass(frozen=True, slots=True)
class Words:
    """A chunk of an extract in our words: identifiers as texts (null where empty), all other fields coded."""

    rows: Rows
    identifiers: Mapping[str, pa.Array]
    coded: Mapping[str, Coded]

    def records(self) -> pa.Table:
        """The rows as columns of the record; what cannot be read is null. Few-worded columns stay dictionaries."""
        return pa.table({name: self._column(name) for name in SENT})

    def text(self, name: str, chosen: Flags) -> pa.Array:
        """A field of the chosen rows as text: our words and ISO days where it could be read, as sent where not."""
        if name in self.identifiers:
            return self.identifiers[name].filter(pa.array(chosen))
        column = self.coded[name]
        texts = pa.array([word or None for word in column.words], pa.string()).take(pa.array(column.codes[chosen]))
        if FIELD_BY_NAME[name].type != "date":
            return texts
        days = column.row_values()[chosen]
        iso = pa.array(days, pa.int32(), mask=days <= UNREADABLE).cast(pa.date32()).cast(pa.string())
        return pc.if_else(pa.array(days == MISSING), pa.scalar(None, pa.string()), pc.coalesce(iso, texts))

    def _column(self, name: str) -> pa.Array:
        if name in self.identifiers:
            return self.identifiers[name]
        column = self.coded[name]
        if column.values is None:
            is_empty = np.array([not word for word in column.words], np.bool_)[column.codes]
            codes = pa.array(_narrow(column.codes, len(column.words)), mask=is_empty)
            return pa.DictionaryArray.from_arrays(codes, pa.array(column.words, pa.string()))
        values = column.row_values()
        return pa.array(values, pa.int32(), mask=values <= UNREADABLE).cast(SCHEMA.field(name).type)


class Translator:
    """Turns chunks of one file into our words; it remembers the dates it has read."""

    def __init__(self, layout: Layout, mapping: ProviderMapping) -> None:
        self._layout = layout
        self._mapping = mapping
        self._days = {
            spelt: day_reader(spelt, empty=mapping.empty) for spelt in {mapping.format_of(name) for name in SENT}
        }
        self._codes = {
            name: {_plain(theirs): ours for theirs, ours in codes.items()} for name, codes in mapping.codes.items()
        }

    @property
    def plain(self) -> frozenset[int]:
        """The places in the header that hold identifiers."""
        return frozenset(self._layout.places[name] for name in IDENTIFIERS if name in self._layout.places)

    def translated(self, chunk: Chunk) -> Words:
        """A chunk in our words."""
        size = len(chunk.rows)
        identifiers = {name: self._identifier(name, chunk, size) for name in IDENTIFIERS}
        coded = {name: self._coded(name, chunk, size) for name in SENT if name not in identifiers}
        return Words(chunk.rows, identifiers, coded)

    def _identifier(self, name: str, chunk: Chunk, size: int) -> pa.Array:
        place = self._layout.places.get(name)
        if place is None:
            return pa.nulls(size, pa.string())
        texts = pc.utf8_trim_whitespace(_as_text(chunk.columns[place]))
        if pc.any(pc.starts_with(texts, _AS_TEXT)).as_py():
            texts = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _FORMULA, r"\1"))
        nothing = pa.array(["", *self._mapping.empty], pa.string())
        return pc.if_else(pc.is_in(texts, value_set=nothing), pa.scalar(None, pa.string()), texts)

    def _coded(self, name: str, chunk: Chunk, size: int) -> Coded:
        place = self._layout.places.get(name)
        if place is None:
            sent: Sequence[str] = (self._mapping.constants.get(name, ""),)
            codes = np.zeros(size, np.int32)
        else:
            sent, codes = dictionary_of(chunk.columns[place])
        if FIELD_BY_NAME[name].type == "date":
            return Coded(tuple(sent), codes, np.array(self._days[self._mapping.format_of(name)](sent), np.int32))
        words = tuple(self._word(name, text) for text in sent)
        if FIELD_BY_NAME[name].type == "integer":
            return Coded(words, codes, np.array([_number(word, self._mapping.decimal) for word in words], np.int32))
        return Coded(words, codes)

    def _word(self, name: str, text: str) -> str:
        text = text.strip(_BLANKS)
        if text.startswith(_AS_TEXT):
            text = re.sub(_FORMULA, r"\1", text).strip(_BLANKS)
        if text in self._mapping.empty:
            return ""
        codes = self._codes.get(name)
        ours = codes.get(_plain(text), text) if codes else text
        return spellings(name).get(_plain(ours), ours)


def _plain(code: str) -> str:
    return code.lower().translate(_DASHES)


def dictionary_of(column: pa.Array) -> tuple[list[str], Codes]:
    """The different texts of a column, an empty one for null, and which of them each row holds."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words: list[str] = [word or "" for word in column.dictionary.to_pylist()]
    indices = column.indices
    if indices.null_count:
        words.append("")
        indices = indices.fill_null(len(words) - 1)
    # An empty column has no texts; one must stand there to be looked at.
    return words or [""], indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)


def _as_text(column: pa.Array) -> pa.Array:
    column = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
    return column.fill_null("") if column.null_count else column


def _narrow(codes: Codes, words: int) -> np.ndarray[tuple[int], np.dtype[np.signedinteger]]:
    """Codes in as few bytes as will do: a million rows of forty columns are kept until the file is judged."""
    return codes.astype(np.int8 if words <= 2**7 else np.int16 if words <= 2**15 else np.int32)


def _number(word: str, decimal: str | None) -> int:
    if not word:
        return MISSING
    if decimal is not None:
        whole, _, part = word.partition(decimal)
        word = whole if not part.strip("0") else word
    if not (word.isascii() and word.isdigit() and len(word) < 10):
        return UNREADABLE
    return int(word)
