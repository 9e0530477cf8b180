"""What a list's page says of what may come: a range with its record, a poor one called poor, clearance as answers."""

from datetime import date

import pytest

from api.examples.forecasts import CLEARANCE, FORECAST
from api.pages.ahead import NOT_SEEN, outlook
from api.schemas.forecasts import Clearance, Forecast
from forecasting.kept_ranges import DAYS_TOO_NARROW, UNCHECKED

SIZES = {"points": [{"date": f"2025-{month:02}-28", "value": 1600.0 + month, "provisional": False} for month in (1, 2)]}
NOT_WITHIN = "Whether within 52 weeks is not worked out: too few past ranges could be checked so far ahead."
HELD = {"checked": 40, "coverage80": 0.79, "coverage95": 0.95}
CURVE = [{"date": f"2027-{day}", "p": 0.5} for day in ("01-24", "01-31", "02-07")]
UP_TO = "Enough could be checked up to {} weeks ahead only."
SHORT = "Its length allows that now, which does not mean that the standard is met"
WEEK = "Likely between 24 January 2027 and 31 January 2027, at the recent pace"
LATER = "Likely between 24 January 2027 and some time after that, at the recent pace"
LOOKING_BACK = "Looking back, {}% of 40 such ranges held; 80% were meant to."
LIKELY = "The chance that this comes within 52 weeks is about 98 in 100."
SURE = "The chance that this comes within 52 weeks is more than 99 in 100."
GROWING = "Not at present activity: no more leave the list than join it."
TO_HOLD = "For it not to grow over the next 52 weeks, between 0 and 3.5 more a week would have to leave (8 in 10)."
NO_SHARE = "Nothing sets a share that is due, so there is no size to come down to."
GROWS = {"referrals_per_week": 10, "removals_per_week": 10, "more_a_week_p10": 0.0, "more_a_week_p90": 3.5}
NOTHING = "No forecast has been worked out for this list."


def forecast(*, held=0.86, n=131, **changed):
    """An answer of /v1/forecasts with a range to come, and how past ranges of its model held."""
    body = Forecast.model_validate(FORECAST).model_dump()
    point = {"target_end_date": date(2025, 9, 30), "horizon": 6, "past": False}
    quantiles = {"0.1": 1490.0, "0.5": 1600.0, "0.9": 1755.0}
    score = {"n": n, "wis": None, "mase": None, "coverage80": held, "coverage95": 1.0}
    given = {"points": [{**point, "quantiles": quantiles}], "model": "ets", "scores": {"ets": score}, "status": "ok"}
    return {**body, "newer_figures": False, **given, **changed}


def clearance(*answers):
    """An answer of /v1/clearance."""
    chances = dict.fromkeys(("reason", "p_within_52_weeks", "p10", "p90", "ranges_held"))
    empty = {**chances, "curve": [], "details": {}, "sentence": "Said by the API."}
    body = Clearance.model_validate(CLEARANCE).model_dump()
    return {**body, "clearance": [{**empty, **one} for one in answers]}


def said(body):
    return " ".join(outlook(body, NOTHING, SIZES).sentences)


def test_the_range_is_said_with_its_chance_and_how_often_such_ranges_held():
    found = outlook(forecast(), NOTHING, SIZES)
    assert found.sentences == (
        "By 30 September 2025 the list is likely to be between 1,490 and 1,755 (8 in 10).",
        "Looking back, 86% of 131 such ranges held; 80% were meant to.",
    )
    assert found.picture.table.rows == (("30 September 2025", "1,490", "1,600", "1,755"),)
    assert "To 1,755" in found.picture.wide
    assert [name for name, _ in found.links] == ["The forecast"]


def test_a_range_with_a_poor_record_is_called_so_beside_the_number():
    text = said(forecast(held=0.53))
    assert "between 1,490 and 1,755 (meant as 8 in 10). Looking back, 53% of 131" in text
    assert "too narrow" in text
    assert "too narrow" not in said(forecast(held=0.7))


def test_a_record_of_a_few_is_no_poor_record():
    """One check that failed is no 0 in 10."""
    text = said(forecast(held=0.0, n=14))
    assert "between 1,490 and 1,755 (meant as 8 in 10). Too few past ranges could be checked to say" in text
    assert "too narrow" not in text
    assert "0% of 15 such ranges held; 80% were meant to. They were too narrow" in said(forecast(held=0.0, n=15))


def test_a_range_that_nobody_could_check_is_said_to_be_so():
    assert "No past ranges could be checked yet" in said(forecast(n=0))
    assert "No past ranges could be checked yet" in said(forecast(scores={}))


def test_a_simpler_model_and_a_newer_figure_are_said():
    assert "A simpler model is used" in said(forecast(status="fallback"))
    assert "not known yet" in said(forecast(newer_figures=True))


def test_a_newer_figure_is_said_once_of_the_forecast_and_of_clearance():
    behind = clearance({"kind": "run_off", "status": "blocked"}) | {"newer_figures": True}
    for one in (NOTHING, forecast(), forecast(newer_figures=True)):
        assert outlook(one, behind, SIZES).sentences.count(NOT_SEEN) == 1
    assert NOT_SEEN not in outlook(forecast(), behind | {"newer_figures": False}, SIZES).sentences


@pytest.mark.parametrize(
    "changed",
    [
        {"points": []},
        {
            "points": [
                {
                    "target_end_date": date(2025, 9, 30),
                    "past": False,
                    "quantiles": {"0.1": None, "0.5": 3.0, "0.9": 9.0},
                }
            ]
        },
        {"points": [{"target_end_date": date(2025, 2, 28), "past": True, "quantiles": {"0.1": 1, "0.5": 2, "0.9": 3}}]},
    ],
)
def test_without_a_range_that_may_be_shown_the_sentence_of_the_api_stands_alone(changed):
    found = outlook(forecast(sentence="The range is not shown.", **changed), NOTHING, SIZES)
    assert (found.sentences, found.picture) == (("The range is not shown.",), None)


