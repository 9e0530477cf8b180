"""Waiting lists in exact figures, each with what hides it: as they go to the edge."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection

from api.about import About
from api.disclosure.edge import Exact
from api.disclosure.lists import exact_list
from api.views.lists import Shown, waiting_list
from api.views.missing import absent_from
from waitlists.store.read import StoredList, last_known_cells


def exact_lists(connection: Connection, rows: Sequence[tuple[StoredList, About]], *, as_of: date) -> Iterator[Exact]:
    """Some lists in exact figures, each with what hides it."""
    absent = ((row, who) for row, _ in rows for who in absent_from(row))
    cells = last_known_cells(connection, absent, as_of=as_of)
    for row, on in rows:
        shown = Shown(row, on, cells.get((row.source, row.service), {}))
        yield exact_list(shown, waiting_list(shown))
