"""A provider's own list of who crosses a threshold when, written where it differs from what stands."""

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, delete, select

from waitlists.counts.due import DUE_SCHEMA
from waitlists.record.fields import IDENTITY
from waitlists.store.bulk import words_of
from waitlists.store.frames import insert_table, read_table
from waitlists.store.tables import referral_due


def renew_due(connection: Connection, provider: str, found: pa.Table) -> None:
    """Put what was worked out for a provider in place of what stood there, where the two differ."""
    own = referral_due.c.provider == provider
    query = select(*(referral_due.c[name] for name in DUE_SCHEMA.names)).where(own)
    stood = read_table(connection, query, DUE_SCHEMA)
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
