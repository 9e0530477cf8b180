from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from waitlists.errors import BadArgument
from waitlists.periods import (
    add_months,
    financial_year,
    financial_year_end,
    financial_year_start,
    in_words,
    is_month_end,
    london_date,
    london_time,
    month_end,
    month_range,
    months_between,
    next_expected,
    period_range,
    steps_between,
    week_ending,
)


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [
        (2024, 2, date(2024, 2, 29)),
        (2025, 2, date(2025, 2, 28)),
        (2024, 12, date(2024, 12, 31)),
        (1, 1, date(1, 1, 31)),
        (9998, 12, date(9998, 12, 31)),
    ],
)
def test_month_end(year: int, month: int, expected: date) -> None:
    assert month_end(year, month) == expected


@pytest.mark.parametrize(("year", "month"), [(2024, 0), (2024, 13), (0, 1), (9999, 1)])
def test_a_month_that_does_not_exist_is_refused(year: int, month: int) -> None:
    with pytest.raises(BadArgument, match="a month runs from 1 to 12, in a year from 1 to 9998") as refused:
        month_end(year, month)
    assert refused.value.field == "month"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 2, 29), True),
        (date(2024, 2, 28), False),
        (date(2025, 2, 28), True),
        (date(2025, 3, 1), False),
        (date.max, True),
    ],
)
def test_is_month_end(day: date, expected: bool) -> None:
    assert is_month_end(day) is expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 1, 15), 0, date(2024, 1, 31)),
        (date(2024, 12, 31), 1, date(2025, 1, 31)),
        (date(2025, 1, 31), -1, date(2024, 12, 31)),
        (date(2025, 3, 31), -13, date(2024, 2, 29)),
        (date(2025, 3, 31), 24, date(2027, 3, 31)),
    ],
)
def test_adding_months_gives_month_ends(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_months_outside_the_calendar_are_refused() -> None:
    with pytest.raises(BadArgument):
        add_months(date(1, 1, 31), -1)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2024, 11, 30), date(2025, 2, 28), 3),
        (date(2024, 11, 1), date(2024, 11, 30), 0),
        (date(2025, 2, 28), date(2024, 11, 30), -3),
    ],
)
def test_months_between(first: date, last: date, expected: int) -> None:
    assert months_between(first, last) == expected


def test_a_range_of_months_holds_both_ends() -> None:
    assert month_range(date(2024, 12, 31), date(2025, 2, 1)) == (
        date(2024, 12, 31),
        date(2025, 1, 31),
        date(2025, 2, 28),
    )
    assert month_range(date(2024, 12, 1), date(2024, 12, 31)) == (date(2024, 12, 31),)
    assert month_range(date(2025, 1, 31), date(2024, 12, 31)) == ()


@pytest.mark.parametrize(
    ("day", "sunday"),
    [
        (date(2026, 11, 16), date(2026, 11, 22)),  # a Monday
        (date(2026, 11, 21), date(2026, 11, 22)),
        (date(2026, 11, 22), date(2026, 11, 22)),
        (date(2026, 12, 28), date(2027, 1, 3)),
    ],
)
def test_a_week_ends_on_its_sunday(day: date, sunday: date) -> None:
    assert week_ending(day) == sunday


def test_a_week_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(BadArgument, match="a day that is not at the edge of the calendar") as refused:
        week_ending(date.max)
    assert refused.value.field == "day"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 7, 6, 23, 30, tzinfo=UTC), date(2026, 7, 7)),  # summer time: already tomorrow
        (datetime(2026, 1, 6, 23, 30, tzinfo=UTC), date(2026, 1, 6)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 1, 7, 1, 0, tzinfo=timezone(timedelta(hours=5))), date(2026, 1, 6)),
    ],
)
def test_the_date_in_london(moment: datetime, expected: date) -> None:
    assert london_date(moment) == expected


def test_a_moment_without_a_time_zone_has_no_date() -> None:
    with pytest.raises(BadArgument, match="a moment with a time zone") as refused:
        london_date(datetime(2026, 7, 6, 23, 30))  # noqa: DTZ001 - the naive moment is what is refused
    assert refused.value.field == "moment"


@pytest.mark.parametrize(
    ("day", "name", "start"),
    [
        (date(2025, 3, 31), "2024-25", date(2024, 4, 1)),
        (date(2025, 4, 1), "2025-26", date(2025, 4, 1)),
        (date(1999, 12, 31), "1999-00", date(1999, 4, 1)),
        (date(2009, 6, 1), "2009-10", date(2009, 4, 1)),
    ],
)
def test_a_financial_year_runs_from_april(day: date, name: str, start: date) -> None:
    assert financial_year(day) == name
    assert financial_year_start(name) == start


def test_a_financial_year_is_also_written_with_a_slash() -> None:
    assert financial_year_start(" 2026/27 ") == date(2026, 4, 1)


@pytest.mark.parametrize("name", ["2024-26", "2024", "24-25", "2024-2025", "", "0000-01", "2024-25x"])
def test_a_year_that_is_no_financial_year_is_refused(name: str) -> None:
    with pytest.raises(BadArgument, match="expected a financial year such as 2024-25") as refused:
        financial_year_start(name)
    assert refused.value.field == "financial_year"


def test_a_month_in_words() -> None:
    assert in_words(date(2024, 11, 30)) == "November 2024"


def test_a_source_is_late_a_fortnight_after_its_usual_lag() -> None:
    assert next_expected(date(2025, 3, 31)) == (date(2025, 4, 30), date(2025, 6, 28))
    assert next_expected(date(2024, 12, 31), months=12, lag_days=180) == (date(2025, 12, 31), date(2026, 7, 13))


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2025, 3, 31), date(2025, 3, 31)),
        (date(2025, 4, 1), date(2026, 3, 31)),
        (date(2025, 1, 1), date(2025, 3, 31)),
        (date(2025, 12, 31), date(2026, 3, 31)),
    ],
)
def test_a_financial_year_ends_on_31_march(day: date, end: date) -> None:
    assert financial_year_end(day) == end


def test_weeks_and_months_are_steps_of_their_own() -> None:
    first, last = date(2025, 3, 30), date(2025, 4, 13)
    assert period_range(first, last, "W") == (date(2025, 3, 30), date(2025, 4, 6), date(2025, 4, 13))
    assert period_range(first, last, "M") == (date(2025, 3, 31), date(2025, 4, 30))
    assert period_range(last, first, "W") == ()
    assert (steps_between(first, last, "W"), steps_between(first, last, "M")) == (2, 1)
    assert steps_between(last, first, "W") == -2
    assert in_words(date(2025, 4, 6), "W") == "the week to 6 April 2025"
    assert in_words(date(2025, 3, 31), "W") == "March 2025"


def test_the_time_in_london_in_summer_and_in_winter() -> None:
    assert london_time(datetime(2026, 7, 1, 5, 5, 59, tzinfo=UTC)) == "06:05 on 1 July 2026 (London)"
    assert london_time(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == "23:30 on 1 December 2026 (London)"
