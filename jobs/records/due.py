"""Who crosses a threshold when, worked out anew for every provider whose records changed."""

from collections.abc import Collection, Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from waitlists.clock import Clocks, clocks
from waitlists.counts.due import due
from waitlists.record.schema import IDENTITY
from waitlists.store.due_write import renew_due

APPOINTMENT = "next_appointment_date"
"""What no list is counted from, and yet stands beside a wait."""


def due_again(
    connection: Connection,
    table: pa.Table,
    ticking: Clocks,
    days: Mapping[str, tuple[date, date]],
    *,
    providers: Collection[str],
) -> None:
    """Renew each provider's own list, as of its newest extract, in the caller's transaction.

    Parameters
    ----------
    table, ticking
        Records of all providers, as now known, and their clocks on the newest day of any extract.
    days
        By provider, the days of its first and its newest extract.
    """
    for name in sorted(set(providers) & days.keys()):
        is_own = pc.equal(table[IDENTITY[0]], name).to_numpy()
        own, (_, newest) = table.filter(pa.array(is_own)), days[name]
        found = ticking.take(is_own) if newest == ticking.on else clocks(own, on=newest)
        renew_due(connection, name, due(own, found, on=newest))
