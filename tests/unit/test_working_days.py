"""Working days of England, beside a public list of its holidays."""

from datetime import date, timedelta

import holidays
import pytest

from waitlists.running.working_days import bank_holidays, is_working_day, working_day_after


@pytest.mark.parametrize("year", range(2020, 2036))
def test_working_days_are_those_of_the_public_list(year: int) -> None:
    public = holidays.country_holidays("GB", subdiv="ENG", years=year)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [day for day in days if day.weekday() < 5 and day in public] == sorted(bank_holidays(year))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 10, 16), 3, date(2026, 10, 21)),
        (date(2026, 11, 16), 3, date(2026, 11, 19)),
        (date(2026, 12, 23), 3, date(2026, 12, 30)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 11, 16), 0, date(2026, 11, 16)),
    ],
)
def test_so_many_working_days_after_a_day(day: date, count: int, expected: date) -> None:
    assert working_day_after(day, count) == expected


def test_the_day_kept_for_boxing_day_is_none() -> None:
    assert not is_working_day(date(2026, 12, 28))
    assert is_working_day(date(2026, 12, 29))
