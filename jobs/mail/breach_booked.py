"""How many of those about to cross a threshold have an appointment: from referral records, as anybody may see it.

A share alone is told, in tenths: with numbers beside it, those of a board and of its providers could be set against
each other, and a small one be found.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import Connection

from jobs.mail.breach_facts import Figure
from waitlists.organisations import board_of
from waitlists.store.due import BookedDue, booked_due
from waitlists.store.read import StoredList
from waitlists.suppression import Rule
from waitlists.suppression.rules import NOT_SHOWN, is_small, shown_count

SOURCE: Final = "referral_extract"
WEEKS: Final = 4
"""As far ahead as a meeting can still book for."""


@dataclass(frozen=True, slots=True)
class Booked:
    """Who is due and booked in the newest extracts, read once a service for all subscribers."""

    connection: Connection
    rule: Rule
    as_of: date
    kept: dict[tuple[str, date], Mapping[str, BookedDue]] = field(
        default_factory=dict[tuple[str, date], Mapping[str, BookedDue]], init=False
    )

    def share(self, stored: StoredList, standard_id: str, over_days: int) -> Figure | None:
        """Of those on a list who cross a wait in 4 weeks, how many are booked; None where records do not tell it."""
        if stored.source != SOURCE or stored.coverage.missing:
            return None
        found = self._of(stored.service, stored.period_end)
        own = [org for org in found if stored.org in {org, board_of(org, stored.service, self.as_of)}]
        counts = [found[org].get((standard_id, over_days), (0, 0)) for org in own]
        due, booked = (sum(column) for column in zip((0, 0), *counts, strict=True))
        return _told(due, booked, self.rule) if due else None

    def _of(self, service: str, counted_on: date) -> Mapping[str, BookedDue]:
        place = service, counted_on
        if place not in self.kept:
            self.kept[place] = booked_due(self.connection, service=service, counted_on=counted_on, within_weeks=WEEKS)
        return self.kept[place]


def _told(due: int, booked: int, rule: Rule) -> Figure:
    if any(is_small(count, rule) for count in (due, booked, due - booked)):
        return Figure(None, NOT_SHOWN)
    of, part = shown_count(due, rule) or 1, shown_count(booked, rule) or 0
    tenths = min(10, round(10 * part / of))
    return Figure(10 * tenths, {0: "nearly none", 10: "nearly all"}.get(tenths, f"about {tenths} in 10"))
