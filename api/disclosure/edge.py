"""One way out for every answer with figures: exact inside the caller's own organisations, disclosed everywhere else.

Figures nobody has published are read past the caller's sight here and nowhere else, and what was read so leaves through
`disclose_rows` alone. A route hands in how its answer is made and how it is hidden, never the answer itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection

from api.disclosure.sheets import Sheets
from api.paging import Page
from waitlists.domain import Level
from waitlists.security.access import Sight
from waitlists.sources import PUBLISHED_SOURCES
from waitlists.store.read import StoredList
from waitlists.store.read_sheets import has_hidden_figures
from waitlists.store.seen import past_sight
from waitlists.suppression import Row, Rule, Shape, disclose_rows
from waitlists.suppression.answers import SUPPRESSED
from waitlists.suppression.sheets import Sheet

Body = Mapping[str, Any]


class Hidden(NamedTuple):
    """What each number of an answer is, the sheet on which its counts stand, and what is told to those others alone."""

    shape: Shape
    sheet: Sheet
    instead: Body = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Lookup:
    """Where to find what may be shown of lists: reads what it is asked for, once."""

    connection: Connection
    kept: Sheets
    rule: Rule
    found: dict[tuple[str, str], dict[date, dict[str, Sheet]]] = field(
        default_factory=dict[tuple[str, str], dict[date, dict[str, Sheet]]], init=False
    )

    def of(self, source: str, service: str, periods: Iterable[date]) -> dict[str, Sheet]:
        """By node, every list of one source and service in some periods."""
        wanted = dict.fromkeys(periods)
        found = self.found.setdefault((source, service), {})
        fresh = [period for period in wanted if period not in found]
        if fresh:
            found |= self.kept.of(self.connection, source=source, service=service, periods=fresh, rule=self.rule)
        return {name: sheet for period in wanted for name, sheet in found[period].items()}


@dataclass(frozen=True, slots=True)
class Exact:
    """An answer in exact figures, whose they are, and how it is hidden from others."""

    body: Body
    source: str
    org: str
    level: Level
    hide: Callable[[Lookup], Hidden]


@dataclass(frozen=True, slots=True)
class Edge:
    """What one caller may see, and by which rule the rest is hidden."""

    sight: Sight
    rule: Rule
    kept: Sheets

    def one(self, connection: Connection, org: str, make: Callable[[], Exact]) -> dict[str, Any]:
        """The answer about one list, as this caller may see it."""
        if self.sight.owns(org):
            return {**make().body, SUPPRESSED: []}
        with past_sight(connection):
            (shown,) = self._disclosed(connection, [make()], is_mixed=False)
        return shown

    def page(self, connection: Connection, make: Callable[[], Page], *, source: str | None) -> Page:
        """A page of answers, which stand in one table; without a `source` it may mix published figures with our own.

        Then published figures below England are rounded too, whether or not this very page holds any of our own: what
        is shown of a figure does not depend on the page it is on.
        """
        return self.page_of(connection, make, is_mixed=self.is_mixed(connection, source=source))

    def page_of(self, connection: Connection, make: Callable[[], Page], *, is_mixed: bool) -> Page:
        """The same of a table of which it is known whether it is mixed."""
        with past_sight(connection):
            made = make()
            return replace(made, items=tuple(self._disclosed(connection, made.items, is_mixed=is_mixed)))

    def listed(self, connection: Connection, read: Callable[[], Iterable[StoredList]]) -> tuple[StoredList, ...]:
        """Which lists there are: for their places alone, since what figures they have leaves by `one` or `page`."""
        with past_sight(connection):
            return tuple(read())

    def is_mixed(self, connection: Connection, *, source: str | None) -> bool:
        """Whether a table of one source, or of whichever has figures, may hold unpublished ones not seen exactly."""
        return source is None and has_hidden_figures(connection, self.sight)

    def mixes(self, lists: Iterable[tuple[str, str]]) -> bool:
        """Whether a table of these lists, by source and organisation, holds unpublished ones not seen exactly."""
        return any(source not in PUBLISHED_SOURCES and not self.sight.owns(org) for source, org in lists)

    def sees_exactly(self, source: str, org: str, level: Level, *, is_mixed: bool) -> bool:
        """Whether a list of an organisation is shown exactly in a table.

        England is exact where it is published; of our own figures it would be the sum of a few providers.
        """
        if source in PUBLISHED_SOURCES:
            return not is_mixed or level == Level.ENGLAND
        return self.sight.owns(org)

    def within_sight(self, stored: StoredList) -> StoredList:
        """A list with what was found about it, as far as the caller may see it of an own list."""
        if not self.sight.owns(stored.org):
            return stored
        seen = tuple(one for one in stored.findings if self.sight.covers(stored.source, one.org))
        return replace(stored, findings=seen)

    def _disclosed(self, connection: Connection, every: Sequence[Exact], *, is_mixed: bool) -> list[dict[str, Any]]:
        lookup = Lookup(connection, self.kept, self.rule)
        shown: list[dict[str, Any]] = [{**one.body, SUPPRESSED: []} for one in every]
        places = [
            place
            for place, one in enumerate(every)
            if not self.sees_exactly(one.source, one.org, one.level, is_mixed=is_mixed)
        ]
        rows = [_row(every[place], lookup) for place in places]
        answers, _ = disclose_rows(rows, rule=self.rule)
        for place, answer in zip(places, answers, strict=True):
            shown[place] = answer
        return shown


def pointers(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is hidden in the items of a page, as pointers from its beginning."""
    return [f"/items/{place}{one}" for place, item in enumerate(items) for one in item[SUPPRESSED]]


def hidden_in(body: Body, place: str) -> list[str]:
    """What is hidden within one part of an answer, as pointers from that part on, without the first stroke."""
    return [one.removeprefix(f"/{place}/") for one in body[SUPPRESSED] if one.startswith(f"/{place}/")]


def _row(one: Exact, lookup: Lookup) -> Row:
    shape, sheet, instead = one.hide(lookup)
    return Row({**one.body, **instead}, shape, Level.PROVIDER, is_published=False, table=sheet.table, plan=sheet.plan)
