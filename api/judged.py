"""Lists judged for the board's matrix: the rows of all series of a list, as one kind of reader may see them.

A row is kept without its day, its version and its addresses, which are put in when it is answered: for as long as
nothing else is known of a list, it is the same on every day. Where rows come from is not known here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection

from api.about import About
from api.answers import Body
from api.disclosure.edge import Edge, Exact
from api.found_lists import exact_lists
from api.found_series import Read, every_series, read_lists
from api.paging import Page
from api.shelf import Cells, Row
from api.trends import USUAL, Beside, Rules, links_of, trend_row
from waitlists.organisations import Organisation
from waitlists.services import SERVICES
from waitlists.store.decisions import history_of
from waitlists.store.judged import Place
from waitlists.store.read import DatasetVersion, StoredList
from waitlists.store.unread import Unread
from waitlists.trends.decisions import Recorded, in_force
from waitlists.trends.steps import Incomparable
from waitlists.trends.unbalanced import incomparable

Judged = dict[Place, list[dict[str, Any]]]
"""The rows of each list."""

Known = Mapping[str, Organisation]
"""Organisations by code."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is the same for all lists of a matrix: the day, the version, the organisations, how trends are judged."""

    connection: Connection
    day: date
    version: DatasetVersion | None
    known: Known
    rules: Rules = USUAL

    def about(self, service: str, org: str) -> About:
        """What a question about one of the lists is about."""
        return About(SERVICES[service], self.known[org], self.day, self.version)

    def dated(self, row: Row) -> dict[str, Any]:
        """A row with its day, its version and its addresses."""
        on = self.about(row["service"], row["org"])
        return {**row, "as_of": self.day, "dataset_version": on.dataset_version, "links": links_of(row, on)}


def judged(asking: Asking, edges: Sequence[Edge], lists: Sequence[StoredList], *, source: str | None) -> list[Judged]:
    """The rows of some lists as each edge lets them out, in its table of one source or of whichever has figures."""
    standing = in_force(history_of(asking.connection, as_of=asking.day), asking.day)
    unread = Unread.of(asking.connection, asking.day)
    found: list[Judged] = [{} for _ in edges]
    # Those of one service at a time: what all of them are made of is large.
    for _, several in groupby(sorted(lists, key=_together), key=_together):
        reads: list[Read] = []
        read = cache(partial(_read, asking, tuple(several), reads))
        for edge, rows_of in zip(edges, found, strict=True):
            shown = edge.page(asking.connection, read, source=source)
            for row in _rows(reads, shown.items, asking.rules, standing, unread):
                rows_of.setdefault(Place(row["service"], row["org"], row["source"]), []).append(_plain(row))
    return found


def cells_of(rows: Iterable[Row]) -> Cells:
    """How many rows are of each variation and assurance, and how many of these are a real change."""
    every, real = Counter[tuple[str | None, str | None]](), Counter[tuple[str | None, str | None]]()
    for row in rows:
        cell = row["variation"], row["assurance"]
        every[cell] += 1
        real[cell] += bool(row["real_change"])
    return [[*cell, count, real[cell]] for cell, count in every.items()]


def matrix_of(lists: Iterable[Cells]) -> list[dict[str, Any]]:
    """The cells of all lists together."""
    count, real = Counter[tuple[str | None, str | None]](), Counter[tuple[str | None, str | None]]()
    for variation, assurance, several, changed in (cell for cells in lists for cell in cells):
        count[variation, assurance] += several
        real[variation, assurance] += changed
    return [
        {"variation": cell[0], "assurance": cell[1], "count": count[cell], "real_change": real[cell]}
        for cell in sorted(count, key=lambda cell: tuple(map(str, cell)))
    ]


def _together(row: StoredList) -> tuple[str, str]:
    return row.service, row.source


def _read(asking: Asking, lists: Sequence[StoredList], reads: list[Read]) -> Page:
    """The lists and after them all their series in exact figures; what these are made of is added to `reads`."""
    pairs = [(row, asking.about(row.service, row.org)) for row in lists]
    reads.extend(read_lists(asking.connection, pairs, as_of=asking.day))
    return Page((*exact_lists(asking.connection, pairs, as_of=asking.day), *_exact_series(reads)), None)


def _exact_series(reads: Sequence[Read]) -> Iterator[Exact]:
    for read in reads:
        yield from (read.charted(wanted) for wanted in every_series(read.stored))


def _rows(
    reads: Sequence[Read], shown: Sequence[Body], rules: Rules, standing: Sequence[Recorded], unread: Unread
) -> Iterator[dict[str, Any]]:
    """A row for each series as shown, after the lists as shown that they are of."""
    changes: dict[tuple[str, str], Mapping[str, tuple[Incomparable, ...]]] = {}
    beside: dict[tuple[str, str], Beside] = {}
    for read, listed in zip(reads, shown, strict=False):
        of = read.stored.source, read.stored.service
        if of not in changes:
            changes[of] = incomparable(read.history, read.about.as_of)
        came = changes[of].get(read.stored.org, ())
        awaited = unread.is_awaited(listed["service"], listed["org"], read.stored.source)
        beside[listed["service"], listed["org"]] = Beside(read.about, rules, listed, standing, came, awaited)
    return (trend_row(one, beside[one["service"], one["org"]]) for one in shown[len(reads) :])


def _plain(row: Row) -> dict[str, Any]:
    """A row as it reads back from where it is kept, whether or not it was."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(row))
    return found
