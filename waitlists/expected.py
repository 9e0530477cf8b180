"""When the next file of a source is due: some collections are monthly, some quarterly, one is yearly."""

from datetime import date

from waitlists.periods import next_expected
from waitlists.sources import SOURCES


def next_file(source: str, newest: date) -> tuple[date, date]:
    """The period after the newest one of a source, and the last day on which its figures are not yet late."""
    facts = SOURCES.get(source)
    if facts is None:
        return next_expected(newest)
    return next_expected(newest, months=facts.step_months, lag_days=facts.lag_days)
