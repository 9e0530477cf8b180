"""Who crosses a threshold when, worked out anew for every provider whose records changed."""

from collections.abc import Collection, Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from waitlists.clock import Clocks, clocks
from waitlists.counts.due import DUE_SCHEMA, due
from waitlists.store.due_write import renew_due

_PROVIDER = DUE_SCHEMA.names[0]

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
        Records of whole providers, as now known, and their clocks on the newest day of any extract.
    days
        By provider, the days of its first and its newest extract.
    """
    wanted = set(providers) & days.keys()
    for newest in sorted({days[name][1] for name in wanted}):
        found = due(table, ticking if newest == ticking.on else clocks(table, on=newest), on=newest)
        for name in sorted(name for name in wanted if days[name][1] == newest):
            renew_due(connection, name, found.filter(pc.equal(found[_PROVIDER], name)))
