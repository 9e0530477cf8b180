"""Ranges that were wrong too often are widened, from what was known at the time."""

import numpy as np
import pytest

from forecasting.models.base import normal_quantiles
from forecasting.results import LEVELS
from forecasting.tasks import (
    FEWEST_OWN,
    OWN_POWER,
    Tasks,
    calibrated_in_turn,
    joined,
    own_factors,
    score,
    spread_factors,
    widened,
)


def tasks(n: int, *, truth_sd: float, seed: int = 1, known_after: int = 0, horizons: int = 1) -> Tasks:
    """Forecasts of a standard normal around 100, of targets with another spread; one origin a day."""
    rng = np.random.default_rng(seed)
    return Tasks(
        quantiles=np.tile(100 + normal_quantiles(LEVELS), (n, 1)),
        actual=100 + rng.normal(0, truth_sd, n),
        horizon=1 + np.arange(n) % horizons,
        origin=np.arange(n),
        known=np.arange(n) + known_after,
        scale=np.ones(n),
        series=np.zeros(n, dtype=np.int64),
    )


@pytest.mark.parametrize("truth_sd", [0.7, 1.0, 2.0])
def test_factors_bring_ranges_to_size(truth_sd: float) -> None:
    factors = spread_factors(tasks(4000, truth_sd=truth_sd), horizon=1, levels=LEVELS)
    assert factors[0, [0, 1, 2, 4, 5, 6]] == pytest.approx(truth_sd, rel=0.08)
    assert factors[0, 3] == 1


def test_ranges_learnt_elsewhere_are_only_widened() -> None:
    narrow, wide = (
        spread_factors(tasks(400, truth_sd=sd), horizon=1, levels=LEVELS, only_widen=True) for sd in (0.5, 2)
    )
    assert (narrow == 1).all()
    assert wide[0, 1] == pytest.approx(2, rel=0.15)
    past = tasks(400, truth_sd=0.5)
    assert np.array_equal(calibrated_in_turn(past, horizon=1, levels=LEVELS, only_widen=True).quantiles, past.quantiles)


def test_factors_shrink_to_one_where_few_tasks_speak() -> None:
    few = spread_factors(tasks(20, truth_sd=2), horizon=1, levels=LEVELS)[0, 1]
    raw = np.exp(np.log(few) * 40 / 20)
    assert 1 < few < raw


def test_factors_are_clipped() -> None:
    assert spread_factors(tasks(5000, truth_sd=50), horizon=1, levels=LEVELS).max() == pytest.approx(3, rel=0.01)
    assert spread_factors(tasks(5000, truth_sd=0.01), horizon=1, levels=LEVELS).min() == pytest.approx(0.5, rel=0.01)


def test_too_few_tasks_change_nothing() -> None:
    assert (spread_factors(tasks(14, truth_sd=9), horizon=3, levels=LEVELS) == 1).all()


def test_a_horizon_with_few_tasks_takes_the_factors_of_all() -> None:
    several = tasks(60, truth_sd=2, horizons=5)
    factors = spread_factors(several, horizon=6, levels=LEVELS)
    overall = spread_factors(
        Tasks(several.quantiles, several.actual, several.horizon * 0 + 1, *several_rest(several)),
        horizon=1,
        levels=LEVELS,
    )
    assert (factors == overall[0]).all()


def several_rest(of: Tasks) -> tuple[np.ndarray, ...]:
    return of.origin, of.known, of.scale, of.series


def test_a_range_without_width_teaches_nothing() -> None:
    certain = tasks(30, truth_sd=1)
    flat = certain.with_quantiles(np.full((30, 7), 100.0))
    assert (spread_factors(flat, horizon=1, levels=LEVELS) == 1).all()


def test_widening_keeps_the_median_and_stops_at_zero() -> None:
    answer = widened(np.array([[1.0, 2, 3, 4, 5, 6, 7]]), np.full((1, 7), 3.0))
    assert answer.tolist() == [[0, 0, 1, 4, 7, 10, 13]]


def test_each_origin_is_scaled_by_what_was_known_on_its_day() -> None:
    whole = tasks(400, truth_sd=2, known_after=30)
    changed = Tasks(
        whole.quantiles,
        np.where(whole.known > 200, 0.0, whole.actual),
        whole.horizon,
        *several_rest(whole),
    )
    before, after = (calibrated_in_turn(of, horizon=1, levels=LEVELS).quantiles for of in (whole, changed))
    assert np.array_equal(before[:201], after[:201])
    assert not np.array_equal(before[201:], after[201:])
    assert np.array_equal(before[:44], whole.quantiles[:44])


