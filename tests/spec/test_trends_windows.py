"""The four rules as small tables: values beside limits of 3 and near limits of 2 around 0, and their windows."""

import math

import pytest

from waitlists.trends.rules import Window, windows_of
from waitlists.trends.xmr import Limits, exact_mean, limits_of

LIMITS = Limits(0.0, -3.0, 3.0, -2.0, 2.0)
NAN = math.nan


def found(rule, values, *, run_length=7, skips_ties=True, outside_is_near=True):
    windows = windows_of(values, LIMITS, run_length=run_length, skips_ties=skips_ties, outside_is_near=outside_is_near)
    return [(one.side, one.first, one.last, list(one.rows)) for one in windows if one.rule == rule]


def test_outside_is_strictly_beyond_a_limit():
    assert found("outside", [3.0, 3.1, -3.0, -3.1, NAN]) == [(1, 1, 1, [1]), (-1, 3, 3, [3])]


@pytest.mark.parametrize(
    ("values", "outside_is_near", "flagged"),
    [
        ([2.1, 1.0, 2.1], True, [0, 2]),
        ([2.1, 2.1, 1.0], True, [0, 1]),
        ([1.0, 2.1, 2.1], True, [1, 2]),
        ([2.1, 1.0, 1.0, 2.1], True, []),
        ([2.0, 1.0, 2.1], True, []),
        ([2.0, 1.0, 2.1], False, []),
        ([3.0, 1.0, 2.1], False, [0, 2]),
        ([3.1, 1.0, 2.1], False, []),
        ([3.1, 1.0, 2.1], True, [0, 2]),
        ([-2.1, -1.0, -3.0], False, [0, 2]),
        ([-2.1, -1.0, -3.1], False, []),
        ([-2.1, -1.0, -3.1], True, [0, 2]),
        ([-2.0, -1.0, -2.1], True, []),
        ([-2.0, -1.0, -2.1], False, []),
        ([2.1, 0.0, 2.1], True, []),
        ([2.1, NAN, 2.1], True, []),
        ([2.1, -1.0, 2.1], True, []),
        ([2.1, 2.1], True, []),
    ],
)
def test_two_in_three_are_near_a_limit_on_one_side(values, outside_is_near, flagged):
    windows = found("two_in_three", values, outside_is_near=outside_is_near)
    assert [row for _, _, _, rows in windows for row in rows] == flagged
    assert all(side == (1 if values[0] > 0 else -1) for side, *_ in windows)


def test_windows_that_share_a_row_are_one():
    assert found("two_in_three", [2.1, 2.1, 1.0, 2.1, 2.1]) == [(1, 0, 4, [0, 1, 3, 4])]
    assert found("two_in_three", [2.1, 1.0, 2.1, 1.0, 2.1]) == [(1, 0, 4, [0, 2, 4])]
    assert found("two_in_three", [2.1, 2.1, 1.0, 1.0, 2.1, 2.1]) == [(1, 0, 2, [0, 1]), (1, 3, 5, [4, 5])]
    assert found("two_in_three", [2.1, 2.1, 1.0, -1.0, 1.0, 2.1, 2.1]) == [(1, 0, 2, [0, 1]), (1, 4, 6, [5, 6])]


@pytest.mark.parametrize(
    ("values", "windows"),
    [
        ([1.0] * 6, []),
        ([1.0] * 7, [(1, 0, 6, list(range(7)))]),
        ([-1.0] * 9, [(-1, 0, 8, list(range(9)))]),
        ([*[1.0] * 7, *[-1.0] * 7], [(1, 0, 6, list(range(7))), (-1, 7, 13, list(range(7, 14)))]),
        ([*[1.0] * 3, 0.0, *[1.0] * 6], []),
        ([*[1.0] * 3, NAN, *[1.0] * 6], []),
        ([-1.0, *[1.0] * 7, -1.0], [(1, 1, 7, list(range(1, 8)))]),
        ([0.0] * 9, []),
    ],
)
def test_a_shift_is_a_run_on_one_side(values, windows):
    assert found("shift", values) == windows


