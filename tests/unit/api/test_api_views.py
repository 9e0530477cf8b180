"""Shapes of answers in the cases that real data seldom shows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from api.problems import NoPublishedFigure, problem_of
from api.routes.series import _check_measure
from api.views.forecasts import About, Target, clearance_body, forecast_body
from api.views.lists import Shown, waiting_list
from api.views.series import series_body
from forecasting.store import StoredClearance, StoredForecast
from waitlists.bands import WaitBands
from waitlists.domain import Coverage, Measure, MissingProvider, SeriesKey
from waitlists.errors import BadArgument, FileRefused
from waitlists.organisations import find_organisation
from waitlists.series import Break, Series, SeriesPoint
from waitlists.services import find_service
from waitlists.standards import find_standard
from waitlists.store.read import DatasetVersion, StoredList, StoredVintage

MARCH, APRIL, MAY = date(2025, 3, 31), date(2025, 4, 30), date(2025, 5, 31)
SALT, KENT = find_service("SALT"), find_organisation("QKS")
VERSION = DatasetVersion(7, datetime(2025, 6, 1, tzinfo=UTC), 1)
VINTAGE = StoredVintage(
    id=1,
    delivery_id=1,
    delivery_source="chs_sitrep",
    source="chs_sitrep",
    scope="",
    period_end=MARCH,
    known_from=MAY,
    sha256="0" * 64,
    file_name="a.xlsx",
    is_synthetic=False,
)
LIST = StoredList(
    source="chs_sitrep",
    service="SALT",
    org="QKS",
    vintage=VINTAGE,
    period_end=MARCH,
    bands=WaitBands({}, None),
    coverage=Coverage("SALT", "QKS", 0.5, (MissingProvider("NQ7", APRIL, 700),)),
    findings=(),
    is_synthetic=True,
    latest_period_of_source=APRIL,
)
FORECAST = StoredForecast(
    source="chs_sitrep",
    service="SALT",
    org="QKS",
    measure=Measure.LIST_SIZE,
    as_of=MAY,
    freq="M",
    status="ok",
    model="ets",
    trained_until=MARCH,
    points=[{"target_end_date": "2025-04-30", "horizon": 1, "quantiles": {"0.1": 1.0, "0.9": 2.0}}],
    scores={},
    reason=None,
    breaks=[],
    run_id=1,
    dataset_version=7,
)
ABOUT = About(SALT, KENT, MAY, None)


def shown(stored: StoredList = LIST) -> dict:
    return waiting_list(Shown(stored, SALT, KENT, MAY, VERSION))


def test_nothing_is_added_to_a_list_that_is_not_known():
    found = shown()
    assert found["adjusted"] is None
    assert "cannot" not in found["sentence"]
    assert found["notes"]["adjusted"].startswith("The list itself is not known")
    assert found["sentence"].endswith("no real child stands behind this figure.")
    assert "No figure was sent for April 2025" in found["sentence"]


def test_an_empty_list_has_no_median_because_nobody_waits():
    counts = dict.fromkeys(("0-1", ">1-2", ">2-4", ">4-12", ">12-18", ">18-52", ">52-104", ">104"), 0)
    found = shown(replace(LIST, bands=WaitBands(counts, 0)))
    assert found["list_size"] == found["over_18_weeks"] == 0
    assert found["notes"]["median_wait"] == "Nobody was waiting."


def test_flows_are_shown_where_a_source_gives_them():
    found = shown(replace(LIST, flows={"referrals": 40, "removals": 30, "treated": None}))
    assert (found["referrals"], found["removals"], found["residual"]) == (40, {"all": 30}, None)
    assert "referrals" not in found["notes"]
    assert "residual" in found["notes"]


def test_a_forecast_made_before_the_latest_figure_says_so():
    newer = replace(LIST, period_end=APRIL)
    found = forecast_body(FORECAST, ABOUT, horizon=None, newest=newer)
    assert found["newer_figures"]
    assert found["vintage"] is None
    assert found["provisional"]
    assert "In the back-test" not in found["sentence"]


def test_a_forecast_without_any_known_figure_leaves_those_fields_null():
    found = forecast_body(FORECAST, ABOUT, horizon=1, newest=None)
    assert (found["coverage"], found["vintage"], found["newer_figures"]) == (None, None, False)


def test_an_answer_that_was_none_for_any_target_stays_as_it_is():
    answer = {"kind": "sustainable", "status": "blocked", "reason": "copied", "sentence": "No."}
    stored = {"clearance": [answer], "required_capacity": None, "required_capacity_note": "No flows."}
    target = Target(None, MARCH, 0.9, is_default=False)
    body = clearance_body(StoredClearance("chs_sitrep", "SALT", "QKS", MAY, stored, 1, 7), ABOUT, target, newest=None)
    assert body["clearance"] == [answer]
    assert (body["standard_id"], body["required_capacity_note"], body["period_end"]) == (None, "No flows.", None)


def test_a_break_is_shown_and_a_figure_of_another_file_has_no_vintage_here():
    key = SeriesKey("chs_sitrep", "SALT", "QKS", Measure.LIST_SIZE)
    gap = SeriesPoint(APRIL, None, None, 0.0, None, None, is_provisional=False, note="No file.")
    series = Series(key, "M", MAY, (gap,), (Break(APRIL, "definition", "It changed."),))
    body = series_body(series, SALT, KENT, standard=None, stored=LIST, version=None)
    assert body["breaks"] == [{"period_end": APRIL, "cause": "definition", "sentence": "It changed."}]
    assert (body["vintage"], body["coverage"], body["dataset_version"]) == (None, 0.0, None)


def test_those_seen_are_not_counted_by_a_source_of_those_waiting():
    standard = find_standard("ASD_NICE_13W")
    with pytest.raises(NoPublishedFigure, match="not those seen"):
        _check_measure(Measure.SHARE_WITHIN_STANDARD, standard, "completed", is_given=True)


@pytest.mark.parametrize(
    ("error", "status", "fields"),
    [
        (BadArgument("Expected a day.", field="as_of"), 422, ["as_of"]),
        (BadArgument("Expected another thing."), 422, []),
        (FileRefused("x", code="X"), 500, []),
    ],
)
def test_errors_of_the_tree_become_problems(error, status, fields):
    problem = problem_of(error)
    assert (problem.status, [one.field for one in problem.errors]) == (status, fields)
