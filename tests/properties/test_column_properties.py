"""Whatever stands in a cell, it is read as one thing, without a crash, and never as a number that is not printed."""

import string
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from waitlists.domain import Marker
from waitlists.ingest.columns import read_count

HIGHEST = 5_000_000
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.text("0123456789,.*-+eE# "), st.dates(),
)  # fmt: skip


@given(st.integers(0, HIGHEST), st.sampled_from(["{}", "{:,}", " {}", "{} ", "{}.0", "{:,}.00", "{:09}", "\xa0{}\n"]))
def test_a_number_is_the_same_however_it_is_saved(count: int, form: str):
    expected = read_count(count, highest=HIGHEST)

    assert expected is not None
    assert expected.value == count
    assert read_count(form.format(count), highest=HIGHEST) == expected
    assert read_count(float(count), highest=HIGHEST) == expected


@given(CELLS)
def test_every_cell_is_one_thing(cell):
    reading = read_count(cell, highest=HIGHEST)

    if reading is not None and reading.value is not None:
        assert reading.marker is Marker.NUMBER
        assert 0 <= reading.value <= HIGHEST
    if isinstance(cell, (bool, date)):
        assert reading is None


@given(st.text(string.printable))
def test_a_number_in_a_text_is_the_digits_printed_there(text: str):
    reading = read_count(text, highest=HIGHEST)

    if reading is not None and reading.value is not None:
        assert int(text.strip().partition(".")[0].replace(",", "")) == reading.value


@given(st.integers(), st.integers(0, HIGHEST))
def test_nothing_beyond_the_contract_is_believed(count: int, highest: int):
    reading = read_count(count, highest=highest)

    assert (reading is not None) == (0 <= count <= highest)
