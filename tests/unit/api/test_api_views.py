"""Shapes of answers in the cases that real data seldom shows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from api.found_series import check_given
from api.problems import NoPublishedFigure, problem_of
from api.views.flows import NOT_BY_REASON
from api.views.forecasts import Target, clearance_body, forecast_body
from api.views.lists import Shown, waiting_list
from api.views.missing import LastKnown
from api.views.series import Wanted, series_body, series_of
from api.views.waits import NOBODY_SEEN, NOBODY_WAITS, NOT_SEEN
from api.words import SUPPRESSED
from forecasting.store import StoredClearance
from tests.functional.api.shown import ABOUT, FORECAST, LIST
from waitlists.bands import WaitBands
from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.details import Within
from waitlists.domain import Coverage, Finding, Measure, MissingProvider, SeriesKey, Severity, Vintage
from waitlists.errors import BadArgument, FileRefused
from waitlists.series import Break, Series, SeriesPoint
from waitlists.services import find_service
from waitlists.standards import find_standard
from waitlists.store.details import CountedWaits
from waitlists.store.read import DatasetVersion, StoredList

MARCH, APRIL, MAY = date(2025, 3, 31), date(2025, 4, 30), date(2025, 5, 31)
VERSION = DatasetVersion(7, datetime(2025, 6, 1, tzinfo=UTC), 1)
NQ7 = MissingProvider("NQ7", MARCH, 700)
PART = replace(
    LIST,
    coverage=Coverage("SALT", "QKS", 0.5, (NQ7,)),
    is_synthetic=True,
    latest_period_of_source=APRIL,
)
FULL = ("0-1", ">1-2", ">2-4", ">4-12", ">12-18", ">18-52", ">52-104", ">104")


def shown(stored: StoredList = PART, last_known: LastKnown | None = None) -> dict:
    return waiting_list(Shown(stored, ABOUT, last_known or {}))


def of(*counts: int, total: int | None = None) -> WaitBands:
    return WaitBands(dict(zip(FULL, counts, strict=True)), sum(counts) if total is None else total)


def test_of_a_part_of_a_list_no_share_and_no_wait_is_given():
    found = shown(replace(PART, bands=of(1, 2, 3, 4, 5, 6, 7, 80)))
    assert {one["share"] for one in found["shares"]} == {None}
    names = ("median_wait", "p92_wait", "median_wait_at_least_weeks", "p92_wait_at_least_weeks")
    assert [found[name] for name in names] == [None] * 4
    notes = (*(one["note"] for one in found["shares"]), found["notes"]["median_wait"], found["notes"]["p92_wait"])
    assert all("Medway Community Healthcare" in note and "another list" in note for note in notes)


def test_counts_stay_as_published_with_the_whole_beside_them():
    cells = VintageCells(1, {"total": 700, **of(*[0] * 5, 300, 200, 100).counts})
    found = shown(replace(PART, bands=of(0, 0, 0, 0, 0, 10, 20, 30)), {("NQ7", MARCH): cells})
    assert [found[name] for name in ("over_18_weeks", "over_52_weeks", "over_104_weeks")] == [60, 50, 30]
    beside = {"list_size": 760, "added": 700, "over_18_weeks": 660, "over_52_weeks": 350, "over_104_weeks": 130}
    assert found["adjusted"] | beside == found["adjusted"]
    assert "350" in found["notes"]["over_52_weeks"]
    assert "Medway Community Healthcare" in found["notes"]["list_size"]


def test_what_is_not_known_by_wait_is_not_made_good():
    found = shown(replace(PART, bands=of(0, 0, 0, 0, 0, 10, 20, 30)))
    assert (found["adjusted"]["list_size"], found["adjusted"]["over_52_weeks"]) == (760, None)
    assert "cannot be made good" in found["notes"]["over_52_weeks"]


def zero(stored: StoredList, org: str) -> StoredList:
    finding = Finding(
        "zero_suspected", Severity.WARNING, "It printed 0.", MARCH, MAY, details={"hidden": [[org, "2025-02-28", 700]]}
    )
    whole = Coverage(stored.service, stored.org, 1.0)
    return replace(stored, findings=(finding,), coverage=whole)  # type: ignore[arg-type]


def test_a_zero_that_cannot_be_believed_is_as_good_as_missing():
    found = shown(zero(replace(PART, bands=of(0, 0, 0, 0, 0, 10, 20, 30)), "NQ7"))
    assert found["adjusted"]["list_size"] == 760
    assert found["median_wait"] is None
    assert found["provisional"]


@pytest.mark.parametrize(("period_end", "is_early"), [(MARCH, True), (APRIL, False)])
def test_a_list_taken_before_its_week_had_ended_is_provisional_and_keeps_its_waits(period_end, is_early):
    early = Finding("period_not_ended", Severity.INFO, "Taken before the week had ended.", period_end, MAY)
    found = shown(replace(LIST, findings=(early,)))
    assert found["provisional"] is is_early
    assert found["adjusted"] is None
    assert found["median_wait"] == shown(LIST)["median_wait"]
    assert "Taken before the week had ended." in found["sentence"]


def test_nothing_is_added_to_a_zero_of_ones_own():
    found = shown(zero(replace(PART, bands=of(*[0] * 8)), "QKS"))
    assert found["adjusted"] is None
    assert "their own list" in found["notes"]["adjusted"]


def test_shares_of_a_list_that_is_largely_in_no_band_say_so():
    found = shown(replace(LIST, bands=of(10, 0, 0, 0, 0, 40, 0, 0, total=100)))
    said = "50 of 100 waiting are in no wait band; this is of the 50 that are."
    assert {one["note"] for one in found["shares"]} == {said}
    assert found["notes"]["median_wait"] == said
    assert found["median_wait"] is not None


def test_bands_that_cannot_be_used_say_why():
    finding = Finding("bands_all_zero", Severity.WARNING, "All wait bands are 0.", MARCH, MAY)
    found = shown(replace(LIST, bands=WaitBands({}, 100), findings=(finding,)))  # type: ignore[arg-type]
    assert found["notes"]["over_52_weeks"] == "All wait bands are 0."


def test_a_suppressed_line_says_so_in_its_notes():
    about = replace(ABOUT, service=find_service("CYP_SAFEGUARDING"))
    found = waiting_list(Shown(replace(LIST, service="CYP_SAFEGUARDING"), about))
    assert found["notes"]["list_size"] == SUPPRESSED


def test_nothing_is_added_to_a_list_that_is_not_known():
    found = shown()
    assert found["adjusted"] is None
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
    assert (found["referrals"], found["removals"]["all"], found["residual"]) == (40, 30, None)
    assert found["notes"]["removals"] == NOT_BY_REASON
    assert "referrals" not in found["notes"]
    assert "residual" in found["notes"]


def test_a_forecast_made_before_the_latest_figure_says_so():
    newer = replace(PART, period_end=APRIL)
    found = forecast_body(FORECAST, ABOUT, horizon=None, newest=newer, is_behind=True)
    assert found["newer_figures"]
    assert found["vintage"] is None
    assert found["provisional"]
    assert "Looking back" not in found["sentence"]


def test_a_forecast_without_any_known_figure_leaves_those_fields_null():
    found = forecast_body(FORECAST, ABOUT, horizon=1, newest=None, is_behind=False)
    assert (found["coverage"], found["vintage"], found["newer_figures"]) == (None, None, False)


NOT_CHECKED = {"p_within_52_weeks": None, "ranges_held": None}


def test_an_answer_that_was_none_for_any_target_stays_as_it_is():
    answer = {"kind": "sustainable", "status": "blocked", "reason": "copied", "sentence": "No."}
    stored = {"clearance": [answer], "required_capacity": None, "required_capacity_note": "No flows."}
    target = Target(None, MARCH, 0.9, is_default=False)
    known = StoredClearance("chs_sitrep", "SALT", "QKS", MAY, stored, 1, 7)
    body = clearance_body(known, ABOUT, target, newest=None, is_behind=False)
    assert body["clearance"] == [{**NOT_CHECKED, **answer}]
    assert (body["standard_id"], body["required_capacity_note"], body["period_end"]) == (None, "No flows.", None)


def test_ranges_stored_before_their_distance_was_kept_have_none():
    held = {"checked": 40, "coverage80": 0.8, "coverage95": 0.9}
    answer = {"kind": "run_off", "status": "ok", "reason": None, "sentence": "So.", "ranges_held": held}
    stored = {"clearance": [answer], "required_capacity": None, "required_capacity_note": "No flows."}
    known = StoredClearance("chs_sitrep", "SALT", "QKS", MAY, stored, 1, 7)
    body = clearance_body(known, ABOUT, Target(None, MARCH, 0.8, is_default=True), newest=None, is_behind=False)
    assert body["clearance"][0]["ranges_held"] == {**held, "checked_weeks": None}


def test_a_break_is_shown_and_a_figure_of_another_file_has_no_vintage_here():
    key = SeriesKey("chs_sitrep", "SALT", "QKS", Measure.LIST_SIZE)
    gap = SeriesPoint(APRIL, None, None, 0.0, None, None, is_provisional=False, note="No file.")
    series = Series(key, "M", MAY, (gap,), (Break(APRIL, "definition", "It changed."),))
    body = series_body(series, ABOUT, Wanted(Measure.LIST_SIZE), stored=LIST)
    assert body["breaks"] == [{"period_end": APRIL, "cause": "definition", "sentence": "It changed."}]
    assert (body["vintage"], body["coverage"], body["dataset_version"]) == (None, 0.0, None)


def test_a_step_of_a_suppressed_line_is_suppressed_and_not_missing():
    key = SeriesKey("chs_sitrep", "CYP_SAFEGUARDING", "QKS", Measure.LIST_SIZE)
    silent = SeriesPoint(MARCH, None, None, 0.0, MAY, 1, is_provisional=False, note="No figures were sent.")
    about = replace(ABOUT, service=find_service("CYP_SAFEGUARDING"))
    body = series_body(Series(key, "M", MAY, (silent,)), about, Wanted(Measure.LIST_SIZE), stored=LIST)
    assert body["points"][0]["note"] == f"March 2025: {SUPPRESSED}"


@pytest.mark.parametrize(
    ("code", "details", "note"),
    [
        ("zero_suspected", {"hidden": [["NQ7", "2025-02-28", 700]]}, "Medway Community Healthcare sent no figures"),
        ("zero_between_values", {}, "This cannot be."),
    ],
)
def test_no_median_of_a_month_that_cannot_be_right(code, details, note):
    finding = Finding(code, Severity.WARNING, "This cannot be.", MARCH, MAY, "SALT", "QKS", details=details)
    cells = VintageCells(1, {"total": 36, **of(1, 2, 3, 4, 5, 6, 7, 8).counts})
    history = ListHistory(
        *("chs_sitrep", "SALT", (Vintage(MAY, 1, "chs_sitrep", MARCH),), {(1, "QKS"): cells}),
        findings={(1, "QKS"): (finding,)},
    )
    key = SeriesKey("chs_sitrep", "SALT", "QKS", Measure.MEDIAN_WAIT)
    (point,) = series_of(history, key, Wanted(Measure.MEDIAN_WAIT), as_of=MAY).points
    assert (point.value, point.adjusted) == (None, None)
    assert (point.note or "").startswith(note)


def cleared(*answers: dict, standard: str | None = "CHS_18W") -> list[dict]:
    stored = {"clearance": list(answers), "required_capacity": None, "required_capacity_note": "No flows."}
    target = Target(find_standard(standard) if standard else None, MARCH, 0.8, is_default=True)
    known = StoredClearance("chs_sitrep", "SALT", "QKS", MAY, stored, 1, 7)
    return clearance_body(known, ABOUT, target, newest=PART, is_behind=False)["clearance"]


NO_FLOWS = {"kind": "run_off", "reason": "flows_not_published", "sentence": "Flows are not published."}
NO_STANDARD = {"kind": "sustainable", "reason": "no_standard", "sentence": "No standard holds for this list."}


def test_where_flows_are_not_published_that_is_said_first():
    assert cleared(NO_FLOWS, NO_STANDARD)[1] == {**NOT_CHECKED, **NO_STANDARD, **NO_FLOWS, "kind": "sustainable"}


def test_a_standard_without_a_share_for_the_day_is_a_standard():
    (answer,) = cleared(NO_STANDARD)
    assert answer["reason"] == "no_share_set"
    assert answer["sentence"].startswith("CHS_18W sets no share to be reached by 31 March 2025")
    assert cleared(NO_STANDARD, standard=None) == [{**NOT_CHECKED, **NO_STANDARD}]


def test_clearance_is_said_with_every_care():
    stored = {"clearance": [NO_FLOWS, NO_FLOWS], "required_capacity": None, "required_capacity_note": "No flows."}
    target = Target(None, MARCH, 0.8, is_default=True)
    known = StoredClearance("chs_sitrep", "SALT", "QKS", MARCH, stored, 1, 7)
    body = clearance_body(known, ABOUT, target, newest=PART, is_behind=True)
    said = body["sentence"]
    assert said.count("Flows are not published.") == 1
    assert "Worked out as known on 31 March 2025 without the newest figures for March 2025." in said
    assert (body["newer_figures"], body["vintage"]) == (True, None)
    assert "Medway Community Healthcare" in said
    assert said.endswith("no real child stands behind this figure.")


def test_clearance_of_the_latest_figures_names_their_file():
    stored = {"clearance": [NO_FLOWS], "required_capacity": None, "required_capacity_note": "No flows."}
    target = Target(None, MARCH, 0.8, is_default=True)
    known = StoredClearance("chs_sitrep", "SALT", "QKS", PART.vintage.known_from, stored, 1, 7)
    body = clearance_body(known, ABOUT, target, newest=PART, is_behind=False)
    assert (body["newer_figures"], body["vintage"]["known_from"]) == (False, PART.vintage.known_from)
    assert "without the newest figures" not in body["sentence"]


def test_clearance_of_the_day_of_newer_figures_says_so_too():
    stored = {"clearance": [NO_FLOWS], "required_capacity": None, "required_capacity_note": "No flows."}
    known = StoredClearance("chs_sitrep", "SALT", "QKS", ABOUT.as_of, stored, 1, 7)
    body = clearance_body(known, ABOUT, Target(None, MARCH, 0.8, is_default=True), newest=PART, is_behind=True)
    assert (body["newer_figures"], body["vintage"]) == (True, None)
    assert "Worked out without the newest figures for March 2025." in body["sentence"]


def test_those_seen_are_not_counted_by_a_source_of_those_waiting():
    standard = find_standard("ASD_NICE_13W")
    with pytest.raises(NoPublishedFigure, match="not those seen"):
        check_given(LIST, Wanted(Measure.SHARE_WITHIN_STANDARD, standard, "completed"))


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


def test_a_share_is_as_counted_with_each_step():
    standard = find_standard("ASD_NICE_13W")
    key = SeriesKey("referral_extract", "ASD", "QKS", Measure.SHARE_WITHIN_STANDARD)
    sundays = [date(2025, 3, 9 + 7 * week) for week in range(3)]
    history = ListHistory(
        "referral_extract",
        "ASD",
        tuple(Vintage(MAY, number, "referral_extract", day) for number, day in enumerate(sundays, 1)),
        {
            (number, "QKS"): VintageCells(number, {"total": 36, **of(1, 2, 3, 4, 5, 6, 7, 8).counts})
            for number in (1, 2, 3)
        },
    )
    counted = {
        1: CountedWaits(1.0, 2.0, {standard.id: Within(5, 36)}, {standard.id: Within(3, 4)}),
        2: CountedWaits(1.0, 2.0, {standard.id: Within(0, 0)}, {standard.id: Within(0, 0)}),
    }
    wanted = Wanted(key.measure, standard, "completed")
    points = series_of(history, key, wanted, as_of=MAY, counted=counted).points
    assert [(point.value, point.note) for point in points] == [(0.75, None), (None, NOBODY_SEEN), (None, NOT_SEEN)]
    waiting = series_of(history, key, replace(wanted, basis="waiting"), as_of=MAY, counted=counted).points
    by_bands = 1 + 2 + 3 + 4 + 5 / 6
    assert [(point.value, point.adjusted, point.note) for point in waiting] == [
        (5 / 36, 5 / 36, None),
        (None, None, NOBODY_WAITS),
        (pytest.approx(by_bands / 36, abs=0.01), pytest.approx(by_bands / 36, abs=0.01), None),
    ]
    later = replace(history, vintages=(*history.vintages, Vintage(MAY, 4, "referral_extract", date(2025, 4, 6))))
    last = series_of(later, key, wanted, as_of=MAY, counted=counted).points[-1]
    assert (last.value, last.note) == (None, "No figures were sent for the week to 6 April 2025.")
