"""The words of the weekly return: its columns, and what each cell may say.

One return is one provider's week: children waiting by service, by what they wait for and by wait band, and who came and
left. Words are told by meaning: letter case, blanks and a few spellings do not count; anything else is wrong, with what
to write instead. No message repeats what was found.
"""

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from waitlists.bands import CHS_BANDS
from waitlists.domain import TOTAL, Level
from waitlists.errors import NotFound
from waitlists.ingest.columns import SUPPRESSED, Column, Reading, day_in, plain, read_count
from waitlists.ingest.dated_bands import dated_band
from waitlists.ingest.sheets import Cell
from waitlists.organisations import ORGANISATIONS, find_organisation, organisation_for_name
from waitlists.periods import week_ending
from waitlists.record.schema import REASONS
from waitlists.services import ADULT_SERVICES, SERVICES, find_service
from waitlists.single_weeks import LAST_WEEK
from waitlists.stages import WAITING_FOR

SOURCE: Final = "weekly_return"

HEADINGS: Final = ("week_ending", "provider", "service", "waiting_for", "measure", "band", "reason", "count")
"""The columns, in the order of the template; a file may have them in any."""

COLUMNS: Final = tuple(
    Column(name, frozenset({name, name.replace("_", " "), *more}))
    for name, more in zip(
        HEADINGS,
        (("week",), ("provider code", "ods code"), ("service code",), (), (), ("wait band",), (), ("number",)),
        strict=True,
    )
)

BAND_LABELS: Final = tuple(band.label for band in CHS_BANDS)
MEASURES: Final = ("waiting", "referrals", "removed")
WORDS: Final = frozenset({*BAND_LABELS, TOTAL, *MEASURES, *WAITING_FOR, *REASONS, *SERVICES})
"""What a return may say, as the lists say that the template lets people choose from."""

HIGHEST: Final = 500_000
"""No provider has so long a list; a count beyond it is a slipped digit."""

EARLIEST: Final = date(2015, 1, 4)
LONGEST_WORD: Final = 120
"""No code or name is longer; near names of a page of text would be looked for long."""


_BANDS: Final = {
    **{label: label for label in BAND_LABELS},
    **{label.lstrip(">"): label for label in BAND_LABELS if "-" in label},
    **dict.fromkeys((">104", "104+", "over104"), ">104"),
    **dict.fromkeys((TOTAL, "all"), TOTAL),
}
_SINGLE_WEEK: Final = re.compile(r"([0-9]{1,3})(?:\.0)?(\+?)")
_SUPPRESSED: Final = re.compile(
    r"(?:<=?|\u2264|less than|fewer than|under|up to)\s*[0-9]{1,2}|[0-9]{1,2} or (?:fewer|less)"
)
_DAY_NUMBER: Final = re.compile("[2-7][0-9]{4}")

_once: Final = lru_cache(maxsize=512, typed=True)
"""A return of a hundred thousand rows has a few hundred different cells in all columns but its counts."""


class Wrong(NamedTuple):
    """A cell that cannot be used: a stable word, its column, and what should stand there."""

    code: str
    column: str
    expected: str


@_once
def week_in(cell: Cell, *, uses_1904: bool) -> date | Wrong:
    """The Sunday a week ended on; for another day the two Sundays nearest to it are named."""
    day = day_in(cell, uses_1904=uses_1904)
    if day is None:
        is_number = _DAY_NUMBER.fullmatch(plain(cell)) is not None
        hint = "; this is a spreadsheet's day number, give it the format Date" * is_number
        return Wrong("week_unclear", "week_ending", f"expected the Sunday the week ended on, such as 2026-11-15{hint}")
    if not EARLIEST <= day < date.max - timedelta(days=7):
        return Wrong("week_out_of_range", "week_ending", f"expected a Sunday from {in_full(EARLIEST)} on")
    nearest = nearest_sundays(day)
    if day not in nearest:
        words = " and ".join(in_full(sunday) for sunday in nearest)
        return Wrong("week_not_sunday", "week_ending", f"expected a Sunday; the nearest are {words}")
    return day


def nearest_sundays(day: date) -> tuple[date, ...]:
    """The Sundays just before and after a day; of a Sunday itself alone."""
    sunday = week_ending(day)
    return (day,) if day == sunday else (sunday - timedelta(days=7), sunday)


def in_full(day: date) -> str:
    """A day as a sentence says it: 15 November 2026."""
    return f"{day.day} {day:%B %Y}"


