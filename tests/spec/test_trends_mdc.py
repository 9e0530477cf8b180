"""What the profile `mdc` does otherwise than the R package: a test for each line of the method and each defect."""

from datetime import date, timedelta

import pytest

from tests.trend_series import judged, labels, month, monthly, reasons
from waitlists.errors import BadArgument
from waitlists.trends.asking import Options, Point, Target
from waitlists.trends.judging import judge

FLAT = [46.0, 54.0] * 8
RISING, FALLING = [43.0, 45.0, 47.0, 49.5, 51.0, 53.0, 57.0], [55.0, 53.5, 51.5, 49.0, 47.5, 45.0]


def codes(trend):
    return [note.code for note in trend.notes]


# --- what the improvement board's tool does (c2) --------------------------------------------------------------------


def test_extreme_ranges_are_not_screened_unless_asked():
    values = [*FLAT, 200.0, *FLAT]
    assert judged(*values).groups[0].upper > judged(*values, screen=True).groups[0].upper
    assert judged(*values, screen=True).groups[0].upper == judged(*values, profile="nhsr").groups[0].upper
    assert judged(*values).groups[0].upper == judged(*values, profile="nhsr", screen=False).groups[0].upper


def test_a_point_beyond_the_control_limit_counts_in_two_of_three():
    values = [*[-1.0, 1.0] * 14, 1.0, 5.6, 4.1, 1.0, *[-1.0, 1.0] * 14]
    trend = judged(*values)
    top = trend.groups[0]
    assert values[29] > top.upper > values[30] > top.mean + 2 * (top.upper - top.mean) / 3
    assert labels(trend)[28:32] == ["none", "above_upper", "two_in_three_above", "none"]
    assert [rule for rule, _, _ in reasons(trend, 29)] == ["above_upper", "two_in_three_above"]
    assert labels(judged(*values, profile="nhsr", screen=False))[28:32] == ["none", "above_upper", "none", "none"]


def test_all_three_points_have_to_lie_on_one_side():
    values = [*[-1.0, 1.0] * 14, 4.2, -1.0, 4.2, *[-1.0, 1.0] * 14]
    assert "two_in_three_above" not in labels(judged(*values))
    values[29] = 1.0
    assert labels(judged(*values))[28:31] == ["two_in_three_above", "none", "two_in_three_above"]


@pytest.mark.parametrize(("count", "status"), [(12, "insufficient_data"), (13, "ok")])
def test_thirteen_values_are_needed_for_limits_labels_and_verdict(count, status):
    trend = judged(*[1.0, *[5.0] * (count - 2), 90.0], direction="increase", target=50.0)
    assert trend.status == status
    assert (trend.variation is None, trend.assurance is None) == (count == 12, count == 12)
    assert (trend.groups[0].lower is None) == (count == 12)
    assert (labels(trend)[-1] == "none") == (count == 12)
    assert trend.points[-1].short_group == (count == 12)
    assert trend.groups[0].mean is not None
    assert (trend.run_chart is not None) == (count == 12)


def test_thirteen_counts_values_not_rows():
    trend = judged(*FLAT[:6], None, *FLAT[:6])
    assert (trend.status, trend.points[0].short_group, codes(trend)) == ("insufficient_data", False, ["short_group"])
    assert judged(*FLAT[:6], None, *FLAT[:6], 46.0).status == "ok"


def test_without_any_value_there_is_no_data():
    assert judge([], Options()).status == "no_data"
    empty = judged(*[None] * 20, direction="increase", target=1.0)
    assert (empty.status, empty.variation, empty.assurance) == ("no_data", None, None)
    assert labels(empty) == ["none"] * 20


def test_values_without_a_neighbour_have_no_moving_range():
    trend = judged(*[1.0, None] * 14, direction="increase", target=2.0)
    assert (trend.status, trend.variation, trend.assurance) == ("no_moving_range", None, None)
    assert trend.groups[0].mean == 1.0


