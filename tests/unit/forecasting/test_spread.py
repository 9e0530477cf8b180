"""The pooled spread of the last value, beside the plain loops it stands for."""

from statistics import NormalDist

import numpy as np
import pytest

from forecasting.results import LEVELS
from forecasting.spread import (
    DEFAULT_RELATIVE_CHANGE,
    Panel,
    no_pool,
    own_scale,
    pool_spread,
    step_changes,
)


def panel(values: np.ndarray) -> Panel:
    return Panel(values, np.tile(np.arange(values.shape[1]), (len(values), 1)))


def walks(count: int, months: int, *, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.maximum(1000 + rng.normal(0, 30, (count, months)).cumsum(axis=1), 0)


def changes_by_loop(values: list[float]) -> list[float]:
    found, last = [], None
    for place, value in enumerate(values):
        change = np.nan
        if np.isfinite(value):
            if last is not None and place - last <= 3:
                change = abs(value - values[last]) / np.sqrt(place - last)
            last = place
        found.append(change)
    return found


def test_changes_over_short_gaps_count_by_the_root_of_their_steps() -> None:
    rng = np.random.default_rng(3)
    values = np.where(rng.random((20, 15)) < 0.4, np.nan, rng.integers(0, 50, (20, 15)))
    expected = np.array([changes_by_loop(row) for row in values.tolist()])
    assert np.array_equal(step_changes(values), expected, equal_nan=True)


def test_a_series_without_changes_takes_the_pooled_one() -> None:
    assert own_scale(np.array([200.0]), 0.1) == pytest.approx(20)


def test_own_changes_weigh_more_the_more_there_are() -> None:
    values = np.tile([100.0, 110.0], 30)
    assert own_scale(values, 0.2) == pytest.approx((59 * 10 + 6 * 0.2 * 105) / 65)


def test_the_pooled_offsets_recover_a_random_walk() -> None:
    pool = pool_spread(panel(walks(300, 60, seed=1)), horizon=4, levels=LEVELS)
    assert pool.relative_change == pytest.approx(0.8 * 30 / 1000, rel=0.1)
    for step in range(4):
        expected = 1.25 * np.sqrt(step + 1) * np.array([NormalDist().inv_cdf(level) for level in LEVELS])
        assert pool.offsets[step] == pytest.approx(expected, rel=0.1, abs=0.01)
    assert (pool.counts > 1000).all()


def test_the_median_is_the_last_value_even_where_all_lists_rise() -> None:
    rising = np.linspace(100, 200, 20) + walks(30, 20, seed=2)
    pool = pool_spread(panel(rising), horizon=6, levels=LEVELS)
    assert (pool.offsets[:, 3] == 0).all()
    assert (np.diff(pool.offsets, axis=1) > 0).all()


def test_a_tiny_pool_is_a_normal_that_grows_with_the_root_of_the_horizon() -> None:
    alone = no_pool(horizon=2, levels=LEVELS)
    assert alone.relative_change == DEFAULT_RELATIVE_CHANGE
    assert alone.offsets[1] == pytest.approx(np.sqrt(2) * alone.offsets[0])
    few = pool_spread(panel(walks(1, 5, seed=1)), horizon=2, levels=LEVELS)
    assert np.array_equal(few.offsets, alone.offsets)
    assert few.counts.tolist() == [2, 1]


def test_a_horizon_beyond_the_panel_is_still_answered() -> None:
    assert len(pool_spread(panel(walks(40, 4, seed=1)), horizon=6, levels=LEVELS).offsets) == 6


def test_what_became_known_later_is_not_in_the_pool() -> None:
    values = walks(40, 30, seed=4)
    later = values.copy()
    later[:, 20:] *= 7
    then = [pool_spread(panel(of).as_known(19), horizon=3, levels=LEVELS) for of in (values, later)]
    assert np.array_equal(then[0].offsets, then[1].offsets)
    assert then[0].relative_change == then[1].relative_change


def test_constant_lists_leave_the_others_their_spread() -> None:
    values = np.vstack([walks(40, 30, seed=5), np.zeros((3, 30))])
    pool = pool_spread(panel(values), horizon=3, levels=LEVELS)
    assert np.array_equal(pool.offsets, pool_spread(panel(values[:40]), horizon=3, levels=LEVELS).offsets)