def provider_in(cell: Cell) -> str | Wrong:
    """Code of a provider or council, by its code or by exactly its name."""
    return _provider("" if cell is None else str(cell).strip()[:LONGEST_WORD])


@lru_cache(maxsize=1024)
def _provider(text: str) -> str | Wrong:
    code = text if text in ORGANISATIONS else text.upper()
    by_name = organisation_for_name(text, Level.PROVIDER) if code not in ORGANISATIONS else None
    try:
        organisation = find_organisation(by_name or code)
    except NotFound as error:
        return Wrong("unknown_provider", "provider", "expected the ODS code of a known provider" + _near(error, _named))
    if organisation.level not in {Level.PROVIDER, Level.LOCAL_AUTHORITY}:
        return Wrong("not_a_provider", "provider", "expected a provider; this code is no provider's")
    return organisation.code


def service_in(cell: Cell) -> str | Wrong:
    """Code of a service, in capital letters or not, or by exactly its name."""
    return _service(plain(cell).replace("&", "and")[:LONGEST_WORD])


@lru_cache(maxsize=1024)
def _service(text: str) -> str | Wrong:
    code = _BY_LABEL.get(text) or text.upper().replace(" ", "_")
    try:
        found = find_service(code)
    except NotFound as error:
        hint = _near(error, {code: words for code, words in _labelled.items() if code not in ADULT_SERVICES})
        return Wrong("unknown_service", "service", f"expected the code of a service{hint}")
    if found.age_group == "adults":
        return Wrong("unknown_service", "service", "expected a service for children; leave out lists of adults")
    return found.code


@_once
def measure_in(cell: Cell) -> str | Wrong:
    """What is counted."""
    word = _word(cell)
    word = "removed" if word == "removals" else word
    return word if word in MEASURES else Wrong("unknown_measure", "measure", f"expected {_either(MEASURES)}")


@_once
def waiting_for_in(cell: Cell) -> str | Wrong:
    """What is waited for."""
    word = _word(cell)
    return (
        word if word in WAITING_FOR else Wrong("unknown_waiting_for", "waiting_for", f"expected {_either(WAITING_FOR)}")
    )


@_once
def band_in(cell: Cell) -> str | Wrong:
    """A wait band by its label, `total`, or a single week from "0" to "260"."""
    text = re.sub(r"weeks?", "", plain(cell)).replace(" to ", "-").replace(" ", "")
    if text in _BANDS:
        return _BANDS[text]
    week = _SINGLE_WEEK.fullmatch(text)
    if week and int(week[1]) <= LAST_WEEK and (not week[2] or int(week[1]) == LAST_WEEK):
        return str(int(week[1]))
    if (instead := dated_band(cell)) is not None:
        return Wrong("dated_band", "band", f"expected {instead}")
    return Wrong(
        "unknown_band", "band", f"expected {_either(BAND_LABELS)}, total, or a single week from 0 to {LAST_WEEK}"
    )


@_once
def reason_in(cell: Cell) -> str | Wrong:
    """Why children left the list, or `total`."""
    word = _word(cell)
    known = word in REASONS or word == TOTAL
    return word if known else Wrong("unknown_reason", "reason", f"expected {_either(REASONS)}")


def count_in(cell: Cell) -> Reading | Wrong:
    """A count, nothing, or a count the sender kept back: `*`, `<5`, `fewer than 8`."""
    if isinstance(cell, str) and _SUPPRESSED.fullmatch(plain(cell)):
        return SUPPRESSED
    reading = read_count(cell, highest=HIGHEST)
    if reading is None or reading.marker is None:
        return Wrong(
            "count_unclear",
            "count",
            f"expected a whole number from 0 to {HIGHEST:,} in digits; write 0 where there are none, nothing where you "
            "do not know, * where it is kept back",
        )
    return reading


def _word(cell: Cell) -> str:
    return plain(cell).replace(" ", "_").replace("-", "_")


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _near(error: NotFound, named: dict[str, str]) -> str:
    near = [named[code] for code in error.near if code in named]
    return f"; near: {', '.join(near[:3])}" if near else ""


_named: Final = {code: f"{code} ({organisation.name})" for code, organisation in ORGANISATIONS.items()}
_BY_LABEL: Final = {plain(service.label): code for code, service in SERVICES.items()}
_labelled: Final = {code: f"{code} ({service.label})" for code, service in SERVICES.items()}
