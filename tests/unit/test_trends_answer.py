"""The shape of an answer and its sentence: closed vocabularies, what a board member reads, and dates behind it."""

from typing import get_args

import pytest

from tests.trend_series import judged, month, monthly
from waitlists.trends.adjust import Method
from waitlists.trends.asking import Options, Point
from waitlists.trends.judging import judge
from waitlists.trends.rules import SpecialCause
from waitlists.trends.verdict import Assurance, PointType, Side, Status, Variation
from waitlists.trends.words import number

FLAT = [46.0, 54.0] * 8
HIGH = [*FLAT, *[60.0, 61.0] * 4]
KEYS = [
    "profile", "direction", "status", "points", "variation", "assurance", "target", "groups", "sentence", "adjusted",
    "rebase_suggestion", "warnings",
]  # fmt: skip
POINT = [
    "date", "value", "mean", "lower", "upper", "special_cause", "point_type", "group", "short_group", "reasons",
]  # fmt: skip


def said(*values, **options):
    return judged(*values, **options).sentence


def test_the_answer_has_the_keys_of_the_contract():
    body = judged(*HIGH, direction="increase", target=55.0).as_json()
    assert list(body) == KEYS
    assert list(body["points"][0]) == POINT
    assert body["groups"] == [
        {"group": 0, "from": "2020-01-01", "to": "2021-12-01", "n": 24, "mean": body["points"][0]["mean"],
         "lower": body["points"][0]["lower"], "upper": body["points"][0]["upper"]},
    ]  # fmt: skip
    assert body["points"][-1]["reasons"] == [
        {"rule": "shift_above", "side": "high", "from": "2021-04-01", "to": "2021-12-01"}
    ]
    assert (body["adjusted"], body["rebase_suggestion"], body["warnings"]) == (None, None, [])


def test_an_adjusted_chart_has_the_keys_of_the_contract():
    body = judged(*[float(value) for value in range(40)], adjust="residual").as_json()["adjusted"]
    assert list(body) == ["method", "why", "points", "variation", "assurance", "effects"]
    assert list(body["points"][0]) == POINT
    assert body["points"][0]["value"] is None


def test_warnings_are_codes_with_messages():
    (warning,) = judged(*FLAT, kind="stock").as_json()["warnings"]
    assert list(warning) == ["code", "message"]


def test_the_vocabularies_are_those_of_the_contract():
    assert set(get_args(SpecialCause)) == {
        "none", "above_upper", "below_lower", "trend_up", "trend_down", "two_in_three_above", "two_in_three_below",
        "shift_above", "shift_below",
    }  # fmt: skip
    assert set(get_args(PointType)) == {"common_cause", "improvement", "concern", "neutral_high", "neutral_low"}
    assert set(get_args(Variation)) == {
        "common_cause", "improvement_high", "improvement_low", "concern_high", "concern_low", "neutral_high",
        "neutral_low",
    }  # fmt: skip
    assert get_args(Assurance) == ("pass", "fail", "inconsistent")
    assert get_args(Status) == ("ok", "insufficient_data", "no_moving_range", "no_data")
    assert get_args(Method) == ("season", "trend", "residual", "season+residual")
    assert get_args(Side) == ("high", "low")


@pytest.mark.parametrize(
    ("sign", "direction", "variation", "words"),
    [
        (1, "increase", "improvement_high", "a real change for the better, upwards"),
        (-1, "decrease", "improvement_low", "a real change for the better, downwards"),
        (1, "decrease", "concern_high", "a real change for the worse, upwards"),
        (-1, "increase", "concern_low", "a real change for the worse, downwards"),
        (1, "neutral", "neutral_high", "a real change, upwards"),
        (-1, "neutral", "neutral_low", "a real change, downwards"),
    ],
)
def test_every_verdict_has_its_words(sign, direction, variation, words):
    trend = judged(*(sign * value for value in HIGH), direction=direction)
    assert trend.variation == variation
    assert f"where the value is {sign * 61}: {words}, because every value lies" in trend.sentence
    assert "from 1 April 2021 to 1 December 2021; usual are" in trend.sentence


def test_the_sentence_names_period_value_verdict_target_and_rules():
    assert said(*FLAT, direction="increase", target=50.0) == (
        "From 1 January 2020 to 1 April 2021, where the value is 54: no sign of a real change; usual are 28.72 to "
        "71.28, around 50. The target of 50 will be met in some periods and missed in others. "
        "Rules: Making Data Count."
    )
    assert "The target of 90 will not be met as things are." in said(*FLAT, direction="increase", target=90.0)
    assert "The target of 9 will be met as things are." in said(*FLAT, direction="increase", target=9.0)
    assert said(*FLAT, profile="nhsr").endswith("Rules: Making Data Count as in NHSRplotthedots 0.2.2.")


def test_every_reason_is_told():
    sentence = said(*FLAT, *[60.0 + number for number in range(7)], 120.0)
    assert "because the value lies above the upper limit and values rose steadily from" in sentence
    assert "and every value lies above the mean from" in sentence


def test_the_sentence_ends_with_what_has_to_be_known():
    assert said(*FLAT, kind="stock").endswith("or at the adjusted chart.")


def test_what_the_adjusted_chart_shows_is_said_after_what_the_values_show():
    climb = [100.0 + 3 * place + place % 2 for place in range(36)]
    told = said(*climb, adjust="trend", direction="decrease")
    assert "a real change for the worse, upwards" in told.partition(" The adjusted chart shows ")[0]
    assert " The adjusted chart shows no sign of a real change. Rules" in told
    assert "adjusted" not in said(*climb, direction="decrease")


def test_without_a_verdict_the_sentence_says_why():
    assert said() == said(None, None) == "There is no value to judge. Rules: Making Data Count."
    assert (
        "On 1 January 2020 the value is 3: too few values to judge, 1 since 1 January 2020 where 13 are needed. "
        in said(3.0)
    )
    short = said(1.0, 9.0, 2.0, 8.0, 1.0, 9.0)
    assert (
        "6 since 1 January 2020 where 13 are needed; in the run chart around 5 the rules for runs found no sign"
        in short
    )
    assert "runs on one side of it are longer than chance makes them" in said(
        1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 8.0, 9.0, 8.0, 9.0, 8.0, 9.0
    )
    assert "no two neighbouring values" in said(*[1.0, None] * 14)
    assert "where the value is missing: no sign of a real change; usual" in said(*FLAT, None, profile="nhsr")


def test_the_run_chart_is_of_the_last_group():
    trend = judged(*FLAT, *[7.0, 9.0] * 4, rebase=(month(16),))
    assert (trend.run_chart.median, trend.run_chart.useful) == (8.0, 8)
    assert judged(*FLAT).run_chart is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1179.4, "1,179"),
        (-1234567.0, "-1,234,567"),
        (0.89361, "0.8936"),
        (12.0, "12"),
        (1e20, "1e+20"),
        (999.96, "1000"),
    ],
)
def test_numbers_are_as_people_read_them(value, words):
    assert number(value) == words


def test_rows_come_in_any_order():
    points = monthly(*HIGH)
    assert judge(points[::-1], Options()) == judge(points, Options())
    assert judge([Point(*point) for point in points], Options()) == judge(points, Options())
