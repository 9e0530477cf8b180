"""What the parts of a page share: a picture with its table, names within a page, and addresses of the same question."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from api import words
from api.answers import Body
from api.disclosure.said import ROUNDED
from forecasting.warnings.words import over_words
from waitlists.charts import Table, shown
from waitlists.standards import find_standard, last_day_within

NOT_SHOWN: Final = "not shown"
NOT_KNOWN: Final = "not known"

NEWEST: Final = {"W": 52, "M": 60}
"""Points that a table and a narrow chart hold: a year of weeks, five years of months."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart for wide and for narrow screens, and the table of its numbers."""

    wide: str
    narrow: str
    table: Table


def number(value: float | None, *, is_hidden: bool) -> str:
    """A number of children, or why it is not there."""
    return NOT_SHOWN if is_hidden else NOT_KNOWN if value is None else shown(value, "people")


def plain(sentence: str) -> str:
    """A sentence without what the page says once of all.

    >>> plain(f"40 wait. {ROUNDED} {words.SYNTHETIC}")
    '40 wait.'
    """
    return " ".join(sentence.replace(words.SYNTHETIC, "").replace(ROUNDED, "").split())


def standard_name(standard_id: str) -> str:
    """A standard as a heading names it, by what it asks for.

    >>> standard_name("CHS_18W"), standard_name("CYPMH_4W"), standard_name("CYPED_URGENT")
    ('waiting within 18 weeks', 'waiting less than 4 weeks', 'waiting within 1 week')
    """
    standard = find_standard(standard_id)
    weeks = standard.threshold_days // 7
    return f"waiting {'within' if standard.within == 'le' else 'less than'} {weeks} week{'s' * (weeks != 1)}"


def waits_over(standard_id: str) -> str:
    """Waits that are not within a standard, as a warning names them.

    >>> waits_over("CHS_18W"), waits_over("CYPMH_4W")
    ('waits over 18 weeks', 'waits of 4 weeks or more')
    """
    over = over_words(last_day_within(find_standard(standard_id)))
    return f"waits {over}" if over.startswith("over") else f"waits of {over}"


def standard_source(standard_id: str) -> str:
    """The standard in its own words, and who sets it."""
    standard = find_standard(standard_id)
    return f"{standard.label}. Source: {standard.authority}."


def place_of(body: Body) -> str:
    """The part of an address that names a list."""
    return f"{quote(body['service'], safe='')}/{quote(body['org'], safe='')}"


def same_question(body: Body, **more: str) -> str:
    """The rest of an address that asks for the same day and source."""
    return urlencode({"as_of": body["as_of"].isoformat(), "source": body["source"], **more})


def ident_of(body: Body, *more: str) -> str:
    """A name within a page, distinct by list and by what else is given."""
    return "-".join(part.lower() for part in (body["service"], body["org"], *more) if part)
