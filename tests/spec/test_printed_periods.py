"""Every spelling of a month and a day that a published file was seen to use, and what it means."""

from datetime import UTC, date, datetime

import pytest

from waitlists.errors import BadArgument
from waitlists.periods import parse_day, parse_month

MONTHS = [
    ("Apr-23", date(2023, 4, 30)),  # Tables 1 and 2, June 2023 on
    ("apr 23", date(2023, 4, 30)),
    ("APR/23", date(2023, 4, 30)),
    ("Jun-23", date(2023, 6, 30)),
    ("Jul-23", date(2023, 7, 31)),
    ("Sept 2023", date(2023, 9, 30)),
    ("Sep-23", date(2023, 9, 30)),
    ("Sep. 2023", date(2023, 9, 30)),
    ("September 2023", date(2023, 9, 30)),
    ("March2025", date(2025, 3, 31)),
    ("  March   2025 ", date(2025, 3, 31)),
    ("may 2024", date(2024, 5, 31)),
    ("Sep-2011 ", date(2011, 9, 30)),  # Welsh RTT, with its blank
    ("2024-25-January", date(2025, 1, 31)),  # a month of a financial year
    ("2024-25-April", date(2024, 4, 30)),
    ("2024-25 March", date(2025, 3, 31)),
    ("2024/25 - December", date(2024, 12, 31)),
    ("1999-00-March", date(2000, 3, 31)),
    ("2025-03", date(2025, 3, 31)),
    ("202503", date(2025, 3, 31)),
    (202503, date(2025, 3, 31)),  # Public Health Scotland
    (202503.0, date(2025, 3, 31)),  # the same from a spreadsheet, whose numbers are floats
    (190001, date(1900, 1, 31)),
    (219912, date(2199, 12, 31)),
    ("1900-01", date(1900, 1, 31)),
    ("2199-12", date(2199, 12, 31)),
    ("01/04/2024", date(2024, 4, 30)),  # a day stands for its month
    ("2024-02-01", date(2024, 2, 29)),
    (45383, date(2024, 4, 30)),  # spreadsheet serial of 1 April 2024
    (date(2022, 10, 1), date(2022, 10, 31)),
    (datetime(2022, 10, 1, 12, tzinfo=UTC), date(2022, 10, 31)),
]

DAYS = [
    ("10/10/2024", date(2024, 10, 10)),  # Published, August 2024
    ("09/01/2025", date(2025, 1, 9)),  # 9 January, not 1 September
    ("9/1/25", date(2025, 1, 9)),
    ("31.12.2024", date(2024, 12, 31)),
    ("2025-05-15", date(2025, 5, 15)),
    ("2025-05-15 00:00:00", date(2025, 5, 15)),
    ("2025-05-15T00:00:00.000", date(2025, 5, 15)),
    ("15 May 2025", date(2025, 5, 15)),
    ("15th May, 2025", date(2025, 5, 15)),
    ("1st September 2025", date(2025, 9, 1)),
    ("22nd Sept 2025", date(2025, 9, 22)),
    ("3rd Dec. 2025", date(2025, 12, 3)),
    ("15-May-25", date(2025, 5, 15)),
    (" 29  february 2024 ", date(2024, 2, 29)),
    (45792, date(2025, 5, 15)),
    (45792.0, date(2025, 5, 15)),
    (36526, date(2000, 1, 1)),
    (73050, date(2099, 12, 31)),
    (date(2025, 5, 15), date(2025, 5, 15)),
    (datetime(2025, 5, 15, 23, 59, tzinfo=UTC), date(2025, 5, 15)),
]

NO_MONTH = [
    "", "-", "*", None, True, False, "2025", "2025-13", "2025-00", "Foo-23", "March", "23", "2024-26-January",
    "2024-25-Foo", "0000-01-March", 202513, 202500, 202503.5, 189912, 219913, 220001, 999, "2015Q3", "1899-12",
    "2200-01", "31/02/2025", [2025, 3], float("nan"), float("inf"), "March 2025 (provisional)", "2024-25-",
    "mar-2025-01", "Mar 1", "Mar 02025",
]  # fmt: skip
NO_DAY = [
    "", "-", "unknown", None, True, "31/02/2025", "2025-02-29", "13/13/2025", "5/2025", "March 2025",
    "2025-05-15 10:30", "15 Foo 2025", "00/01/2025", "2025/05/15", 36525, 73051, 45792.5, -1, 202503, "15052025",
    float("nan"), b"2025-05-15", "2025-05-15x", "x15/05/2025", "15/5/025", "115/05/2025",
]  # fmt: skip


@pytest.mark.parametrize(("printed", "expected"), MONTHS, ids=repr)
def test_a_printed_month(printed: object, expected: date) -> None:
    assert parse_month(printed) == expected


@pytest.mark.parametrize(("printed", "expected"), DAYS, ids=repr)
def test_a_printed_day(printed: object, expected: date) -> None:
    assert parse_day(printed) == expected
    assert type(parse_day(printed)) is date


@pytest.mark.parametrize("printed", NO_MONTH, ids=repr)
def test_no_month_is_guessed(printed: object) -> None:
    with pytest.raises(BadArgument) as refused:
        parse_month(printed)
    assert str(refused.value) == "expected a month such as 2025-03, Mar-25, March 2025 or 2024-25-March"
    assert refused.value.field == "month"


@pytest.mark.parametrize("printed", NO_DAY, ids=repr)
def test_no_day_is_guessed(printed: object) -> None:
    with pytest.raises(BadArgument) as refused:
        parse_day(printed)
    assert str(refused.value) == "expected a day such as 2025-05-15, 15/05/2025 (day first) or 15 May 2025"
    assert refused.value.field == "day"
