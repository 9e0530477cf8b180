"""Counts of both providers' records where lists moved from one to the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, not_, select

from waitlists.deliveries.moves import Move, MoveCounts
from waitlists.store.tables import referral, referral_delivery


def move_counts(connection: Connection, moves: Iterable[Move]) -> Iterator[tuple[Move, MoveCounts]]:
    """What is known of moves now, of those of which both providers sent records."""
    senders = set(connection.execute(select(referral_delivery.c.provider).distinct()).scalars())
    between: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for move in moves:
        if {move.code, move.successor} <= senders:
            between[move.code, move.successor].append(move)
    for (code, successor), several in between.items():
        services = [move.service for move in several]
        before, after = _at_first(connection, code, successor, services), _at_other(connection, successor, services)
        for move in several:
            left, sent, both = before.get(move.service, (0, 0, 0))
            (kept,) = after.get(move.service, (0,))
            yield move, MoveCounts(left, sent, kept, both)


def _at_first(
    connection: Connection, code: str, successor: str, services: Sequence[str]
) -> Mapping[str, Sequence[int]]:
    """Referrals of the provider that had the lists: open ones, those sent to the other, those whose child both have."""
    first, other = referral.alias(), referral.alias()
    is_open = _is_open(first)
    sent = and_(first.c.clock_stop_reason == "transferred", first.c.successor_provider == successor)
    same = and_(other.c.service == first.c.service, other.c.pseudonym_id == first.c.pseudonym_id)
    is_at_both = and_(is_open, exists().where(_in_force(other, successor, services), _is_open(other), same))
    return _counts(connection, first, _in_force(first, code, services), is_open, sent, is_at_both)


def _at_other(connection: Connection, successor: str, services: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """Referrals of the provider that has the lists that carry the day on which the first received them."""
    carries = referral.c.original_referral_request_received_date.is_not(None)
    return _counts(connection, referral, _in_force(referral, successor, services), carries)


def _counts(
    connection: Connection, table: Any, among: ColumnElement[bool], *conditions: ColumnElement[bool]
) -> Mapping[str, Sequence[int]]:
    """Of how many of the referrals of each service each condition is true, in one look at them."""
    each = (func.count(case((condition, 1))) for condition in conditions)
    asked = select(table.c.service, *each).where(among).group_by(table.c.service)
    return {service: counts for service, *counts in connection.execute(asked)}


def _in_force(table: Any, provider: str, services: Sequence[str]) -> ColumnElement[bool]:
    return and_(
        table.c.organisation_identifier_code_of_provider == provider,
        table.c.service.in_(services),
        table.c.known_until.is_(None),
        not_(table.c.is_absent),
    )


def _is_open(table: Any) -> ColumnElement[bool]:
    return and_(
        table.c.clock_stop_date.is_(None),
        table.c.service_discharge_date.is_(None),
        table.c.referral_rejection_date.is_(None),
    )