def test_a_week_with_a_provider_missing_is_no_fall_before_the_range():
    """The range goes on from the last whole figure; picture, its description and its table tell the other apart."""
    part = {"date": "2025-03-28", "value": 700.0, "provisional": True}
    picture = outlook(forecast(), NOTHING, {"points": [*SIZES["points"], part]}).picture
    told = (
        "Part of the list is missing or in doubt, so these figures stand apart and are no sign that fewer wait: "
        "28 March 2025 (700). The range goes on from 28 February 2025 (1,602)."
    )
    assert picture.table.notes == (told,)
    for drawn in (picture.wide, picture.narrow):
        assert told in drawn
        assert "part missing or in doubt" in drawn
    whole = outlook(forecast(), NOTHING, SIZES).picture
    assert (whole.table.notes, "in doubt" in whole.wide) == ((), False)


def test_without_figures_so_far_there_is_no_picture():
    assert outlook(forecast(), NOTHING, None).picture is None
    unknown = {"date": "2025-01-31", "value": None, "provisional": False}
    assert outlook(forecast(), NOTHING, {"points": [unknown]}).picture is None


def test_why_there_is_no_forecast_is_said():
    found = outlook(NOTHING, NOTHING, SIZES)
    assert (found.sentences, found.picture, found.clearance, found.links) == ((NOTHING,), None, (), ())


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            {"kind": "run_off", "status": "ok", "p10": "2027-01-24", "p90": date(2027, 1, 31)}
            | {"p_within_52_weeks": 0.985, "ranges_held": HELD},
            f"{WEEK} (8 in 10). {LIKELY} {LOOKING_BACK.format(79)}",
        ),
        (
            {"kind": "run_off", "status": "ok", "p10": "2027-01-24", "p90": date(2027, 1, 31)}
            | {"p_within_52_weeks": 1.0, "ranges_held": {**HELD, "coverage80": 0.5}},
            f"{WEEK} (meant as 8 in 10). {SURE} {LOOKING_BACK.format(50)} {DAYS_TOO_NARROW}",
        ),
        (
            {"kind": "run_off", "status": "ok", "p10": "2027-01-24", "p90": "2027-01-31", "curve": CURVE}
            | {"p_within_52_weeks": 0.985, "ranges_held": {**HELD, "checked_weeks": 2}},
            f"{WEEK} (8 in 10). {LIKELY} {LOOKING_BACK.format(79)}",
        ),
        (
            {"kind": "run_off", "status": "ok", "p10": "2027-01-24", "p90": "2027-01-31", "curve": CURVE}
            | {"ranges_held": {**HELD, "checked_weeks": 1}},
            f"{WEEK} (meant as 8 in 10). {NOT_WITHIN} {LOOKING_BACK.format(79)} {UP_TO.format(1)}",
        ),
        (
            {"kind": "run_off", "status": "ok", "p10": "2027-01-24", "curve": CURVE}
            | {"ranges_held": {**HELD, "checked_weeks": 2}},
            f"{LATER} (meant as 8 in 10). {NOT_WITHIN} {LOOKING_BACK.format(79)} {UP_TO.format(2)}",
        ),
        (
            {"kind": "run_off", "status": "ok", "p10": "2027-01-24"},
            f"{LATER} (meant as 8 in 10). {NOT_WITHIN} {UNCHECKED}",
        ),
        ({"kind": "run_off", "status": "never"}, "Not at present activity: nobody leaves the list."),
        (
            {"kind": "sustainable", "status": "never"},
            "Not at present activity: no more leave the list than join it.",
        ),
        (
            {"kind": "sustainable", "status": "never", "reason": "more_join_than_leave"},
            f"{SHORT}; more join than leave, so it will not last.",
        ),
        (
            {"kind": "sustainable", "status": "unlikely"},
            f"More likely than not later than in two years, at the recent pace. {NOT_WITHIN} {UNCHECKED}",
        ),
        (
            {
                "kind": "sustainable",
                "status": "never",
                "details": {**GROWS, "removals_per_week": 9},
                "ranges_held": HELD,
            },
            f"{GROWING} {TO_HOLD}",
        ),
        (
            {"kind": "sustainable", "status": "insufficient_data", "reason": "no_share_due", "details": GROWS},
            NO_SHARE,
        ),
        (
            {"kind": "sustainable", "status": "insufficient_data", "reason": "no_share_due", "ranges_held": HELD}
            | {"details": {**GROWS, "removals_per_week": 9}},
            f"{NO_SHARE} More join than leave, so it will not clear at the recent pace. {TO_HOLD}",
        ),
        ({"kind": "threshold", "status": "never"}, "Not at present activity: their number has not fallen lately."),
        ({"kind": "threshold", "status": "already"}, "Nobody does now."),
        ({"kind": "threshold", "status": "blocked"}, "Said by the API."),
        ({"kind": "threshold", "status": "insufficient_data", "reason": "not_shown"}, "Said by the API."),
    ],
)
def test_each_question_of_clearance_has_an_answer_in_plain_words(answer, told):
    other = {"kind": "run_off", "status": "already"}
    (_, found), _ = outlook(NOTHING, clearance(answer, other), None).clearance
    assert found == told


def test_one_answer_to_every_question_is_said_once():
    every = [{"kind": kind, "status": "blocked"} for kind in ("run_off", "threshold", "sustainable")]
    assert outlook(NOTHING, clearance(*every), None).clearance == (("When may the list clear?", "Said by the API."),)
