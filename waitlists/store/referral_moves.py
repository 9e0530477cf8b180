"""Counts of both providers' records where a list moved from one to the other."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, select
from sqlalchemy.sql.expression import FromClause

from waitlists.deliveries.moves import Move, MoveCounts
from waitlists.store.tables import referral, referral_delivery


def move_counts(connection: Connection, move: Move) -> MoveCounts | None:
    """What is known of a move now, None until both providers sent records."""
    senders = select(referral_delivery.c.provider).where(referral_delivery.c.provider.in_([move.code, move.successor]))
    if len(set(connection.execute(senders).scalars())) < 2:
        return None
    first, other = referral.alias(), referral.alias()
    of_first, of_other = _in_force(first, move.code, move.service), _in_force(other, move.successor, move.service)
    is_open = _is_open(first)
    left = and_(of_first, is_open)
    sent = and_(of_first, first.c.clock_stop_reason == "transferred", first.c.successor_provider == move.successor)
    kept = and_(of_other, other.c.original_referral_request_received_date.is_not(None))
    same = and_(of_other, _is_open(other), other.c.pseudonym_id == first.c.pseudonym_id)
    return MoveCounts(
        _count(connection, first, left),
        _count(connection, first, sent),
        _count(connection, other, kept),
        _count(connection, first, and_(left, exists().where(same))),
    )


def _count(connection: Connection, table: FromClause, condition: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()


def _in_force(table: Any, provider: str, service: str) -> ColumnElement[bool]:
    return and_(
        table.c.organisation_identifier_code_of_provider == provider,
        table.c.service == service,
        table.c.known_until.is_(None),
        not_(table.c.is_absent),
    )


def _is_open(table: Any) -> ColumnElement[bool]:
    return and_(
        table.c.clock_stop_date.is_(None),
        table.c.service_discharge_date.is_(None),
        table.c.referral_rejection_date.is_(None),
    )