def test_a_score_counts_its_targets() -> None:
    found = score(joined([tasks(300, truth_sd=1), tasks(200, truth_sd=1, seed=2)]), levels=LEVELS)
    assert found.n == 500
    assert found.coverage80 == pytest.approx(0.8, abs=0.05)
    assert found.coverage95 == pytest.approx(0.95, abs=0.03)
    assert found.mase == pytest.approx(0.8, abs=0.06)


def of_two(n: int, *, truth_sd: tuple[float, float]) -> Tasks:
    """Two lists side by side, forecast with the same ranges and missing them differently."""
    both = joined([tasks(n, truth_sd=sd, seed=place) for place, sd in enumerate(truth_sd)])
    return Tasks(both.quantiles, both.actual, both.horizon, both.origin, both.known, both.scale, np.repeat([3, 8], n))


def test_a_list_that_misses_more_than_its_sisters_gets_wider_ranges_and_theirs_narrower() -> None:
    both = of_two(400, truth_sd=(0.5, 2.0))
    factors = spread_factors(both, horizon=1, levels=LEVELS)
    own = own_factors(both, factors, levels=LEVELS)
    assert own[3] < 1 < own[8]
    ratio = np.array([0.4, 2.5])
    assert (ratio**OWN_POWER)[0] <= own[3]
    assert own[8] <= (ratio**OWN_POWER)[1]


def test_lists_alike_are_calibrated_alike() -> None:
    both = of_two(2000, truth_sd=(1.0, 1.0))
    own = own_factors(both, spread_factors(both, horizon=1, levels=LEVELS), levels=LEVELS)
    assert list(own.values()) == pytest.approx([1, 1], abs=0.03)


def test_a_list_of_few_past_targets_is_calibrated_as_its_sisters_are() -> None:
    factors = np.ones((1, len(LEVELS)))
    assert list(own_factors(of_two(FEWEST_OWN - 1, truth_sd=(1, 3)), factors, levels=LEVELS)) == []
    assert list(own_factors(of_two(FEWEST_OWN, truth_sd=(1, 3)), factors, levels=LEVELS)) == [3, 8]


def test_targets_far_ahead_say_less_of_a_list() -> None:
    near = of_two(60, truth_sd=(0.3, 3))
    far = Tasks(near.quantiles, near.actual, near.horizon * 26, *several_rest(near))
    factors = np.ones((26, len(LEVELS)))
    (_, close), (_, distant) = (own_factors(of, factors, levels=LEVELS).items() for of in (near, far))
    assert 1 < distant[1] < close[1]


def test_nothing_is_said_of_a_list_where_all_targets_were_met_or_ranges_have_no_width() -> None:
    met = tasks(30, truth_sd=0)
    factors = np.ones((1, len(LEVELS)))
    assert own_factors(met, factors, levels=LEVELS) == {}
    flat = tasks(30, truth_sd=1).with_quantiles(np.full((30, 7), 100.0))
    assert own_factors(flat, factors, levels=LEVELS) == {}


def test_no_range_shrinks_as_the_horizon_grows() -> None:
    fan = 100 + np.outer([1.0, 2.0, 3.0], normal_quantiles(LEVELS))
    found = widened(fan, np.array([[3.0], [1.0], [1.0]]) * np.ones((3, len(LEVELS))))
    away = np.abs(found - 100)
    assert (np.diff(away, axis=0) >= 0).all()
    assert away[:, 0] == pytest.approx([away[0, 0]] * 3)


def test_past_ranges_do_not_shrink_either() -> None:
    several = tasks(80, truth_sd=1, horizons=4)
    past = Tasks(
        100 + several.horizon[:, None] * normal_quantiles(LEVELS)[None, :],
        several.actual,
        several.horizon,
        several.origin // 4,
        several.known,
        several.scale,
        several.series,
    )
    found = calibrated_in_turn(past, horizon=4, levels=LEVELS)
    widths = (found.quantiles[:, -1] - found.quantiles[:, 0]).reshape(-1, 4)
    assert (np.diff(widths, axis=1) >= 0).all()
