"""A provider's own list of who crosses a threshold when, written where it differs from what stands."""

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Connection, Text, and_, cast, delete, func, select

from waitlists.counts.crossings import LONGEST_LOOK_WEEKS
from waitlists.counts.due import DUE_SCHEMA
from waitlists.record.fields import IDENTITY
from waitlists.store.bulk import words_of
from waitlists.store.frames import insert_table, read_table
from waitlists.store.tables import referral_due

_LONGEST_LOOK: Final = timedelta(weeks=LONGEST_LOOK_WEEKS)


def renew_due(connection: Connection, provider: str, found: pa.Table) -> None:
    """Put what was worked out for a provider in place of what stood there, where the two differ."""
    own = referral_due.c.provider == provider
    _renew(connection, own, _stood(connection, own), found)


def renew_some_due(
    connection: Connection, provider: str, found: pa.Table, *, changed: Collection[str], since: date, on: date
) -> None:
    """The same where no referrals but these changed since it was worked out on an earlier day.

    Of the others a row is another only where a threshold was crossed since, and a row comes only where one lies ahead
    that was too far off: no record says what happens after its own day. Where the limits of others are not what they
    were, as after a standard changed, every row is renewed.

    Parameters
    ----------
    changed
        The provider's own numbers of its referrals.
    since, on
        The day as of which it was worked out before, and that of `found`.
    """
    own, number = referral_due.c.provider == provider, referral_due.c[IDENTITY[1]]
    crossed = connection.execute(select(number).where(own, referral_due.c.next_crossing <= on)).scalars()
    came_near = pc.greater(found["next_crossing"], pa.scalar(since + _LONGEST_LOOK))
    again = {*changed, *crossed, *found[IDENTITY[1]].filter(came_near).to_pylist()}
    some = and_(own, number.in_(words_of(connection, again)))
    is_among = pc.is_in(found[IDENTITY[1]], value_set=pa.array(again, pa.string()))
    stood, among = _stood(connection, some), found.filter(is_among)
    limits = cast(referral_due.c.limits, Text).label("limits")
    counted = connection.execute(select(limits, func.count().label("rows")).where(own).group_by(limits))
    kept = Counter({row.limits: row.rows for row in counted})
    if kept - _by_limits(stood) == _by_limits(found) - _by_limits(among):
        _renew(connection, own, stood, among)
    else:
        renew_due(connection, provider, found)


def _by_limits(rows: pa.Table) -> Counter[str]:
    """How many rows have each set of limits."""
    return Counter({one["values"]: one["counts"] for one in rows["limits"].value_counts().to_pylist()})


def _stood(connection: Connection, whose: ColumnElement[bool]) -> pa.Table:
    return read_table(connection, select(*(referral_due.c[name] for name in DUE_SCHEMA.names)).where(whose), DUE_SCHEMA)


def _renew(connection: Connection, own: ColumnElement[bool], stood: pa.Table, found: pa.Table) -> None:
    before, now = _told(stood), _told(found)
    gone = stood.filter(pc.invert(pc.is_in(before, value_set=now)))
    came = found.filter(pc.invert(pc.is_in(now, value_set=before)))
    words = words_of(connection, gone[IDENTITY[1]].to_pylist())
    connection.execute(delete(referral_due).where(own, referral_due.c[IDENTITY[1]].in_(words)))
    insert_table(connection, referral_due, came)


def _told(rows: pa.Table) -> pa.Array:
    """All that is said of each referral, as one text."""
    columns = [column.cast(pa.string()).fill_null("") for column in rows.combine_chunks().columns]
    return pc.binary_join_element_wise(*columns, "\x1f")
