"""The form the caller likes best, of those there are; none is refused with the list of what there is."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answers import accepted
from api.problems import NotAcceptable

JSON, CSV = "application/json", "text/csv"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/csv", CSV),
        ("text/*", CSV),
        ("TEXT/CSV; charset=utf-8", CSV),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("application/json;q=0.5, text/csv", CSV),
        ("application/json;q=0, */*", CSV),
        ("text/csv;q=x, application/json;q=0.1", JSON),
    ],
)
def test_the_best_liked_form_is_given(accept, form):
    assert accepted(accept, (JSON, CSV)) == form


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*", "csv"])
def test_a_form_that_is_not_given_is_refused_by_name(accept):
    with pytest.raises(NotAcceptable, match="application/json or text/csv"):
        accepted(accept, (JSON, CSV))


@given(st.text())
def test_no_header_breaks_it(accept):
    with suppress(NotAcceptable):
        assert accepted(accept, (JSON, CSV)) in {JSON, CSV}
