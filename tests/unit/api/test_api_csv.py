"""CSV that is safe to open: text never runs, numbers stay numbers, and a reader gets the text back."""

import csv as stdlib_csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import csv
from waitlists.cells import plain


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_cell_begins_with_what_a_spreadsheet_runs(text):
    content = csv.render([csv.field("name")], [{"name": text}]).decode()
    _, (cell,) = stdlib_csv.reader(io.StringIO(content, newline="")) if text else (None, ("",))
    assert cell[:1] not in set("=+-@\t\r\n＝＋－＠")  # noqa: RUF001
    assert plain(cell) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-5, "-5"),
        (0.25, "0.25"),
        (None, ""),
        (True, "true"),
        (date(2025, 3, 31), "2025-03-31"),
        (datetime(2025, 6, 2, 9, tzinfo=UTC), "2025-06-02T09:00:00+00:00"),
    ],
)
def test_numbers_days_and_nothing_keep_their_form(value, cell):
    content = csv.render([csv.field("value"), csv.field("other")], [{"value": value, "other": 1}])
    assert content.decode().splitlines()[1] == f"{cell},1"


def test_an_empty_table_still_has_its_header():
    assert csv.render([csv.field("a"), csv.field("b")], []) == b"a,b\r\n"


def test_columns_reach_into_what_is_nested():
    row = {"vintage": {"id": 3}, "adjusted": None, "codes": ["a", "b"], "bands": [{"label": "0-1", "count": 4}]}
    columns = [
        csv.field("vintage_id", "vintage", "id"),
        csv.field("adjusted_size", "adjusted", "list_size"),
        csv.optional("rows", "vintage", "rows"),
        csv.optional("added", "adjusted", "added"),
        csv.joined("codes"),
        csv.joined("bands", of="label"),
        csv.entry_of("first", "bands", value="count", label="0-1"),
        csv.entry_of("last", "bands", value="count", label=">104"),
    ]
    assert csv.render(columns, [row]).decode().splitlines()[1] == "3,,,,a; b,0-1,4,"
