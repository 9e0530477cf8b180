"""Any series has an answer; units and signs do not change what it says."""

import math
from typing import get_args

from hypothesis import example, given
from hypothesis import strategies as st

from tests.trend_series import labels, month, monthly, whole
from waitlists.trends.asking import Adjust, Direction, Kind, Options, Point
from waitlists.trends.judging import judge

NUMBERS = st.one_of(
    st.floats(-1e12, 1e12, allow_nan=False),
    st.integers(-3, 3).map(float),
    st.floats(1e-12, 1e-11),
    st.sampled_from([0.1, 0.3, 33.3, 5e-324, 1e100, -1e100]),
)
SERIES = st.lists(st.none() | NUMBERS, max_size=40) | st.builds(
    lambda value, count: [value] * count, NUMBERS, st.integers(0, 40)
)
OPTIONS = st.fixed_dictionaries({
    "profile": st.sampled_from(["mdc", "nhsr"]),
    "direction": st.sampled_from(get_args(Direction)),
    "target": st.none() | NUMBERS,
    "rebase": st.lists(st.integers(0, 60).map(month), max_size=2).map(tuple),
    "fix_after": st.none() | st.floats(12, 40),
    "screen": st.none() | st.booleans(),
    "adjust": st.sampled_from(get_args(Adjust)),
    "kind": st.none() | st.sampled_from(get_args(Kind)),
    "suggest_rebase": st.booleans(),
})  # fmt: skip
LOWS = {"above_upper": "below_lower", "trend_up": "trend_down", "two_in_three_above": "two_in_three_below",
        "shift_above": "shift_below"}  # fmt: skip
OTHER_SIDE = {"none": "none"} | LOWS | {low: high for high, low in LOWS.items()}
TURNED = {"increase": "decrease", "decrease": "increase", "neutral": "neutral"}


@given(values=SERIES, given_options=OPTIONS, dropped=st.sets(st.integers(0, 40), max_size=5))
@example(values=[5e-324] * 14, given_options={"adjust": "trend"}, dropped=set())
@example(values=[1e100, -1e100] * 20, given_options={"adjust": "auto", "suggest_rebase": True}, dropped={3})
def test_any_series_has_an_answer(values, given_options, dropped):
    points = [point for number, point in enumerate(monthly(*values)) if number not in dropped]
    body = whole(judge(points, Options(**given_options)).as_json())
    given_dates = [point.date.isoformat() for point in points]
    assert [point["date"] for point in body["points"] if point["date"] in given_dates] == given_dates
    if Options(**given_options).is_mdc and body["status"] != "ok":
        assert (body["variation"], body["assurance"]) == (None, None)


def finite(value, by):
    return None if value is None else value * by


@given(
    values=st.lists(st.none() | st.floats(-1e9, 1e9, width=32) | st.integers(0, 5).map(float), max_size=40),
    direction=st.sampled_from(get_args(Direction)),
    profile=st.sampled_from(["mdc", "nhsr"]),
    screen=st.booleans(),
)
def test_twice_the_values_have_twice_the_limits_and_the_same_labels(values, direction, profile, screen):
    options = Options(profile=profile, direction=direction, screen=screen)
    once, twice = judge(monthly(*values), options), judge(monthly(*(finite(value, 2) for value in values)), options)
    assert (labels(once), once.variation) == (labels(twice), twice.variation)
    for group, doubled in zip(once.groups, twice.groups, strict=True):
        assert doubled[5:8] == tuple(finite(edge, 2) for edge in group[5:8])


@given(
    values=st.lists(st.none() | st.floats(-1e6, 1e6, width=32) | st.integers(0, 5).map(float), max_size=40),
    direction=st.sampled_from(get_args(Direction)),
    target=st.none() | st.floats(-1e6, 1e6),
)
def test_a_series_upside_down_says_the_same_upside_down(values, direction, target):
    up = judge(monthly(*values), Options(direction=direction, target=target))
    down = judge(
        monthly(*(finite(value, -1) for value in values)),
        Options(direction=TURNED[direction], target=finite(target, -1)),
    )
    assert [OTHER_SIDE[label] for label in labels(up)] == labels(down)
    if direction != "neutral":
        assert [point.point_type for point in up.points] == [point.point_type for point in down.points]
    assert up.assurance == down.assurance
    for group, turned in zip(up.groups, down.groups, strict=True):
        assert (turned.lower, turned.upper) == (finite(group.upper, -1), finite(group.lower, -1))


@given(values=st.lists(st.floats(-1e6, 1e6, width=32), max_size=40), seed=st.randoms())
def test_the_order_of_rows_does_not_matter(values, seed):
    points = monthly(*values)
    mixed = list(points)
    seed.shuffle(mixed)
    assert judge(mixed, Options(adjust="auto")) == judge(points, Options(adjust="auto"))


@given(values=st.lists(st.none() | st.floats(-1e6, 1e6, width=32), min_size=1, max_size=40), place=st.integers(0, 39))
def test_a_suppressed_value_is_never_a_number(values, place):
    points = monthly(*values)
    place %= len(points)
    points[place] = Point(points[place].date, None, is_suppressed=True)
    trend = judge(points, Options())
    assert trend.points[place].value is None
    assert not any(math.isnan(point.value) for point in trend.points if point.value is not None)
