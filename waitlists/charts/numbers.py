"""Numbers and dates as a chart and its table write them: one way for both, so that each can be found in the other."""

from datetime import date
from typing import Final

from waitlists.trends.measures import Unit, said

NOTHING: Final = "no figure"


def shown(value: float | None, unit: Unit) -> str:
    """A value in its unit, as the sentence beside it says it.

    >>> shown(1234.4, "people"), shown(0.724, "share"), shown(18.5, "weeks"), shown(None, "people")
    ('1,234', '72.4%', '18.5 weeks', 'no figure')
    """
    return NOTHING if value is None else said(value, unit)


def short(value: float, unit: Unit) -> str:
    """A value on an axis, where weeks are told by what is measured."""
    return said(value, unit).removesuffix(" weeks")


def day_in_words(day: date) -> str:
    """A day in full.

    >>> day_in_words(date(2026, 3, 31))
    '31 March 2026'
    """
    return f"{day.day} {day:%B %Y}"


def day_on_axis(day: date, *, is_monthly: bool) -> str:
    """A day as short as an axis needs it."""
    return f"{day:%b %Y}" if is_monthly else f"{day.day} {day:%b %Y}"
