"""Where senders' clocks are not ours, of who was on a list in the newest week of each provider's newest extract."""

from collections.abc import Mapping
from datetime import date, timedelta

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
    ends = {name: newest_week(days[name][1]) for name in coded(table, IDENTITY[0]).words if name in days}
    found: dict[str, list[ClockDifference]] = {name: [] for name in ends}
    for end in sorted(set(ends.values())):
        then = ticking if end == ticking.on else clocks(table, on=end)
        here = (then.stop == MISSING) | (then.stop > day_number(before(end, "W")))
        lists = table.select([IDENTITY[0], "service"]).filter(pa.array(here))
        for one in differences(lists, then.take(here)):
            if ends.get(one.provider) == end:
                found[one.provider].append(one)
    return found
