"""Children joining and leaving a list each week, where the source publishes flows: never guessed from list sizes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from waitlists.counts.histories import ListHistory
from waitlists.domain import Measure, SeriesKey
from waitlists.series import Series, SeriesPoint, build_series
from waitlists.sources import Freq

PERIODS: Mapping[Freq, int] = {"M": 12, "W": 26}
"""Flows are averaged over so many of the latest periods: a year of months, or half a year of weeks."""

FEWEST_PERIODS = 6
"""With fewer known periods among those, flows count as not published."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Children a week, and the variance of a week's count; `periods` says over how many known periods."""

    per_week: float
    variance: float
    periods: int


def recent_rate(
    history: ListHistory, *, org: str, measure: Measure, as_of: date, since: date = date.min
) -> Rate | None:
    """The mean of a flow over the last 12 months or 26 weeks as known on `as_of`, or None where too few are published.

    Parameters
    ----------
    since
        The first period to count; earlier ones are not comparable.

    Notes
    -----
    Variance is that of a Poisson count times the dispersion seen between periods, at least 1.
    """
    key = SeriesKey(history.source, history.service, org, measure)
    series = build_series(history, key, as_of=as_of)
    known = [
        (float(point.value), _weeks(series, point))
        for point in series.points[-PERIODS[series.freq] :]
        if point.value is not None and point.coverage >= 1 and point.period_end >= since
    ]
    return _rate(known) if len(known) >= FEWEST_PERIODS else None


def _rate(known: Sequence[tuple[float, float]]) -> Rate:
    weeks = sum(length for _, length in known)
    per_week = sum(count for count, _ in known) / weeks
    if per_week == 0:
        return Rate(0.0, 0.0, len(known))
    squares = sum((count - per_week * length) ** 2 / (per_week * length) for count, length in known)
    return Rate(per_week, per_week * max(1.0, squares / (len(known) - 1)), len(known))


def _weeks(series: Series, point: SeriesPoint) -> float:
    return point.period_end.day / 7 if series.freq == "M" else 1.0
