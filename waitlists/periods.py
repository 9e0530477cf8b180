"""Dates as this project uses them: month ends, weeks that end on Sunday, financial years, London days, reporting lag.

Every spelling of a month or a day that a published file was seen to use is read here, day before month, and by one
rule each; anything else is refused rather than guessed. No clock is read: a present moment is always passed in.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from waitlists.errors import BadArgument
from waitlists.sources import Freq

LONDON = ZoneInfo("Europe/London")

CHS_USUAL_LAG_DAYS = 45
"""Usual days from a month end to its community health workbook: 37 to 46 in the 14 files of 2023 to 2025."""

LATE_GRACE_DAYS = 14
"""Days past the usual lag before a source is called late."""

STEP_WORDS: Mapping[Freq, str] = {"W": "week", "M": "month"}
"""What one period is called."""

MONTHS_EXPECTED = "a month such as 2025-03, Mar-25, March 2025 or 2024-25-March"
DAYS_EXPECTED = "a day such as 2025-05-15, 15/05/2025 (day first) or 15 May 2025"

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_NAMES = tuple(name.lower() for name in calendar.month_name[1:])
_ISO_MONTH = re.compile(r"(\d{4})-?(\d{2})")
_NAMED_MONTH = re.compile(r"([a-z]+)\.?[ \-/]*(\d{4}|\d{2})")
_FINANCIAL_MONTH = re.compile(r"(\d{4}[-/]\d{2})[ \-]+([a-z]+)")
_FINANCIAL_YEAR = re.compile(r"(\d{4})[-/](\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[t ]00:00(?::00(?:\.0+)?)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})")
_NAMED_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]+([a-z]+)\.?,?[ \-]+(\d{4}|\d{2})")
_SPREADSHEET_DAY_ZERO = date(1899, 12, 30)
_SERIAL_RANGE = range(36526, 73051)  # 2000-01-01 to 2100-01-01; a number outside is no date of this project


def month_end(year: int, month: int) -> date:
    """Last day of a month: (2024, 2) is 29 February 2024."""
    if not (1 <= month <= 12 and date.min.year <= year < date.max.year):
        raise BadArgument("a month runs from 1 to 12, in a year from 1 to 9998", field="month")
    return date(year, month, calendar.monthrange(year, month)[1])


def is_month_end(day: date) -> bool:
    """Whether the day is the last of its month."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


def add_months(day: date, months: int) -> date:
    """Month end that many months after (or, negative, before) the month of `day`."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return month_end(year, month0 + 1)


def months_between(first: date, last: date) -> int:
    """Whole months from the month of `first` to the month of `last`; negative when `last` is earlier."""
    return (last.year - first.year) * 12 + last.month - first.month


def month_range(first: date, last: date) -> tuple[date, ...]:
    """Every month end from the month of `first` to the month of `last`, both included; empty when `last` is earlier."""
    return tuple(add_months(first, n) for n in range(months_between(first, last) + 1))


@lru_cache(maxsize=256)
def period_range(first: date, last: date, freq: Freq) -> tuple[date, ...]:
    """Every period end from that of `first` to that of `last`, both included; empty when `last` is earlier."""
    if freq == "M":
        return month_range(first, last)
    start = week_ending(first)
    return tuple(_shifted(start, 7 * n) for n in range(steps_between(first, last, freq) + 1))


def steps_between(first: date, last: date, freq: Freq) -> int:
    """Whole periods from that of `first` to that of `last`; negative when `last` is earlier."""
    if freq == "M":
        return months_between(first, last)
    return (week_ending(last) - week_ending(first)).days // 7


def in_words(period_end: date, freq: Freq = "M") -> str:
    """A period as a sentence says it: 30 November 2024 is `November 2024`, or `the week to 24 November 2024`.

    Beside weeks may stand a month of another source: what does not end on a Sunday is no week.
    """
    month = f"{period_end:%B %Y}"
    is_week = freq == "W" and period_end == week_ending(period_end)
    return f"the week to {period_end.day} {month}" if is_week else month


def week_ending(day: date) -> date:
    """The Sunday on or after the day: weeks run from Monday to Sunday, as in ISO 8601."""
    return _shifted(day, 7 - day.isoweekday())


def london_date(moment: datetime) -> date:
    """Calendar date in London at an aware moment; 23:30 UTC in July is already tomorrow."""
    if moment.tzinfo is None:
        raise BadArgument("expected a moment with a time zone", field="moment")
    return moment.astimezone(LONDON).date()


def london_time(moment: datetime) -> str:
    """Time and date in London, to the minute: 06:05 on 1 July 2026 is 05:05 UTC."""
    there = moment.astimezone(LONDON)
    return f"{there:%H:%M} on {there.day} {there:%B %Y} (London)"


def financial_year(day: date) -> str:
    """Financial year of a day, April to March, as NHS England prints it: 31 March 2025 is `2024-25`."""
    start = day.year if day.month >= 4 else day.year - 1
    return f"{start:04}-{(start + 1) % 100:02}"


def financial_year_end(day: date) -> date:
    """The 31 March on which the financial year of a day ends: the day itself on 31 March."""
    return month_end(day.year if day.month < 4 else day.year + 1, 3)


def financial_year_start(name: str) -> date:
    """First day of a financial year written `2024-25` or `2024/25`: 1 April 2024."""
    match = _FINANCIAL_YEAR.fullmatch(name.strip())
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]) or match[1] == "0000":
        raise BadArgument("expected a financial year such as 2024-25", field="financial_year")
    return date(int(match[1]), 4, 1)


def parse_month(value: object) -> date:
    """Month end of a printed month.

    Takes dates, spreadsheet serials, 202503, "2025-03", "Apr-23", "Sept 2023", "March 2025", "2024-25-January" (a month
    of a financial year: January 2025) and every day that `parse_day` takes.

    Raises
    ------
    BadArgument
        For anything else; the message says what was expected and does not repeat the value.
    """
    if isinstance(value, str):
        found = _month_of_text(_clean(value))
    else:
        found = _month_of_number(value) if isinstance(value, (int, float)) else None
    if found is not None:
        return found
    try:
        day = parse_day(value)
    except BadArgument:
        raise BadArgument(f"expected {MONTHS_EXPECTED}", field="month") from None
    return month_end(day.year, day.month)


def parse_day(value: object) -> date:
    """Day of a printed date, the day before the month: "10/10/2024", "2025-05-15", "15 May 2025", a date, a serial.

    Raises
    ------
    BadArgument
        For anything else, a month without a day, or a day that does not exist such as 31/02/2025.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _day_of_serial(value) if isinstance(value, (int, float)) else _day_of_text(_clean(value))
    if found is None:
        raise BadArgument(f"expected {DAYS_EXPECTED}", field="day")
    return found


