"""Which chart leads, and the trend as it draws it: the adjusted marks on values as they are."""

import pytest

from tests.chart_reading import SVG, parsed, subpaths, words_in
from tests.trend_series import judged
from waitlists.charts import leading, leads, limits_table, spc_chart, spc_table, surprises, with_surprises

RISING = [100.0 + 3 * month + month % 2 for month in range(36)]


def answer(*values, judged_variation, real=False, **options):
    body = judged(*values, direction="decrease", **options).as_json()
    return {**body, "judged_variation": judged_variation, "real_change": real}


@pytest.mark.parametrize(
    ("options", "judged_variation", "real", "led_by"),
    [
        ({"adjust": "trend"}, "common_cause", False, "adjusted"),
        ({"adjust": "trend"}, "concern_high", True, "raw"),
        ({"adjust": "none"}, "common_cause", False, "raw"),
        ({"adjust": "none"}, "concern_high", True, "raw"),
        ({"adjust": "trend"}, None, None, None),
        ({"adjust": "trend"}, "common_cause", None, None),
    ],
)
def test_the_chart_leads_whose_verdict_is_the_one_to_go_by(options, judged_variation, real, led_by):
    assert leads(answer(*RISING, judged_variation=judged_variation, real=real, **options)) == led_by


@pytest.mark.parametrize("adjust", ["trend", "residual"])
def test_a_point_lies_beyond_the_limits_drawn_exactly_where_it_does_on_the_adjusted_chart(adjust):
    values = [*RISING[:30], 260.0, None, *RISING[31:]]
    body = answer(*values, judged_variation=None, adjust=adjust)
    body |= {"judged_variation": body["adjusted"]["variation"], "real_change": True, "variation": "neutral_high"}
    drawn, adjusted = leading(body, is_rounded=False)["points"], body["adjusted"]["points"]
    assert [point["value"] for point in drawn] == values
    assert [point["special_cause"] for point in drawn] == [point["special_cause"] for point in adjusted]
    beyond = 0
    for point, other in zip(drawn, adjusted, strict=True):
        if point["upper"] is None:
            assert None in {point["value"], other["value"]}
            continue
        for edge, way in (("upper", 1), ("lower", -1)):
            distance = way * (point["value"] - point[edge])
            assert distance == pytest.approx(way * (other["value"] - other[edge]))
            beyond += distance > 0
    assert beyond


JUMPING = [100.0, 103.0, 99.0, 104.0, 101.0, 98.0] * 5 + [None, 160.0]


def surprising(*values, **changed):
    """An answer that the chart of surprises leads."""
    body = answer(*values, judged_variation=None, adjust="residual")
    judged = body["adjusted"]["variation"]
    return body | {"judged_variation": judged, "real_change": True, "variation": "neutral_high", **changed}


def test_surprises_are_the_distances_from_what_was_expected_as_they_were_judged():
    body = surprising(*JUMPING, 102.0, target=50.0)
    drawn = surprises(body, unit="people", is_rounded=False)
    for point, other in zip(drawn["points"], body["adjusted"]["points"], strict=True):
        assert point["special_cause"] == other["special_cause"]
        if other["value"] is not None:
            assert point["value"] == pytest.approx(other["value"] - other["mean"], abs=0.05)
            assert point["lower"] == pytest.approx(other["lower"] - other["mean"], abs=0.05)
            assert point["mean"] == 0
    assert drawn["target"] is None
    assert {point["target"] for point in drawn["points"]} == {None}


def test_surprises_are_drawn_below_zero_too_with_the_marks_of_the_chart_that_leads():
    body = surprising(*JUMPING, 102.0, 101.0)
    drawn, led = surprises(body, unit="people", is_rounded=False), leading(body, is_rounded=False)
    assert [one["point_type"] for one in drawn["points"]] == [one["point_type"] for one in led["points"]]
    root = parsed(spc_chart(drawn, title="Surprises", ident="one", unit="people"))
    low, high = (next(one for one in words_in(root) if one.startswith(name)) for name in ("Lower limit", "Upper limit"))
    assert low.removeprefix("Lower limit ") == f"-{high.removeprefix('Upper limit ')}"
    (_, mean, lower, _), *_ = limits_table(drawn, caption="x", unit="people").rows
    assert (mean, lower) == ("0", low.removeprefix("Lower limit "))


def test_the_table_of_the_chart_that_leads_tells_each_surprise_of_its_points():
    body = surprising(*JUMPING)
    drawn = surprises(body, unit="people", is_rounded=False)
    table = spc_table(body, caption="x", unit="people", newest=4)
    told = with_surprises(table, drawn, unit="people")
    assert told.head[:3] == ("Period", "Value", "Surprise")
    assert [(*row[:2], *row[3:]) for row in told.rows] == list(table.rows)
    assert [row[2] for row in told.rows][-2:] == ["none", "none"], "no month before lets expect anything"
    assert all(row[2].lstrip("-")[0].isdigit() for row in told.rows[:2])


