"""Prophet, small: eight change points, LBFGS, no sampling; its path is shifted to pass through the last value.

Section (h3) 3 of docs/methods.md. Alone it lost to the last value on every public set, so it is only a candidate. Its
own intervals are not used: the spread starts as a random walk's and is brought to size by its errors in back-tests.
"""

import logging
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from forecasting.models.base import FloatArray, History, fan, is_usable
from forecasting.scale import DEFAULT_CHANGE, own_scale
from forecasting.spread import RANDOM_WALK_WIDTH

YEARLY_FROM = {"M": 36, "W": 104}
"""Observed steps from which a yearly wave is fitted: three years of months, or two of weeks."""

YEARLY_TERMS = 3
CHANGEPOINTS = 8
PANDAS_STEP = {"M": "ME", "W": "7D"}
"""How pandas names the steps of a history: month ends, or seven days."""


@dataclass(frozen=True, slots=True)
class Prophet:
    """A piecewise linear trend, with a yearly wave from 36 months or 104 weeks on, shifted to end at the last value."""

    name: ClassVar[str] = "prophet"
    minimum_values: ClassVar[int] = 12
    supports_gaps: ClassVar[bool] = True

    def quantiles(self, history: History, *, horizon: int, levels: tuple[float, ...], seed: int) -> FloatArray | None:
        """(horizon, k) quantiles around the shifted path, spread like a random walk of the series' changes."""
        with _silence():
            path = _path(history, horizon, seed)
        if path is None:
            return None
        steps = np.sqrt(np.arange(1, horizon + 1))
        spread = RANDOM_WALK_WIDTH * steps * own_scale(history.published(), DEFAULT_CHANGE)
        answer = fan(path, spread, levels=levels)
        return answer if is_usable(answer, history) else None


def _path(history: History, horizon: int, seed: int) -> FloatArray | None:
    """(horizon,) fitted path, moved by what the fit misses the last value by."""
    import pandas as pd
    from prophet import Prophet as Library

    dates = pd.DatetimeIndex(history.period_ends)
    ahead = pd.date_range(dates[-1], periods=horizon + 1, freq=PANDAS_STEP[history.freq])
    model: Any = Library(
        yearly_seasonality=YEARLY_TERMS if history.n_observed >= YEARLY_FROM[history.freq] else False,
        weekly_seasonality=False,
        daily_seasonality=False,
        n_changepoints=CHANGEPOINTS,
        uncertainty_samples=0,
    )
    try:
        model.fit(pd.DataFrame({"ds": dates, "y": history.values}), algorithm="LBFGS", seed=seed)
    except (RuntimeError, ValueError):
        return None
    path: FloatArray = model.predict(pd.DataFrame({"ds": ahead}))["yhat"].to_numpy(dtype=float)
    return path[1:] + (history.last_value - path[0])


@contextmanager
def _silence() -> Generator[None]:
    """Keep the libraries' progress lines and deprecations out of the log for a fit; what was set before comes back."""
    loggers = [logging.getLogger(name) for name in ("cmdstanpy", "prophet", "prophet.models", "prophet.plot")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.disabled = was
