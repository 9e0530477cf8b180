"""Queue metrics of a few referrals, worked by hand, and the edges of a window."""

from datetime import date, timedelta

import pytest

from waitlists.errors import BadArgument
from waitlists.queue import (
    OTHER_EXITS,
    TREATED,
    QueueTarget,
    Stay,
    Window,
    is_usable,
    open_on,
    queue_metrics,
    whole_window,
)
from waitlists.record.schema import REASONS

USUAL = QueueTarget(18, 0.92, 26)
MONDAY = date(2026, 1, 5)


def day(number):
    return MONDAY + timedelta(days=number)


STAYS = [
    Stay(day(0), None),
    Stay(day(0), day(10), "assessed"),
    Stay(day(7), day(21)),
    Stay(day(8), day(8), "rejected"),
    Stay(day(20), None),
]


def test_every_reason_for_leaving_is_treated_or_is_not():
    assert TREATED + OTHER_EXITS == REASONS


def test_a_small_list_by_hand():
    found = queue_metrics(STAYS, Window(day(0), day(21)), USUAL)
    assert (found.open_start, found.open_end, found.referrals, found.removals, found.residual) == (2, 2, 3, 3, 0)
    assert found.removals_by_reason == {"assessed": 1, "treated": 1, "rejected": 1}
    assert (found.weeks, found.demand_per_week, found.treated_per_week) == (3, 1, pytest.approx(2 / 3))
    assert (found.other_per_week, found.load, found.load_all_exits) == (pytest.approx(1 / 3), 1.5, 1)
    assert (found.mean_wait_weeks, found.max_wait_weeks) == (pytest.approx(11 / 7), 3)
    assert found.median_wait_weeks == pytest.approx(11 / 7)
    assert found.p92_wait_weeks == pytest.approx((1 + 20 * 0.92) / 7)
    assert found.pressure == pytest.approx(2 * 11 / 7 / 18)
    assert (found.queue_too_big, found.notes) == (False, ())


def test_the_list_is_as_at_the_close_of_the_day():
    assert [open_on(STAYS, day(number)) for number in (-1, 0, 7, 8, 10, 20, 21)] == [0, 2, 3, 3, 2, 3, 2]


def test_flows_are_counted_after_the_first_day_and_up_to_the_last():
    window = Window(day(0), day(8))
    assert [window.holds(day(number)) for number in (0, 1, 8, 9)] == [False, True, True, False]


def test_the_whole_window_starts_the_day_before_the_first_referral():
    assert whole_window(STAYS) == Window(day(-1), day(21))
    assert whole_window([Stay(day(3), None)]) == Window(day(2), day(3))


def test_a_window_without_length_has_no_rates():
    found = queue_metrics(STAYS, Window(day(7), day(7)), USUAL)
    assert (found.status, found.weeks, found.open_start, found.open_end) == ("insufficient_data", 0, 3, 3)
    rates = (found.demand_per_week, found.treated_per_week, found.other_per_week, found.load, found.load_all_exits)
    assert rates == (None,) * 5
    assert (found.target_queue_random, found.queue_too_big, found.relief_capacity) == (None, None, None)
    assert found.pressure is not None


def test_nobody_waiting_has_no_wait():
    found = queue_metrics([Stay(day(1), day(3))], Window(day(0), day(7)), USUAL)
    waits = (found.mean_wait_weeks, found.median_wait_weeks, found.p92_wait_weeks, found.max_wait_weeks, found.pressure)
    assert waits == (None,) * 5


def test_no_treatment_is_no_capacity():
    found = queue_metrics([Stay(day(1), day(3), "declined")], Window(day(0), day(7)), USUAL)
    assert (found.load, found.load_all_exits, found.notes) == (None, 1, ("no_capacity", "clamped_to_zero")[:1])


def test_a_list_far_below_its_target_needs_nothing_and_says_so():
    found = queue_metrics([Stay(day(1), day(3))], Window(day(0), day(7)), QueueTarget(520, 0.92, 1))
    assert (found.relief_capacity, found.notes) == (0.0, ("clamped_to_zero",))


def test_a_list_is_too_big_beyond_twice_its_target():
    long = [Stay(day(-100), None)] * 15 + [Stay(day(1), None)]
    window = Window(day(0), day(7))
    assert queue_metrics(long, window, USUAL).queue_too_big is True
    assert queue_metrics(long[2:], window, USUAL).queue_too_big is False


def test_numbers_too_large_to_hold_are_none():
    found = queue_metrics(STAYS, Window(day(0), day(21)), QueueTarget(1e308, 1e-9, 26))
    assert (found.target_queue_random, found.queue_too_big, found.relief_capacity) == (None, None, None)


def test_a_row_is_usable_with_a_referral_that_no_removal_precedes():
    assert is_usable(day(1), None)
    assert is_usable(day(1), day(1))
    assert not is_usable(day(1), day(0))
    assert not is_usable(None, None)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Window(day(1), day(0)), "ends before it starts"),
        (lambda: QueueTarget(0, 0.92, 26), "target wait of more than 0 weeks"),
        (lambda: QueueTarget(float("nan"), 0.92, 26), "target wait of more than 0 weeks"),
        (lambda: QueueTarget(18, 0, 26), "share above 0 and below 1"),
        (lambda: QueueTarget(18, 1, 26), "share above 0 and below 1"),
        (lambda: QueueTarget(18, 0.92, 0), "more than 0 weeks to reach"),
        (lambda: QueueTarget(18, 0.92, float("inf")), "more than 0 weeks to reach"),
        (lambda: whole_window([]), "at least one referral"),
        (lambda: whole_window([Stay(date.min, None)]), "no day before the first referral"),
    ],
)
def test_what_cannot_be_measured_is_refused(make, said):
    with pytest.raises(BadArgument, match=said):
        make()
