"""Which deliveries stand behind the sums of boards and behind lists counted from records.

Both are kept with the last file that changed them, which may be anybody's, and are not its figures.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, func, select

from waitlists.domain import TOTAL
from waitlists.organisations import board_of
from waitlists.sources import COUNTED_SOURCES, PUBLISHED_SOURCES
from waitlists.store import tables
from waitlists.store.asked import Place, asked_now, places_to_ask
from waitlists.store.in_force import counts_on
from waitlists.store.stored import StoredVintage

Senders = Mapping[str, set[int]]
"""Deliveries that a figure was made from, by who sent them."""


def files_behind(connection: Connection, lists: Iterable[tuple[StoredVintage, Place]]) -> dict[Place, tuple[int, ...]]:
    """The deliveries that each sum or count was made from, as known when it was made; any other list is not named.

    Of a sum the files of its parts. Of a count from records the newest delivery of each provider: it brought them to
    the state in which they were counted.
    """
    own = {place: vintage for vintage, place in lists if vintage.source not in PUBLISHED_SOURCES}
    found: dict[Place, Senders] = dict(_sent_to(connection, [place for place, one in own.items() if not one.scope]))
    found |= {place: {place[2]: {one.delivery_id}} for place, one in own.items() if _is_counted(one) and one.scope}
    newest = _newest(connection, {one.known_from for one in own.values() if _is_counted(one)})
    return {
        place: tuple(sorted(_as_counted(senders, own[place], newest) if _is_counted(own[place]) else _every(senders)))
        for place, senders in found.items()
    }


def _is_counted(vintage: StoredVintage) -> bool:
    return vintage.source in COUNTED_SOURCES


def _every(senders: Senders) -> set[int]:
    return set[int]().union(*senders.values())


def _as_counted(senders: Senders, vintage: StoredVintage, newest: Mapping[tuple[date, str], int]) -> set[int]:
    """A period counted as of before the first delivery of its records is known with that one."""
    return {newest.get((vintage.known_from, sender), max(numbers)) for sender, numbers in senders.items()}


def _newest(connection: Connection, days: Iterable[date]) -> dict[tuple[date, str], int]:
    """The newest delivery of every provider's records known on each day."""
    table = tables.referral_delivery
    query = select(table.c.provider, func.max(table.c.delivery_id)).group_by(table.c.provider)
    return {
        (day, provider): number
        for day in days
        for provider, number in connection.execute(query.where(table.c.known_from <= day))
    }


def _sent_to(connection: Connection, sums: list[Place]) -> Mapping[Place, Senders]:
    """The deliveries of the parts of each sum."""
    if not sums:
        return {}
    found: dict[Place, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in connection.execute(_parts_query(connection.dialect.name), asked_now(sums)):
        if board_of(row.sender, row.service, row.period_end) == row.org:
            found[row.vintage_id, row.service, row.org][row.sender].add(row.delivery_id)
    return found


@lru_cache(maxsize=2)
def _parts_query(engine: str) -> Select[*tuple[Any, ...]]:
    whole, part = tables.vintage.alias("whole"), tables.vintage.alias("part")
    series, figure, asked = tables.series, tables.figure, places_to_ask(engine)
    is_list = exists().where(figure.c.series_id == series.c.id, figure.c.vintage_id == part.c.id)
    return (
        select(asked, series.c.org.label("sender"), part.c.period_end, part.c.delivery_id)
        .join(whole, whole.c.id == asked.c.vintage_id)
        .join(part, and_(part.c.source == whole.c.source, part.c.period_end == whole.c.period_end))
        .join(series, and_(series.c.source == whole.c.source, series.c.service == asked.c.service))
        .where(part.c.scope.in_([series.c.org, series.c.org + "/" + series.c.service]))
        .where(series.c.kind == "waiting", series.c.band == TOTAL, is_list)
        .where(counts_on(whole.c.known_from, part))
    )
