"""A provider's own list of who crosses a threshold when: renewed with each of its extracts, read page by page.

What is stored are dates that stay as they are; how long a child has waited, and how long it has left, follows from them
and from the day of the newest extract.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select, true, tuple_
from sqlalchemy import Row as StoredRow

from waitlists.counts.crossings import Due, Waiting, due_on
from waitlists.store.tables import referral_delivery, referral_due


class Position(NamedTuple):
    """Where a page ended: the day of crossing, and whose referral it was."""

    next_crossing: date
    referral: str
    provider: str


@dataclass(frozen=True, slots=True)
class StoredDue:
    """A referral that crosses a threshold soon, as it stood at the end of `counted_on`."""

    counted_on: date
    due: Due

    @property
    def position(self) -> Position:
        """Its place in the order of crossing."""
        return Position(self.due.next_crossing, self.due.referral, self.due.provider)


def stored_due(
    connection: Connection,
    *,
    providers: Collection[str],
    service: str | None,
    within_weeks: int,
    after: Position | None,
    limit: int,
) -> Sequence[StoredDue]:
    """At most `limit` referrals of some providers in the order of the day of crossing, then of the referral's number.

    Parameters
    ----------
    within_weeks
        Weeks from the end of the day on which each was counted.
    """
    table = referral_due.c
    days = _counted_on(connection, referral_delivery.c.provider.in_(sorted(providers)))
    query = select(referral_due).where(_are_soon(days, within_weeks))
    order = (table.next_crossing, table.service_request_identifier, table.provider)
    if service is not None:
        query = query.where(table.service == service)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    query = query.order_by(*order)
    rows = connection.execute(query.limit(limit))
    return [StoredDue(days[row.provider], due_on(_waiting(row), days[row.provider])) for row in rows]


BookedDue = Mapping[tuple[str, int], tuple[int, int]]
"""By standard and longest wait that is not over: referrals that cross it soon, and those of them that are booked."""


def booked_due(connection: Connection, *, service: str, counted_on: date, within_weeks: int) -> Mapping[str, BookedDue]:
    """By provider whose newest extract is of a day, how many referrals cross which threshold soon, and how many booked.

    Parameters
    ----------
    within_weeks
        Weeks from the end of that day.
    """
    table = referral_due.c
    every = _counted_on(connection, true())
    days = {provider: day for provider, day in every.items() if day == counted_on}
    query = select(referral_due).where(table.service == service, _are_soon(days, within_weeks))
    found: dict[str, dict[tuple[str, int], tuple[int, int]]] = defaultdict(dict)
    for row in connection.execute(query):
        one = due_on(_waiting(row), counted_on)
        for name, over, _, left in one.thresholds:
            if 0 < left <= 7 * within_weeks:
                due, booked = found[one.provider].get((name, over), (0, 0))
                found[one.provider][name, over] = due + 1, booked + (one.booked_for is not None)
    return found


def _counted_on(connection: Connection, providers: ColumnElement[bool]) -> Mapping[str, date]:
    """The day of each provider's newest extract, as of which its list stands."""
    table = referral_delivery.c
    query = select(table.provider, func.max(table.snapshot_date)).where(providers).group_by(table.provider)
    return {row[0]: row[1] for row in connection.execute(query)}


def _are_soon(days: Mapping[str, date], within_weeks: int) -> ColumnElement[bool]:
    """Whether a referral crosses a threshold within so many weeks from the day of its provider's newest extract."""
    table, ahead = referral_due.c, timedelta(weeks=within_weeks)
    soon = (
        and_(table.provider == provider, table.next_crossing > day, table.next_crossing <= day + ahead)
        for provider, day in sorted(days.items())
    )
    return or_(false(), *soon)


def _waiting(row: StoredRow[tuple[object, ...]]) -> Waiting:
    return Waiting(
        provider=row.provider,
        referral=row.service_request_identifier,
        service=row.service,
        waiting_for=row.waiting_for,
        since=row.waits_since,
        adjustment=row.adjustment_days,
        appointment=row.appointment_on,
        limits=row.limits,
    )