def test_improvement_wins_and_both_reasons_are_listed():
    values = [46.0, 54.0] * 5 + [59.0, 58.0, 57.0, 56.0, 55.0, 54.0, 53.0] + [54.0, 46.0] * 7
    for direction, shown, kind in (
        ("increase", "shift_above", "improvement"),
        ("decrease", "trend_down", "improvement"),
    ):
        trend = judged(*values, direction=direction)
        assert [rule for rule, _, _ in reasons(trend, 13)] == ["trend_down", "shift_above"]
        assert (trend.points[13].special_cause, trend.points[13].point_type) == (shown, kind)
        assert [reason.side for reason in trend.points[13].reasons] == ["low", "high"]


def test_neutral_shows_the_window_that_ends_later():
    values = [46.0, 54.0] * 5 + [59.0, 58.0, 57.0, 56.0, 55.0, 54.0, 53.0] + [54.0, 46.0] * 7
    trend = judged(*values)
    assert reasons(trend, 13) == [("trend_down", 10, 16), ("shift_above", 9, 17)]
    assert (trend.points[13].special_cause, trend.points[13].point_type) == ("shift_above", "neutral_high")


@pytest.mark.parametrize(("run_length", "flagged"), [(6, 6), (7, 0)])
def test_a_shift_takes_six_or_seven_points(run_length, flagged):
    values = [*[46.0, 54.0] * 6, 46.0, *[52.0, 53.0] * 3, 46.0, 47.0, 46.0]
    trend = judged(*values, run_length=run_length)
    assert labels(trend).count("shift_above") == flagged


@pytest.mark.parametrize(("run_length", "flagged"), [(6, 6), (7, 0)])
def test_a_trend_takes_six_or_seven_points(run_length, flagged):
    values = [*[46.0, 54.0] * 6, 45.0, 47.0, 49.0, 51.0, 53.0, 55.0, *[46.0, 54.0] * 6]
    assert labels(judged(*values, run_length=run_length)).count("trend_up") == flagged


def test_a_tie_inside_a_trend_neither_counts_nor_cancels():
    tied = [*[46.0, 54.0] * 6, 44.0, 45.0, 47.0, 49.0, 49.0, 51.0, 53.0, 55.0, *[46.0, 54.0] * 6]
    trend = judged(*tied)
    assert labels(trend)[12:20] == ["trend_up"] * 8
    assert reasons(trend, 16) == [("trend_up", 12, 19)]
    assert "trend_up" not in labels(judged(*tied, ties="break"))
    assert "trend_up" not in labels(judged(*tied[:12], *tied[13:]))


def test_a_tie_at_the_end_of_a_trend_is_not_inside_it():
    values = [*[46.0, 54.0] * 6, 44.0, 44.0, 45.0, 47.0, 49.0, 51.0, 53.0, 55.0, 55.0, *[46.0, 54.0] * 6]
    assert [row for row, label in enumerate(labels(judged(*values))) if label == "trend_up"] == list(range(13, 20))


def test_targets_by_date_hold_from_their_day_and_the_latest_is_judged():
    targets = (Target(month(10), 100.0), Target(month(3), 40.0), Target(month(90), 0.0))
    trend = judged(*FLAT, direction="increase", targets=targets)
    assert [point.target for point in trend.points] == [None] * 3 + [40.0] * 7 + [100.0] * 6
    assert (trend.target, trend.assurance) == (100.0, "fail")
    assert trend.as_json()["points"][5]["target"] == 40.0
    later = judged(*FLAT, direction="increase", targets=(Target(month(16), 100.0),))
    assert (later.target, later.assurance) == (None, None)


@pytest.mark.parametrize(
    ("direction", "target", "said"),
    [
        ("increase", "upper", "fail"),
        ("decrease", "upper", "pass"),
        ("increase", "lower", "pass"),
        ("decrease", "lower", "fail"),
        ("increase", "mean", "inconsistent"),
        ("neutral", "upper", None),
    ],
)
def test_a_target_on_a_limit_lies_outside(direction, target, said):
    value = getattr(judged(*FLAT).groups[-1], target)
    assert judged(*FLAT, direction=direction, target=value).assurance == said
    in_package = None if direction == "neutral" else "inconsistent"
    assert judged(*FLAT, direction=direction, target=value, profile="nhsr", screen=False).assurance == in_package


