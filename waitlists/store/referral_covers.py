"""How far back each provider's lists were counted and since when each has had a child on it, kept with its deliveries.

With it a delivery of changes is counted without a look at all records; where nothing is kept, all are looked at.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, null, select, update

from waitlists.counts.begun import Begun, Part
from waitlists.store.tables import referral_delivery

_kept = referral_delivery.c


@dataclass(frozen=True, slots=True)
class Kept:
    """From when on each provider's lists are counted, and since when the parts of boards' lists have had a child."""

    since: Mapping[str, date]
    begun: Begun


def kept_since(connection: Connection) -> Mapping[str, date]:
    """From when on each provider's lists are counted."""
    return {provider: since for provider, (since, _) in _newest(connection).items()}


def kept_covers(connection: Connection) -> Kept | None:
    """What is kept of every provider; None where all records have to be looked at."""
    begun: dict[Part, int] = {}
    newest = _newest(connection)
    for provider, (_, several) in newest.items():
        if several is None:
            return None
        begun |= {Part(provider, *lists[:3]): lists[3] for lists in several}
    return Kept({provider: since for provider, (since, _) in newest.items()}, begun)


def _newest(connection: Connection) -> Mapping[str, tuple[date, list[Any] | None]]:
    columns = _kept.provider, _kept.covered_since, _kept.lists_begun
    query = select(*columns).where(_kept.covered_since.is_not(None)).order_by(_kept.delivery_id)
    return {provider: (since, lists) for provider, since, lists in connection.execute(query)}


def keep_covers(connection: Connection, kept: Kept) -> None:
    """Keep it with each provider's newest delivery."""
    newest = select(_kept.provider, func.max(_kept.delivery_id)).group_by(_kept.provider)
    for provider, delivery_id in connection.execute(newest).all():
        if provider in kept.since:
            lists = sorted([*part[1:], day] for part, day in kept.begun.items() if part.provider == provider)
            connection.execute(
                update(referral_delivery)
                .where(_kept.provider == provider, _kept.delivery_id == delivery_id)
                .values(covered_since=kept.since[provider], lists_begun=lists)
            )


def forget_begun(connection: Connection) -> None:
    """Have all records looked at when lists are next counted, as after some were erased.

    How far back lists are counted stays as whole lists said it: fewer records say less of that.
    """
    connection.execute(update(referral_delivery).values(lists_begun=null()))


def are_changes(connection: Connection, deliveries: Iterable[int]) -> bool:
    """Whether no delivery of these states a whole list."""
    query = select(_kept.delivery_id).where(_kept.delivery_id.in_(sorted(deliveries)), _kept.kind == "snapshot")
    return connection.execute(query.limit(1)).first() is None
