"""Who crosses a threshold when, worked out anew for every provider whose records changed."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from waitlists.clock import Clocks, clocks
from waitlists.counts.due import DUE_SCHEMA, due
from waitlists.record.schema import IDENTITY
from waitlists.store.due_write import renew_due, renew_some_due

_PROVIDER, _NUMBER = DUE_SCHEMA.names[:2]

APPOINTMENT = "next_appointment_date"
"""What no list is counted from, and yet stands beside a wait."""


class Since(NamedTuple):
    """What changed since it was worked out before: referrals as they were and are, those of their spells with them.

    `days` are by provider those of its extracts by then.
    """

    before: pa.Table
    after: pa.Table
    days: Mapping[str, tuple[date, date]]

    def changed(self, provider: str) -> set[str]:
        """The provider's own numbers of its referrals that changed."""
        rows = [part.filter(pc.equal(part[IDENTITY[0]], provider)) for part in (self.before, self.after)]
        return {number for part in rows for number in part[_NUMBER].to_pylist()}


def due_again(
    connection: Connection,
    table: pa.Table,
    ticking: Clocks,
    days: Mapping[str, tuple[date, date]],
    *,
    providers: Collection[str],
    since: Since | None = None,
) -> None:
    """Renew each provider's own list, as of its newest extract, in the caller's transaction.

    Parameters
    ----------
    table, ticking
        Records as now known, all of whom wait among them, and their clocks on the newest day of any extract.
    days
        By provider, the days of its first and its newest extract.
    since
        Where it is known what changed: nothing else is looked at.
    """
    wanted = set(providers) & days.keys()
    for newest in sorted({days[name][1] for name in wanted}):
        found = due(table, ticking if newest == ticking.on else clocks(table, on=newest), on=newest)
        for name in sorted(name for name in wanted if days[name][1] == newest):
            own = found.filter(pc.equal(found[_PROVIDER], name))
            if since is None:
                renew_due(connection, name, own)
            else:
                before = since.days[name][1]
                renew_some_due(connection, name, own, changed=since.changed(name), since=before, on=newest)