def test_after_a_rebase_there_is_no_verdict_until_thirteen_values():
    values = [*FLAT, *[70.0, 72.0] * 7]
    since = {"rebase": (month(16),), "direction": "increase", "target": 71.0}
    early, late = judged(*values[:28], **since), judged(*values[:29], **since)
    assert (early.status, early.variation, early.assurance) == ("insufficient_data", None, None)
    assert (late.status, late.variation, late.assurance) == ("ok", "common_cause", "inconsistent")
    assert early.groups[0].lower is not None
    assert [group.group for group in late.groups] == [0, 1]


def test_a_baseline_of_first_points_sets_mean_and_limits():
    values = [*FLAT[:12], *[80.0, 90.0] * 6]
    trend = judged(*values, fix_after=12.9, direction="decrease")
    assert (trend.groups[0].mean, trend.variation) == (50.0, "concern_high")
    assert codes(trend) == []
    assert codes(judged(*FLAT, *FLAT, fix_after=21)) == ["long_baseline"]
    with pytest.raises(BadArgument, match="fix_after"):
        Options(fix_after=11.99)


# --- what the package gets wrong (c3) -------------------------------------------------------------------------------


def test_a_point_in_a_rising_and_a_falling_window_gets_both_reasons():
    values = [*[46.0, 54.0] * 4, *RISING, *FALLING, *[54.0, 46.0] * 5]
    trend = judged(*values, direction="increase")
    assert reasons(trend, 14) == [("trend_up", 8, 14), ("trend_down", 14, 20)]
    assert (trend.points[14].special_cause, trend.points[14].point_type) == ("trend_up", "improvement")
    assert judged(*values, profile="nhsr", direction="increase").points[14].special_cause == "trend_down"


def test_the_way_of_a_trend_comes_from_its_window_not_from_a_neighbouring_step():
    first, second = [40.0, 42.0, 44.0, 46.0, 48.0, 50.0, 52.0], [41.0, 43.0, 45.0, 47.0, 49.0, 51.0, 53.0]
    values = [*[46.0, 54.0] * 4, 45.0, *first, *second, *[46.0, 54.0] * 4]
    trend = judged(*values, direction="increase")
    assert labels(trend)[15] == "trend_up"
    assert labels(judged(*values, profile="nhsr"))[15] == "trend_down"
    assert [reason.rule for reason in judged(*values, profile="nhsr").points[15].reasons] == ["trend_up"]


def test_a_level_step_between_two_trends_is_falling_in_the_package_alone():
    values = [*[46.0, 54.0] * 4, 45.0, *range(40, 47), *range(46, 53), *[46.0, 54.0] * 4]
    numbers = [float(value) for value in values]
    assert labels(judged(*numbers, profile="nhsr"))[15] == "trend_down"
    assert labels(judged(*numbers))[15] == "trend_up"


def test_screening_that_would_leave_no_range_is_taken_back_and_said():
    values = [5.0] * 20 + [25.0] + [5.0] * 5
    trend = judged(*values, screen=True)
    assert "screening_collapsed" in codes(trend)
    assert trend.groups[0].upper == judged(*values).groups[0].upper > trend.groups[0].mean
    assert judged(*values, profile="nhsr").groups[0].upper == judged(*values).groups[0].mean


@pytest.mark.parametrize("value", [0.1, 0.3, 33.3, 5.0, 0.0, -0.7, 1e-12, 1e12])
@pytest.mark.parametrize("screen", [True, False])
def test_a_constant_series_has_its_mean_for_limits_and_nothing_special(value, screen):
    for count in range(13, 60):
        trend = judged(*[value] * count, screen=screen, direction="decrease", target=value)
        assert set(labels(trend)) == {"none"}
        assert trend.groups[0][5:8] == (value, value, value)
        assert (trend.status, trend.variation, trend.assurance) == ("ok", "common_cause", "pass")
        assert codes(trend) == []


