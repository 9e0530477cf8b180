"""Children joining and leaving a list each week, where the source publishes flows: never guessed from list sizes."""

from collections.abc import Mapping
from datetime import date

from waitlists.counts.histories import ListHistory
from waitlists.domain import Measure, SeriesKey
from waitlists.series import SeriesPoint, build_series
from waitlists.sources import Freq

PERIODS: Mapping[Freq, int] = {"M": 12, "W": 26}
"""Flows are averaged over so many of the latest periods: a year of months, or half a year of weeks."""

FEWEST_PERIODS = 6
"""With fewer known periods among those, flows count as not published."""


def recent_rate(
    history: ListHistory, *, org: str, measure: Measure, as_of: date, since: date = date.min
) -> float | None:
    """Children a week over the last 12 months or 26 weeks as known on `as_of`, or None where too few are published.

    Parameters
    ----------
    since
        The first period to count; earlier ones are not comparable.
    """
    key = SeriesKey(history.source, history.service, org, measure)
    series = build_series(history, key, as_of=as_of)
    known = [
        (point.value, weeks_of(series.freq, point))
        for point in series.points[-PERIODS[series.freq] :]
        if point.value is not None and point.coverage >= 1 and point.period_end >= since
    ]
    if len(known) < FEWEST_PERIODS:
        return None
    return sum(count for count, _ in known) / sum(weeks for _, weeks in known)


def weeks_of(freq: Freq, point: SeriesPoint) -> float:
    """How many weeks a period is."""
    return point.period_end.day / 7 if freq == "M" else 1.0
