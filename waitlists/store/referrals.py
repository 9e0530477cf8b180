"""Versions of referrals in the database: the ones known on a day, and a few at a time by their numbers."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    case,
    func,
    not_,
    or_,
    select,
    text,
    update,
)

from waitlists.deliveries.merge import KNOWN_SCHEMA, Known
from waitlists.record.schema import IDENTITY, SCHEMA
from waitlists.store.bulk import words_of
from waitlists.store.frames import read_table
from waitlists.store.tables import referral
from waitlists.store.tables_referrals import OPEN

Versions = npt.NDArray[np.integer[Any]] | Sequence[int]

READ_SCHEMA: Final[pa.Schema] = pa.schema([*SCHEMA, ("is_absent", pa.bool_())])
"""What `read_referrals` gives: the record, and whether a newer full snapshot no longer held the referral."""

_held_by = referral.c[IDENTITY[0]]
_NUMBERS = {
    "sqlite": "SELECT CAST(value AS integer) AS id FROM json_each(:numbers)",
    "postgresql": "SELECT CAST(value AS bigint) AS id FROM json_array_elements_text(CAST(:numbers AS json))",
}


def let_plan(connection: Connection) -> None:
    """Have PostgreSQL look at what the table holds, as it does by itself a minute or more after a load.

    Until it has, it reads the whole table for what an index tells. Where it is at it, nothing waits for it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE (SKIP_LOCKED) {referral.name}"))


def read_referrals(
    connection: Connection,
    *,
    as_of: date,
    providers: Iterable[str] | None = None,
    columns: Sequence[str] | None = None,
) -> pa.Table:
    """The referrals known by the end of a day, each as it was last described by then, in no order.

    Parameters
    ----------
    providers
        Whose referrals; None for everybody's.
    columns
        Names in READ_SCHEMA, for who needs few of them: a million rows of all 43 take half a gigabyte.

    Notes
    -----
    A referral that a newer full snapshot no longer held is `is_absent`: neither waiting nor removed since the day after
    its `snapshot_date`, which is that of the last snapshot that held it.
    """
    names = READ_SCHEMA.names if columns is None else columns
    known = or_(referral.c.known_until.is_(None), referral.c.known_until > as_of)
    query = select(*(referral.c[name] for name in names)).where(referral.c.known_from <= as_of, known)
    if providers is not None:
        query = query.where(_held_by.in_(sorted(providers)))
    return read_table(connection, query, pa.schema([READ_SCHEMA.field(name) for name in names]))


def known_of(connection: Connection, provider: str) -> Known:
    """All versions of one provider that are in force, as a snapshot is compared with them."""
    return _known(connection, _held_by == provider)


def known_among(connection: Connection, identity: Versions) -> Known:
    """The versions in force of these referrals: a few changes are not compared with a million rows."""
    return _known(connection, is_of(connection, identity))


def _known(connection: Connection, condition: ColumnElement[bool]) -> Known:
    columns = (referral.c[name] for name in KNOWN_SCHEMA.names)
    query = select(*columns).where(condition, referral.c.known_until.is_(None))
    return Known.of(read_table(connection, query, KNOWN_SCHEMA))


def open_by_service(connection: Connection, provider: str, *, systems: Collection[str] | None) -> dict[str, int]:
    """How many open referrals of each service a provider has now in some source systems, or, with None, in all."""
    is_absent: ColumnElement[bool] = referral.c.is_absent
    query = select(referral.c.service, func.count()).where(
        _held_by == provider, referral.c.known_until.is_(None), not_(is_absent), text(OPEN)
    )
    if systems is not None:
        query = query.where(referral.c.source_system.in_(sorted(systems)))
    return {row[0]: row[1] for row in connection.execute(query.group_by(referral.c.service))}


def first_end(connection: Connection, provider: str, spells: Collection[str]) -> date | None:
    """The first day on which any referral of some spells ended, None where all are open."""
    ends = ("service_discharge_date", "referral_rejection_date", "clock_stop_date")
    absent = case((referral.c.is_absent, referral.c.snapshot_date))
    words = words_of(connection, spells)
    query = select(*(func.min(referral.c[name]) for name in ends), func.min(absent)).where(
        _held_by == provider, referral.c.known_until.is_(None), referral.c.referral_spell_id.in_(words)
    )
    return min((day for day in connection.execute(query).one() if day is not None), default=None)


def of_other_systems(connection: Connection, provider: str, systems: Collection[str]) -> Versions:
    """The versions in force of a provider's referrals that stand in none of some source systems."""
    query = select(referral.c.version_id).where(
        _held_by == provider, referral.c.known_until.is_(None), referral.c.source_system.not_in(sorted(systems))
    )
    return np.array(connection.execute(query).scalars().all(), np.int32)


def next_version(connection: Connection) -> int:
    """The number of the next version; the writer is alone, so it is free until the transaction ends."""
    return (connection.execute(select(func.max(referral.c.version_id))).scalar() or 0) + 1


class Numbers:
    """Numbers of versions, given out in order: rows are written in the order of their key."""

    def __init__(self, first: int) -> None:
        self._next = first

    def take(self, count: int) -> range:
        """The next so many."""
        given = range(self._next, self._next + count)
        self._next = given.stop
        return given


def versions(connection: Connection, numbers: Versions) -> pa.Table:
    """The records of some versions, in order of their numbers."""
    query = select(*(referral.c[name] for name in SCHEMA.names)).where(is_among(connection, numbers))
    return read_table(connection, query.order_by(referral.c.version_id), SCHEMA)


def close_versions(connection: Connection, numbers: Versions, *, on: date) -> None:
    """From this day on these versions no longer count."""
    connection.execute(update(referral).where(is_among(connection, numbers)).values(known_until=on))


def restate_versions(connection: Connection, numbers: Versions, *, on: date) -> None:
    """A delta of this day said these versions again."""
    connection.execute(update(referral).where(is_among(connection, numbers)).values(stated_on=on))


def is_among(connection: Connection, numbers: Versions) -> ColumnElement[bool]:
    """Whether a version has one of these numbers."""
    return referral.c.version_id.in_(_numbers(connection, numbers))


def is_of(connection: Connection, identity: Versions) -> ColumnElement[bool]:
    """Whether a version is of one of these referrals."""
    return referral.c.identity.in_(_numbers(connection, identity))


def _numbers(connection: Connection, numbers: Versions) -> Select[Any]:
    """Numbers as a query: one text for all of them, as engines limit how many are bound."""
    asked = text(_NUMBERS[connection.dialect.name]).bindparams(numbers=json.dumps(np.asarray(numbers).tolist()))
    return select(asked.columns(id=BigInteger()).subquery().c.id)
