"""Queue metrics and formulas against reference outputs, and the mistakes of other tools that are not shared.

The references were made by running two R packages and an independent program; see the README beside them.
"""

import csv
import json
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from waitlists.formulas import Answer, evaluate, relief_capacity, tail_factor, target_queue
from waitlists.queue import QueueTarget, Stay, Window, open_on, queue_metrics, whole_window

EXACT = 1e-9


@pytest.fixture(scope="module")
def peers(golden: Path) -> Path:
    return golden / "waiting-list"


def day(text):
    return date.fromisoformat(text) if text else None


@cache
def frame(folder, name):
    """A list by name; rows whose removal precedes the referral are not in it."""
    with (folder / "wl_inputs" / f"{name}.csv").open() as file:
        rows = [(day(row["Referral"]), day(row["Removal"])) for row in csv.DictReader(file)]
    return [Stay(*row) for row in rows if row[1] is None or row[1] >= row[0]]


def measured(folder, case):
    stays, options = frame(folder, case["frame"]), case["options"]
    whole = whole_window(stays)
    window = Window(day(options["start"]) or whole.start, day(options["end"]) or whole.end)
    target = QueueTarget(options["target_wait"], options["percentile"], options["weeks_to_target"])
    return queue_metrics(stays, window, target)


def cases_of(folder, name):
    return json.loads((folder / name).read_text())


def formulas_of(folder, fn, *, is_matched):
    return [
        case
        for case in cases_of(folder, "calc_formulas.json")
        if case["fn"] == fn and case["match_by_default"] is is_matched
    ]


def test_every_reference_metric_is_matched(peers):
    cases = cases_of(peers, "queue_default_expected.json")
    assert len(cases) == 342
    for case in cases:
        found = asdict(measured(peers, case))
        for name, wanted in case["expected"].items():
            if name != "rows_rejected":
                value = found[name].isoformat() if isinstance(found[name], date) else found[name]
                assert value == (pytest.approx(wanted, rel=EXACT) if isinstance(wanted, float) else wanted), case


def test_every_reference_formula_is_matched(peers):
    cases = [case for case in cases_of(peers, "calc_formulas.json") if case["match_by_default"]]
    assert len(cases) == 191
    for case in cases:
        assert evaluate(case["fn"], case["args"]) == Answer(pytest.approx(case["out"], rel=EXACT)), case


def test_what_stands_instead_of_a_mistaken_formula(peers):
    cases = [case for case in cases_of(peers, "calc_formulas.json") if not case["match_by_default"]]
    assert len(cases) == 27
    for case in cases:
        found = evaluate(case["fn"], case["args"])
        assert found.reason == case["reason"]
        assert found.value == (None if case["default"] is None else pytest.approx(case["default"], rel=EXACT)), case
        assert found.value is None or found.value != pytest.approx(case["out"], rel=1e-6)


