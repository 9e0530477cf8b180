from datetime import date, timedelta

import pytest

from tests.trend_series import month
from waitlists.trends.asking import Point
from waitlists.trends.gaps import MOST_ADDED, filled, is_monthly


def rows(*days):
    return [Point(day, 1.0) for day in days]


def added(*days):
    found = filled(rows(*days))
    assert [row.date for row in found.rows] == sorted({*days, *found.added})
    assert [row for row in found.rows if row.value is None] == [Point(day, None) for day in found.added]
    return list(found.added)


def test_months_left_out_are_found_by_their_usual_step():
    assert added(month(0), month(1), month(2), month(5)) == [month(3), month(4)]
    assert added(month(0), month(3), month(6), month(12)) == [month(9)]
    assert added(month(10), month(11), month(12), month(14)) == [month(13)]


def test_month_ends_are_months():
    ends = [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 5, 31)]
    assert added(*ends) == [date(2024, 4, 30)]
    thirtieth = [date(2024, 1, 30), date(2024, 3, 30), date(2024, 4, 30), date(2024, 5, 30)]
    assert added(*thirtieth) == [date(2024, 2, 29)]


def test_weeks_left_out_are_found():
    start = date(2025, 12, 7)
    days = [start + timedelta(weeks=number) for number in (0, 1, 2, 5, 6)]
    assert added(*days) == [start + timedelta(weeks=3), start + timedelta(weeks=4)]
    fortnights = [start + timedelta(weeks=number) for number in (0, 2, 4, 8)]
    assert added(*fortnights) == [start + timedelta(weeks=6)]


@pytest.mark.parametrize(
    ("days", "is_uneven"),
    [
        ([], False),
        ([month(0)], False),
        ([month(0), month(7)], False),
        ([date(2026, 1, day) for day in (1, 2, 3, 4)], False),
        ([date(2026, 1, day) for day in (1, 2, 3, 5)], True),
        ([month(0), month(2), month(4), month(7)], True),
        ([date(2026, 1, 1), date(2026, 1, 15), date(2026, 1, 29), date(2026, 2, 5)], True),
        ([date(2026, 1, 31), date(2026, 2, 27), date(2026, 3, 31)], True),
    ],
)
def test_without_a_regular_step_nothing_is_added(days, is_uneven):
    found = filled(rows(*days))
    assert (list(found.rows), found.added, found.is_uneven) == (rows(*days), (), is_uneven)


def test_a_gap_of_centuries_is_kept_short():
    assert len(added(date(1, 1, 1), date(1, 2, 1), date(1, 3, 1), date(9999, 12, 1))) == MOST_ADDED


def test_two_dates_in_a_month_are_no_months():
    assert not is_monthly([date(2026, 1, 31), date(2026, 1, 31)])
    assert is_monthly([])
