"""A delimited extract, read as text by Arrow: no type, no date and no kind of nothing is guessed here."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from waitlists.errors import FileRefused
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.marks import DELIMITERS, mark_problem, named, spelt
from waitlists.ingest.referral_header import known_columns
from waitlists.ingest.referral_source import HEAD_ROWS, NOTE_CELLS, Chunk, OpenSource, may_be_note
from waitlists.ingest.referral_text import TextStream

BLOCK_BYTES = 2**22
"""Bytes parsed at a time, some fifteen thousand rows; no line may be longer."""

LEAST_KNOWN = 3
"""Columns of the record that an undeclared character has to part before it is told; one or two come by chance."""

FIRST_ROW = 2
"""The row under the header."""


def open_csv(stream: BinaryIO, mapping: ProviderMapping, *, is_any: bool = False) -> OpenSource:
    """The extract in a stream of bytes.

    The delimiter is the declared one, else that of `, ; tab |` under which the header names most columns of the record;
    where `is_any` is asked for, whichever character parts most of them, declared or not.

    Raises
    ------
    FileRefused
        DELIMITER: another character than that parts more columns of the record. ENCODING, QUOTES or CUT_OFF, naming the
        line, also later while rows are read.
    """
    text = TextStream(stream, declared=mapping.encoding)
    line = text.header()
    delimiter = _delimiter_of(line, mapping, is_any=is_any)
    coming = text.coming(HEAD_ROWS)
    header = _widened(_cells(line, delimiter), [_cells(one, delimiter) for one in coming])
    return OpenSource(
        "csv",
        header,
        partial(_chunks, text, text.parted_by(delimiter), len(header)),
        below=lambda: (_cells(one, _delimiter_of(one, mapping, is_any=True)) for one in coming),
        encoding=text.encoding,
        delimiter=delimiter,
        is_ended=lambda: text.is_ended,
    )


def _widened(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The header with a column that has no name, where a delimiter ends every row but the header."""
    filled = [cells for cells in rows if any(cells)]
    is_ended = filled and all(len(cells) == len(header) + 1 and not cells[-1].strip() for cells in filled)
    return (*header, "") if is_ended else header


def _delimiter_of(line: str, mapping: ProviderMapping, *, is_any: bool) -> str:
    declared = mapping.delimiter
    others = {mark for mark in line if not mark_problem(mark)}
    marks = sorted({*others, *DELIMITERS, *([declared] if declared else ())})
    known = {mark: known_columns(_cells(line, mark), mapping) for mark in marks}
    best = max(marks, key=lambda mark: (known[mark], mark in DELIMITERS, line.count(mark)))
    chosen = declared or max(DELIMITERS, key=lambda mark: (known[mark], line.count(mark)))
    least = known[chosen] if declared else max(known[chosen], LEAST_KNOWN - 1)
    if known[best] <= least:
        return chosen
    if is_any:
        return best
    raise FileRefused(_said(declared, best), code="DELIMITER")


def _said(declared: str | None, found: str) -> str:
    if declared is None:
        return (
            f"the header has {named(found)} between cells, which is not looked for: write delimiter = {spelt(found)} in"
            " a mapping for such files, or have them exported with commas, semicolons, tabs or bars"
        )
    sentence = f"the mapping declares {named(declared)} between cells, but the header has {named(found)}:"
    free = ", or leave it out" if found in DELIMITERS else ""
    return f"{sentence} correct delimiter in the mapping{free}"


def _cells(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(next(csv.reader([line], delimiter=delimiter), ()))


@dataclass(slots=True)
class _Broken:
    """Numbers (from 0) of rows with too few or too many cells, and the last one that has too few.

    Those that may be notes are numbered as a person counts them.
    """

    rows: list[int] = field(default_factory=list[int])
    last_short: int = -1
    notes: set[int] = field(default_factory=set[int])

    def skip(self, row: Any) -> str:
        """Remember a row, as Arrow asks what to do with it."""
        self.rows.append(row.number - 1)
        is_short = row.actual_columns < row.expected_columns
        self.last_short = self.rows[-1] if is_short else self.last_short
        if row.actual_columns <= NOTE_CELLS and may_be_note([row.text]):
            self.notes.add(self.rows[-1] + FIRST_ROW)
        return "skip"


def _chunks(text: TextStream, delimiter: str, width: int, plain: frozenset[int]) -> Iterator[Chunk]:
    found = _Broken()
    broken = found.rows
    seen, told = 0, 0
    for batch in _parsed(text, delimiter, width, plain, found):
        places = np.arange(seen, seen + batch.num_rows, dtype=np.int64)
        # Row i is pushed down by every broken row before it; those known beyond this batch lie further down.
        pushed = np.searchsorted(np.array(broken, np.int64) - np.arange(len(broken)), places, side="right")
        rows = places + pushed + FIRST_ROW
        numbers = tuple(number + FIRST_ROW for number in broken[told:])
        yield Chunk(tuple(batch.columns), rows, numbers, found.notes)
        seen, told = seen + batch.num_rows, len(broken)
    last = seen + len(broken) - 1
    if 0 <= last == found.last_short and not text.is_ended:
        # Nobody knows how many rows there were below it, and a list that lacks children is a shorter list.
        raise FileRefused(f"the file is cut off in row {last + FIRST_ROW:,}: send it whole", code="CUT_OFF")
    if told < len(broken):
        nothing = tuple(pa.array([], pa.string()) for _ in range(width))
        numbers = tuple(number + FIRST_ROW for number in broken[told:])
        yield Chunk(nothing, np.empty(0, np.int64), numbers, found.notes)


def _parsed(text: TextStream, delimiter: str, width: int, plain: frozenset[int], broken: _Broken) -> Iterator[Any]:
    """Record batches of text; rows with too few or too many cells go to `broken`."""
    names = [str(place) for place in range(width)]
    coded = pa.dictionary(pa.int32(), pa.string())
    types = {name: pa.string() if place in plain else coded for place, name in enumerate(names)}
    try:
        yield from arrow_csv.open_csv(
            pa.PythonFile(text, mode="r"),
            # One thread: a row's number is known only to a reader that reads in order.
            read_options=arrow_csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES, column_names=names),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, ignore_empty_lines=False, invalid_row_handler=broken.skip
            ),
            convert_options=arrow_csv.ConvertOptions(column_types=types, strings_can_be_null=False, check_utf8=False),
        )
    except pa.ArrowInvalid as error:
        # Arrow's own message would show what is in the file.
        if "Empty CSV file" in str(error):
            return
        raise FileRefused("the table cannot be taken apart: a line is longer than 4 MiB", code="CONTRACT") from None
