"""Scores against hand-worked numbers."""

import math

import numpy as np
import pytest

from forecasting.results import LEVELS
from forecasting.scores import (
    geometric_mean_ratio,
    interval_score,
    is_covered,
    mase_scale,
    mean_scaled,
    training_scale,
    weighted_interval_score,
)

FAN = np.array([[1.0, 2.0, 4.0, 5.0, 6.0, 8.0, 9.0]])


def test_the_interval_score_by_hand() -> None:
    ends = (np.array([10.0, 10.0, 10.0]), np.array([20.0, 20.0, 20.0]))
    assert interval_score(*ends, np.array([15.0, 8.0, 23.0]), alpha=0.2).tolist() == [10, 30, 40]


def test_the_weighted_interval_score_by_hand() -> None:
    # |7 - 5|/2 + .25 (2 + 4 (7 - 6)) + .1 x 6 + .025 x 8, over 3.5
    expected = (1 + 0.25 * 6 + 0.6 + 0.2) / 3.5
    assert weighted_interval_score(FAN, np.array([7.0]), levels=LEVELS)[0] == pytest.approx(expected, rel=1e-12)


def test_a_perfect_forecast_scores_nothing() -> None:
    assert weighted_interval_score(np.full((1, 7), 5.0), np.array([5.0]), levels=LEVELS).tolist() == [0]


def test_a_wider_range_around_a_right_median_scores_worse() -> None:
    wide = 5 + 2 * (FAN - 5)
    actual = np.array([5.0])
    narrow = weighted_interval_score(FAN, actual, levels=LEVELS)
    assert weighted_interval_score(wide, actual, levels=LEVELS) > narrow


@pytest.mark.parametrize(("actual", "inside"), [(2, 1), (8, 1), (1.9, 0), (8.1, 0)])
def test_the_ends_of_a_range_are_in_it(actual: float, inside: int) -> None:
    assert is_covered(FAN, np.array([actual]), levels=LEVELS, share=0.8).tolist() == [inside]


def test_a_gap_is_no_change() -> None:
    assert training_scale(np.array([1.0, np.nan, 3.0, 5.0])) == 2
    assert math.isnan(training_scale(np.array([1.0])))


def test_the_scale_is_seasonal_from_fifteen_values() -> None:
    assert mase_scale(np.arange(14.0)) == 1
    assert mase_scale(np.arange(15.0)) == 12


def test_a_constant_training_series_has_no_scaled_score() -> None:
    score = np.array([4.0, 30.0, 7.0])
    assert mean_scaled(score, np.array([2.0, 1.0, 0.0])) == 16
    assert mean_scaled(score, np.array([2.0, np.nan, 7.0])) == 1.5
    assert mean_scaled(score, np.zeros(3)) is None


def test_a_ratio_with_itself_is_one_and_zero_divides_nothing() -> None:
    scores = np.array([0.0, 1.0, 5.0])
    assert geometric_mean_ratio(scores, scores) == 1
    assert geometric_mean_ratio(np.array([1.0, 4.0]), np.array([2.0, 2.0])) == pytest.approx(1)
