"""The profile `nhsr` gives what NHSRplotthedots 0.2.2 gave: its golden cases, the facts of its own tests, any series.

The last is shown by an oracle: the package's rules written out naively, three-valued logic and all, one row at a time.
"""

import json
import math
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trend_series import GOLDEN, LABELS, golden_cases, golden_options, labels, monthly
from waitlists.errors import BadArgument
from waitlists.trends.asking import Options, Point
from waitlists.trends.judging import judge
from waitlists.trends.rules import windows_of
from waitlists.trends.xmr import Limits, limits_of

CASES = golden_cases()
SERIES = [
    (case, facet)
    for case in CASES
    if not case.get("error")
    for facet in sorted({point["f"] for point in case["points"]})
]
FACTS = json.loads((GOLDEN / "testthat_facts.json").read_text(encoding="utf-8"))


def close(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, rel_tol=1e-9)


def test_there_are_thirty_golden_cases_of_31_series():
    assert (len(CASES), len(SERIES)) == (30, 31)


@pytest.mark.parametrize(("case", "facet"), SERIES, ids=[f"{case['id']}-{facet}" for case, facet in SERIES])
def test_every_point_and_both_icons_of_a_golden_case(case, facet):
    rows = [point for point in case["points"] if point["f"] == facet]
    given_points = [Point(date.fromisoformat(row["x"]), row["y"]) for row in rows]
    trend = judge(given_points[::-1], golden_options(case["args"]))
    for row, point in zip(rows, trend.points, strict=True):
        assert (point.date.isoformat(), point.value) == (row["x"], row["y"])
        assert close(point.mean, row["mean_col"])
        assert close(point.lower, row["lpl"])
        assert close(point.upper, row["upl"])
        assert point.special_cause == LABELS[row["special_cause_type"]]
        assert point.point_type == row["point_type"].removeprefix("special_cause_")
        assert (point.group, point.short_group) == (row["rebase_group"], row["short_group_warning"])
        assert bool(point.reasons) == row["special_cause_flag"]
    icons = {icon["type"]: icon["icon"].removesuffix(".svg") for icon in case["icons"] if icon["f"] == facet}
    assert (trend.variation, trend.assurance) == (icons["variation"], icons.get("assurance"))
    summary = [row for row in case["summary"] if row.get("f", facet) == facet]
    for group, row in zip(trend.groups, summary, strict=True):
        assert (group.rows, group.group) == (row["n"], row.get("rebase_group", 0))
        assert close(group.mean, row["mean_col"])
        assert close(group.lower, row["lpl"])
        assert close(group.upper, row["upl"])


def test_the_golden_case_with_an_error_is_refused():
    (case,) = [case for case in CASES if case.get("error")]
    with pytest.raises(BadArgument, match="fix_after"):
        golden_options(case["args"])


@pytest.mark.parametrize("fact", FACTS["limits"])
def test_limits_of_the_packages_own_tests(fact):
    found = limits_of(fact["y"], screen=fact["screen_outliers"], mends_collapse=False)
    assert found[:3] == pytest.approx((fact["mean"], fact["lpl"], fact["upl"]), rel=1e-6)


def windows(values, limits):
    return windows_of(values, limits, run_length=7, skips_ties=False, outside_is_near=False)


NO_LIMITS = Limits(0.0, *[math.nan] * 4)


@pytest.mark.parametrize("fact", FACTS["window_ends_7_same_side"])
def test_shifts_of_the_packages_own_tests(fact):
    found = [window for window in windows([float(side) for side in fact["rel"]], NO_LIMITS) if window.rule == "shift"]
    ends = {row for window in found for row in range(window.first + 6, window.last + 1)}
    assert [int(row in ends) for row in range(len(fact["rel"]))] == fact["out"]


@pytest.mark.parametrize("fact", FACTS["trend_window_ends"])
def test_trends_of_the_packages_own_tests(fact):
    found = [window for window in windows(fact["y"], NO_LIMITS) if window.rule == "trend"]
    ends = {row: window.side for window in found for row in range(window.first + 6, window.last + 1)}
    assert [ends.get(row, 0) for row in range(len(fact["y"]))] == fact["out"]


@pytest.mark.parametrize("fact", FACTS["two_in_three_flagged_points"])
def test_two_in_three_of_the_packages_own_tests(fact):
    values = [side * (2.5 if near else 1.0) for side, near in zip(fact["rel"], fact["near"], strict=True)]
    found = [window for window in windows(values, Limits(0, -3, 3, -2, 2)) if window.rule == "two_in_three"]
    flagged = {row for window in found for row in window.rows}
    assert [int(row in flagged) for row in range(len(values))] == fact["out"]


def test_points_on_opposite_sides_are_no_two_in_three():
    trend = judge(monthly(*FACTS["opposite_sides"]["y"]), Options(profile="nhsr", direction="increase"))
    assert [point.point_type for point in trend.points[-2:]] == FACTS["opposite_sides"]["last_two_point_types"]


def test_a_target_beside_limits_that_cannot_be_worked_out_is_inconsistent():
    for values in ([5.0] * 20, [5.0]):
        trend = judge(monthly(*values), Options(profile="nhsr", direction="increase", target=9.0))
        assert (trend.groups[0].upper, trend.variation, trend.assurance) == (None, "common_cause", "inconsistent")
        assert judge(monthly(*values), Options(profile="nhsr", target=9.0)).assurance is None


