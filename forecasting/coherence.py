"""Forecasts of one list that must agree: no more children wait over 52 weeks than over 18, and no more than are listed.

Section (h3) 6 of docs/methods.md, for the measures of one list; parents and their parts are published side by side.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from forecasting.results import Forecast, ForecastPoint
from waitlists.domain import Measure

NESTED: tuple[Measure, ...] = (
    Measure.LIST_SIZE,
    Measure.OVER_18_WEEKS,
    Measure.OVER_52_WEEKS,
    Measure.OVER_104_WEEKS,
    Measure.OVER_156_WEEKS,
    Measure.OVER_208_WEEKS,
)
"""Each counts some of the children of the one before."""


def coherent(forecasts: Sequence[Forecast]) -> list[Forecast]:
    """The same forecasts, each quantile of a longer wait at most that of the shorter wait it is part of."""
    of_list: dict[tuple[str, str, str], dict[Measure, Forecast]] = {}
    for forecast in forecasts:
        key = forecast.key
        of_list.setdefault((key.source, key.service, key.org), {})[key.measure] = forecast
    capped = {id(old): new for found in of_list.values() for old, new in _capped(found)}
    return [capped.get(id(forecast), forecast) for forecast in forecasts]


def _capped(found: dict[Measure, Forecast]) -> list[tuple[Forecast, Forecast]]:
    """Old and new forecast of each measure of one list that has points, from the whole list down."""
    pairs: list[tuple[Forecast, Forecast]] = []
    ceiling: dict[date, ForecastPoint] = {}
    for measure in NESTED:
        old = found.get(measure)
        if old is None or not old.points:
            continue
        new = replace(old, points=tuple(_at_most(point, ceiling.get(point.target_end_date)) for point in old.points))
        ceiling |= {point.target_end_date: point for point in new.points}
        pairs.append((old, new))
    return pairs


def _at_most(point: ForecastPoint, ceiling: ForecastPoint | None) -> ForecastPoint:
    if ceiling is None:
        return point
    quantiles = {level: min(value, ceiling.quantiles.get(level, value)) for level, value in point.quantiles.items()}
    return replace(point, quantiles=quantiles)
