"""Where things go on a chart: scales, round ticks, labels that keep apart, and dates that fit."""

import pytest

from waitlists.charts.layout import NARROW, WIDE, Scale, chosen, is_monthly, scale_of, spread, ticks_of, width_of


@pytest.mark.parametrize(
    ("low", "high", "most", "ticks"),
    [
        (0, 10, 5, [0, 2, 4, 6, 8]), (0, 100, 5, [0, 20, 40, 60, 80]), (0, 120, 5, [0, 25, 50, 75, 100]),
        (95, 108, 5, [95, 100, 105]), (0, 1, 2, [0, 0.5]), (4480, 6020, 5, [4500, 5000, 5500, 6000]),
        (0.31, 0.41, 5, [0.32, 0.34, 0.36, 0.38, 0.4]), (0, 26, 3, [0, 10, 20]), (0, 7, 10, [0, 1, 2, 3, 4, 5, 6, 7]),
    ],
)  # fmt: skip
def test_ticks_are_round_and_even(low, high, most, ticks):
    assert ticks_of(Scale(low, high, 200, 0), most=most) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (9, 11, [9, 10, 11]), (100, 112, [100, 105, 110]), (90, 110, [90, 95, 100, 105, 110]), (0, 8, [0, 2, 4, 6, 8]),
        (0, 4, [0, 1, 2, 3, 4]), (0, 2, [0, 0.5, 1, 1.5, 2]), (10.2, 10.8, [10.2, 10.4, 10.6, 10.8]),
    ],
)  # fmt: skip
def test_ticks_of_numbers_that_are_written_whole_are_whole(low, high, ticks):
    """An axis said 9, 9.5, 10, 10 and 11."""
    assert ticks_of(Scale(low, high, 200, 0), most=5, whole_from=10) == pytest.approx(ticks)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([100, 200], 94, 206), ([39, 100], 0, 106), ([39, 100, 0], 0, 106), ([50], 45, 55), ([0], 0, 1),
        ([], 0, 1.06), ([40, 100], 36.4, 103.6), ([-50], -55, -45),
    ],
)  # fmt: skip
def test_a_scale_has_room_at_both_ends_and_begins_at_zero_where_that_is_near(values, low, high):
    scale = scale_of(values, start=250, end=20)
    assert (scale.low, scale.high) == pytest.approx((low, high))
    assert (scale.start, scale.end) == (250, 20)


def test_values_lie_evenly_between_the_ends():
    scale = Scale(10, 20, 200, 100)
    assert [scale.at(value) for value in (10, 15, 20)] == [200, 150, 100]


@pytest.mark.parametrize(
    ("places", "moved"),
    [
        ([10, 11, 50], [10, 22, 50]), ([55, 56, 58], [36, 48, 60]), ([-5, 0], [0, 12]), ([70], [60]), ([], []),
        ([20, 30, 40], [20, 32, 44]), ([0, 20, 40], [0, 20, 40]),
    ],
)  # fmt: skip
def test_labels_are_moved_as_little_as_keeps_them_apart(places, moved):
    assert spread(places, least=12, low=0, high=60) == moved


@pytest.mark.parametrize(
    ("count", "most", "places"),
    [(0, 3, []), (1, 3, [0]), (3, 3, [0, 1, 2]), (4, 3, [0, 2, 3]), (25, 4, [0, 8, 16, 24]), (36, 2, [0, 35])],
)
def test_the_first_and_the_last_date_are_written_and_some_between(count, most, places):
    assert chosen(count, most=most) == places


@pytest.mark.parametrize(
    ("days", "is_it"), [([0, 28, 59], True), ([0, 27], False), ([0, 31, 38], False), ([], True), ([5], True)]
)
def test_steps_of_28_days_or_more_are_months(days, is_it):
    assert is_monthly(days) is is_it


def test_words_are_taken_to_be_a_little_wider_than_they_are():
    assert width_of("Mean 102", 13) == pytest.approx(8 * 13 * 0.56)


def test_one_width_is_for_320_pixels_and_one_for_a_page():
    assert NARROW == ("narrow", 320, 12, False)
    assert WIDE == ("wide", 760, 14, True)
