"""No more children wait over 52 weeks than over 18, and no more than are listed."""

from dataclasses import replace
from datetime import date

from forecasting.coherence import coherent
from forecasting.results import Forecast, ForecastPoint
from tests.forecast_lists import FAR, KEY
from waitlists.domain import Measure

DAY = date(2025, 3, 31)


def forecast(measure: Measure, low: float, high: float, *, org: str = "R00", target: int = 30) -> Forecast:
    point = ForecastPoint(date(2025, 4, target), 1, {"0.1": low, "0.9": high})
    key = replace(KEY, measure=measure, org=org)
    return Forecast(key, FAR, "M", "ok", model="ets", trained_until=DAY, points=(point,))


def quantiles(of: Forecast) -> list[float]:
    return list(of.points[0].quantiles.values())


def test_a_longer_wait_is_capped_by_the_shorter_one_it_is_part_of() -> None:
    whole = forecast(Measure.LIST_SIZE, 50, 100)
    over_18 = forecast(Measure.OVER_18_WEEKS, 60, 90)
    over_52 = forecast(Measure.OVER_52_WEEKS, 40, 95)
    found = coherent([over_52, whole, over_18])
    assert [quantiles(one) for one in found] == [[40, 90], [50, 100], [50, 90]]


def test_other_lists_other_dates_and_refusals_are_left_alone() -> None:
    small = forecast(Measure.LIST_SIZE, 1, 2)
    elsewhere = forecast(Measure.OVER_18_WEEKS, 5, 9, org="R01")
    other_day = forecast(Measure.OVER_18_WEEKS, 5, 9, target=15)
    refused = Forecast(replace(KEY, measure=Measure.OVER_52_WEEKS), FAR, "M", "blocked", reason="It is copied.")
    assert coherent([small, elsewhere, other_day, refused]) == [small, elsewhere, other_day, refused]
