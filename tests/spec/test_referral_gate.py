"""When a delivery of records is held for a person: a table of cases."""

from datetime import date

import pytest

from waitlists.deliveries.gate import Standing, reasons_of_two_systems, reasons_to_hold, vanished

BEFORE, NOW = date(2026, 3, 29), date(2026, 4, 5)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"SALT": 100}, {"SALT": 81}, []),
        (
            {"SALT": 100},
            {"SALT": 80},
            ["RYY would have 80 open referrals, 20% fewer than the 100 of its last delivery"],
        ),
        ({"SALT": 100}, {"SALT": 299}, []),
        ({"SALT": 100}, {"SALT": 300}, ["RYY would have 300 open referrals, 3.0 times the 100 of its last delivery"]),
        ({"SALT": 60, "ASD": 40}, {"SALT": 60, "ASD": 25}, []),
        ({"SALT": 90, "ASD": 20}, {"SALT": 100}, ["RYY had 20 open referrals of ASD and would have none"]),
        ({"SALT": 100, "ASD": 19}, {"SALT": 100}, []),
        ({}, {"SALT": 100}, []),
        ({"SALT": 1}, {}, ["RYY would have 0 open referrals, 100% fewer than the 1 of its last delivery"]),
    ],
)
def test_a_list_that_shrank_by_a_fifth_trebled_or_vanished_is_held(before, now, said):
    assert list(reasons_to_hold("RYY", Standing(BEFORE, before), Standing(NOW, now))) == said


@pytest.mark.parametrize(
    ("before", "now", "gone"),
    [
        ({"SALT": 100, "ASD": 19}, {"SALT": 100}, ("ASD",)),
        ({"SALT": 100, "ASD": 1, "ADHD": 2}, {"SALT": 100, "ADHD": 0}, ("ADHD", "ASD")),
        ({"SALT": 100, "ASD": 20}, {"SALT": 100}, ()),
        ({"SALT": 100, "ASD": 0}, {"SALT": 100}, ()),
        ({"SALT": 100, "ASD": 5}, {"SALT": 100, "ASD": 1}, ()),
        ({"SALT": 100}, {"SALT": 100, "ASD": 5}, ()),
    ],
)
def test_a_small_list_that_vanished_is_named(before, now, gone):
    assert vanished("RYY", Standing(BEFORE, before), Standing(NOW, now)) == gone


def test_a_small_list_that_moved_has_not_vanished():
    assert vanished("RAT", Standing(BEFORE, {"CAMHS": 9}), Standing(NOW, {})) == ()


def test_a_new_column_is_held_and_one_that_was_there_before_is_not():
    before, now = Standing(BEFORE, {"SALT": 9}, ("ward",)), Standing(NOW, {"SALT": 9}, ("ward", "notes"))
    assert reasons_to_hold("RYY", before, now) == ("there is a new column, notes",)


def test_a_column_that_was_there_before_and_is_missing_is_held():
    before = Standing(BEFORE, {"SALT": 9}, fields=("service", "clock_stop_date", "district_code"))
    now = Standing(NOW, {"SALT": 9}, fields=("service", "age_band"))
    said = "columns that the last delivery had are missing and would be taken for empty: clock_stop_date, district_code"
    assert reasons_to_hold("RYY", before, now) == (said,)


@pytest.mark.parametrize(("provider", "before", "now"), [("RAT", 900, 0), ("RXY", 20, 900)])
def test_a_list_that_moved_that_week_is_no_drift(provider, before, now):
    first, second = Standing(BEFORE, {"CAMHS": before, "SALT": 5}), Standing(NOW, {"CAMHS": now, "SALT": 5})
    assert reasons_to_hold(provider, first, second) == ()
    later = Standing(date(2026, 4, 12), {"CAMHS": 0, "SALT": 1})
    assert len(reasons_to_hold(provider, second, later)) > 0


def test_a_service_in_two_systems_is_held_and_other_services_are_not():
    said = ("RYY has referrals of SALT in another source system already: both would be counted",)
    assert reasons_of_two_systems("RYY", {"SALT", "ASD"}, {"SALT": 1, "COMM_PAEDS": 9, "ASD": 0}) == said
    assert reasons_of_two_systems("RYY", set(), {"SALT": 1}) == ()
