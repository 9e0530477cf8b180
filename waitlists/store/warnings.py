"""Breach warnings and acknowledgements in the database, as known on a day; what they say is not looked into here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Row, insert, select, tuple_

from waitlists.security.access import EVERYTHING, Sight
from waitlists.store import tables
from waitlists.store.seen import covered_by


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


class Assessed(NamedTuple):
    """One time that the warnings of a knowledge date were worked out."""

    id: int
    as_of: date
    run_id: int


@dataclass(frozen=True, slots=True)
class KeptAssessment:
    """All warnings of one knowledge date, in order of place."""

    id: int
    as_of: date
    run_id: int
    warnings: Sequence[KeptWarning]


Place = tuple[str, str, str]
"""Service, organisation and standard: the order in which warnings are read."""


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
    """Everything of the assessment that `newest_assessment` finds."""
    found = newest_assessment(connection, as_of=as_of, before=before, is_published=is_published)
    return None if found is None else KeptAssessment(*found, kept_warnings(connection, found.id))


def newest_assessment(
    connection: Connection, *, as_of: date | None = None, before: date | None = None, is_published: bool = True
) -> Assessed | None:
    """The assessment that counts on a day, or the last one of an earlier day than `before`.

    Parameters
    ----------
    is_published
        Whether readers must have been shown it; a run goes on from what the run before it stored.
    """
    table = tables.breach_assessment
    query = select(table.c.id, table.c.as_of, table.c.run_id)
    if as_of is not None:
        query = query.where(table.c.as_of <= as_of)
    if before is not None:
        query = query.where(table.c.as_of < before)
    if is_published:
        query = query.where(_is_published())
    row = connection.execute(query.order_by(table.c.as_of.desc(), table.c.id.desc()).limit(1)).first()
    return Assessed(row.id, row.as_of, row.run_id) if row else None


def kept_warnings(
    connection: Connection,
    assessment_id: int,
    *,
    wanted: Mapping[str, str] | None = None,
    after: Place | None = None,
    limit: int | None = None,
    given: Sight = EVERYTHING,
) -> Sequence[KeptWarning]:
    """The warnings of an assessment in order of place, of those `wanted` by column, from the one following `after`.

    Only of lists that `given` covers: it is handed in, since what warnings say is read past the sight of a connection.
    """
    kept = tables.breach_warning
    order = (kept.c.service, kept.c.org, kept.c.standard_id)
    query = select(*_columns()).where(kept.c.assessment_id == assessment_id, _is_given(given))
    query = query.where(*(kept.c[name] == value for name, value in (wanted or {}).items()))
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return [_kept(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def lists_warned_of(
    connection: Connection, assessment_id: int, *, wanted: Mapping[str, str], given: Sight
) -> frozenset[tuple[str, str]]:
    """The source and organisation of every list `given` that has one of the `wanted` warnings of an assessment."""
    kept = tables.breach_warning
    query = select(kept.c.source, kept.c.org).where(kept.c.assessment_id == assessment_id, _is_given(given))
    rows = connection.execute(query.where(*(kept.c[name] == value for name, value in wanted.items())).distinct())
    return frozenset((row.source, row.org) for row in rows)


def last_kept(
    connection: Connection, warning: str, *, as_of: date, given: Sight
) -> tuple[Assessed, KeptWarning] | None:
    """A warning as readers `given` it were last shown it by a day: standing, or cleared some time ago."""
    kept, table = tables.breach_warning, tables.breach_assessment
    row = connection.execute(
        select(table.c.id, table.c.as_of, table.c.run_id, *_columns())
        .join(table, table.c.id == kept.c.assessment_id)
        .where(kept.c.warning == warning, table.c.as_of <= as_of, _is_published(), _is_given(given))
        .order_by(table.c.as_of.desc(), table.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return Assessed(row.id, row.as_of, row.run_id), _kept(row)


def add_taken(connection: Connection, taken: Taken) -> None:
    """Keep an acknowledgement, in the caller's transaction."""
    names = Taken.__slots__
    connection.execute(insert(tables.breach_acknowledgement).values(**{name: getattr(taken, name) for name in names}))


def taken_until(connection: Connection, day: date, *, warnings: Collection[str] | None = None) -> Sequence[Taken]:
    """Every acknowledgement made by the end of a day, of some warnings or of all, in the order in which they came."""
    table = tables.breach_acknowledgement
    query = select(table).where(table.c.known_on <= day).order_by(table.c.at)
    if warnings is not None:
        query = query.where(table.c.warning.in_(warnings))
    rows = connection.execute(query)
    return [Taken(*(getattr(row, name) for name in Taken.__slots__)) for row in rows]


def _kept(row: Row[Any]) -> KeptWarning:
    return KeptWarning(*(getattr(row, name) for name in KeptWarning._fields))


def _columns() -> list[ColumnElement[Any]]:
    return [tables.breach_warning.c[name] for name in KeptWarning._fields]


def _is_given(given: Sight) -> ColumnElement[bool]:
    kept = tables.breach_warning
    return covered_by(given, kept.c.source, kept.c.org)


def _is_published() -> ColumnElement[bool]:
    version = tables.dataset_version
    return tables.breach_assessment.c.run_id.in_(select(version.c.run_id))


def _digest(warnings: Sequence[KeptWarning]) -> str:
    return sha256(orjson.dumps([one._asdict() for one in warnings], option=orjson.OPT_SORT_KEYS)).hexdigest()
