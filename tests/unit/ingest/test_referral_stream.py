"""An extract's bytes as they are handed on, and rows that hold nothing."""

from io import BytesIO

import numpy as np
import pyarrow as pa

from waitlists.ingest.referral_source import Chunk, without_blank_rows
from waitlists.ingest.referral_text import TextStream


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
