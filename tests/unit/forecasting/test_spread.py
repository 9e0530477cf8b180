"""The pooled spread of the last value, beside the plain loops it stands for."""

import numpy as np
import pytest

from forecasting.models.base import normal_quantiles
from forecasting.results import LEVELS
from forecasting.scale import DEFAULT_CHANGE
from forecasting.spread import Panel, away, no_pool, pool_spread


def panel(values: np.ndarray) -> Panel:
    return Panel(values, np.tile(np.arange(values.shape[1]), (len(values), 1)))


def walks(count: int, months: int, *, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.maximum(1000 + rng.normal(0, 30, (count, months)).cumsum(axis=1), 0)


def test_the_pooled_offsets_recover_a_random_walk() -> None:
    pool = pool_spread(panel(walks(300, 60, seed=1)), horizon=4, levels=LEVELS)
    assert pool.change.at(1000) == pytest.approx(0.8 * 30, rel=0.1)
    assert pool.power == pytest.approx(0.5, abs=0.05)
    for step in range(4):
        assert pool.offsets[step] == pytest.approx(1.25 * normal_quantiles(LEVELS), rel=0.1, abs=0.01)
    assert (pool.counts > 1000).all()
    found = away(pool, walks(1, 60, seed=2)[0], horizon=4)
    for step in range(4):
        assert found[step] == pytest.approx(30 * np.sqrt(step + 1) * normal_quantiles(LEVELS), rel=0.3, abs=0.01)


def test_steadily_growing_lists_have_ranges_that_grow_with_the_step() -> None:
    values = walks(30, 80, seed=12)
    values[:6] += 60 * np.arange(80)
    pool = pool_spread(panel(values), horizon=12, levels=LEVELS)
    steady, wandering = (away(pool, values[row], horizon=12) for row in (2, 20))
    assert steady[0, 5] < 3 * wandering[0, 5]
    assert steady[11, 5] > 12 * 60 > 3 * wandering[11, 5]


def test_the_median_is_the_last_value_even_where_all_lists_rise() -> None:
    rising = np.linspace(100, 200, 20) + walks(30, 20, seed=2)
    pool = pool_spread(panel(rising), horizon=6, levels=LEVELS)
    assert (pool.offsets[:, 3] == 0).all()
    assert (np.diff(pool.offsets, axis=1) > 0).all()


def test_a_tiny_pool_is_a_normal_that_grows_with_the_root_of_the_horizon() -> None:
    alone = no_pool(horizon=2, levels=LEVELS)
    assert alone.change == DEFAULT_CHANGE
    found = away(alone, np.array([200.0]), horizon=2)
    assert found[0] == pytest.approx(1.25 * 26 * normal_quantiles(LEVELS))
    assert found[1] == pytest.approx(np.sqrt(2) * found[0])
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
    assert then[0].change == then[1].change


def test_constant_lists_leave_the_others_their_spread() -> None:
    values = np.vstack([walks(40, 30, seed=5), np.zeros((3, 30))])
    pool = pool_spread(panel(values), horizon=3, levels=LEVELS)
    assert np.array_equal(pool.offsets, pool_spread(panel(values[:40]), horizon=3, levels=LEVELS).offsets)


def test_a_horizon_no_pair_of_months_spans_takes_the_spread_of_those_around_it() -> None:
    values = walks(60, 24, seed=9)
    values[:, [*range(8, 20)]] = np.nan  # published for eight months, silent for twelve, published again
    pool = pool_spread(panel(values), horizon=16, levels=LEVELS)
    filled = {step for step, count in enumerate(pool.counts, start=1) if count}
    below, above = max(step for step in filled if step < 10), min(step for step in filled if step > 10)
    assert above - below > 2
    ends = np.array([pool.offsets[below - 1], pool.offsets[above - 1]])
    assert (pool.offsets[9] >= ends.min(axis=0) - 1e-9).all()
    assert (pool.offsets[9] <= ends.max(axis=0) + 1e-9).all()


def test_no_range_shrinks_as_the_horizon_grows() -> None:
    rng = np.random.default_rng(10)
    values = rng.poisson(30, (60, 26)).astype(float)
    pool = pool_spread(panel(values), horizon=12, levels=LEVELS)
    found = away(pool, values[0], horizon=12)
    assert (np.diff(np.abs(found), axis=0) >= 0).all()
    assert (np.diff(found, axis=1) >= 0).all()
