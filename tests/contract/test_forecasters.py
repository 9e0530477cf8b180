"""What every forecaster owes; a new model joins by being listed."""

import logging
import sys
import warnings
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.fit import FitJob, fit
from forecasting.models import ets
from forecasting.models.base import Forecaster, History, fitted_part
from forecasting.models.ets import Ets
from forecasting.models.naive import Naive
from forecasting.models.prophet import Prophet
from forecasting.results import LEVELS
from forecasting.spread import Panel, pool_spread
from tests.forecast_lists import KEY, history

RNG = np.random.default_rng(7)
WANDERING = (1000 + RNG.normal(0, 40, 40).cumsum()).round()
SISTERS = 500 + RNG.normal(0, 20, (40, 30)).cumsum(axis=1)


def pooled_naive(factor: float) -> Naive:
    panel = Panel(SISTERS * factor, np.zeros(SISTERS.shape, dtype=np.int64))
    return Naive(pool_spread(panel, horizon=12, levels=LEVELS))


POOLED = pooled_naive(1)
MODELS = [Naive(), POOLED, Ets(), Prophet()]


@pytest.fixture(params=MODELS, ids=["naive", "naive_pooled", "ets", "prophet"])
def model(request: pytest.FixtureRequest) -> Forecaster:
    return request.param


def ask(model: Forecaster, values, *, horizon: int = 6, levels=LEVELS, seed: int = 1):
    of = values if isinstance(values, History) else history(list(values))
    return model.quantiles(of, horizon=horizon, levels=levels, seed=seed)


def check(quantiles: np.ndarray | None, *, horizon: int = 6, levels=LEVELS) -> np.ndarray:
    assert quantiles is not None
    assert quantiles.shape == (horizon, len(levels))
    assert np.isfinite(quantiles).all()
    assert (quantiles >= 0).all()
    assert (np.diff(quantiles, axis=1) >= 0).all()
    return quantiles


@pytest.mark.parametrize("horizon", [1, 12])
def test_quantiles_have_their_shape_and_order(model: Forecaster, horizon: int) -> None:
    check(ask(model, WANDERING[:24], horizon=horizon), horizon=horizon)


def test_levels_are_the_callers(model: Forecaster) -> None:
    few = (0.1, 0.5, 0.9)
    check(ask(model, WANDERING[:24], levels=few), levels=few)


def test_ranges_have_width_and_hold_the_recent_level(model: Forecaster) -> None:
    found = check(ask(model, WANDERING[:24]))
    assert (found[:, -1] > found[:, 0]).all()
    assert found[0, 0] < WANDERING[23] * 1.1
    assert found[0, -1] > WANDERING[23] * 0.9


def test_the_same_arguments_give_the_same_bytes(model: Forecaster) -> None:
    first, second = (ask(model, WANDERING[:24], seed=3) for _ in range(2))
    assert check(first).tobytes() == check(second).tobytes()


def test_the_history_is_not_changed(model: Forecaster) -> None:
    given = history(list(WANDERING[:24]))
    before = given.values.tobytes()
    ask(model, given)
    assert given.values.tobytes() == before
    with pytest.raises(ValueError, match="read-only"):
        given.values[0] = 1


@pytest.mark.parametrize("level", [0, 7, 12345])
def test_a_constant_list_is_continued_or_left_to_the_last_value(model: Forecaster, level: int) -> None:
    found = ask(model, [level] * 20)
    if found is not None:
        assert check(found)[:, 3] == pytest.approx(level, rel=1e-6, abs=1e-9)


def test_the_fewest_values_are_enough(model: Forecaster) -> None:
    check(ask(model, WANDERING[: model.minimum_values]))


def test_fewer_values_are_not_fitted(model: Forecaster) -> None:
    assert fitted_part(model, history(list(WANDERING[: model.minimum_values - 1]))) is None


def test_huge_numbers_stay_finite(model: Forecaster) -> None:
    check(ask(model, WANDERING[:24] * 1e12))


def test_small_falling_lists_stop_at_zero(model: Forecaster) -> None:
    assert check(ask(model, [40 - 2 * n for n in range(20)], horizon=12), horizon=12).min() == 0


@pytest.mark.parametrize("factor", [0.01, 1000])
def test_a_list_in_other_units_has_the_same_forecast_in_those_units(model: Forecaster, factor: float) -> None:
    # A pool is of lists in the same units, so it comes in the other ones too.
    other = pooled_naive(factor) if model is POOLED else model
    plain, scaled = check(ask(model, WANDERING[:24])), check(ask(other, WANDERING[:24] * factor))
    assert scaled / factor == pytest.approx(plain, rel=1e-3)


def test_long_gaps_are_kept_or_cut_away_as_the_model_says(model: Forecaster) -> None:
    gappy = [*WANDERING[:10], *[None] * 5, *WANDERING[15:30]]
    part = fitted_part(model, history(gappy))
    assert part is not None
    assert np.isnan(part.values).any() == model.supports_gaps
    check(ask(model, part))


def test_36_values_are_enough_for_a_season(model: Forecaster) -> None:
    months = np.arange(40)
    seasonal = (300 + 80 * np.sin(2 * np.pi * months / 12) + RNG.normal(0, 2, 40)).round()
    found = check(ask(model, seasonal, horizon=12), horizon=12)
    if model.name != "naive":
        expected = 300 + 80 * np.sin(2 * np.pi * (40 + np.arange(12)) / 12)
        assert np.abs(found[:, 3] - expected).mean() < 40


def test_dates_that_went_by_and_weekly_steps_are_taken(model: Forecaster) -> None:
    weekly = replace(history(list(WANDERING[:20])), freq="W", period_ends=tuple(_sundays(20)))
    check(ask(model, weekly))


def _sundays(count: int) -> list[date]:
    return [date(2024, 1, 7) + timedelta(weeks=n) for n in range(count)]


def test_other_series_beside_it_change_nothing(model: Forecaster) -> None:
    jobs = [
        FitJob(KEY, (history(list(values)),), (model,), 6, LEVELS, 1)
        for values in (WANDERING[:24], WANDERING[10:30], [5] * 14)
    ]
    forwards = [fit(job).quantiles[model.name][0] for job in jobs]
    backwards = [fit(job).quantiles[model.name][0] for job in reversed(jobs)]
    for one, other in zip(forwards, reversed(backwards), strict=True):
        assert (None if one is None else one.tobytes()) == (None if other is None else other.tobytes())


def test_a_model_says_nothing_to_the_log(model: Forecaster, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ask(model, WANDERING[:24])
    assert caplog.records == []
    assert not logging.getLogger("cmdstanpy").disabled


def test_a_name_is_one_word(model: Forecaster) -> None:
    assert model.name.isidentifier()


def test_ets_ranks_its_forms_as_the_library_would() -> None:
    given = history(list(WANDERING[:30]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for form in ets._forms(given):
            ours = ets._fit(ets._library(), given, form)
            assert ours is not None
            assert ours.criterion == pytest.approx(ours.model.smooth(ours.parameters).aicc)


def test_a_fit_that_the_library_refuses_is_no_answer() -> None:
    def refuses(*_: object, **__: object) -> None:
        raise ValueError("not enough data")

    assert ets._fit(refuses, history(list(WANDERING[:12])), {}) is None


def test_prophet_without_a_fit_is_no_answer() -> None:
    assert Prophet().quantiles(history([5]), horizon=2, levels=LEVELS, seed=1) is None


def test_a_library_can_be_made_ready_before_it_is_needed() -> None:
    ets.load()
    assert "statsmodels.tsa.exponential_smoothing.ets" in sys.modules
