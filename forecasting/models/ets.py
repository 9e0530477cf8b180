"""Exponential smoothing by statsmodels: no trend or a damped one, seasonal from 36 months, chosen by AICc.

Section (h2) of docs/methods.md. All forms start heuristically: a tenth of the time, and one footing for their AICc.
"""

import warnings
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from forecasting.models.base import FloatArray, History, fan, is_usable

SEASONAL_FROM = 36
SEASONAL_PENALTY = 24.0
"""Added to the AICc of seasonal forms, of which the heuristic start hides the eleven extra states."""

SMALLEST_SPREAD = 1e-6
"""Of the mean of the series, in one standard deviation."""

_HALF_OF_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Ets:
    """Additive-error exponential smoothing, the form with the lowest corrected information criterion."""

    name: ClassVar[str] = "ets"
    minimum_values: ClassVar[int] = 12
    supports_gaps: ClassVar[bool] = False

    def quantiles(self, history: History, *, horizon: int, levels: tuple[float, ...], seed: int) -> FloatArray | None:
        """(horizon, k) normal quantiles from the mean and the 95% half-width of the chosen form."""
        library = _library()
        with warnings.catch_warnings():
            # A fit that does not converge says so by a warning; its AICc or the check below sorts it out.
            warnings.simplefilter("ignore")
            fits = [fit for form in _forms(history) if (fit := _fit(library, history, form)) is not None]
            if not fits:
                return None
            mean, spread = _predict(min(fits, key=lambda fit: fit.criterion), horizon)
        answer = fan(mean, spread, levels=levels) * _size(history)
        # A fit without any error (a constant series) would promise certainty; the last value answers instead.
        return answer if is_usable(answer, history) and spread.min() > SMALLEST_SPREAD else None


def load() -> None:
    """Have the library ready, which takes as long as hundreds of fits."""
    _library()


@dataclass(frozen=True, slots=True)
class _Fit:
    """A form of the library, its parameters and its corrected information criterion."""

    model: Any
    parameters: Any
    criterion: float


def _library() -> Any:
    """The model class, loaded before warnings are filtered: statsmodels sets filters of its own when first imported."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    return ETSModel


def _forms(history: History) -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = [{}, {"trend": "add", "damped_trend": True}]
    # Of weeks there would be 52 extra states, for which three years are too short.
    if history.freq == "W" or history.n_observed < SEASONAL_FROM:
        return plain
    return plain + [{**form, "seasonal": "add", "seasonal_periods": 12} for form in plain]


def _fit(library: Any, history: History, form: dict[str, Any]) -> _Fit | None:
    """One form fitted on values scaled to a mean of one, or None where it has no finite AICc."""
    import pandas as pd

    # A pandas Series: on a bare array get_prediction of statsmodels 0.15 fails. Without dates, which take it twice the
    # time. Scaled, because where its optimiser stops depends on the size of the numbers.
    series = pd.Series(history.values / _size(history))
    try:
        model = library(series, error="add", initialization_method="heuristic", **form)
        parameters = model.fit(disp=False, return_params=True)
        likelihood = float(model.loglike(parameters))
    except (ValueError, np.linalg.LinAlgError):
        return None
    criterion = _aicc(likelihood, count=len(parameters) + 1, n=len(series))
    criterion += SEASONAL_PENALTY if "seasonal" in form else 0.0
    return _Fit(model, parameters, criterion) if np.isfinite(criterion) else None


def _aicc(likelihood: float, *, count: int, n: int) -> float:
    """Corrected criterion, the variance among the `count` parameters; the library's own costs as much as a fit."""
    return -2 * likelihood + 2 * count * n / (n - count - 1)


def _predict(fit: _Fit, horizon: int) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of each step, the latter from the 95% half-width."""
    result = fit.model.smooth(fit.parameters)
    frame = result.get_prediction(start=result.nobs, end=result.nobs + horizon - 1).summary_frame(alpha=0.05)
    mean = frame["mean"].to_numpy(dtype=float)
    return mean, (frame["pi_upper"].to_numpy(dtype=float) - mean) / _HALF_OF_95


def _size(history: History) -> float:
    return max(float(history.values.mean()), 1e-9)
