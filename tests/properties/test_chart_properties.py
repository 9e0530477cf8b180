"""A chart of any series: well-formed, nothing missing drawn, higher values higher, every number in the table."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.chart_reading import SVG, marks, parsed, words_in
from tests.trend_series import monthly
from waitlists.charts import NARROW, WIDE, shown, spc_chart, spc_table
from waitlists.trends.asking import Options
from waitlists.trends.judging import judge

VALUES = st.one_of(st.none(), st.integers(0, 5000).map(float), st.floats(0, 1e12), st.sampled_from([0.0, 1e-12, 1e100]))
SERIES = st.lists(VALUES, max_size=40)
DIRECTIONS = st.sampled_from(["increase", "decrease", "neutral"])
WIDTHS = st.sampled_from([WIDE, NARROW])
UNITS = st.sampled_from(["people", "share", "weeks"])


@given(SERIES, DIRECTIONS, WIDTHS, UNITS, st.one_of(st.none(), st.floats(0, 100)))
def test_every_value_has_one_mark_and_one_row_and_every_number_written_stands_in_the_table(
    values, direction, width, unit, target
):
    body = judge(monthly(*values), Options(direction=direction, target=target)).as_json()
    root = parsed(spc_chart(body, title="Waits", ident="one", unit=unit, width=width))
    table = spc_table(body, caption="Waits", unit=unit)
    given_values = [value for value in values if value is not None]
    assert len(marks(root)) == len(given_values)
    assert [row[1] for row in table.rows] == [shown(point["value"], unit) for point in body["points"]]
    cells = {cell for row in table.rows for cell in row}
    labels = [re.match(r"(?:Mean|Upper|Lower|Target)(?: limit)? (.*)", word) for word in words_in(root)]
    assert {label[1] for label in labels if label} <= cells


@given(st.lists(st.integers(0, 5000).map(float), min_size=2, max_size=40), WIDTHS)
def test_a_higher_value_lies_higher(values, width):
    body = judge(monthly(*values), Options()).as_json()
    root = parsed(spc_chart(body, title="Waits", ident="one", unit="people", width=width))
    places = [y for _, y in marks(root).values()]
    for value, y in zip(values, places, strict=True):
        assert all(y <= other + 0.1 for lower, other in zip(values, places, strict=True) if lower <= value)


@given(st.text(max_size=60))
def test_any_title_is_read_back_as_it_is_but_for_what_cannot_be_said(title):
    body = judge(monthly(5.0, 6.0), Options()).as_json()
    root = parsed(spc_chart(body, title=title, ident="one", unit="people"))
    sayable = "".join(one for one in title if one in "\t\n\r" or one >= " ")
    read = root.find(f"{SVG}title").text or ""
    assert read == re.sub("[\ud800-\udfff\ufffe\uffff]", "", sayable).replace("\r\n", "\n").replace("\r", "\n")
