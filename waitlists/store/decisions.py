"""Decisions about charts in the database: added at the end of their history, read whole or for one list."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select

from waitlists.domain import Measure
from waitlists.store.tables_decisions import decision as table
from waitlists.trends.decisions import Charted, Decision, Recorded, Words


class Stamp(NamedTuple):
    """When a decision was recorded, from which day it counts as known, and by which run."""

    recorded_at: datetime
    known_from: date
    run_id: int


def add_decision(connection: Connection, decision: Decision, stamp: Stamp, *, removes: int | None = None) -> int:
    """Add a decision, or the removal of one with the words of the removal; its number."""
    about, words = decision.about, decision.words
    values = {
        "what": decision.what,
        "service": about.service,
        "org": about.org,
        "measure": about.measure.value,
        "standard_id": about.standard,
        "basis": about.basis,
        "freq": about.freq,
        "source": about.source,
        "since": decision.since,
        "value": decision.value,
        **words._asdict(),
        **stamp._asdict(),
        "removes": removes,
    }
    return connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()


def history_of(
    connection: Connection, *, service: str | None = None, org: str | None = None, as_of: date | None = None
) -> list[Recorded]:
    """Every decision and removal, of one service and organisation or of all, in the order they were recorded."""
    query = select(table).order_by(table.c.id)
    for column, wanted in ((table.c.service, service), (table.c.org, org)):
        if wanted is not None:
            query = query.where(column == wanted)
    if as_of is not None:
        query = query.where(table.c.known_from <= as_of)
    return [_recorded(row) for row in connection.execute(query)]


def _recorded(row: Any) -> Recorded:
    about = Charted(
        service=row.service,
        org=row.org,
        measure=Measure(row.measure),
        standard=row.standard_id,
        basis=row.basis,
        freq=row.freq,
        source=row.source,
    )
    words = Words(row.reason, row.role, row.decided_on)
    decision = Decision(what=row.what, about=about, since=row.since, value=row.value, words=words)
    return Recorded(row.id, decision, row.known_from, row.removes)
