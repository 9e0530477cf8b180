"""On which days and at what time each job of the clock is due, in London, and how long after that it counts as late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Final

from waitlists.running.slots import Daily, Monthly, Rule, Weekly


@dataclass(frozen=True, slots=True)
class Expected:
    """A job's rule, and how long after its slot began it should have ended."""

    rule: Rule
    within: timedelta


SLOTS: Final[Mapping[str, Expected]] = {
    "weekly": Expected(Weekly("mon", time(6)), timedelta(hours=3)),
    "nightly": Expected(Daily(time(2)), timedelta(hours=6)),
    "backtest": Expected(Monthly(2, time(3)), timedelta(days=1)),
}
"""By the job's name in the ledger. Late on Monday at nine: soon enough for a person to act before the day is over."""
