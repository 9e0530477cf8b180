"""Days in an extract, read by the one format its mapping declares, or as ISO days; never guessed from the value.

A format is spelt with YYYY, MM or MMM (Jan), DD and, where the source system prints a time of day, hh, mm and ss. The
year comes first only as YYYY-MM-DD, so an ISO day can always be taken beside the declared format without a doubt; so
can an ISO moment that says its zone, which is the day that it was in London.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from itertools import pairwise

from waitlists.errors import BadArgument
from waitlists.periods import london_date

ISO = "YYYY-MM-DD"
UNREADABLE = -(2**31) + 1
"""What stands for a text that is no day; beside MISSING, which stands for no text."""
MISSING = -(2**31)
DAY_ZERO = date(1970, 1, 1).toordinal()

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TOKEN = re.compile(r"YYYY|MMM|MM|DD|hh|mm|ss|.", re.DOTALL)
_PARTS = {
    "YYYY": "(?P<year>[0-9]{4})", "MMM": "(?P<name>[A-Za-z]{3})", "MM": "(?P<month>[0-9]{2})",
    "DD": "(?P<day>[0-9]{2})", "hh": "[0-9]{2}", "mm": "[0-9]{2}", "ss": r"[0-9]{2}(?:\.[0-9]+)?",
}  # fmt: skip
_DAY_PARTS = frozenset({"YYYY", "MM", "MMM", "DD"})
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_ISO_DAY = re.compile(f"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_MIDNIGHT}")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)? ?(Z|[+-][0-9]{2}:?[0-9]{2})"
)
_LONGEST = 40


def format_problem(spelt: str) -> str | None:
    """Why a date format cannot be used, None when it can.

    >>> format_problem("DD/MM/YY")
    'needs the year as YYYY: two figures do not say which century'
    """
    tokens = _TOKEN.findall(spelt)
    if "YYYY" not in tokens and ("yyyy" in spelt.lower() or "%" in spelt):
        return "is spelt with YYYY, MM or MMM, and DD in capital letters, such as DD/MM/YYYY"
    if "YYYY" not in tokens:
        return "needs the year as YYYY: two figures do not say which century"
    if tokens.count("DD") != 1 or tokens.count("MM") + tokens.count("MMM") != 1 or tokens.count("YYYY") != 1:
        return "needs one YYYY, one MM (or MMM) and one DD"
    parts = [token for token in tokens if token in _DAY_PARTS]
    if parts[0] == "YYYY" and parts[1] == "DD":
        return "puts the day between year and month, which reads like an ISO day"
    if any(token.isalnum() and token not in _PARTS and token != "T" for token in tokens):  # noqa: S105 - ISO's letter
        return "is spelt with YYYY, MM, MMM, DD, hh, mm, ss and marks between them"
    return None


def day_reader(spelt: str, *, empty: Iterable[str] = ()) -> Callable[[Iterable[str]], list[int]]:
    """A function from texts to days since 1970-01-01: MISSING for nothing, UNREADABLE for what is no such day.

    Blanks around a text do not count, and the texts in `empty` stand for nothing. It remembers what it has read: an
    extract of a million rows holds a few thousand different days.

    Raises
    ------
    BadArgument
        The format cannot be used.
    """
    if problem := format_problem(spelt):
        raise BadArgument(f"the date format {problem}", field="date_format")
    pattern = _pattern(spelt)
    read = dict.fromkeys(("", *empty), MISSING)

    def days(texts: Iterable[str]) -> list[int]:
        return [found if (found := read.get(text)) is not None else _kept(text) for text in texts]

    def _kept(text: str) -> int:
        bare = text.strip()
        found = read.get(bare, UNREADABLE) if len(bare) > _LONGEST or bare in read else _day(bare, pattern)
        # Junk of endless variety is read again rather than remembered.
        if found != UNREADABLE:
            read[text] = found
        return found

    return days


def _pattern(spelt: str) -> re.Pattern[str]:
    tokens: list[str] = _TOKEN.findall(spelt)
    end = max(place for place, token in enumerate(tokens) if token in _DAY_PARTS) + 1
    day, rest = (
        "".join(_PARTS.get(token) or re.escape(token) for token in some) for some in (tokens[:end], tokens[end:])
    )
    # 4/5/2026 is as clear as 04/05/2026, but 1112026 is not, and an ISO day has both figures.
    is_clear = tokens[0] != "YYYY" and not any({one, other} <= _PARTS.keys() for one, other in pairwise(tokens))
    if is_clear:
        day = day.replace("[0-9]{2})", "[0-9]{1,2})")
    # Spreadsheets and reports leave out a midnight here and print it there, in one column.
    time = f"(?:{rest})?" if "hh" in tokens[end:] else rest if "hh" in tokens else rest + _MIDNIGHT
    return re.compile(day + time)


def _day(text: str, pattern: re.Pattern[str]) -> int:
    if match := _ISO_DAY.fullmatch(text):
        return _real_day(int(match[1]), int(match[2]), int(match[3]))
    if match := _MOMENT.fullmatch(text):
        return _moment_day("T".join((match[1], match[2])) + match[3])
    if match := pattern.fullmatch(text):
        found = match.groupdict()
        return _real_day(int(found["year"]), _month(found), int(found["day"]))
    return UNREADABLE


def _moment_day(text: str) -> int:
    try:
        return london_date(datetime.fromisoformat(text)).toordinal() - DAY_ZERO
    except (ValueError, OverflowError):
        return UNREADABLE


def _month(found: dict[str, str]) -> int:
    if "month" in found:
        return int(found["month"])
    name = found["name"].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS else 0


def _real_day(year: int, month: int, day: int) -> int:
    try:
        return date(year, month, day).toordinal() - DAY_ZERO
    except ValueError:
        return UNREADABLE