def test_what_rounding_alone_may_have_made_is_not_marked_among_surprises():
    values = [200.0, 205.0] * 9 + [205.0, 300.0, 305.0]
    body = surprising(*values)
    drawn = surprises(body, unit="people", is_rounded=True)["points"]
    led = leading(body, is_rounded=True)["points"]
    assert [one["special_cause"] for one in drawn] == [one["special_cause"] for one in led]


@pytest.mark.parametrize("changed", [{"real_change": None}, {"variation": "common_cause"}])
def test_there_are_no_surprises_where_they_do_not_lead(changed):
    body = surprising(*JUMPING, 102.0)
    body |= changed
    if changed.get("variation"):
        body |= {"judged_variation": changed["variation"]}
    assert surprises(body, unit="people", is_rounded=False) is None
    around_a_line = answer(*RISING, judged_variation="common_cause", adjust="trend")
    assert surprises(around_a_line, unit="people", is_rounded=False) is None


@pytest.mark.parametrize(("unit", "values"), [("share", 0.01), ("weeks", 1.0)])
def test_a_surprise_is_never_minus_nothing(unit, values):
    body = surprising(*[100 * values, 102 * values] * 10)
    rows = with_surprises(
        spc_table(body, caption="x", unit=unit), surprises(body, unit=unit, is_rounded=False), unit=unit
    ).rows
    assert not {row[2] for row in rows} & {"-0%", "-0 weeks", "-0"}


def test_a_growing_list_without_a_turn_has_no_mark():
    body = answer(*RISING, judged_variation="common_cause", adjust="trend")
    assert {point["point_type"] for point in body["points"]} == {"concern", "improvement"}
    assert {point["point_type"] for point in leading(body, is_rounded=False)["points"]} == {"common_cause"}


def test_what_rounding_alone_may_have_made_is_not_marked():
    values = [200.0, 205.0] * 9 + [205.0, 300.0, 305.0, None, 305.0]
    body = answer(*values, judged_variation=None, adjust="residual")
    surprise = {"special_cause": "above_upper", "point_type": "concern"}
    points = [{**point, **surprise} for point in body["adjusted"]["points"]]
    body |= {"adjusted": {**body["adjusted"], "points": points}, "real_change": True}
    body |= {"judged_variation": body["adjusted"]["variation"], "variation": "neutral_high"}
    drawn = [point["special_cause"] for point in leading(body, is_rounded=True)["points"]]
    assert drawn[-5:] == ["none", "above_upper", "none", "above_upper", "above_upper"]
    assert {point["special_cause"] for point in leading(body, is_rounded=False)["points"]} == {"above_upper"}


def test_without_a_verdict_nothing_is_marked_and_limits_are_those_there_are():
    raw = answer(*RISING, judged_variation=None, adjust="trend")
    body = leading(raw, is_rounded=False)
    assert {(point["point_type"], point["special_cause"]) for point in body["points"]} == {("not_judged", "none")}
    assert [point["upper"] for point in body["points"]] == [point["upper"] for point in raw["points"]]
    assert "not judged" in {word.text for word in drawn_of(body).iter(f"{SVG}text")}


def test_limits_that_move_are_lines_that_stop_where_there_is_none():
    values = [*RISING[:20], None, *RISING[21:]]
    body = answer(*values, judged_variation="common_cause", adjust="trend")
    drawn = drawn_of(leading(body, is_rounded=False))
    (upper,) = [part for part in drawn.iter(f"{SVG}path") if "wl-upper" in part.get("class", "").split()]
    assert [run.count("l") for run in subpaths(upper)] == [19, 14]
    assert not [part for part in drawn.iter() if "wl-mean" in part.get("class", "").split()]


def test_limits_that_stay_are_a_row_from_one_rebase_to_the_next():
    body = judged(*[100.0, 104.0] * 10, *[50.0, 54.0] * 10, rebase=(judged(*[1.0] * 21).points[20].date,)).as_json()
    table = limits_table(body, caption="Limits", unit="people")
    assert table.head == ("From", "Mean", "Lower limit", "Upper limit")
    assert [row[:2] for row in table.rows] == [("1 January 2020", "102"), ("1 September 2021", "52")]
    assert limits_table(body, caption="Limits", unit="people", newest=5).rows[0][:2] == ("1 December 2022", "52")


def test_the_newest_points_alone_are_drawn_where_that_is_asked():
    body = judged(*RISING).as_json()
    table = spc_table(body, caption="Waits", unit="people", newest=12)
    assert [row[0] for row in table.rows] == [row[0] for row in spc_table(body, caption="", unit="people").rows[-12:]]


def drawn_of(body):
    return parsed(spc_chart(body, title="Waits", ident="one", unit="people"))
