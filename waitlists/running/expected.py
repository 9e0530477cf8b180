"""When the next file of a source is due: some collections are weekly or monthly, some quarterly, one is yearly."""

from datetime import date, timedelta

from waitlists.periods import next_expected, week_ending
from waitlists.sources import SOURCES

_WEEK = timedelta(weeks=1)


def next_file(source: str, newest: date) -> tuple[date, date]:
    """The period after the newest one of a source, and the last day on which its figures are not yet late."""
    facts = SOURCES[source]
    if facts.freq == "W":
        # A week to send it in: later than that the weekly work is done without it.
        following = week_ending(newest) + _WEEK
        return following, following + _WEEK
    return next_expected(newest, months=facts.step_months, lag_days=facts.lag_days)
