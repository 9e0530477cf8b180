"""Weekly returns of which rows were put aside and that their sender has not sent again."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, not_, select

from waitlists.domain import Severity
from waitlists.store.in_force import is_in_force
from waitlists.store.left_aside import EARLIER_STANDS, is_sent_again
from waitlists.store.tables import delivery, finding, vintage


@dataclass(frozen=True, slots=True)
class PutAside:
    """A weekly return with mistakes: whose it is, how many rows it is without, what to correct at each place."""

    delivery_id: int
    file_name: str
    org: str
    rows: int
    sentences: tuple[str, ...]


def returns_in_part(connection: Connection, *, source: str, on: date) -> list[PutAside]:
    """Returns of which rows were put aside and not sent again by a day, the newest first; no row's value."""
    left = finding.alias("left_part")
    # A row whose service cannot be read is about no list: whose file it is, its other parts say.
    is_own = (vintage.c.delivery_id == delivery.c.id, vintage.c.scope != "")
    taken_of = select(func.min(vintage.c.scope)).where(*is_own).scalar_subquery()
    is_left = (left.c.delivery_id == delivery.c.id, left.c.code == EARLIER_STANDS)
    left_of = select(func.min(left.c.org)).where(*is_left).scalar_subquery()
    told = (delivery.c.id, delivery.c.file_name, delivery.c.counts, finding.c.sentence)
    query = (
        select(*told, func.coalesce(left_of, taken_of).label("scope"))
        .join(finding, finding.c.delivery_id == delivery.c.id)
        .where(delivery.c.source == source, finding.c.severity == Severity.ERROR.value, finding.c.cell.is_not(None))
        .where(is_in_force(on), not_(is_sent_again(finding, on)))
        .order_by(delivery.c.id.desc(), finding.c.id)
    )
    found: dict[tuple[int, str, str, int], list[str]] = defaultdict(list)
    for row in connection.execute(query):
        if rows := row.counts.get("quarantined", 0):
            found[row.id, row.file_name, row.scope.partition("/")[0], rows].append(row.sentence)
    return [PutAside(*which, tuple(sentences)) for which, sentences in found.items()]
