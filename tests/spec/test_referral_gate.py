"""When a delivery of records is held for a person: a table of cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from waitlists.clock.rules import RULE_OF_SERVICE
from waitlists.deliveries.emptied import CLOCKED, NEEDED, emptied, reasons_of_emptied_columns, reasons_of_empty_columns
from waitlists.deliveries.gate import (
    CHANGED,
    Standing,
    is_beyond_chance,
    is_in_part,
    reasons_of_changed_rows,
    reasons_of_few_rows,
    reasons_of_strangers,
    reasons_of_two_systems,
    reasons_to_hold,
    vanished,
)
from waitlists.record.schema import SENT

BEFORE, NOW = date(2026, 3, 29), date(2026, 4, 5)
HANDOVER, WEEK = date(2026, 4, 1), timedelta(weeks=1)


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
        (
            {"SALT": 600, "ASD": 60},
            {"SALT": 600, "ASD": 1},
            ["RYY would have 1 open referral of ASD, 98% fewer than the 60 of its last delivery"],
        ),
        (
            {"SALT": 600, "ASD": 20},
            {"SALT": 600, "ASD": 60},
            ["RYY would have 60 open referrals of ASD, 3.0 times the 20 of its last delivery"],
        ),
        ({"SALT": 600, "ASD": 100}, {"SALT": 600, "ASD": 79}, []),
        (
            {"SALT": 600, "ASD": 100},
            {"SALT": 600, "ASD": 78},
            ["RYY would have 78 open referrals of ASD, 22% fewer than the 100 of its last delivery"],
        ),
        ({"SALT": 600, "ASD": 500}, {"SALT": 600, "ASD": 401}, []),
        ({"SALT": 600, "ASD": 20}, {"SALT": 600, "ASD": 11}, []),
        (
            {"SALT": 600, "ASD": 20},
            {"SALT": 600, "ASD": 1},
            ["RYY would have 1 open referral of ASD, 95% fewer than the 20 of its last delivery"],
        ),
        ({"SALT": 600, "ASD": 19}, {"SALT": 600, "ASD": 1}, []),
        ({"SALT": 600}, {"SALT": 600, "ASD": 90}, []),
        ({"SALT": 90, "ASD": 20}, {"SALT": 100}, ["RYY had 20 open referrals of ASD and would have none"]),
        ({"SALT": 100, "ASD": 19}, {"SALT": 100}, []),
        ({}, {"SALT": 100}, []),
        ({"SALT": 1}, {}, ["RYY would have 0 open referrals, 100% fewer than the 1 of its last delivery"]),
    ],
)
def test_a_list_that_shrank_by_a_fifth_trebled_or_vanished_is_held(before, now, said):
    assert list(reasons_to_hold("RYY", Standing(BEFORE, before), Standing(NOW, now))) == said


def test_a_list_is_given_the_weeks_since_its_last_delivery_to_change_by_chance():
    before, after = {"SALT": 600, "ASD": 100}, {"SALT": 600, "ASD": 71}
    assert len(reasons_to_hold("RYY", Standing(BEFORE, before), Standing(NOW, after))) == 1
    assert reasons_to_hold("RYY", Standing(BEFORE, before), Standing(BEFORE + 2 * WEEK, after)) == ()


@pytest.mark.parametrize(
    ("weeks", "new", "is_beyond"),
    [(0, 78, True), (1, 79, False), (2, 70, False), (2, 69, True), (4, 57, True), (4, 58, False), (52, 57, True)],
)
def test_the_longer_ago_a_list_was_counted_the_more_of_it_may_have_changed_by_chance(weeks, new, is_beyond):
    """Of 100 children a quarter joins and leaves in a week at most: 3 standard deviations are 21.2, 30 and 42.4."""
    assert is_beyond_chance(100, new, weeks=weeks) == is_beyond


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


@pytest.mark.parametrize(
    ("read", "put_aside", "is_held"),
    [(100, 80, True), (100, 79, False), (1_000, 1_000, True), (20, 20, True), (20, 19, False), (10, 9, False)],
)
def test_a_first_list_of_which_a_fifth_or_less_is_left_is_held_naming_what_was_broken(read, put_aside, is_held):
    found = reasons_of_few_rows("RYY", read, put_aside, ["R_TEXT, rows: 9.", "Odd."])
    said = f"this is the first list of RYY, and of its {read:,} rows {read - put_aside:,} can be taken: R_TEXT, rows: 9"
    assert [one.startswith(f"{said}. Odd. Mend the mapping or the extract") for one in found] == [True] * is_held


@pytest.mark.parametrize(
    ("read", "put_aside", "is_so"),
    [
        (100, 20, True),
        (101, 20, False),
        (100, 19, False),
        (19, 10, True),
        (20, 10, False),
        (3, 1, False),
        (0, 0, False),
    ],
)
def test_a_fifth_put_aside_is_a_delivery_in_part_and_of_few_rows_more_than_half(read, put_aside, is_so):
    assert is_in_part(read, put_aside) == is_so


def standing(rows: int, open_by_service=None, fields=("pseudonym_id", "clock_stop_date"), **filled: int) -> Standing:
    return Standing(NOW, open_by_service or {"SALT": 9}, fields=fields, filled={"pseudonym_id": rows, **filled})


@pytest.mark.parametrize(
    ("rows", "filled", "now", "then", "is_told"),
    [
        (100, 20, 100, 0, True),
        (100, 19, 100, 0, False),
        (100, 20, 100, 1, False),
        (1_000, 200, 100, 0, True),
        (1_000, 100, 100, 0, False),
        (1_000, 900, 1_000, 44, True),
        (1_000, 900, 1_000, 45, False),
    ],
)
def test_a_column_that_is_all_but_empty_and_was_not_is_told(rows, filled, now, then, is_told):
    before, after = standing(rows, clock_stop_date=filled), standing(now, clock_stop_date=then)
    assert list(emptied("RYY", before, after)) == ["clock_stop_date"] * is_told


def test_a_column_that_is_emptied_is_held_where_a_clock_depends_on_it():
    before, after = standing(100, clock_stop_date=40, district_code=90), standing(100)
    (said,) = reasons_of_emptied_columns("RYY", before, after)
    assert said.startswith(
        "columns of RYY that clocks depend on are empty now: clock_stop_date (filled in 40 rows before, in 0 now): have"
    )
    assert reasons_of_emptied_columns("RYY", standing(100, district_code=90), after) == ()


def test_a_column_of_which_nobody_knows_how_full_it_was_or_that_did_not_come_is_not_emptied():
    assert list(emptied("RYY", Standing(BEFORE, {}, filled={}), standing(100))) == []
    assert list(emptied("RYY", standing(100, clock_stop_date=40), standing(100, fields=("pseudonym_id",)))) == []


def test_a_column_is_not_emptied_where_a_list_of_the_provider_moved_to_another():
    before, after = standing(100, {"CAMHS": 30}, clock_stop_date=40), standing(100, {"CAMHS": 0})
    assert list(emptied("RAT", replace(before, day=HANDOVER - WEEK), replace(after, day=HANDOVER))) == []
    assert list(emptied("RAT", replace(before, day=HANDOVER), replace(after, day=HANDOVER + WEEK))) == [
        "clock_stop_date"
    ]


def test_a_whole_list_is_beside_the_last_whole_list_where_a_list_moved_before_the_changes_between():
    moved = replace(standing(100, {"CAMHS": 30}, clock_stop_date=40), day=HANDOVER, alike_on=HANDOVER - WEEK)
    after = replace(standing(100, {"CAMHS": 0}), day=HANDOVER + WEEK)
    assert list(emptied("RAT", moved, after)) == []
    assert (reasons_to_hold("RAT", moved, after), vanished("RAT", moved, after)) == ((), ())
    stayed = replace(moved, alike_on=HANDOVER)
    assert list(emptied("RAT", stayed, after)) == ["clock_stop_date"]
    assert "RAT had 30 open referrals of CAMHS and would have none" in reasons_to_hold("RAT", stayed, after)


@pytest.mark.parametrize(
    ("name", "open_by_service", "is_held"),
    [
        ("clock_stop_date", {"SALT": 20}, True),
        ("clock_stop_date", {"SALT": 10, "ASD": 10}, True),
        ("clock_stop_date", {"SALT": 19}, False),
        ("equipment_delivered_date", {"SALT": 90, "WHEELCHAIR": 19}, False),
        ("equipment_delivered_date", {"WHEELCHAIR": 20}, True),
        ("first_care_contact_date", {"ADHD": 90}, False),
        ("original_referral_request_received_date", {"SALT": 90}, False),
        ("district_code", {"SALT": 90}, False),
    ],
)
def test_a_first_list_without_a_cell_of_a_mapped_column_for_its_clocks_is_held(name, open_by_service, is_held):
    said = reasons_of_empty_columns("RYY", {name: f"{name} (mapped from Ended)"}, standing(90, open_by_service))
    begins = f"columns of RYY that clocks depend on are empty in every row: {name} (mapped from Ended): have them"
    assert [one.startswith(begins) for one in said] == [True] * is_held


def test_every_field_that_a_clock_depends_on_is_one_of_the_record():
    assert NEEDED.keys() < CLOCKED < set(SENT)
    assert frozenset().union(*NEEDED.values()) == set(RULE_OF_SERVICE)


@pytest.mark.parametrize(
    ("looked_at", "unknown", "is_held"), [(100, 20, True), (100, 19, False), (20, 20, True), (19, 19, False)]
)
def test_a_list_of_whose_older_referrals_a_fifth_was_never_heard_of_is_held(looked_at, unknown, is_held):
    found = reasons_of_strangers("RYY", looked_at, unknown)
    said = (
        f"of {looked_at} open referrals of RYY received before its last delivery {unknown} were not in it: see whether"
    )
    assert [one.startswith(said) for one in found] == [True] * is_held


@pytest.mark.parametrize("kind", CHANGED)
@pytest.mark.parametrize(("looked_at", "odd", "is_held"), [(100, 20, True), (100, 19, False), (19, 19, False)])
def test_a_fifth_of_known_referrals_that_are_not_what_they_were_is_held(kind, looked_at, odd, is_held):
    found = reasons_of_changed_rows("RYY", looked_at, {**dict.fromkeys(CHANGED, 0), kind: odd})
    what, advice = CHANGED[kind]
    said = f"of {looked_at} open referrals of RYY that were known {odd} {what}: {advice}"
    assert found == ((said,) if is_held else ())