def test_a_trend_ends_as_its_last_step_went_where_the_next_row_is_in_none():
    rising, falling = [40.0, 42.0, 44.0, 46.0, 48.0, 50.0, 52.0], [53.0, 51.0, 49.0, 47.0, 45.0, 43.0, 41.0]
    values = [*[46.0, 54.0] * 4, 45.0, *rising, 45.0, *falling, 60.0, *[46.0, 54.0] * 3]
    trend = judge(monthly(*values), Options(profile="nhsr"))
    assert labels(trend)[15:18] == ["trend_up", "none", "trend_down"]


# --- the oracle: one group at a time, None for NA -------------------------------------------------------------------


def oracle_group(values, options):
    known = [value for value in values[: options.baseline] if value is not None]
    mean = math.fsum(known) / len(known) if known else math.nan
    mean += math.fsum(value - mean for value in known) / len(known) if known else 0.0
    ranges = [abs(b - a) for a, b in pairwise(values[: options.baseline]) if a is not None and b is not None]
    average = math.fsum(ranges) / len(ranges) if ranges else math.nan
    if options.is_screened:
        ranges = [size for size in ranges if size < 3.267 * average]
        average = math.fsum(ranges) / len(ranges) if ranges else math.nan
    far, near = 2.66 * average, 2 * (2.66 / 3) * average
    edges = (mean - far, mean + far, mean - near, mean + near)
    side = [
        0 if value is None or value == mean or math.isnan(mean) else (1 if value > mean else -1) for value in values
    ]
    outside = [value is not None and (value > edges[1] or value < edges[0]) for value in values]
    close_by = [
        value is not None and not beyond and (value < edges[2] or value > edges[3])
        for value, beyond in zip(values, outside, strict=True)
    ]
    return mean, edges, [oracle_label(row, values, side, outside, close_by) for row in range(len(values))]


def oracle_label(row, values, side, outside, close_by):
    count = len(values)
    if outside[row]:
        return "above_upper" if side[row] == 1 else "below_lower"
    if in_trend(row, values):
        before = row if row + 1 < count and in_trend(row + 1, values) else row - 1
        return "trend_up" if values[before + 1] > values[before] else "trend_down"
    threes = [range(first, first + 3) for first in range(row - 2, row + 1) if first >= 0 and first + 3 <= count]
    if close_by[row] and any(
        abs(sum(side[at] for at in three)) == 3 and sum(close_by[at] for at in three) >= 2 for three in threes
    ):
        return "two_in_three_above" if side[row] > 0 else "two_in_three_below"
    sevens = [side[first : first + 7] for first in range(row - 6, row + 1) if first >= 0 and first + 7 <= count]
    if any(abs(sum(seven)) == 7 for seven in sevens):
        return "shift_above" if side[row] > 0 else "shift_below"
    return "none"


def in_trend(row, values):
    for first in range(max(0, row - 6), row + 1):
        seven = values[first : first + 7]
        if len(seven) == 7 and None not in seven:
            steps = {(b > a) - (b < a) for a, b in pairwise(seven)}
            if steps in ({1}, {-1}):
                return True
    return False


def values_of(*numbers):
    return st.lists(st.one_of(st.none(), *numbers), max_size=45)


ROUGH = values_of(st.integers(0, 5).map(float), st.integers(0, 5).map(float))
STEPS = st.lists(st.sampled_from([-1.0, 1.0, 1.0, 1.0, 0.0, 0.5, None]), max_size=45)
WILD = values_of(st.floats(-1e6, 1e6, width=32), st.integers(40, 60).map(float))


def walked(steps):
    """A walk with a missing row wherever a step is None: long trends, vertices and ties."""
    level, found = 0.0, []
    for step in steps:
        level += step or 0.0
        found.append(None if step is None else level)
    return found


@given(
    values=st.one_of(ROUGH, WILD, STEPS.map(walked), STEPS.map(lambda steps: [-v if v else v for v in walked(steps)])),
    direction=st.sampled_from(["increase", "decrease", "neutral"]),
    screen=st.booleans(),
    rebase=st.lists(st.integers(0, 50), max_size=2),
    fix_after=st.none() | st.integers(12, 20),
)
def test_any_series_is_labelled_as_the_package_labels_it(values, direction, screen, rebase, fix_after):
    points = monthly(*values)
    dates = tuple(monthly(*[0.0] * 51)[place].date for place in rebase)
    options = Options(profile="nhsr", direction=direction, screen=screen, rebase=dates, fix_after=fix_after)
    trend = judge(points, options)
    starts = sorted({0, *(place for place in rebase if place < len(values)), len(values)})
    expected = [oracle_group(values[first:last], options) for first, last in pairwise(starts)]
    assert labels(trend) == [label for _, _, of_group in expected for label in of_group]
    for group, (mean, edges, _) in zip(trend.groups, expected, strict=True):
        for ours, theirs in zip((group.mean, group.lower, group.upper), (mean, *edges[:2]), strict=True):
            assert math.isnan(theirs) if ours is None else math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
    assert [point.group for point in trend.points] == [
        sum(place <= row for place in set(rebase)) for row in range(len(values))
    ]
