"""From a series to what models may be fitted on, or the reason why there is no forecast of it.

The history is cut at known breaks and at 72 steps; the coverage-adjusted figure is what is modelled; short inner gaps
are filled in for fitting alone. Rules: section (h), preparation, of docs/methods.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasting.models.base import BoolArray, FloatArray, History
from forecasting.scores import IntArray
from waitlists.domain import Measure
from waitlists.periods import in_words
from waitlists.series import Series, SeriesPoint
from waitlists.sources import Freq

LONGEST_FILLED_GAP = 3
MOST_STEPS: Mapping[Freq, int] = {"M": 72, "W": 156}
"""Six years of months or three of weeks: what lies further back says little of the list of today."""

FEWEST_VALUES = 3
MOST_NAMED = 12
STALE_STEPS = 3

FORECAST_MEASURES: tuple[Measure, ...] = (
    Measure.LIST_SIZE,
    Measure.OVER_18_WEEKS,
    Measure.OVER_52_WEEKS,
    Measure.OVER_104_WEEKS,
    Measure.OVER_156_WEEKS,
    Measure.OVER_208_WEEKS,
)
"""Counts of children still waiting. Shares and medians need models of their own and are not forecast yet."""


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A series ready for models, or not: then `status` and `reason` say why and `history` is None.

    `targets` (n,) are the figures a past forecast may be scored against: published, complete and final, else NaN;
    `known` (n,) the day, as an ordinal, from which each step's figure was known. Both run along `history`.
    """

    series: Series
    status: str
    reason: str | None
    notes: tuple[str, ...]
    history: History | None
    targets: FloatArray
    known: IntArray


def prepare(series: Series) -> Prepared:
    """What models may see of a series as known on its day.

    Returns
    -------
    Prepared
        `ok` with a history; `blocked` where figures are there but must not be projected; `insufficient_data` where
        there are fewer than three since the last break.
    """
    points = _since_last_break(series)
    used = [place for place, point in enumerate(points) if point.adjusted is not None]
    if series.blocks:
        return _refused(series, "blocked", " ".join(series.blocks))
    if len(used) < FEWEST_VALUES:
        return _refused(series, "insufficient_data", _too_short(series, len(used)))
    steps_since = len(points) - 1 - used[-1]
    if steps_since >= STALE_STEPS:
        return _refused(series, "blocked", _stale(series, points[used[-1]], steps_since))
    kept = points[used[0] : used[-1] + 1]
    return Prepared(
        series=series,
        status="ok",
        reason=None,
        notes=_notes(kept, series.freq),
        history=_history(kept, series.freq),
        targets=np.array([_target(point) for point in kept]),
        known=np.array([_known(point) for point in kept], dtype=np.int64),
    )


def has_figures(series: Series) -> bool:
    """Whether anything was ever published: a measure that never was gets no row, not an empty forecast."""
    return any(point.value is not None for point in series.points)


def _since_last_break(series: Series) -> tuple[SeriesPoint, ...]:
    start = max((cut.period_end for cut in series.breaks), default=None)
    points = tuple(point for point in series.points if start is None or point.period_end >= start)
    return points[-MOST_STEPS[series.freq] :]


def _refused(series: Series, status: str, reason: str) -> Prepared:
    return Prepared(series, status, reason, (), None, np.zeros(0), np.zeros(0, dtype=np.int64))


def _too_short(series: Series, count: int) -> str:
    since = " since the last break in the figures" if series.breaks else ""
    figures = "1 usable figure" if count == 1 else f"{count} usable figures"
    are = "is" if count == 1 else "are"
    return f"There {are} {figures}{since}; a forecast needs {FEWEST_VALUES}."


def _stale(series: Series, last: SeriesPoint, steps: int) -> str:
    unit = "months" if series.freq == "M" else "weeks"
    when = in_words(last.period_end, series.freq)
    return f"The last usable figure is of {when}, {steps} {unit} before the latest of this source."


def _notes(kept: tuple[SeriesPoint, ...], freq: Freq) -> tuple[str, ...]:
    adjusted = [point for point in kept if point.adjusted is not None and point.adjusted != point.value]
    if not adjusted:
        return ()
    periods = ", ".join(in_words(point.period_end, freq) for point in adjusted)
    if len(adjusted) > MOST_NAMED:
        first, last = (in_words(point.period_end, freq) for point in (adjusted[0], adjusted[-1]))
        periods = f"{len(adjusted)} periods, the first {first} and the last {last}"
    return (f"The last known figures of providers that sent nothing are added for {periods}.",)


def _history(kept: tuple[SeriesPoint, ...], freq: Freq) -> History:
    values = np.array([np.nan if point.adjusted is None else point.adjusted for point in kept], dtype=float)
    observed = np.isfinite(values)
    return History(tuple(point.period_end for point in kept), fill_short_gaps(values, observed), observed, freq)


def fill_short_gaps(values: FloatArray, observed: BoolArray) -> FloatArray:
    """(n,) values with inner gaps of up to three steps on a straight line, longer ones left NaN."""
    places = np.arange(len(values))
    before = np.maximum.accumulate(np.where(observed, places, 0))
    after = np.minimum.accumulate(np.where(observed, places, len(values) - 1)[::-1])[::-1]
    is_short = after - before - 1 <= LONGEST_FILLED_GAP
    filled = np.interp(places, places[observed], values[observed])
    return np.where(observed | is_short, filled, np.nan)


def _target(point: SeriesPoint) -> float:
    is_final = point.adjusted is not None and point.coverage >= 1 and not point.is_provisional
    return float(point.adjusted) if is_final and point.adjusted is not None else np.nan


def _known(point: SeriesPoint) -> int:
    return point.known_from.toordinal() if point.known_from else 0
