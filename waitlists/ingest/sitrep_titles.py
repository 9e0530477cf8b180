"""What a title says: which table it stands over, which wait band, which month. Never the letter of the table.

In 2024 the letter g stood for "over 52 weeks", in 2025 for "52-104 weeks".
"""

import re
from datetime import date
from typing import Final

from waitlists.domain import TOTAL
from waitlists.errors import BadArgument
from waitlists.ingest.columns import plain, refuse
from waitlists.ingest.sitrep_contract import BANDS, OPEN_BANDS, TABLE_1, TABLE_2, TABLE_3, TABLE_4
from waitlists.periods import parse_month

NON_SUBMISSIONS, ENGLAND_SERIES, ENGLAND_BANDS = TABLE_1.title, TABLE_2.title, TABLE_3.title

_NUMBERED = re.compile(r"^table ?\d\w? ?[:.-]? ?")
_TOTAL = re.compile(r"^total (?:number )?(?:of [a-z]+ )?waiting")
_WAITING = re.compile(r"^number (?:of [a-z]+ )?waiting")
_WEEK_RANGE = re.compile(r"(?:>|over |more than )?(\d+) ?(?:-|to) ?>?(\d+) weeks?")
_OPEN_WEEKS = re.compile(
    r"(?:>|over|more than|greater than) ?(\d+) weeks|(\d+)(?:\+ weeks| weeks (?:and|or) (?:over|more))"
)
_DAY_RANGE = re.compile(r"(\d+) ?(?:-|to) ?(\d+) days")
_MONTH: Final = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?(?: \d{4}| \d{2}\b(?!-)|-(?:\d{4}|\d{2})\b)",
    re.IGNORECASE,
)


def table_in(title: str) -> str | None:
    """The table a title stands over ("Table 4" for every band), None for any other text."""
    text = _NUMBERED.sub("", plain(title))
    if "did not submit" in text:
        return NON_SUBMISSIONS
    if "time series of total" in text:
        return ENGLAND_SERIES
    if "national overview" in text:
        return ENGLAND_BANDS
    return TABLE_4.title if _TOTAL.match(text) or _WAITING.match(text) else None


def band_in(text: str) -> str | None:
    """Label of the wait band a title or heading names, None when it names none that is known.

    The days in brackets have to be those of the weeks: "18-52 weeks (127-364 days)".

    Examples
    --------
    >>> band_in("Number waiting >52-104 weeks (365-728 days) by service, March 2025")
    '>52-104'
    """
    text = _NUMBERED.sub("", plain(text))
    days = _DAY_RANGE.search(text)
    if weeks := _WEEK_RANGE.search(text):
        label, known_days = BANDS.get((int(weeks[1]), int(weeks[2])), (None, (0, 0)))
        agrees = days is None or (int(days[1]), int(days[2])) == known_days
        return label if agrees else None
    if weeks := _OPEN_WEEKS.search(text):
        return None if days else OPEN_BANDS.get(int(weeks[1] or weeks[2]))
    return TOTAL if _TOTAL.match(text) else None


def month_in_title(title: str, sheet: str) -> date | None:
    """Month end a title names, None when it names none.

    Raises
    ------
    FileRefused
        CONTRACT: the title names two months.
    """
    months: set[date] = set()
    for match in _MONTH.findall(title):
        try:
            months.add(parse_month(match))
        except BadArgument:
            continue
    if len(months) > 1:
        refuse(sheet, expected="a title that names one month, not two")
    return months.pop() if months else None