@pytest.mark.parametrize(
    ("direction", "target", "said"),
    [("increase", 4.9, "pass"), ("increase", 5.1, "fail"), ("decrease", 5.1, "pass"), ("decrease", 4.9, "fail")],
)
def test_a_constant_series_is_compared_with_its_target(direction, target, said):
    assert judged(*[5.0] * 15, direction=direction, target=target).assurance == said


def test_missing_values_break_windows_and_have_no_reasons():
    rising = [40.0, 42.0, 44.0, None, 48.0, 50.0, 52.0, 54.0]
    trend = judged(*[46.0, 54.0] * 7, *rising, *[54.0, 46.0] * 3)
    assert not {"trend_up", "shift_above"} & set(labels(trend))
    gone = trend.points[17]
    assert (gone.value, gone.reasons, gone.special_cause, gone.point_type) == (None, (), "none", "common_cause")
    assert (gone.mean, gone.lower) == trend.groups[0][5:7]


def test_a_series_without_a_target_of_its_own_has_no_assurance():
    assert judged(*FLAT, direction="increase").assurance is None
    assert judged(*FLAT, direction="increase", target=0.0).assurance == "pass"


def test_a_missing_last_value_leaves_the_verdict_of_the_one_before_and_says_so():
    values = [*FLAT, 90.0]
    trend = judged(*values, None, None, direction="increase")
    assert (trend.variation, trend.judged_on) == ("improvement_high", month(16))
    (note,) = trend.notes
    assert note.code == "last_value_missing"
    assert "1 May 2021" in note.message
    assert judged(*values, None, None, direction="increase", profile="nhsr").variation == "common_cause"


def test_a_provisional_value_is_shown_and_not_judged():
    points = [*monthly(*FLAT, 90.0), Point(month(17), 500.0, is_provisional=True)]
    trend = judge(points, Options(direction="increase"))
    settled = judge(points[:17], Options(direction="increase"))
    assert (trend.variation, trend.judged_on) == (settled.variation, settled.judged_on)
    assert trend.groups[0][5:8] == settled.groups[0][5:8]
    assert (trend.points[17].value, trend.points[17].special_cause) == (500.0, "none")
    assert codes(trend) == ["provisional_left_out"]
    gone = judge([*points[:16], Point(month(16), None), points[17]], Options())
    assert codes(gone) == ["provisional_left_out", "last_value_missing"]
    assert judge([points[17]], Options()).status == "no_data"


def test_a_month_left_out_is_a_missing_row_and_said():
    points = [point for number, point in enumerate(monthly(*FLAT, *[60.0] * 7, *FLAT)) if number != 19]
    trend = judge(points, Options(direction="increase"))
    assert [point.date for point in trend.points] == [month(number) for number in range(39)]
    assert (trend.points[19].value, codes(trend)) == (None, ["gap_in_dates"])
    assert "shift_above" not in labels(trend)
    assert "shift_above" in labels(judge(points, Options(profile="nhsr")))
    assert len(judge(points, Options(profile="nhsr")).points) == 38


def test_weeks_left_out_are_missing_rows_too():
    days = [date(2026, 1, 4) + timedelta(weeks=week) for week in range(20) if week not in {5, 6}]
    trend = judge([Point(day, 1.0) for day in days], Options())
    assert len(trend.points) == 20
    assert "2 between 8 February 2026 and 15 February 2026" in trend.notes[0].message


def test_uneven_dates_are_said():
    days = [date(2026, 1, 4) + timedelta(days=day * day) for day in range(20)]
    assert "uneven_dates" in codes(judge([Point(day, 1.0) for day in days], Options()))


def test_a_warning_of_a_short_group_states_the_rule_applied():
    (ours,) = judged(*FLAT[:12]).notes
    (theirs,) = judged(*FLAT[:12], profile="nhsr").notes
    assert ours.message == ("The group from 1 January 2020 has fewer than 13 values, so no limits and no verdict: 12.")
    assert theirs.message == "The group from 1 January 2020 has fewer than 13 rows; its limits are provisional."


