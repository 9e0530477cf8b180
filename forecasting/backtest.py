"""Rolling origins: what each model would have said on past days, with the figures as they were known on those days.

An origin is the first day on which a period's figure was known; the series is built anew as of that day, so that no
revision, finding or break learnt later is seen. Targets are final figures known by the run's own day, the same for all
models. Fitting and choosing are not done here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasting.models.base import FloatArray, History
from forecasting.prepare import Prepared, prepare
from forecasting.scores import IntArray, mase_scale
from waitlists.counts.histories import ListHistory
from waitlists.series import build_series

FEWEST_AT_ORIGIN = 12
"""An origin has at least this many values behind it: with fewer only the last value is ever published."""

MOST_ORIGINS = 6
"""Evenly spread over the past: enough for six targets and more, few enough to back-test every list each week."""


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """A past day, the history as known on it, and what came: (horizon,) targets with the days they were known."""

    as_of: date
    history: History
    targets: FloatArray
    target_known: IntArray

    @property
    def scale(self) -> float:
        """The scale of MASE on the history before this origin."""
        return mase_scale(self.history.published())


def origins_of(history: ListHistory, prepared: Prepared, *, horizon: int) -> tuple[Origin, ...]:
    """Up to six origins of a series, oldest first, each with at least one target after it.

    Parameters
    ----------
    history
        All vintages of the list; an origin sees those known by its own day.
    prepared
        The series as known on the run's day; its targets are what origins are scored against.
    """
    now = prepared.history
    if now is None or now.without_gaps().n_observed <= FEWEST_AT_ORIGIN:
        return ()
    first_known = _first_known(history)
    found: list[Origin] = []
    for place in _spread_out(_candidates(prepared, now)):
        as_of = first_known.get(now.period_ends[place])
        origin = _origin(history, prepared, place, as_of, horizon) if as_of else None
        if origin is not None:
            found.append(origin)
    return tuple(found)


def _first_known(history: ListHistory) -> dict[date, date]:
    """The first day on which anything of each period was known."""
    days: dict[date, date] = {}
    for vintage in sorted(history.vintages):
        days.setdefault(vintage.period_end, vintage.known_from)
    return days


def _candidates(prepared: Prepared, now: History) -> list[int]:
    """Places of a history with enough values behind them since the last long gap, and a target ahead."""
    hole = len(now.values) - len(now.without_gaps().values)
    counts = np.cumsum(now.observed[hole:])
    return [
        hole + place
        for place in range(len(counts) - 1)
        if counts[place] >= FEWEST_AT_ORIGIN
        and now.observed[hole + place]
        and np.isfinite(prepared.targets[hole + place + 1 :]).any()
    ]


def _spread_out(places: Sequence[int]) -> list[int]:
    if len(places) <= MOST_ORIGINS:
        return list(places)
    chosen = np.linspace(0, len(places) - 1, MOST_ORIGINS).round().astype(int)
    return [places[index] for index in chosen]


def _origin(history: ListHistory, prepared: Prepared, place: int, as_of: date, horizon: int) -> Origin | None:
    """The origin, or None where the series as known then ended elsewhere or could not have been forecast."""
    now = prepared.history
    then = prepare(build_series(history, prepared.series.key, as_of=as_of)).history
    if now is None or then is None or then.last_period != now.period_ends[place]:
        return None
    if then.without_gaps().n_observed < FEWEST_AT_ORIGIN:
        return None
    ahead = slice(place + 1, place + 1 + horizon)
    missing = horizon - len(prepared.targets[ahead])
    targets = np.concatenate([prepared.targets[ahead], np.full(missing, np.nan)])
    known = np.concatenate([prepared.known[ahead], np.zeros(missing, dtype=np.int64)])
    return Origin(as_of, then, targets, known) if np.isfinite(targets).any() else None
