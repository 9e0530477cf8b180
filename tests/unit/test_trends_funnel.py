import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.trends.funnel import funnel_of


def test_the_share_of_all_and_limits_by_size():
    found = funnel_of({"RXX": (50, 100), "RYY": (200, 400), "QQQ": (0, 0)})
    assert (found.share, found.dispersion) == (0.5, 1.0)
    assert [point.org for point in found.points] == ["RXX", "RYY"]
    small, large = found.points
    assert small[1:5] == pytest.approx((0.5, 100, 0.5 - 1.959964 * 0.05, 0.5 + 1.959964 * 0.05))
    assert (large.alarm_low, large.alarm_high) == pytest.approx((0.5 - 3.090232 * 0.025, 0.5 + 3.090232 * 0.025))
    assert {small.position, large.position} == {"usual"}


def test_who_lies_beyond_the_alarm_limits_stands_out():
    found = funnel_of({"A": (500, 1000), "B": (490, 1000), "C": (650, 1000), "D": (380, 1000)})
    assert [point.position for point in found.points] == ["usual", "usual", "high", "low"]


def test_limits_widen_where_all_differ_but_not_for_the_few_that_stand_out():
    spread = {f"R{number:02}": (500 + 40 * (-1) ** number, 1000) for number in range(10)}
    found = funnel_of(spread)
    assert found.dispersion == pytest.approx(0.04**2 / (0.25 / 1000))
    assert {point.position for point in found.points} == {"usual"}
    assert funnel_of({org: counts for org, counts in spread.items() if org != "R09"}).dispersion == 1.0
    steady = {f"R{number:02}": (500 + number, 1000) for number in range(9)}
    assert funnel_of({**steady, "R99": (900, 1000)}).points[-1].position == "high"


def test_shares_of_none_and_of_all_have_no_width():
    found = funnel_of({"A": (0, 10), "B": (0, 5)})
    assert [point[1:] for point in found.points] == [
        (0.0, 10, 0.0, 0.0, 0.0, 0.0, "usual"),
        (0.0, 5, *[0.0] * 4, "usual"),
    ]
    assert funnel_of({}) == (None, 1.0, ())


@given(st.dictionaries(st.text(max_size=3), st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted).map(tuple)))
def test_limits_stay_between_nobody_and_everybody(counts):
    for point in funnel_of(counts).points:
        assert 0 <= point.alarm_low <= point.low <= point.high <= point.alarm_high <= 1
        assert math.isfinite(point.share)