# --- warnings that belong to any profile ----------------------------------------------------------------------------


def test_a_rebase_date_without_a_row_does_nothing_and_is_said():
    away = date(2020, 6, 15)
    trend = judged(*FLAT, rebase=(away, away))
    assert (len(trend.groups), codes(trend)) == (1, ["rebase_date_absent"])
    assert codes(judged(*FLAT, profile="nhsr", rebase=(away,))) == ["rebase_date_absent"]


def test_rebases_come_in_any_order_and_twice():
    dates = (month(32), month(16), month(16))
    trend = judged(*FLAT, *[70.0, 72.0] * 8, *FLAT, rebase=dates)
    assert [(group.group, group.since, group.rows) for group in trend.groups] == [
        (0, month(0), 16), (1, month(16), 16), (2, month(32), 16),
    ]  # fmt: skip


def test_a_rebase_on_the_first_row_counts_as_the_package_counts_it():
    trend = judged(*FLAT, rebase=(month(0),), profile="nhsr")
    assert ({point.group for point in trend.points}, trend.notes) == ({1}, ())


def test_a_list_size_is_warned_about():
    assert codes(judged(*FLAT, kind="stock")) == ["stock_series"]
    assert codes(judged(*FLAT, kind="flow")) == []


def test_suppressed_values_are_told_apart_from_missing_ones():
    points = [*monthly(*FLAT, None), Point(month(17), None, is_suppressed=True), Point(month(18), 50.0)]
    (note,) = judge(points, Options()).notes
    assert (note.code, note.message[-3:]) == ("values_suppressed", " 1.")


@pytest.mark.parametrize(
    "value", [float("inf"), float("-inf"), float("nan"), 1e101, 10**400], ids=["inf", "-inf", "nan", "1e101", "10^400"]
)
def test_what_is_no_usable_number_is_refused(value):
    with pytest.raises(BadArgument, match="value of 2020-01-01"):
        judged(value)


@pytest.mark.parametrize(
    "value", [float("inf"), float("-inf"), float("nan"), 10**400], ids=["inf", "-inf", "nan", "10^400"]
)
def test_a_target_that_is_no_number_is_refused(value):
    with pytest.raises(BadArgument, match="target"):
        Options(target=value)


def test_a_huge_target_around_a_line_is_still_a_number():
    values = [-1e100, *[0.0] * 14]
    trend = judged(*values, adjust="trend", direction="increase", target=1e100)
    assert trend.adjusted.assurance is not None
    assert judged(*values, adjust="trend", direction="increase", target=1.7e308).adjusted.assurance == "fail"


def test_the_same_date_twice_is_refused():
    with pytest.raises(BadArgument, match="2020-01-01 is there twice"):
        judge([*monthly(1.0), *monthly(None)], Options())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"profile": "xmr"}, "profile: expected one of mdc, nhsr"),
        ({"direction": "up"}, "direction: expected one of increase, decrease, neutral"),
        ({"adjust": "some"}, "adjust: expected one of"),
        ({"kind": "count"}, "kind: expected one of"),
        ({"ties": "count"}, "ties: expected one of"),
        ({"run_length": 8}, "run_length: expected 6 or 7"),
        ({"run_length": 6, "profile": "nhsr"}, "use mdc"),
        ({"ties": "skip", "profile": "nhsr"}, "use mdc"),
        ({"targets": (Target(month(0), 1.0),), "profile": "nhsr"}, "use mdc"),
        ({"targets": (Target(month(0), 1.0),), "target": 1.0}, "not both"),
        ({"targets": (Target(month(0), 1.0), Target(month(0), 2.0))}, "same date"),
        ({"fix_after": float("nan")}, "fix_after"),
        ({"fix_after": float("inf")}, "fix_after"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_by_name(given, said):
    with pytest.raises(BadArgument, match=said):
        Options(**given)
