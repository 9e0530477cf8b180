"""The list of who crosses when: facts of a referral, in the order of a diary."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clock_rows import day, drawn_referrals, records, referral
from waitlists.clock import clocks
from waitlists.counts.crossings import Due, Threshold, Waiting, due_on
from waitlists.counts.due import due

TODAY = date(2026, 11, 15)
A_WEEK = timedelta(weeks=1)


def ago(days):
    return TODAY - timedelta(days=days)


def kept(*rows, on=TODAY):
    """What stays true while they wait, and the day on which each crosses next."""
    table = records(*rows)
    for row in due(table, clocks(table, on=on), on=on).to_pylist():
        *facts, next_crossing, limits = row.values()
        yield Waiting(*facts, json.loads(limits)), next_crossing


def listed(*rows, on=TODAY, weeks=4):
    """What is said that day of those who cross within so many weeks."""
    found = [due_on(one, on) for one, next_crossing in kept(*rows, on=on) if next_crossing <= on + weeks * A_WEEK]
    assert {one.next_crossing for one in found} <= {next_crossing for _, next_crossing in kept(*rows, on=on)}
    return found


def test_a_referral_says_how_long_it_waits_whether_it_is_booked_and_what_is_left():
    (found,) = listed(
        referral(
            "SALT", ago(120), service_request_identifier="R", next_appointment_date=ago(-3), wait_adjustment_days=10
        )
    )
    assert found == Due(
        provider="RYY",
        referral="R",
        service="SALT",
        waiting_for="first_contact",
        waited_days=120,
        adjusted_days=110,
        booked_for=ago(-3),
        thresholds=(
            Threshold("CHS_18W", 126, ago(-7), 7),
            Threshold("CHS_52W", 364, ago(-245), 245),
            Threshold("CHS_52W", 728, ago(-609), 609),
        ),
    )
    assert found.weeks_waited == 120 / 7


@pytest.mark.parametrize(
    ("days", "is_listed"), [(98, False), (99, True), (126, True), (127, False), (336, False), (337, True), (364, True)]
)
def test_only_who_crosses_in_the_weeks_asked_is_listed(days, is_listed):
    assert bool(listed(referral("SALT", ago(days)))) is is_listed


def test_four_weeks_in_mental_health_are_crossed_on_day_28():
    (found,) = listed(referral("CAMHS", ago(20)))
    assert found.thresholds[0] == Threshold("CYPMH_4W", 27, ago(-8), 8)


def test_nobody_is_listed_who_does_not_wait_for_the_service_itself():
    rows = [
        referral("SALT", ago(120), contact=ago(1)),
        referral("SALT", ago(120), discharged=TODAY),
        referral("SALT", ago(120), waiting_for="review"),
        referral("SALT", ago(120), contact=ago(110), waiting_for="treatment"),
        referral("EHC", ago(-5)),
    ]
    assert listed(*rows) == []


def test_an_appointment_that_has_passed_is_no_booking():
    (found,) = listed(referral("SALT", ago(120), next_appointment_date=TODAY))
    assert found.booked_for is None


def test_a_child_whose_list_moved_crosses_when_it_would_have():
    (found,) = listed(referral("SALT", ago(10), original=ago(120)))
    assert found.next_crossing == ago(-7)


@pytest.mark.parametrize(("days", "is_listed"), [(364, True), (365, True), (728, True), (729, False)])
def test_nobody_is_listed_who_crosses_nothing_within_a_year(days, is_listed):
    assert bool(listed(referral("SALT", ago(days)), weeks=52)) is is_listed


@given(rows=drawn_referrals(most=6), weeks=st.integers(0, 60))
def test_what_is_kept_says_later_what_is_worked_out_then(rows, weeks):
    on, later = day(200), day(200) + weeks * A_WEEK
    then = {one.referral: one for one, _ in kept(*rows, on=later)}
    for one, _ in kept(*rows, on=on):
        if one.referral in then:
            assert due_on(then[one.referral], later) == due_on(one, later)


@given(rows=drawn_referrals(most=6), weeks=st.integers(1, 52))
def test_every_row_is_soon_over_something_and_a_longer_look_lists_it_too(rows, weeks):
    found = listed(*rows, on=day(200), weeks=weeks)
    for one in found:
        assert day(200) < one.next_crossing <= day(200) + timedelta(weeks=weeks)
        assert one.adjusted_days <= one.waited_days
        for threshold in one.thresholds:
            assert threshold.days_left == threshold.over_days + 1 - one.waited_days
    longer = {one.referral for one in listed(*rows, on=day(200), weeks=52)}
    assert {one.referral for one in found} <= longer


def test_a_threshold_crossed_today_is_no_longer_to_come():
    (found,) = listed(referral("SALT", ago(127)), weeks=52)
    assert [threshold.days_left for threshold in found.thresholds] == [0, 238, 602]
    assert found.next_crossing == ago(-238)


def test_a_threshold_crossed_tomorrow_is_the_next():
    (found,) = listed(referral("SALT", ago(126)))
    assert found.next_crossing == ago(-1)


def test_a_child_referred_today_waits_already():
    (found,) = listed(referral("CAMHS", TODAY, wait_adjustment_days=9))
    assert (found.waited_days, found.adjusted_days, found.next_crossing) == (0, 0, ago(-28))