def test_the_list_day_by_day_is_matched(peers):
    compared = 0
    for path in sorted((peers / "wl_queue").glob("*.csv")):
        name, _, window = path.stem.rpartition("_")
        stays, referred = frame(peers, name), len((peers / "wl_inputs" / f"{name}.csv").read_text().splitlines()) - 1
        if window == "w2" or len(stays) < referred:  # a start date that re-dates referrals; rows that are rejected
            continue
        rows = list(csv.DictReader(path.read_text().splitlines()))
        for row in rows[:: max(1, len(rows) // 25)]:
            assert open_on(stays, day(row["dates"])) == int(row["queue_size"]), (path.name, row)
            compared += 1
    assert compared > 500


def test_the_list_size_of_exponential_waits_is_matched(peers):
    for case in cases_of(peers, "exponential_list_reference.json"):
        factor = tail_factor(case["performance"]).value
        found = target_queue(case["referral_rate"], case["target_weeks"], factor).value
        assert found == pytest.approx(case["total_population"], rel=EXACT)


def test_mean_wait_and_pressure_are_in_weeks_not_days():
    start = date(2026, 1, 4)
    stays = [Stay(start + timedelta(days=1), None)]
    found = queue_metrics(stays, Window(start, start + timedelta(days=64)), QueueTarget(18, 0.92, 26))
    assert found.mean_wait_weeks == 9
    assert found.pressure == 1


def test_a_start_date_keeps_earlier_referrals_where_they_are_and_their_removals_too(peers):
    for case in cases_of(peers, "queue_default_expected.json"):
        if case["window"] == "w2":
            whole = measured(peers, {**case, "options": {**case["options"], "start": None}})
            assert measured(peers, case).open_end == whole.open_end


def test_removals_outside_the_window_do_not_count():
    start = date(2026, 1, 4)
    before = [Stay(start - timedelta(days=90), start - timedelta(days=number)) for number in range(50)]
    inside = [Stay(start, start + timedelta(days=5))]
    found = queue_metrics([*before, *inside], Window(start, start + timedelta(weeks=2)), QueueTarget(18, 0.92, 26))
    assert (found.removals, found.treated_per_week) == (1, 0.5)


def test_a_referral_after_the_end_is_left_for_later():
    start = date(2026, 1, 4)
    stays = [Stay(start + timedelta(days=1), None), Stay(start + timedelta(days=30), None)]
    found = queue_metrics(stays, Window(start, start + timedelta(weeks=1)), QueueTarget(18, 0.92, 26))
    assert (found.referrals, found.open_end, found.rows_used) == (1, 1, 2)


def test_demand_divides_by_the_window_and_not_by_gaps():
    start = date(2026, 1, 4)
    stays = [Stay(start + timedelta(days=number), None) for number in range(30, 40)]
    found = queue_metrics(stays, Window(start, start + timedelta(weeks=10)), QueueTarget(18, 0.92, 26))
    assert found.demand_per_week == 1


def test_the_uplift_does_not_depend_on_the_unit_of_time():
    weekly = relief_capacity(30, 0, 0, 26, num_referrals=100, cv_demand=1).value
    daily = relief_capacity(30 / 7, 0, 0, 26 * 7, num_referrals=100, cv_demand=1).value
    assert weekly == pytest.approx(37.5)
    assert daily * 7 == pytest.approx(weekly)


def test_too_few_gaps_say_so_instead_of_switching_the_uplift_off(peers):
    few = [
        case
        for case in formulas_of(peers, "relief_capacity", is_matched=False)
        if case["args"].get("num_referrals") == 1
    ]
    assert few
    assert {evaluate(case["fn"], case["args"]) for case in few} == {Answer(None, "uplift_undefined")}


def test_relief_capacity_is_not_negative():
    assert relief_capacity(5, 50, 390) == Answer(0.0, "clamped_to_zero")


def test_zero_capacity_is_not_infinite_load(peers):
    (case,) = formulas_of(peers, "load", is_matched=False)
    assert evaluate("load", case["args"]) == Answer(None, "no_capacity")


def test_a_list_without_any_removal_has_no_capacity_rather_than_no_number():
    start = date(2026, 1, 4)
    found = queue_metrics([Stay(start, None)], Window(start, start + timedelta(7)), QueueTarget(18, 0.92, 26))
    assert (found.load, found.notes[0]) == (None, "no_capacity")


def test_every_withdrawal_leaves_the_list_and_is_never_treated():
    start = date(2026, 1, 4)
    stays = [Stay(start + timedelta(days=1), start + timedelta(days=3), "declined")]
    found = queue_metrics(stays, Window(start, start + timedelta(7)), QueueTarget(18, 0.92, 26))
    assert (found.open_end, found.treated_per_week, found.other_per_week) == (0, 0, 1)


def test_the_tail_factor_follows_the_share():
    assert tail_factor(0.92) != tail_factor(0.95)
    assert tail_factor(0.982).value == pytest.approx(4.017, abs=5e-4)


def test_the_margin_grows_with_unevenness():
    even = evaluate("target_capacity", {"demand": 10, "target_wait": 18, "cv_demand": 0.5, "cv_capacity": 0.5})
    uneven = evaluate("target_capacity", {"demand": 10, "target_wait": 18, "cv_demand": 2, "cv_capacity": 2})
    assert uneven.value - 10 == pytest.approx(16 * (even.value - 10))
