"""What must hold for months, weeks and financial years of any day."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from waitlists.periods import (
    LATE_GRACE_DAYS,
    add_months,
    financial_year,
    financial_year_end,
    financial_year_start,
    in_words,
    is_month_end,
    month_range,
    months_between,
    next_expected,
    parse_day,
    parse_month,
    week_ending,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
MONTHS = st.integers(-600, 600)


@given(DAYS, MONTHS, MONTHS)
def test_adding_months_adds_up(day: date, first: int, second: int) -> None:
    assert add_months(add_months(day, first), second) == add_months(day, first + second)
    assert is_month_end(add_months(day, first))
    assert months_between(day, add_months(day, first)) == first


@given(DAYS, DAYS)
def test_a_range_is_a_regular_grid_without_a_hole(one: date, other: date) -> None:
    first, last = sorted((one, other))
    grid = month_range(first, last)
    assert len(grid) == months_between(first, last) + 1
    assert all(is_month_end(day) for day in grid)
    assert all(months_between(before, after) == 1 for before, after in pairwise(grid))
    assert first <= grid[0]
    assert grid[-1] >= last


@given(DAYS)
def test_a_week_ends_within_seven_days_on_a_sunday(day: date) -> None:
    sunday = week_ending(day)
    assert sunday.isoweekday() == 7
    assert timedelta(0) <= sunday - day < timedelta(days=7)
    assert sunday.isocalendar()[:2] == day.isocalendar()[:2]


@given(DAYS)
def test_a_day_lies_in_its_financial_year(day: date) -> None:
    start = financial_year_start(financial_year(day))
    assert start <= day < date(start.year + 1, 4, 1)


@given(st.dates(date(2000, 1, 1), date(2089, 12, 31)))
def test_every_spelling_of_a_day_is_the_same_day(day: date) -> None:
    spellings = [f"{day:%d/%m/%Y}", f"{day:%d/%m/%y}", f"{day:%d %B %Y}", f"{day:%d-%b-%y}", day.isoformat(), day]
    assert {parse_day(printed) for printed in spellings} == {day}
    assert parse_day((day - date(1899, 12, 30)).days) == day


@given(st.dates(date(2000, 1, 1), date(2089, 12, 31)))
def test_every_spelling_of_a_month_is_the_same_month(day: date) -> None:
    spellings = [
        f"{day:%b-%y}",
        f"{day:%B %Y}",
        f"{day:%Y-%m}",
        int(f"{day:%Y%m}"),
        f"{financial_year(day)}-{day:%B}",
        in_words(day),
        day,
    ]
    assert {parse_month(printed) for printed in spellings} == {add_months(day, 0)}


@given(DAYS, st.integers(1, 12), st.integers(0, 400))
def test_the_next_file_is_expected_after_the_period_it_is_about(newest: date, months: int, lag_days: int) -> None:
    following, expected_by = next_expected(newest, months=months, lag_days=lag_days)
    assert newest < following < expected_by
    assert (expected_by - following).days == lag_days + LATE_GRACE_DAYS


@given(DAYS)
def test_a_financial_year_ends_within_the_year(day: date) -> None:
    assert 0 <= (financial_year_end(day) - day).days < 366
    assert financial_year(financial_year_end(day)) == financial_year(day)
