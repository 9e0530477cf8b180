"""Texts in cells of a spreadsheet: none runs, and whoever reads one gets it back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.cells import plain, safe

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"]  # noqa: RUF001


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_would_run_gets_an_apostrophe(text):
    assert safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Kent", "0-1", ">104", " =1", "a=b"])
def test_other_text_stays_as_it_is(text):
    assert safe(text) == text


@given(st.text() | st.sampled_from(FORMULAS).map(lambda text: "'" + text))
def test_a_reader_gets_the_text_back(text):
    assert plain(safe(text)) == text
