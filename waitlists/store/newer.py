"""Whether figures are newer than an answer that was worked out from figures and stored.

Days alone do not tell: a load and the forecast that follows it may be of one day. The dataset versions do, since
whatever is worked out is published with the figures that it was worked out from, as a week is, or after them. Of a week
it is kept which version it was worked out from, as somebody may load a file meanwhile.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from waitlists.store import tables
from waitlists.store.latest import Wanted, latest_lists
from waitlists.store.stored import StoredVintage
from waitlists.store.warnings import Assessed, KeptWarning

SEEN: Final = "seen"
"""The entry of a run's summary that holds the version it was worked out from."""


@dataclass(frozen=True, slots=True)
class Worked:
    """For which day an answer was worked out, and the version that published it, or that it was worked out from.

    No version: it is about to be published. `run_id` is the run whose own files it has seen, whichever published them.
    """

    as_of: date
    version: int | None
    run_id: int | None = None


class Shown(NamedTuple):
    """The figures that a list is shown from: their source and period, and whether a warning of it has not seen them."""

    source: str
    period_end: date
    is_newer: bool


def worked(connection: Connection, *, run_id: int | None, as_of: date) -> Worked:
    """What a run worked out for a day; no run is one that is at it."""
    version, run = tables.dataset_version, tables.run
    seen = connection.execute(select(run.c.summary[SEEN].as_integer()).where(run.c.id == run_id)).scalar()
    if seen is not None:
        return Worked(as_of, seen, run_id)
    newest = select(func.max(version.c.version)).where(version.c.run_id == run_id)
    return Worked(as_of, connection.execute(newest).scalar())


def is_newer(connection: Connection, vintage: StoredVintage, than: Worked) -> bool:
    """Whether a vintage was known later than an answer, or published after it."""
    return vintage.delivery_id in _later(connection, {vintage.delivery_id}, than) or vintage.known_from > than.as_of


def came_since(connection: Connection, version: int) -> bool:
    """Whether readers were shown another file after a version."""
    delivery, published = tables.delivery, tables.dataset_version
    files = select(delivery.c.id).join(published, published.c.run_id == delivery.c.run_id)
    return connection.execute(files.where(published.c.version > version).limit(1)).first() is not None


def shown_beside(
    connection: Connection, kept_in: Assessed, warnings: Sequence[KeptWarning], *, as_of: date
) -> dict[str, Shown]:
    """By warning of an assessment, what its list is shown from on a day, where that is not what the warning has seen.

    It may be newer, or of another source: of records and returns of one list the newer and fuller answer.
    """
    than = worked(connection, run_id=kept_in.run_id, as_of=kept_in.as_of)
    if not _is_any_newer(connection, than, as_of):
        return {}
    pairs = sorted({(one.service, one.org) for one in warnings})
    newest = {one.place[1:]: one.vintage for one in latest_lists(connection, pairs, as_of, Wanted())}
    later = _later(connection, {vintage.delivery_id for vintage in newest.values()}, than)
    found: dict[str, Shown] = {}
    for one in warnings:
        vintage = newest.get((one.service, one.org))
        if vintage is None:
            continue
        shown = Shown(
            vintage.source, vintage.period_end, vintage.delivery_id in later or vintage.known_from > than.as_of
        )
        if shown.is_newer or shown.source != one.source:
            found[one.warning] = shown
    return found


def _is_any_newer(connection: Connection, than: Worked, as_of: date) -> bool:
    """Whether there is any newer vintage: nearly always there is none, and no list has to be looked up."""
    vintage = tables.vintage
    known_later = select(vintage.c.id).where(vintage.c.known_from > than.as_of, vintage.c.known_from <= as_of)
    if connection.execute(known_later.limit(1)).first() is not None:
        return True
    return than.version is not None and came_since(connection, than.version)


def _later(connection: Connection, deliveries: Collection[int], than: Worked) -> frozenset[int]:
    """Deliveries among some that readers were first shown after the answer."""
    if than.version is None:
        return frozenset()
    delivery, version = tables.delivery, tables.dataset_version
    query = (
        select(delivery.c.id)
        .join(version, version.c.run_id == delivery.c.run_id)
        .where(delivery.c.id.in_(deliveries), delivery.c.run_id.is_distinct_from(than.run_id))
        .group_by(delivery.c.id)
        .having(func.min(version.c.version) > than.version)
    )
    return frozenset(connection.execute(query).scalars())
