"""Lists by wait band as some vintages say them, which are most of all figures and seldom wanted."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select

from waitlists.domain import TOTAL
from waitlists.quality.presence import Line
from waitlists.store import tables

_ASKED_AT_ONCE: Final = 5_000
"""Numbers in one question: an engine takes only so many."""


def bands_of_lists(connection: Connection, vintages: Sequence[int]) -> dict[tuple[int, Line], dict[str, int | None]]:
    """Who waits by wait band, by vintage and list of some vintages."""
    series, figure = tables.series, tables.figure
    query = select(figure.c.vintage_id, series.c.service, series.c.org, series.c.band, figure.c.value)
    waiting = query.join(series).where(series.c.kind == "waiting", series.c.band != TOTAL)
    found: dict[tuple[int, Line], dict[str, int | None]] = defaultdict(dict)
    for first in range(0, len(vintages), _ASKED_AT_ONCE):
        some = vintages[first : first + _ASKED_AT_ONCE]
        for row in connection.execute(waiting.where(figure.c.vintage_id.in_(some))):
            found[row.vintage_id, (row.service, row.org)][row.band] = row.value
    return found
