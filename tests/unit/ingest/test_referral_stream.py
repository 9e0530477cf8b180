"""An extract's bytes as they are handed on, and rows that hold nothing."""

from io import BytesIO

import numpy as np
import pyarrow as pa
import pytest

from waitlists.ingest.referral_source import Chunk, notes_apart, without_blank_rows
from waitlists.ingest.referral_text import CHUNK_BYTES, TextStream


def test_what_follows_the_header_is_read_in_the_sizes_asked_for():
    stream = TextStream(BytesIO(b"a,b\n1,2\n3,4\n"), declared="utf-8")
    assert stream.readable()
    assert stream.header() == "a,b"
    assert [stream.read(3), stream.read(100), stream.read(1)] == [b"1,2", b"\n3,4\n", b""]


def test_rows_are_looked_at_no_further_than_the_first_filled_column():
    chunk = Chunk((pa.array(["1", "2"]), pa.array(["", ""])), np.array([2, 3]))
    assert without_blank_rows(chunk) is chunk


def test_rows_that_hold_nothing_are_left_out():
    chunk = Chunk((pa.array(["1", ""]), pa.array(["", None])), np.array([2, 3]))
    assert without_blank_rows(chunk).columns[0].to_pylist() == ["1"]


def test_a_row_is_kept_for_its_last_column_alone():
    chunk = Chunk((pa.array(["", ""]), pa.array(["", "2"])), np.array([2, 3]))
    assert without_blank_rows(chunk).rows.tolist() == [3]
    filled = Chunk((pa.array(["", "1"]), pa.array(["2", ""])), np.array([2, 3]))
    assert without_blank_rows(filled) is filled


def test_a_text_longer_than_one_chunk_comes_whole():
    text = b"a\n" + b"0123456\n" * (CHUNK_BYTES // 8 + 3)
    stream = TextStream(BytesIO(text), declared="utf-8")
    assert stream.header() == "a"
    assert len(stream.read(len(text))) == len(text) - 2


def listed(rows: list[str], first: int = 2) -> Chunk:
    """Rows of six columns, the last four of them blank where a row says no more than two words."""
    cells = [[*row.split(), *[""] * 6][:6] for row in rows]
    columns = (pa.array(texts).dictionary_encode() for texts in zip(*cells, strict=True))
    return Chunk(tuple(columns), np.arange(first, first + len(rows), dtype=np.int64))


WHOLE = "RXY a-1 x x x x"


@pytest.mark.parametrize(
    ("chunks", "notes"),
    [
        ([[WHOLE, "RXY a-2"]], 0),
        ([[WHOLE, "Total 2400"]], 1),
        ([[WHOLE, "RXY"]], 1),
        ([[WHOLE, "RXY a-2", "Total 2400"]], 1),
        ([[WHOLE, "Total 1", "Total 2"]], 2),
        ([[WHOLE] * 25 + ["RXY a-2"]], 0),
        ([[WHOLE] + ["RYY a-1 x x x x"] * 25 + ["RXY a-2"]], 0),
        ([[WHOLE], ["RXY a-2"]], 0),
        ([[WHOLE], ["Total 2400"]], 1),
    ],
)
def test_who_says_whose_it_is_and_its_number_below_a_list_is_no_note(chunks, notes):
    parted = list(notes_apart((listed(rows) for rows in chunks), (0, 1)))
    assert parted[-1].notes == notes
    assert len(parted[-1].listed.rows) == len(chunks[-1]) - notes


def test_a_list_without_columns_of_both_says_of_nobody_whose_it_is():
    assert [one.notes for one in notes_apart(iter([listed([WHOLE]), listed([WHOLE, "RXY a-2"])]))] == [0, 1]
