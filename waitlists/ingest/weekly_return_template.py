"""The weekly return before anyone filled it in: its rows, every count left blank, and how to fill it in, in words."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from waitlists.domain import TOTAL
from waitlists.errors import BadArgument
from waitlists.ingest.sheets import Cell
from waitlists.ingest.weekly_return_words import (
    BAND_LABELS,
    EARLIEST,
    HIGHEST,
    Wrong,
    in_full,
    nearest_sundays,
    provider_in,
)
from waitlists.services import find_service
from waitlists.single_weeks import LAST_WEEK
from waitlists.stages import WAITING_FOR, reasons_of, waits_at

USUAL_SERVICES: Final = ("ASD", "ADHD", "CAMHS", "SALT", "WHEELCHAIR")
"""The services that inspectors named; a template without a choice has these."""

HOW_TO: Final = (
    "Weekly return of children waiting",
    "",
    "Send one file a week, on Monday, about the week that ended on Sunday. Fill in the column count.",
    "",
    f"count: whole numbers from 0 to {HIGHEST:,}. Write 0 where there are none: a band left blank puts its list aside.",
    "A part that you do not keep at all, such as waits for review: leave all its rows blank, or delete them.",
    "waiting: children who wait at the end of Sunday, by how long they have waited, in weeks.",
    "In days: 0-1 is 0 to 7, >1-2 is 8 to 14, >2-4 is 15 to 28, >4-12 is 29 to 84, >12-18 is 85 to 126,",
    ">18-52 is 127 to 364, >52-104 is 365 to 728, >104 is 729 and more.",
    "waiting_for: what the children wait for. Each child stands under one of them.",
    "The row with total in the column band may be left blank. Filled in, it must be what its eight bands add up to.",
    "referrals: children added to the list in the week, Monday to Sunday.",
    "removed: children who left the list in the week, by reason. Seen, assessed, treated and equipment delivered",
    "are those who got what they waited for; every other reason is not.",
    "The list at the end must be the list of the week before, plus referrals, less all removals.",
    f"If you can: single weeks, 0 to {LAST_WEEK} in the column band, in the rows below; they must add up to the list.",
    "A small number that is kept back is written * or <5; exact ones are better, and seen only by those who may.",
    "As a text file: save it as CSV UTF-8; commas, semicolons, tabs or bars may stand between cells.",
    "",
    "Never write a name, an NHS number, a date of birth, a postcode or anything else about one child.",
)
"""What the first sheet of the template says, a line a row."""


def template_rows(*, provider: str, services: Sequence[str], week: date) -> tuple[tuple[Cell, ...], ...]:
    """Rows of a return of a provider's week under the headings of the return, without a count.

    Parameters
    ----------
    provider : code of a provider, or nothing to leave the column open
    week : the Sunday the week ends on

    Raises
    ------
    NotFound
        No service has one of the codes.
    BadArgument
        The provider is none, or the week does not end on a Sunday; the message says what would do.
    """
    sender = _sender(provider)
    if week not in nearest_sundays(week) or week < EARLIEST:
        words = " or ".join(in_full(sunday) for sunday in nearest_sundays(week))
        raise BadArgument(f"a week ends on a Sunday, such as {words}", field="--week")
    chosen = [find_service(service).code for service in dict.fromkeys(services)]
    return tuple(
        (week, sender, service, wait, measure, band, reason, None)
        for service in chosen
        for wait, measure, band, reason in _lines(service)
    )


def _sender(provider: str) -> str | None:
    found = provider_in(provider) if provider else None
    if isinstance(found, Wrong):
        raise BadArgument(found.expected, field="--provider")
    return found


def _lines(service: str) -> list[tuple[str | None, str, str | None, str | None]]:
    """What is waited for (equipment only where the list waits for it), measure, band and reason of each row."""
    is_equipped = "equipment" in waits_at(service, "list")
    waits = [wait for wait in WAITING_FOR if is_equipped or wait != "equipment"]
    return [
        *((wait, "waiting", band, None) for wait in waits for band in (*BAND_LABELS, TOTAL)),
        (None, "referrals", None, None),
        *((None, "removed", None, reason) for reason in reasons_of(service)),
    ]
