"""What a model is given and what it owes: the protocol every forecaster keeps, and the history it is fitted on.

A new model is a frozen class with the three constants and one method; it joins the contract test by being listed there.
Choice between models, calibration and scoring are not done here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import ClassVar, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from waitlists.errors import BadArgument
from waitlists.sources import Freq

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
AnyArray = TypeVar("AnyArray", FloatArray, BoolArray)

LARGEST_GROWTH = 5.0
"""An answer above this multiple of the largest value seen is taken as a failed fit (methods, h2)."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What a model may see: one value a step, oldest first, from the first to the last observed one.

    `values` (n,) holds short gaps filled in for fitting and NaN where a gap is long; `observed` (n,) is False for both,
    so that nothing filled in is ever scored or shown.
    """

    period_ends: tuple[date, ...]
    values: FloatArray
    observed: BoolArray
    freq: Freq

    def __post_init__(self) -> None:
        # Copies, and locked: a model that changed its argument would change the next model's history too.
        object.__setattr__(self, "values", _locked(self.values.astype(np.float64)))
        object.__setattr__(self, "observed", _locked(self.observed.astype(np.bool_)))
        if not len(self.period_ends) == len(self.values) == len(self.observed) > 0:
            raise BadArgument("a history has a date, a value and a mark for every step", field="values")
        if not (self.observed[0] and self.observed[-1]):
            raise BadArgument("a history begins and ends with an observed value", field="observed")
        if not np.isfinite(self.values[self.observed]).all() or (self.values[self.observed] < 0).any():
            raise BadArgument("observed values are finite and not below zero", field="values")

    @property
    def n_observed(self) -> int:
        """How many values were really published."""
        return int(self.observed.sum())

    @property
    def last_value(self) -> float:
        """The newest observed value."""
        return float(self.values[-1])

    @property
    def last_period(self) -> date:
        """What the newest observed value is about."""
        return self.period_ends[-1]

    def published(self) -> FloatArray:
        """(n,) values as published: NaN wherever nothing was."""
        return np.where(self.observed, self.values, np.nan)

    def without_gaps(self) -> "History":
        """The part after the last gap that is too long to be filled in; the whole where there is none."""
        holes = np.flatnonzero(np.isnan(self.values))
        start = int(holes[-1]) + 1 if holes.size else 0
        return History(self.period_ends[start:], self.values[start:], self.observed[start:], self.freq)


class Forecaster(Protocol):
    """A model: what it is called, how much it needs, and quantiles of the steps after a history."""

    name: ClassVar[str]
    minimum_values: ClassVar[int]
    supports_gaps: ClassVar[bool]

    def quantiles(self, history: History, *, horizon: int, levels: tuple[float, ...], seed: int) -> FloatArray | None:
        """(horizon, k) quantiles of the next steps, or None where the model has no usable answer.

        Parameters
        ----------
        history
            Without inner NaN unless the model supports gaps; at least `minimum_values` of it observed.
        horizon
            How many steps after the last one of the history.
        levels
            (k,) rising, symmetric around 0.5.
        seed
            Of all randomness; the same arguments give the same bytes.

        Notes
        -----
        Rows rise along the levels, are finite and not below zero. An answer is None, never an exception, where a fit
        does not converge, is not finite or explodes.
        """
        ...  # pragma: no cover - a protocol has no body


def fitted_part(model: Forecaster, history: History) -> History | None:
    """The part of a history that `model` can be fitted on, or None where that is too short for it."""
    part = history if model.supports_gaps else history.without_gaps()
    return part if part.n_observed >= model.minimum_values else None


def normal_quantiles(levels: Sequence[float]) -> FloatArray:
    """(k,) standard normal quantiles.

    Examples
    --------
    >>> normal_quantiles([0.1, 0.5]).round(6).tolist()
    [-1.281552, 0.0]
    """
    standard = NormalDist()
    return np.array([standard.inv_cdf(level) for level in levels])


def fan(centre: FloatArray, spread: FloatArray, *, levels: tuple[float, ...]) -> FloatArray:
    """(horizon, k) normal quantiles around a path: `centre` and `spread` (standard deviations) are (horizon,)."""
    return within_bounds(centre[:, None] + spread[:, None] * normal_quantiles(levels)[None, :])


def within_bounds(quantiles: FloatArray) -> FloatArray:
    """The same quantiles in rising order and not below zero: no list holds fewer than no children."""
    return np.maximum(np.sort(quantiles, axis=-1), 0.0)


def is_usable(quantiles: FloatArray, history: History) -> bool:
    """Whether a fit may be published: finite, and its median not above five times the largest value seen."""
    largest = float(np.nanmax(history.values))
    middle = quantiles[:, quantiles.shape[1] // 2]
    return bool(np.isfinite(quantiles).all() and (middle <= LARGEST_GROWTH * max(largest, 1.0)).all())


def _locked(array: AnyArray) -> AnyArray:
    array.setflags(write=False)
    return array
