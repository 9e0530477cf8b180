"""Where the rows of the board's matrix are found: worked out ahead and kept, on this process's shelf, or made now.

All lists are counted in its cells, whichever page is asked for. What is kept holds for the version, the days and the
code it says, and for the usual rules alone; any other question is answered by working it out, and is the same answer.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
from waitlists.store.judged import KeptList, Place, Stamp, kept_lists, kept_rows
from waitlists.store.read import StoredList, stored_lists, stored_services

EXACT: Final = "exact"
"""The view of those who see a list exactly; any other is called by the rule that hides small numbers in it."""

ANY_STEP: Final = "any"
"""What a list is kept under that answers where neither source nor step is asked for; else its step."""

MOST_LISTS: Final = 10_000
"""Of one service: more than there are organisations."""


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
class Matrix:
    """The matrix of one caller on one day."""

    asking: Asking
    edge: Edge
    shelf: Shelf

    def lines(self, wanted: Filters) -> list[Line]:
        """Every list asked for that the caller may know of, in the order of service and organisation."""
        is_mixed = self.edge.is_mixed(self.asking.connection, source=wanted.source)
        services = [wanted.service] if wanted.service else _services(self.asking)
        kept = self._kept(services, is_mixed=is_mixed)
        found: list[Line] = []
        for service in services:
            ready = kept.get(service)
            if ready is None:
                found += self._made(service, wanted, is_mixed=is_mixed)
            else:
                found += (Line(one.place, one.view, one.cells) for one in ready if wanted.wants(one))
        return sorted(found, key=lambda line: line.place)

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

    def _made(self, service: str, wanted: Filters, *, is_mixed: bool) -> Iterator[Line]:
        """The lists of a service, worked out unless that was done for somebody who sees the same of them."""
        asking, keys, missing = self.asking, dict[Place, object](), list[StoredList]()
        lines: dict[Place, Line | None] = {}
        for one in self.edge.listed(asking.connection, lambda: _stored(asking, service, wanted)):
            place = Place(one.service, one.org, one.source)
            view = self._view(one.source, one.org, is_mixed=is_mixed)
            keys[place] = asking.version, asking.day, asking.rules, view, place
            lines[place] = self.shelf.get(keys[place])
            if lines[place] is None:
                missing.append(one)
        (found,) = judged(asking, [self.edge], missing, source=wanted.source)
        for place, rows in found.items():
            view = self._view(place.source, place.org, is_mixed=is_mixed)
            line = lines[place] = Line(place, view, cells_of(rows), tuple(rows))
            self.shelf.put(keys[place], line)
        return (line for line in lines.values() if line is not None)


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
