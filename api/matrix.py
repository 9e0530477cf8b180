"""Where the rows of the board's matrix are found: worked out ahead and kept, on this process's shelf, or made now.

All lists are counted in its cells, whichever page is asked for, unless more than a page of them would have to be worked
out: then only those that are at hand. What is kept holds for the version, the days and the code it says, and for the
usual rules alone.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import api
import waitlists
from api.disclosure.edge import Edge
from api.judged import Asking, cells_of, judged
from api.shelf import Line, Shelf
from api.trends import USUAL
from waitlists.sources import Freq
from waitlists.store.judged import Days, KeptList, Place, Stamp, kept_lists, kept_rows, same_days
from waitlists.store.read import StoredList, stored_lists, stored_services

EXACT: Final = "exact"
"""The view of those who see a list exactly; any other is called by the rule that hides small numbers in it."""

ANY_STEP: Final = "any"
"""What a list is kept under that answers where neither source nor step is asked for; else its step."""

MOST_LISTS: Final = 10_000
"""Of one service: more than there are organisations."""

MOST_MADE: Final = 25
"""Lists worked out so that all can be counted, in an answer that need not show them; else those it shows alone."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lists the matrix is of; None for all."""

    service: str | None = None
    org: str | None = None
    source: str | None = None
    freq: Freq | None = None

    def wants(self, one: KeptList) -> bool:
        """Whether a kept list is asked for, and of its source."""
        if self.org not in {None, one.place.org}:
            return False
        if self.source is not None:
            return one.place.source == self.source
        return (self.freq or ANY_STEP) in one.firsts


@dataclass(frozen=True, slots=True)
class Missing:
    """A list asked for that is neither kept nor on the shelf."""

    place: Place
    view: str
    stored: StoredList
    key: Hashable


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix of one caller on one day."""

    asking: Asking
    edge: Edge
    shelf: Shelf

    def listed(self, wanted: Filters) -> list[Line | Missing]:
        """Every list asked for that the caller may know of, in the order of service and organisation."""
        is_mixed = self.edge.is_mixed(self.asking.connection, source=wanted.source)
        services = [wanted.service] if wanted.service else _services(self.asking)
        kept = self._kept(services, is_mixed=is_mixed)
        every = (one for ready in kept.values() for one in ready if wanted.wants(one))
        found: list[Line | Missing] = [Line(one.place, one.view, one.cells) for one in every]
        if others := [service for service in services if service not in kept]:
            days = same_days(self.asking.connection, self.asking.day)
            for service in others:
                found += self._shelved(service, wanted, days, is_mixed=is_mixed)
        return sorted(found, key=lambda one: one.place)

    def lines(
        self, listed: Sequence[Line | Missing], shown: Sequence[Line | Missing], *, source: str | None
    ) -> dict[Place, Line]:
        """The lists that are at hand: all of those listed, or the ones shown with what was worked out before."""
        missing = [one for one in listed if isinstance(one, Missing)]
        if len(missing) > MOST_MADE:
            missing = [one for one in shown if isinstance(one, Missing)]
        found = {one.place: one for one in listed if isinstance(one, Line)}
        (made,) = judged(self.asking, [self.edge], [one.stored for one in missing], source=source)
        for one in missing:
            rows = made[one.place]
            line = found[one.place] = Line(one.place, one.view, cells_of(rows), tuple(rows))
            self.shelf.put(one.key, line)
        return found

    def rows(self, lines: Sequence[Line]) -> Iterator[dict[str, Any]]:
        """The rows of some lines, in their order."""
        read = kept_rows(self.asking.connection, [(line.place, line.view) for line in lines if line.rows is None])
        for line in lines:
            rows = read[line.place, line.view] if line.rows is None else line.rows
            yield from map(self.asking.dated, rows)

    def _view(self, source: str, org: str, *, is_mixed: bool) -> str:
        is_exact = self.edge.sees_exactly(source, org, self.asking.known[org].level, is_mixed=is_mixed)
        return EXACT if is_exact else self.edge.rule.value

    def _kept(self, services: Sequence[str], *, is_mixed: bool) -> Mapping[str, Sequence[KeptList]]:
        """By service of which all lists are kept as this caller may see them, these lists."""
        if self.asking.version is None or self.asking.rules != USUAL:
            return {}
        found: dict[str, dict[Place, dict[str, KeptList]]] = defaultdict(lambda: defaultdict(dict))
        stamp = Stamp(self.asking.version.version, made_by())
        service = services[0] if len(services) == 1 else None
        for one in kept_lists(self.asking.connection, stamp=stamp, day=self.asking.day, service=service):
            found[one.place.service][one.place][one.view] = one
        ready: dict[str, Sequence[KeptList]] = {}
        for name, places in found.items():
            views = {place: self._view(place.source, place.org, is_mixed=is_mixed) for place in places}
            if all(view in places[place] for place, view in views.items()):
                ready[name] = [places[place][view] for place, view in views.items()]
        return ready

    def _shelved(self, service: str, wanted: Filters, days: Days, *, is_mixed: bool) -> Iterator[Line | Missing]:
        """The lists of a service, each as worked out for somebody who sees the same of it, if it was."""
        for one in self.edge.listed(self.asking.connection, lambda: _stored(self.asking, service, wanted)):
            place = Place(one.service, one.org, one.source)
            view = self._view(one.source, one.org, is_mixed=is_mixed)
            key = self.asking.version, days, self.asking.rules, view, place
            yield self.shelf.get(key) or Missing(place, view, one, key)


def _services(asking: Asking) -> list[str]:
    return sorted({service for several in stored_services(asking.connection).values() for service in several})


def _stored(asking: Asking, service: str, wanted: Filters) -> list[StoredList]:
    return stored_lists(
        asking.connection,
        as_of=asking.day,
        service=service,
        org=wanted.org,
        source=wanted.source,
        freq=wanted.freq,
        limit=MOST_LISTS,
    )


@cache
def made_by() -> str:
    """What no other state of the code has: what another has worked out may read otherwise, and is not taken."""
    digest = blake2b(digest_size=32)
    for package in (api, waitlists):
        root = Path(package.__path__[0])
        for file in sorted(root.rglob("*.py")):
            digest.update(f"{file.relative_to(root)}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
