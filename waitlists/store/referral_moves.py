"""Counts of both providers' records where a list moved from one to the other."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, not_, select

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
    sent = and_(first.c.clock_stop_reason == "transferred", first.c.successor_provider == move.successor)
    same = and_(of_other, _is_open(other), other.c.pseudonym_id == first.c.pseudonym_id)
    left, gone, both = _counts(connection, of_first, is_open, sent, and_(is_open, exists().where(same)))
    (kept,) = _counts(connection, of_other, other.c.original_referral_request_received_date.is_not(None))
    return MoveCounts(left, gone, kept, both)


def _counts(connection: Connection, among: ColumnElement[bool], *conditions: ColumnElement[bool]) -> Sequence[int]:
    """Of how many of the referrals each condition is true, in one look at them."""
    each = (func.count(case((condition, 1))) for condition in conditions)
    return connection.execute(select(*each).where(among)).one()


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
