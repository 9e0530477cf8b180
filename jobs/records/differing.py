"""Where senders' clocks are not ours, of who was on a list in the newest week of each provider's newest extract."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from waitlists.clock import ClockDifference, Clocks, clocks, differences
from waitlists.counts.counting import before
from waitlists.periods import week_ending
from waitlists.record.columns import MISSING, coded, day_number
from waitlists.record.schema import IDENTITY


def newest_week(until: date) -> date:
    """The last day of the last week that had ended by a day."""
    return week_ending(until - timedelta(days=6))


def differing(
    table: pa.Table, ticking: Clocks, days: Mapping[str, tuple[date, date]]
) -> dict[str, list[ClockDifference]]:
    """Where the clocks differ, by provider.

    Parameters
    ----------
    table, ticking
        Records of some providers, as now known, and their clocks on the newest day of any extract.
    days
        By provider, the days of its first and its newest extract.
    """
    provider = coded(table, IDENTITY[0])
    ends = [newest_week(days[name][1]) if name in days else None for name in provider.words]
    found: dict[str, list[ClockDifference]] = {name: [] for name in provider.words if name in days}
    for end in sorted({end for end in ends if end is not None}):
        rows, then = table, ticking
        here = np.array([one == end for one in ends], np.bool_)[provider.codes]
        if end != ticking.on:
            rows = table.filter(pa.array(here))
            then, here = clocks(rows, on=end), here[here]
        here &= (then.stop == MISSING) | (then.stop > day_number(before(end, "W")))
        here &= then.start_differs | then.stop_differs
        for one in differences(rows.select([IDENTITY[0], "service"]).filter(pa.array(here)), then.take(here)):
            found[one.provider].append(one)
    return found
