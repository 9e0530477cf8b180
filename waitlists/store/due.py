"""A provider's own list of who crosses a threshold when: replaced with each of its extracts, read page by page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, tuple_
from sqlalchemy import Row as StoredRow

from waitlists.counts.crossings import Due, Threshold
from waitlists.store.bulk import Row, as_json, insert_rows
from waitlists.store.tables import referral_due


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


def replace_due(connection: Connection, provider: str, found: Iterable[Due], *, on: date) -> None:
    """Put what was worked out for a provider at the end of a day in place of what stood there."""
    connection.execute(delete(referral_due).where(referral_due.c.provider == provider))
    insert_rows(connection, referral_due, _COLUMNS, [_row(one, on) for one in found])


_COLUMNS = (
    "provider", "service_request_identifier", "service", "waiting_for", "counted_on", "waited_days", "adjusted_days",
    "booked_for", "next_crossing", "days_to_crossing", "thresholds",
)  # fmt: skip


def _row(one: Due, on: date) -> Row:
    thresholds = [[name, over, crosses.isoformat(), left] for name, over, crosses, left in one.thresholds]
    return (
        one.provider,
        one.referral,
        one.service,
        one.waiting_for,
        on.isoformat(),
        one.waited_days,
        one.adjusted_days,
        one.booked_for.isoformat() if one.booked_for else None,
        one.next_crossing.isoformat(),
        (one.next_crossing - on).days,
        as_json(thresholds),
    )


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
    is_soon = table.days_to_crossing <= 7 * within_weeks
    query = select(referral_due).where(table.provider.in_(sorted(providers)), is_soon)
    order = (table.next_crossing, table.service_request_identifier, table.provider)
    if service is not None:
        query = query.where(table.service == service)
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    query = query.order_by(*order)
    return [_stored(row) for row in connection.execute(query.limit(limit))]


BookedDue = Mapping[tuple[str, int], tuple[int, int]]
"""By standard and longest wait that is not over: referrals that cross it soon, and those of them that are booked."""


def booked_due(connection: Connection, *, service: str, counted_on: date, within_weeks: int) -> Mapping[str, BookedDue]:
    """By provider whose newest extract is of a day, how many referrals cross which threshold soon, and how many booked.

    Parameters
    ----------
    within_weeks
        Weeks from the end of that day.
    """
    table, days = referral_due.c, 7 * within_weeks
    wanted = select(table.provider, table.booked_for, table.thresholds).where(
        table.service == service, table.counted_on == counted_on, table.days_to_crossing <= days
    )
    found: dict[str, dict[tuple[str, int], tuple[int, int]]] = defaultdict(dict)
    for provider, booked_for, thresholds in connection.execute(wanted):
        for name, over, _, left in thresholds:
            if 0 < left <= days:
                due, booked = found[provider].get((name, over), (0, 0))
                found[provider][name, over] = due + 1, booked + (booked_for is not None)
    return found


def _stored(row: StoredRow[tuple[object, ...]]) -> StoredDue:
    return StoredDue(
        row.counted_on,
        Due(
            provider=row.provider,
            referral=row.service_request_identifier,
            service=row.service,
            waiting_for=row.waiting_for,
            waited_days=row.waited_days,
            adjusted_days=row.adjusted_days,
            booked_for=row.booked_for,
            thresholds=tuple(
                Threshold(name, over, date.fromisoformat(crosses), left) for name, over, crosses, left in row.thresholds
            ),
        ),
    )
