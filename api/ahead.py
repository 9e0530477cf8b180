"""The board's matrix worked out ahead of the question: what every list shows to those who see it exactly and to others.

A command does it after it has published; without it the first to ask waits. It goes by the ways that answer questions,
so nothing is kept that would not have been answered.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Engine

from api.disclosure.edge import Edge
from api.disclosure.sheets import Sheets
from api.judged import Asking, cells_of, judged
from api.matrix import ANY_STEP, EXACT, MOST_LISTS, made_by
from api.names import every_organisation
from api.shelf import Row
from waitlists.security.access import EVERYTHING, NOTHING_UNPUBLISHED
from waitlists.store.judged import KeptList, Place, Stamp, carry_unchanged, keep_judged, kept_lists, origin_of
from waitlists.store.read import StoredList, latest_version, stored_lists, stored_services
from waitlists.store.read_sheets import has_hidden_figures
from waitlists.store.session import reading, writing
from waitlists.suppression import Rule


def keep_ahead(engine: Engine, rule: Rule, *, day: date, on_done: Callable[[int, int], None]) -> int:
    """Work out and keep the matrix of every service of which it is not kept; of how many that was.

    Parameters
    ----------
    on_done
        Told how many services are done, and of how many.
    """
    todo = _not_kept(engine, rule, day)
    for done, service in enumerate(todo, 1):
        with reading(engine) as connection:
            asking = _asking(connection, day)
            lists = list(_judged(asking, service, rule))
            stamp, origin = _stamp(asking), origin_of(connection, service, day)
        with writing(engine) as connection:
            keep_judged(connection, service, lists, stamp=stamp, origin=origin)
        on_done(done, len(todo))
    return len(todo)


def _not_kept(engine: Engine, rule: Rule, day: date) -> list[str]:
    """Services of which anything is stored that are not kept as they are now, in every view that somebody has."""
    with writing(engine) as connection:
        carry_unchanged(connection, stamp=_stamp(_asking(connection, day)), day=day)
    with reading(engine) as connection:
        asking = _asking(connection, day)
        if asking.version is None:
            return []
        views = _edges(connection, rule).keys()
        found: dict[str, set[str]] = defaultdict(set)
        for one in kept_lists(connection, stamp=_stamp(asking), day=day):
            found[one.place.service].add(one.view)
        services = {service for several in stored_services(connection).values() for service in several}
    return sorted(service for service in services if not views <= found[service])


def _asking(connection: Connection, day: date) -> Asking:
    known = {one.code: one for one in every_organisation(connection)}
    return Asking(connection, day, latest_version(connection), known)


def _stamp(asking: Asking) -> Stamp:
    return Stamp(asking.version.version if asking.version else 0, made_by())


def _edges(connection: Connection, rule: Rule) -> Mapping[str, Edge]:
    """By view who has it: without figures of our own everybody sees all lists exactly."""
    everyone = Edge(EVERYTHING, rule, Sheets())
    if not has_hidden_figures(connection, NOTHING_UNPUBLISHED):
        return {EXACT: everyone}
    return {EXACT: everyone, rule.value: replace(everyone, sight=NOTHING_UNPUBLISHED)}


def _judged(asking: Asking, service: str, rule: Rule) -> Iterator[tuple[KeptList, Sequence[Row]]]:
    """Every list of a service, from each source and in each view, with its rows."""
    firsts: dict[Place, set[str]] = defaultdict(set)
    for step, asked in _STEPS.items():
        for one in _lists(asking, service, asked):
            firsts[Place(one.service, one.org, one.source)].add(step)
    every = [
        one
        for source, services in stored_services(asking.connection).items()
        if service in services
        for one in _lists(asking, service, {"source": source})
    ]
    edges = _edges(asking.connection, rule)
    for view, found in zip(edges, judged(asking, list(edges.values()), every, source=None), strict=True):
        for place, rows in found.items():
            yield KeptList(place, view, frozenset(firsts[place]), cells_of(rows)), rows


_STEPS: Final[Mapping[str, Mapping[str, Any]]] = {ANY_STEP: {}, "W": {"freq": "W"}, "M": {"freq": "M"}}


def _lists(asking: Asking, service: str, asked: Mapping[str, Any]) -> list[StoredList]:
    return stored_lists(asking.connection, as_of=asking.day, service=service, limit=MOST_LISTS, **asked)