def next_expected(newest: date, *, months: int = 1, lag_days: int = CHS_USUAL_LAG_DAYS) -> tuple[date, date]:
    """The period after the newest one that a source has, and the last day on which its figures are not yet late.

    Parameters
    ----------
    months : from one period to the next
    lag_days : usual days from a period's end to its file

    Examples
    --------
    >>> next_expected(date(2025, 3, 31))
    (datetime.date(2025, 4, 30), datetime.date(2025, 6, 28))
    """
    following = add_months(newest, months)
    return following, _shifted(following, lag_days + LATE_GRACE_DAYS)


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise BadArgument("expected a day that is not at the edge of the calendar", field="day") from None


def _clean(value: object) -> str:
    return " ".join(str(value).lower().split())


def _month_of_text(text: str) -> date | None:
    if match := _ISO_MONTH.fullmatch(text):
        return _month_or_none(int(match[1]), int(match[2]))
    if match := _FINANCIAL_MONTH.fullmatch(text):
        return _month_of_financial_year(match[1], _month_number(match[2]))
    if match := _NAMED_MONTH.fullmatch(text):
        return _month_or_none(_full_year(match[2]), _month_number(match[1]))
    return None


def _month_of_number(value: float) -> date | None:
    """A month printed as one number, 202503; Public Health Scotland does."""
    if value not in range(190001, 219913):
        return None
    return _month_or_none(*divmod(int(value), 100))


def _month_of_financial_year(name: str, month: int) -> date | None:
    try:
        year = financial_year_start(name).year
    except BadArgument:
        return None
    return _month_or_none(year if month >= 4 else year + 1, month)


def _month_or_none(year: int, month: int) -> date | None:
    return month_end(year, month) if 1 <= month <= 12 and 1900 <= year < 2200 else None


def _month_number(word: str) -> int:
    """1 to 12 for a month's name, its first three letters or "sept"; 0 for any other word."""
    if word in _FULL_NAMES:
        return _FULL_NAMES.index(word) + 1
    short = "sep" if word == "sept" else word
    return _MONTH_NAMES.index(short) + 1 if short in _MONTH_NAMES else 0


def _full_year(text: str) -> int:
    """Four digits as they are; two digits are of this century, since no series here starts before 2000."""
    return int(text) if len(text) == 4 else 2000 + int(text)


def _day_of_serial(value: float) -> date | None:
    """A spreadsheet's day number; a boolean is an int to Python and no date to anyone."""
    if isinstance(value, bool) or value not in _SERIAL_RANGE:
        return None
    return _SPREADSHEET_DAY_ZERO + timedelta(days=int(value))


def _day_of_text(text: str) -> date | None:
    if match := _ISO_DAY.fullmatch(text):
        return _real_day(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return _real_day(_full_year(match[3]), int(match[2]), int(match[1]))
    if match := _NAMED_DAY.fullmatch(text):
        return _real_day(_full_year(match[3]), _month_number(match[2]), int(match[1]))
    return None


def _real_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
