"""How many files stand behind the sums of boards: a sum is kept with the last file that changed it, and is not its."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection, and_, exists, select

from waitlists.domain import TOTAL
from waitlists.organisations import board_of
from waitlists.sources import PUBLISHED_SOURCES
from waitlists.store import tables
from waitlists.store.asked import Place, asked_places
from waitlists.store.in_force import counts_on
from waitlists.store.stored import StoredVintage


def files_behind(connection: Connection, lists: Iterable[tuple[StoredVintage, Place]]) -> dict[Place, int]:
    """The files that senders' parts of each sum came in, as known when it was made; published lists are not named."""
    sums = [place for vintage, place in lists if not vintage.scope and vintage.source not in PUBLISHED_SOURCES]
    if not sums:
        return {}
    whole, part = tables.vintage.alias("whole"), tables.vintage.alias("part")
    series, figure, asked = tables.series, tables.figure, asked_places(connection, sums)
    is_list = exists().where(figure.c.series_id == series.c.id, figure.c.vintage_id == part.c.id)
    query = (
        select(asked, series.c.org.label("sender"), part.c.period_end, part.c.delivery_id)
        .join(whole, whole.c.id == asked.c.vintage_id)
        .join(part, and_(part.c.source == whole.c.source, part.c.period_end == whole.c.period_end))
        .join(series, and_(series.c.source == whole.c.source, series.c.service == asked.c.service))
        .where(part.c.scope.in_([series.c.org, series.c.org + "/" + series.c.service]))
        .where(series.c.kind == "waiting", series.c.band == TOTAL, is_list)
        .where(counts_on(whole.c.known_from, part))
    )
    files: dict[Place, set[int]] = defaultdict(set)
    for row in connection.execute(query):
        if board_of(row.sender, row.service, row.period_end) == row.org:
            files[row.vintage_id, row.service, row.org].add(row.delivery_id)
    return {place: len(found) for place, found in files.items()}
