"""Breach warnings and acknowledgements in the database, as known on a day; what they say is not looked into here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, insert, select

from waitlists.store import tables


class KeptWarning(NamedTuple):
    """What a warning is found by, and its content."""

    warning: str
    source: str
    service: str
    org: str
    standard_id: str
    state: str
    severity: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KeptAssessment:
    """All warnings of one knowledge date, in the order of their names."""

    id: int
    as_of: date
    run_id: int
    warnings: tuple[KeptWarning, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """One acknowledgement as it was made."""

    warning: str
    at: datetime
    known_on: date
    until: date
    actor: str
    role: str
    severity: str
    reason: str


def save_assessment(connection: Connection, *, run_id: int, as_of: date, warnings: Sequence[KeptWarning]) -> bool:
    """Whether these warnings of a day are new; where the day's last assessment says the same, nothing is stored."""
    table, digest = tables.breach_assessment, _digest(warnings)
    last = connection.execute(
        select(table.c.digest).where(table.c.as_of == as_of).order_by(table.c.id.desc()).limit(1)
    ).scalar()
    if last == digest:
        return False
    values = {"run_id": run_id, "as_of": as_of, "digest": digest}
    assessment_id = connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one()
    rows = [{**one._asdict(), "content": dict(one.content), "assessment_id": assessment_id} for one in warnings]
    if rows:
        connection.execute(insert(tables.breach_warning), rows)
    return True


def load_assessment(
    connection: Connection, *, as_of: date | None = None, before: date | None = None, is_published: bool = True
) -> KeptAssessment | None:
    """The assessment that counts on a day, or the last one of an earlier day than `before`.

    Parameters
    ----------
    is_published
        Whether readers must have been shown it; a run goes on from what the run before it stored.
    """
    table, version = tables.breach_assessment, tables.dataset_version
    query = select(table).order_by(table.c.as_of.desc(), table.c.id.desc()).limit(1)
    if as_of is not None:
        query = query.where(table.c.as_of <= as_of)
    if before is not None:
        query = query.where(table.c.as_of < before)
    if is_published:
        query = query.where(table.c.run_id.in_(select(version.c.run_id)))
    row = connection.execute(query).first()
    if row is None:
        return None
    kept = tables.breach_warning
    rows = connection.execute(select(kept).where(kept.c.assessment_id == row.id).order_by(kept.c.warning))
    found = tuple(KeptWarning(*(getattr(one, name) for name in KeptWarning._fields)) for one in rows)
    return KeptAssessment(row.id, row.as_of, row.run_id, found)


def add_taken(connection: Connection, taken: Taken) -> None:
    """Keep an acknowledgement, in the caller's transaction."""
    names = Taken.__slots__
    connection.execute(insert(tables.breach_acknowledgement).values(**{name: getattr(taken, name) for name in names}))


def taken_until(connection: Connection, day: date, *, warning: str | None = None) -> Sequence[Taken]:
    """Every acknowledgement made by the end of a day, of one warning or of all, in the order in which they came."""
    table = tables.breach_acknowledgement
    query = select(table).where(table.c.known_on <= day).order_by(table.c.at)
    if warning is not None:
        query = query.where(table.c.warning == warning)
    rows = connection.execute(query)
    return [Taken(*(getattr(row, name) for name in Taken.__slots__)) for row in rows]


def _digest(warnings: Sequence[KeptWarning]) -> str:
    return sha256(orjson.dumps([one._asdict() for one in warnings], option=orjson.OPT_SORT_KEYS)).hexdigest()
