"""Scores of single series put together by model."""

from datetime import date

import pytest

from forecasting.results import Forecast, Score
from jobs.backtest import summed_up
from jobs.commands.forecast_screens import backtest_screen
from jobs.commands.screens import console
from waitlists.domain import Measure, SeriesKey


def forecast(org, **scores):
    key = SeriesKey("chs_sitrep", "SALT", org, Measure.LIST_SIZE)
    return Forecast(key, date(2026, 11, 16), "M", "insufficient_data", reason="None is needed here.", scores=scores)


def score(wis, *, n=10, mase=1.0, coverage80=0.8, coverage95=0.9):
    return Score(n=n, wis=wis, mase=mase, coverage80=coverage80, coverage95=coverage95)


def test_a_model_is_set_against_the_last_value_on_the_same_series():
    outcome = summed_up(
        [forecast("QKS", naive=score(10.0), ets=score(5.0)), forecast("NQ7", naive=score(10.0), ets=score(20.0 / 4))]
    )
    assert [(model.model, model.series) for model in outcome.models] == [("ets", 2), ("naive", 2)]
    assert outcome.models[0].relative_wis == pytest.approx(0.5)
    assert outcome.models[1].relative_wis == pytest.approx(1.0)


def test_ratios_are_averaged_so_that_half_and_double_cancel():
    outcome = summed_up(
        [forecast("QKS", naive=score(10.0), ets=score(5.0)), forecast("NQ7", naive=score(10.0), ets=score(20.0))]
    )
    ets = next(model for model in outcome.models if model.model == "ets")
    assert ets.relative_wis == pytest.approx(1.0)


def test_coverage_counts_figures_not_series():
    few, many = score(1.0, n=10, coverage80=0.0), score(1.0, n=30, coverage80=0.8)
    (naive,) = summed_up([forecast("QKS", naive=few), forecast("NQ7", naive=many)]).models
    assert (naive.targets, naive.coverage80) == (40, pytest.approx(0.6))


def test_a_perfect_last_value_leaves_nothing_to_compare_with():
    (ets, naive) = sorted(
        summed_up([forecast("QKS", naive=score(0.0, mase=None), ets=score(1.0))]).models, key=lambda model: model.model
    )
    assert ets.relative_wis is None
    assert naive.mase is None


def test_series_without_scores_are_counted_and_shown():
    outcome = summed_up([forecast("QKS"), forecast("NQ7", naive=score(2.0)), forecast("RYY", ets=score(0.0))])
    assert outcome.unscored == 1
    assert outcome.as_json()["models"][0]["model"] == "naive"
    terminal = console()
    with terminal.capture() as captured:
        terminal.print(backtest_screen(outcome))
    assert "1 series are too short to look back on." in captured.get()
    assert "80%" in captured.get()
