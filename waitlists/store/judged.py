"""Trends of lists worked out ahead of the question, kept with all that they hold for: version, code, days and view.

What does not hold any more is not found, so whoever asks works it out anew; nothing here can be out of date.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, tuple_, union_all, update

from waitlists.store import tables
from waitlists.store.judged_from import made_from
from waitlists.store.tables_judged import judged_list as table
from waitlists.store.unread import days_of_unread

Row = Mapping[str, Any]


class Stamp(NamedTuple):
    """What trends were worked out from: the version, and by which state of the code."""

    dataset_version: int
    made_by: str


class Days(NamedTuple):
    """The days on which the same was known: from one on, to the one before `until`; None is for good."""

    since: date
    until: date | None


class Origin(NamedTuple):
    """All that trends of a service were worked out from, as a digest, and the days on which it was the same."""

    made_from: str
    days: Days


class Place(NamedTuple):
    """A list as one source has it."""

    service: str
    org: str
    source: str


class KeptList(NamedTuple):
    """One list as one kind of reader may see it: how many of its series fall in each cell of the matrix.

    `firsts` are the steps of which this is the source that answers first.
    """

    place: Place
    view: str
    firsts: frozenset[str]
    cells: Sequence[Sequence[Any]]


def same_days(connection: Connection, day: date) -> Days:
    """The days around one on which no figure, finding or decision came to be known or went, nor a file left unread."""
    columns = (
        tables.vintage.c.known_from, tables.finding.c.known_from, tables.finding.c.known_until,
        tables.decision.c.known_from,
    )  # fmt: skip
    changes = union_all(*(select(column.label("day")).where(column.is_not(None)).distinct() for column in columns))
    changed, others = changes.subquery(), days_of_unread(connection)
    since = connection.execute(select(func.max(changed.c.day)).where(changed.c.day <= day)).scalar()
    until = connection.execute(select(func.min(changed.c.day)).where(changed.c.day > day)).scalar()
    before = [one for one in (since, *others) if one is not None and one <= day]
    after = [one for one in (until, *others) if one is not None and one > day]
    return Days(max(before, default=day), min(after, default=None))


def origin_of(connection: Connection, service: str, day: date) -> Origin:
    """What trends of a service are worked out from that are worked out in this transaction."""
    return Origin(made_from(connection, service, day), same_days(connection, day))


def keep_judged(
    connection: Connection,
    service: str,
    lists: Iterable[tuple[KeptList, Sequence[Row]]],
    *,
    stamp: Stamp,
    origin: Origin,
) -> None:
    """Keep the lists of a service with the rows of their series, in the place of what was kept of it before."""
    connection.execute(delete(table).where(table.c.service == service))
    rows = [
        {
            **one.place._asdict(),
            **stamp._asdict(),
            **origin.days._asdict(),
            "made_from": origin.made_from,
            "view": one.view,
            "firsts": sorted(one.firsts),
            "cells": one.cells,
            "trends": trends,
        }
        for one, trends in lists
    ]
    if rows:
        connection.execute(insert(table), rows)


def kept_lists(connection: Connection, *, stamp: Stamp, day: date, service: str | None = None) -> list[KeptList]:
    """What is kept that holds on a day, of one service or of all, in all views and without rows."""
    query = select(table.c.service, table.c.org, table.c.source, table.c.view, table.c.firsts, table.c.cells)
    query = query.where(table.c.dataset_version == stamp.dataset_version, _holds(stamp.made_by, day))
    if service is not None:
        query = query.where(table.c.service == service)
    found = connection.execute(query)
    return [KeptList(Place(*row[:3]), row.view, frozenset(row.firsts), row.cells) for row in found]


def kept_rows(connection: Connection, asked: Collection[tuple[Place, str]]) -> dict[tuple[Place, str], Sequence[Row]]:
    """The rows of some kept lists, each in its view; to be asked in the transaction that found them."""
    if not asked:
        return {}
    place = tuple_(table.c.service, table.c.org, table.c.source, table.c.view)
    query = select(table.c.service, table.c.org, table.c.source, table.c.view, table.c.trends)
    found = connection.execute(query.where(place.in_([(*of, view) for of, view in asked])))
    return {(Place(*row[:3]), row.view): row.trends for row in found}


def forget_judged(connection: Connection, services: Collection[str]) -> None:
    """Drop what is kept of some services, of which something is to be said that no version publishes."""
    if services:
        connection.execute(delete(table).where(table.c.service.in_(sorted(services))))


def carry_over(connection: Connection, version: int, *, but: str | None = None) -> None:
    """Let what held for the version before hold for a new one, which changes no trend, or those of one service."""
    if but is not None:
        connection.execute(delete(table).where(table.c.service == but))
    is_last = table.c.dataset_version == version - 1
    connection.execute(update(table).where(is_last).values(dataset_version=version))


def carry_unchanged(connection: Connection, *, stamp: Stamp, day: date) -> None:
    """Let what was worked out for a version before hold for this one, where it would be from the very same."""
    of = select(table.c.service, table.c.made_from).where(_holds(stamp.made_by, day)).distinct()
    for service, origin in connection.execute(of.where(table.c.dataset_version != stamp.dataset_version)).all():
        if origin == made_from(connection, service, day):
            same = and_(table.c.service == service, table.c.made_from == origin, _holds(stamp.made_by, day))
            connection.execute(update(table).where(same).values(dataset_version=stamp.dataset_version))


def _holds(made_by: str, day: date) -> ColumnElement[bool]:
    is_on = and_(table.c.since <= day, or_(table.c.until.is_(None), table.c.until > day))
    return and_(table.c.made_by == made_by, is_on)
