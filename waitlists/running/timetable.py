"""On which days and at what local time each job of the clock is due, how long it may take, and when it is late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final

from waitlists.running.slots import Daily, Monthly, Rule, Weekly


@dataclass(frozen=True, slots=True)
class Expected:
    """A job's rule, how long after its slot began it should have ended, and the longest that one try may take."""

    rule: Rule
    within: timedelta
    longest: timedelta


BACKUP: Final = "backup"

SLOTS: Final[Mapping[str, Expected]] = {
    "weekly": Expected(Weekly("mon", time(6)), timedelta(hours=3), timedelta(hours=2)),
    "nightly": Expected(Daily(time(2)), timedelta(hours=6), timedelta(hours=2)),
    BACKUP: Expected(Daily(time(4)), timedelta(hours=4), timedelta(hours=2)),
    "backtest": Expected(Monthly(2, time(3)), timedelta(days=1), timedelta(hours=8)),
}
"""By the job's name in the ledger. Late on Monday at nine: soon enough for a person to act before the day is over.

The clock backs up only where a setting names a folder for it.
"""
