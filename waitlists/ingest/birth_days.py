"""Whether the days of a column are those on which children were born, by the days on which they were referred.

A child is born years before it is referred, and on any day of the week; what clinics, schools and offices do years
before lies on working days. What falls on any day, as visits to an emergency department do, falls mostly in the last
year; children are not mostly referred in their first. No form is declared for a column that nobody asked for, so its
days are read as people usually write them; numbers that a spreadsheet has for days are not told from any others.
"""

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from waitlists.ingest.referral_dates import DAY_ZERO, UNREADABLE, day_reader

FEWEST = 30
"""Different days by which a column is judged: so many working days are told from any days of the week."""

BEFORE = 0.95
"""Share of them that lie before the referral; a few referrals are of unborn children, or mistyped."""

OLDEST = 26 * 366
"""Days of the oldest on a list of children and young people."""

USUAL = 365
"""Days from birth to referral of every second child at least."""

WEEKENDS = 0.12
"""Share of them on Saturdays and Sundays; two days in seven are, and of working days nearly none."""

FALLING = 1.1
"""Referrals in the first year for each of the second, beyond chance, from which days are no births."""

_SATURDAY = 2
"""Days since 1970-01-01, a Thursday, modulo 7."""

_FORMS = ("DD-MM-YYYY", "DD-MMM-YYYY", "MM-DD-YYYY", "YYYYMMDD")
_SPELT = re.compile(
    r"\s*([0-9]{1,2}|[0-9]{4})[/. -]([0-9]{1,2}|[A-Za-z]{3})[a-z]*[/. -]([0-9]{4}|[0-9]{1,2})(?:[T ][0-9:.]+)?\s*"
)

_Days = npt.NDArray[np.int64]


def are_birth_days(cells: Sequence[str], received: Sequence[str], *, forms: Sequence[str]) -> bool:
    """Whether texts are birth days beside the days on which their rows' referrals were received.

    Parameters
    ----------
    forms : date formats that either may be written in; ISO days are always read
    """
    referred = max((_read(form, received) for form in forms), key=_readable)
    newest = date.fromordinal(DAY_ZERO + int(referred.max(initial=0))).year
    usual = [_usual(text, newest) for text in cells]
    born = max((*(_read(form, cells) for form in forms), *(_read(form, usual) for form in _FORMS)), key=_readable)
    is_pair = (born > UNREADABLE) & (referred > UNREADABLE)
    if len(np.unique(born[is_pair])) < FEWEST or 2 * _readable(born) < len(born):
        return False
    age = (referred - born)[is_pair]
    is_weekend = (born[is_pair] - _SATURDAY) % 7 < 2
    is_before = (age >= 0) & (age <= OLDEST)
    first, second = (int(((age >= year) & (age < year + 365)).sum()) for year in (0, 365))
    return bool(
        is_before.mean() >= BEFORE
        and np.median(age) >= USUAL
        and first <= FALLING * second + 2 * np.sqrt(second + 1)
        and is_weekend.mean() >= WEEKENDS
    )


def _usual(text: str, newest: int) -> str:
    """A text with marks of one kind and a year of four figures, none after the newest, where it is like a day."""
    match = _SPELT.fullmatch(text)
    if match is None:
        return text
    first, month, last = match.groups()
    if len(first) < 4 and len(last) < 4:
        year = 2000 + int(last)
        last = str(year if year <= newest else year - 100)
    return f"{first}-{month}-{last}"


def _read(form: str, texts: Sequence[str]) -> _Days:
    return np.array(day_reader(form)(texts), np.int64)


def _readable(days: _Days) -> int:
    return int((days > UNREADABLE).sum())
