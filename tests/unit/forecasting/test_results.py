"""Answers that contradict themselves are not made."""

from dataclasses import replace
from datetime import date

import pytest

from forecasting.results import (
    CLEARANCE_KINDS,
    Clearance,
    ClearanceAnswer,
    CurvePoint,
    Forecast,
    ForecastPoint,
    RangesHeld,
    Score,
    level_text,
)
from tests.forecast_lists import FAR, KEY
from waitlists.errors import BadArgument
from waitlists.series import Break

DAY = date(2025, 3, 31)
POINT = ForecastPoint(date(2025, 4, 30), 1, {"0.1": 1.0, "0.5": 2.0, "0.9": 3.0})
FORECAST = Forecast(KEY, FAR, "M", "ok", model="ets", trained_until=DAY, points=(POINT,))
ANSWER = ClearanceAnswer("run_off", "already", "Nobody was waiting.")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("horizon", {"horizon": 0}),
        ("quantiles", {"quantiles": {}}),
        ("quantiles", {"quantiles": {"0.5": 1.0, "0.1": 2.0}}),
        ("quantiles", {"quantiles": {"0.1": 2.0, "0.5": 1.0}}),
        ("quantiles", {"quantiles": {"0.5": -1.0}}),
        ("quantiles", {"quantiles": {"0.5": float("nan")}}),
    ],
)
def test_a_point_that_cannot_be_is_refused(field: str, change: dict[str, object]) -> None:
    with pytest.raises(BadArgument) as refusal:
        replace(POINT, **change)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("status", {"status": "fine"}),
        ("points", {"points": ()}),
        ("points", {"model": None}),
        ("points", {"status": "blocked", "reason": "It is copied."}),
        ("reason", {"status": "fallback"}),
        ("trained_until", {"trained_until": None}),
        ("points", {"points": (POINT, POINT)}),
        ("points", {"trained_until": POINT.target_end_date}),
    ],
)
def test_a_forecast_that_contradicts_itself_is_refused(field: str, change: dict[str, object]) -> None:
    with pytest.raises(BadArgument) as refusal:
        replace(FORECAST, **change)
    assert refusal.value.field == field


def test_a_forecast_is_shown_in_plain_values() -> None:
    shown = replace(FORECAST, scores={"ets": Score(6, 1.5, None, 0.5, 1.0)}, breaks=(Break(DAY, "definition", "It."),))
    assert shown.points_as_json() == [
        {"target_end_date": "2025-04-30", "horizon": 1, "quantiles": {"0.1": 1.0, "0.5": 2.0, "0.9": 3.0}}
    ]
    assert shown.scores_as_json() == {"ets": {"n": 6, "wis": 1.5, "mase": None, "coverage80": 0.5, "coverage95": 1.0}}
    assert shown.breaks_as_json() == [{"period_end": "2025-03-31", "cause": "definition", "sentence": "It."}]


@pytest.mark.parametrize("values", [(0, 1.0, None, 0.5, 0.9), (5, -1.0, None, 0.5, 0.9), (5, 1.0, None, 0.9, 0.5)])
def test_a_score_that_cannot_be_is_refused(values: tuple[int, float, None, float, float]) -> None:
    with pytest.raises(BadArgument):
        Score(*values)


def test_levels_are_spelt_in_one_way() -> None:
    assert [level_text(level) for level in (0.025, 0.5, 0.90)] == ["0.025", "0.5", "0.9"]


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("kind", {"kind": "soon"}),
        ("status", {"status": "fine"}),
        ("sentence", {"sentence": "Nobody"}),
        ("reason", {"status": "insufficient_data"}),
        ("p50", {"status": "unlikely", "p50": DAY}),
        ("curve", {"curve": (CurvePoint(DAY, 1.1),)}),
    ],
)
def test_a_clearance_that_contradicts_itself_is_refused(field: str, change: dict[str, object]) -> None:
    with pytest.raises(BadArgument) as refusal:
        replace(ANSWER, **change)
    assert refusal.value.field == field


@pytest.mark.parametrize("shares", [(0.9, 0.8), (-0.1, 0.8), (0.8, 1.1)])
def test_ranges_that_held_are_counted_and_the_wider_hold_no_less_often(shares: tuple[float, float]) -> None:
    with pytest.raises(BadArgument):
        RangesHeld(10, *shares, 52)
    with pytest.raises(BadArgument):
        RangesHeld(0, 0.8, 0.9, 52)


def test_every_kind_of_clearance_is_answered_once() -> None:
    answers = tuple(replace(ANSWER, kind=kind) for kind in CLEARANCE_KINDS)
    whole = Clearance("chs_sitrep", "SALT", "QKS", FAR, answers, note="Later.")
    assert [answer["kind"] for answer in whole.as_json()["clearance"]] == ["run_off", "threshold", "sustainable"]
    assert whole.as_json()["required_capacity"] is None
    with pytest.raises(BadArgument):
        replace(whole, answers=answers[:2])


def test_a_clearance_shows_every_key_whether_known_or_not() -> None:
    shown = replace(ANSWER, p10=DAY, curve=(CurvePoint(DAY, 0.5),)).as_json()
    assert shown["p10"] == "2025-03-31"
    assert shown["p50"] is None
    assert shown["curve"] == [{"date": "2025-03-31", "p": 0.5}]
