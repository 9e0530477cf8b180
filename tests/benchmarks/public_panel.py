"""Public waiting-list series replayed: what would have been forecast on past days, and what came.

Each source and measure of the public panel becomes lists whose figures are known 45 days after their month, so that a
replayed day sees what was published by then and nothing else. Values are read from beside the project, never copied.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from forecasting.engine import Contest, forecast_all
from forecasting.fanout import Workers
from forecasting.results import LEVELS
from forecasting.scores import geometric_mean_ratio, is_covered, weighted_interval_score
from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.domain import Measure, SeriesKey, Vintage
from waitlists.periods import add_months
from waitlists.series import build_series

PANEL = Path(__file__).parents[3] / "shared/data/panel_public.csv.gz"
LAG = timedelta(days=45)


@dataclass(frozen=True)
class Replay:
    """Forecasts made on past days: (n, 7) quantiles, (n,) targets, horizons, and by task the series and the model."""

    quantiles: np.ndarray
    actual: np.ndarray
    horizon: np.ndarray
    series: np.ndarray
    model: np.ndarray

    @property
    def wis(self) -> np.ndarray:
        return weighted_interval_score(self.quantiles, self.actual, levels=LEVELS)

    def coverage(self, share: float) -> float:
        return float(is_covered(self.quantiles, self.actual, levels=LEVELS, share=share).mean())

    def ratio_to(self, peer: "Replay") -> float:
        """Geometric mean over series of our mean score over the peer's, on identical tasks."""
        names = np.unique(self.series)
        ours = np.array([self.wis[self.series == name].mean() for name in names])
        theirs = np.array([peer.wis[peer.series == name].mean() for name in names])
        return geometric_mean_ratio(ours, theirs)


def histories(source: str, measure: str) -> list[ListHistory]:
    cells: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    with gzip.open(PANEL, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if (row["source"], row["measure"], row["freq"]) == (source, measure, "M") and row["value"]:
                cells[row["service"]][row["period"], row["org_code"]] = round(float(row["value"]))
    return [_history(f"{source}-{measure}".lower(), service, found) for service, found in sorted(cells.items())]


def _history(source: str, service: str, found: dict[tuple[str, str], int]) -> ListHistory:
    periods = sorted({period for period, _ in found})
    vintages = {
        period: Vintage(date.fromisoformat(period) + LAG, place, source, date.fromisoformat(period))
        for place, period in enumerate(periods, start=1)
    }
    return ListHistory(
        source,
        service,
        tuple(vintages.values()),
        {
            (vintages[period].id, org): VintageCells(vintages[period].id, {"total": value})
            for (period, org), value in found.items()
        },
    )


def replay(lists: Sequence[ListHistory], days: Sequence[date], *, contest: Contest, jobs: int = 2) -> Replay:
    """What `contest` would have published on each of `days`, with every target known by now."""
    actual = _actual(lists)
    rows = [
        (list(point.quantiles.values()), actual[forecast.key, point.target_end_date], point.horizon, forecast)
        for day in days
        for forecast in forecast_all(
            lists, as_of=day, seed=1, measures=(Measure.LIST_SIZE,), contest=contest, run=Workers(jobs)
        )
        for point in forecast.points
        if (forecast.key, point.target_end_date) in actual
    ]
    return Replay(
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
        np.array([str(row[3].key) for row in rows]),
        np.array([row[3].model for row in rows]),
    )


def _actual(lists: Sequence[ListHistory]) -> dict[tuple[SeriesKey, date], float]:
    latest = date(2030, 1, 1)
    keys = [
        (history, SeriesKey(history.source, history.service, org, Measure.LIST_SIZE))
        for history in lists
        for org in sorted({org for _, org in history.cells})
    ]
    return {
        (key, point.period_end): point.value
        for history, key in keys
        for point in build_series(history, key, as_of=latest).points
        if point.value is not None
    }


def days_after(first: date, last: date, *, every: int) -> list[date]:
    """Days on which one more month had just become known, `every` months apart."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return [add_months(first, n) + LAG for n in range(0, months + 1, every)]
