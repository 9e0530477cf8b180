"""What a text must not carry, found by its look: keys, passwords in addresses, mail addresses, NHS numbers.

The last line of defence, for log lines, names of files and words of a publisher: what has no look of its own, such as a
pseudonym or a name, is not found here and must not be put into such texts in the first place.
"""

import re
from collections.abc import Callable

REDACTED = "[redacted]"

_MASKS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+(?=@)"), r"\1:***"),
    (re.compile(r"(?i)\bbearer\s+\S+"), f"Bearer {REDACTED}"),
    (re.compile(r"\bwl_([0-9a-f]{8})_\w+"), rf"wl_\1_{REDACTED}"),
    (re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"), REDACTED),
    # An NHS number is ten digits, often written 3-3-4; no count, date or id here is that long in a text but a checksum,
    # which is passed over whole: ten digits in a row within one are chance.
    (
        re.compile(r"(?<![0-9a-f])([0-9a-f]{64})(?![0-9a-f])|(?<!\d)(?<!\d\.)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d|\.\d)"),
        lambda found: found[1] or REDACTED,
    ),
)
# What every text that one of the masks fits holds, looked for first since most texts hold none of it.
_MAY_BE_MASKED = re.compile(r"(?i)[@\s]|://|wl_|\d{3}-?\d{3}")

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEARS = re.compile(
    rf"(?i)(?<!\d)(?:\d{{1,2}}([./-])\d{{1,2}}\1(?P<after>\d{{4}}|\d{{2}})"
    rf"|(?P<before>\d{{4}})([./-])\d{{1,2}}\4\d{{1,2}}"
    rf"|{_DAY}[ .-]*(?:of +)?{_MONTH}(?:[ .,-]*(?P<last>\d{{4}})|[ -](?P<short>\d{{2}}))"
    rf"|{_MONTH} +{_DAY},? +(?P<american>\d{{4}}))(?!\d)"
)
_BORN = re.compile(r"(?i)\b(?:dob|d\.o\.b|born|birth)\b")
_PHONE = re.compile(r"(?<![\d,])(?:\+|00?)[\s()-]*[1-9](?:[\s()-]*\d){8,12}(?!\d)")


def may_name_someone(text: str, *, year: int) -> bool:
    """Whether a text holds what looks like an NHS number, a mail address, a phone number, a date of birth or a key.

    Plans name days of this year and the next; a whole date of any other year is taken for a date of birth.

    >>> may_name_someone("Call the mother on 01622 123456", year=2026), may_name_someone("Clinic on 3/12/26", year=2026)
    (True, False)
    """
    years = (int(next(filter(None, found.groupdict().values()))) for found in _YEARS.finditer(text))
    is_dated = any((one if one > 99 else 2000 + one) not in {year, year + 1} for one in years)
    return is_dated or masked(text) != text or _BORN.search(text) is not None or _PHONE.search(text) is not None


def masked(text: str) -> str:
    """The text without what looks like one of these.

    >>> masked("return of 943 476 5919.xlsx")
    'return of [redacted].xlsx'
    """
    if not _MAY_BE_MASKED.search(text):
        return text
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text
