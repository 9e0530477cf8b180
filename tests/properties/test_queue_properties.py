"""Identities of queue metrics on any list and window."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists import formulas
from waitlists.queue import OTHER_EXITS, TREATED, QueueTarget, Stay, Window, open_on, queue_metrics

TARGET = QueueTarget(18, 0.92, 26)
DAYS = st.integers(0, 400).map(lambda number: date(2025, 1, 1) + timedelta(days=number))
STAYS = st.lists(
    st.tuples(DAYS, st.none() | st.integers(0, 300), st.sampled_from(TREATED + OTHER_EXITS)).map(
        lambda found: Stay(found[0], None if found[1] is None else found[0] + timedelta(days=found[1]), found[2])
    ),
    max_size=40,
)
DATES = ("start", "end")


def windows(days=2):
    return st.lists(DAYS, min_size=days, max_size=days).map(sorted)


def measured(stays, start, end, target=TARGET):
    return queue_metrics(stays, Window(start, end), target)


@given(stays=STAYS, window=windows())
def test_the_census_identity_leaves_no_residual(stays, window):
    found = measured(stays, *window)
    assert found.residual == 0
    assert found.open_end == found.open_start + found.referrals - found.removals
    assert found.removals == sum(found.removals_by_reason.values())
    assert min(found.open_start, found.open_end) >= 0


@given(stays=STAYS, window=windows(3))
def test_flows_of_two_windows_in_a_row_add_up(stays, window):
    start, middle, end = window
    first, second, both = measured(stays, start, middle), measured(stays, middle, end), measured(stays, start, end)
    assert first.referrals + second.referrals == both.referrals
    assert first.removals + second.removals == both.removals
    assert first.open_end == second.open_start


@given(stays=STAYS, window=windows(), days=st.integers(-3000, 3000))
def test_shifting_all_dates_changes_nothing_but_dates(stays, window, days):
    shift = timedelta(days=days)
    later = [Stay(stay.referral + shift, stay.removal and stay.removal + shift, stay.reason) for stay in stays]
    before, after = asdict(measured(stays, *window)), asdict(measured(later, *(day + shift for day in window)))
    assert {name: value for name, value in before.items() if name not in DATES} == {
        name: value for name, value in after.items() if name not in DATES
    }


@given(stays=STAYS.filter(len), window=windows())
def test_the_list_twice_doubles_counts_and_leaves_load_waits_and_pressure(stays, window):
    once, twice = measured(stays, *window), measured(stays * 2, *window)
    for name in ("open_start", "open_end", "referrals", "removals"):
        assert getattr(twice, name) == 2 * getattr(once, name)
    for name in ("demand_per_week", "treated_per_week", "other_per_week", "target_queue_random", "target_queue_fifo"):
        value = getattr(once, name)
        assert getattr(twice, name) == (None if value is None else pytest.approx(2 * value))
    for name in ("load", "load_all_exits", "mean_wait_weeks", "pressure", "queue_too_big", "max_wait_weeks"):
        assert getattr(twice, name) == getattr(once, name)


@given(stays=STAYS, window=windows(), seed=st.randoms())
def test_the_order_of_rows_does_not_matter(stays, window, seed):
    mixed = seed.sample(stays, len(stays))
    assert measured(mixed, *window) == measured(stays, *window)


@given(
    demand=st.floats(0, 1e4), wait=st.floats(0.1, 500), size=st.floats(0, 1e5), wanted=st.floats(0, 1e5),
    weeks=st.floats(0.1, 500), gaps=st.integers(0, 1000), cv=st.floats(0, 3),
)  # fmt: skip
def test_days_and_weeks_give_the_same_capacity(demand, wait, size, wanted, weeks, gaps, cv):
    in_weeks = formulas.relief_capacity(demand, size, wanted, weeks, gaps, cv)
    in_days = formulas.relief_capacity(demand / 7, size, wanted, weeks * 7, gaps, cv)
    assert in_days.value is in_weeks.value is None or in_days.value * 7 == pytest.approx(in_weeks.value, abs=1e-6)
    margin, daily = formulas.target_capacity(demand, wait), formulas.target_capacity(demand / 7, wait * 7)
    assert daily.value * 7 == pytest.approx(margin.value)
    assert formulas.pressure(size, wait).value == pytest.approx(formulas.pressure(size * 7, wait * 7).value)


@given(each_day=st.integers(1, 5), wait=st.integers(1, 60), weeks=st.integers(10, 30))
def test_a_steady_list_has_a_load_of_one(each_day, wait, weeks):
    first = date(2024, 1, 1)
    days = [first + timedelta(days=number) for number in range(7 * weeks + 2 * wait)]
    stays = [Stay(day, day + timedelta(days=wait)) for day in days for _ in range(each_day)]
    start = first + timedelta(days=wait)
    found = measured(stays, start, start + timedelta(weeks=weeks))
    assert found.load == 1
    assert found.open_start == found.open_end == each_day * wait
    assert open_on(stays, start) == each_day * wait