@pytest.mark.parametrize(
    ("values", "skips_ties", "windows"),
    [
        ([1, 2, 3, 4, 5, 6], True, []),
        ([1, 2, 3, 4, 5, 6, 7], True, [(1, 0, 6)]),
        ([7, 6, 5, 4, 3, 2, 1, 0], True, [(-1, 0, 7)]),
        ([1, 2, 3, 3, 4, 5, 6], True, []),
        ([1, 2, 3, 3, 4, 5, 6, 7], True, [(1, 0, 7)]),
        ([1, 2, 3, 3, 4, 5, 6, 7], False, []),
        ([1, 2, 3, NAN, 4, 5, 6, 7], True, []),
        ([1, 1, 2, 3, 4, 5, 6, 7, 7], True, [(1, 1, 7)]),
        ([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1], True, [(1, 0, 6), (-1, 6, 12)]),
        ([1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1], True, [(1, 0, 6), (-1, 7, 13)]),
        ([1, 1, 1, 1, 1, 1, 1, 1], True, []),
        ([NAN, NAN, 1, 2, 3, 4, 5, 6, 7], True, [(1, 2, 8)]),
    ],
)
def test_a_trend_is_a_run_of_steps(values, skips_ties, windows):
    expected = [(side, first, last, list(range(first, last + 1))) for side, first, last in windows]
    assert found("trend", values, skips_ties=skips_ties) == expected


@pytest.mark.parametrize("rule", ["trend", "shift"])
def test_six_rows_are_enough_where_asked(rule):
    values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert found(rule, values, run_length=6) == [(1, 0, 5, list(range(6)))]
    assert found(rule, values[:5], run_length=6) == found(rule, values) == []


def test_the_rule_that_names_a_point_comes_first():
    values = [2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 3.1]
    windows = windows_of(values, LIMITS, run_length=7, skips_ties=True, outside_is_near=True)
    assert [one.rule for one in windows] == ["outside", "trend", "two_in_three", "shift"]
    assert isinstance(windows[0], Window)


def test_limits_from_ranges_of_neighbours():
    found_limits = limits_of([1.0, 3.0, NAN, 2.0, 4.0], screen=False, mends_collapse=True)
    assert found_limits == pytest.approx((2.5, 2.5 - 5.32, 2.5 + 5.32, 2.5 - 10.64 / 3, 2.5 + 10.64 / 3, False))


def test_screening_leaves_out_what_is_3267_times_the_mean_range_and_more():
    steady = [0.0, 1.0] * 20
    with_jump = [*steady, 100.0]
    screened = limits_of(with_jump, screen=True, mends_collapse=True)
    assert screened.upper - screened.mean == pytest.approx(2.66)
    assert limits_of(with_jump, screen=False, mends_collapse=True).upper > 5
    assert limits_of(steady, screen=True, mends_collapse=True)[1:3] == pytest.approx((0.5 - 2.66, 0.5 + 2.66))


def test_a_range_of_exactly_the_screening_limit_is_left_out():
    # Ranges of 0 and of 3267 whose mean is 1000: the largest is exactly 3.267 times the mean.
    zeros, jumps = [0.0] * 2267, 1000
    values = [0.0]
    for size in [*zeros, *[3267.0] * jumps]:
        values.append(values[-1] + (size if values[-1] <= 0 else -size))
    assert limits_of(values, screen=True, mends_collapse=False).upper == exact_mean(values)


def test_screening_that_leaves_zeros_alone_is_taken_back_where_asked():
    values = [*[5.0] * 20, 6.0, *[5.0] * 5]
    taken_back, left = (limits_of(values, screen=True, mends_collapse=mends) for mends in (True, False))
    assert taken_back[:5] == limits_of(values, screen=False, mends_collapse=True)[:5]
    assert (taken_back.is_collapsed, left.is_collapsed) == (True, False)
    assert left.lower == left.mean == left.upper


@pytest.mark.parametrize("values", [[], [NAN], [1.0], [1.0, NAN, 1.0]])
def test_without_ranges_there_are_no_limits(values):
    for screen in (True, False):
        found_limits = limits_of(values, screen=screen, mends_collapse=True)
        assert all(math.isnan(edge) for edge in found_limits[1:5])
        assert not found_limits.is_collapsed


def test_a_mean_is_exact():
    for value in (0.1, 0.3, 33.3, 1e-9, 0.7):
        assert {exact_mean([value] * count) for count in range(1, 200)} == {value}
    assert exact_mean([1e16, 1.0, -1e16]) == 1 / 3
    assert math.isnan(exact_mean([]))
