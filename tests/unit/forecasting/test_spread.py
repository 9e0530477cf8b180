"""The pooled spread of the last value, beside the plain loops it stands for."""

from statistics import NormalDist

import numpy as np
import pytest

from forecasting.results import LEVELS
from forecasting.spread import (
    DEFAULT_CHANGE,
    Panel,
    TypicalChange,
    no_pool,
    own_scale,
    pool_spread,
    step_changes,
    typical_change,
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
    assert own_scale(np.array([200.0]), TypicalChange(0.1, 1)) == pytest.approx(20)


def test_own_changes_weigh_more_the_more_there_are() -> None:
    values = np.tile([100.0, 110.0], 30)
    assert own_scale(values, TypicalChange(0.2, 1)) == pytest.approx((59 * 10 + 6 * 0.2 * 105) / 65)


def test_the_pooled_offsets_recover_a_random_walk() -> None:
    pool = pool_spread(panel(walks(300, 60, seed=1)), horizon=4, levels=LEVELS)
    assert pool.change.at(1000) == pytest.approx(0.8 * 30, rel=0.1)
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
    assert alone.change == DEFAULT_CHANGE
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
    assert then[0].change == then[1].change


def test_constant_lists_leave_the_others_their_spread() -> None:
    values = np.vstack([walks(40, 30, seed=5), np.zeros((3, 30))])
    pool = pool_spread(panel(values), horizon=3, levels=LEVELS)
    assert np.array_equal(pool.offsets, pool_spread(panel(values[:40]), horizon=3, levels=LEVELS).offsets)


def counted(levels: list[float], *, power: float, seed: int, factor: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.array([level + factor * level**power * rng.normal(0, 1, 40) for level in levels])


@pytest.mark.parametrize("power", [0.5, 0.75, 1.0])
def test_the_change_typical_of_a_level_is_recovered(power: float) -> None:
    found = typical_change(counted([20.0 * 1.5**step for step in range(16)], power=power, seed=6))
    assert found.power == pytest.approx(power, abs=0.05)
    assert found.at(1000) == pytest.approx(1000**power * 2 / np.sqrt(np.pi), rel=0.15)


def test_many_tiny_lists_do_not_widen_a_large_one() -> None:
    values = counted([5.0] * 60 + [900.0, 1500.0, 2500.0, 4000.0], power=0.5, seed=7)
    assert own_scale(np.array([2707.0]), typical_change(values)) < 0.05 * 2707


def test_lists_of_one_level_share_their_share() -> None:
    found = typical_change(np.tile([100.0, 110.0], (8, 10)))
    assert (found.power, found.at(105)) == (1.0, pytest.approx(10))


@pytest.mark.parametrize(("power", "expected"), [(1.2, 1.0), (0.1, 0.5)])
def test_the_power_stays_between_counting_and_growth(power: float, expected: float) -> None:
    assert (
        typical_change(counted([50.0 * 2**step for step in range(6)], power=power, seed=8, factor=0.05)).power
        == expected
    )


def test_a_list_at_zero_may_leave_it() -> None:
    assert own_scale(np.zeros(20), TypicalChange(0.3, 0.7)) == pytest.approx(0.3 * 6 / 25)


def test_a_horizon_no_pair_of_months_spans_takes_the_spread_of_those_around_it() -> None:
    values = walks(60, 24, seed=9)
    values[:, [*range(8, 20)]] = np.nan  # published for eight months, silent for twelve, published again
    pool = pool_spread(panel(values), horizon=16, levels=LEVELS)
    filled = {step for step, count in enumerate(pool.counts, start=1) if count}
    below, above = max(step for step in filled if step < 10), min(step for step in filled if step > 10)
    assert above - below > 2
    per_root = pool.offsets / np.sqrt(np.arange(1, 17))[:, None]
    ends = np.array([per_root[below - 1], per_root[above - 1]])
    assert (per_root[9] >= ends.min(axis=0) - 1e-9).all()
    assert (per_root[9] <= ends.max(axis=0) + 1e-9).all()


def test_no_range_shrinks_as_the_horizon_grows() -> None:
    rng = np.random.default_rng(10)
    pool = pool_spread(panel(rng.poisson(30, (60, 26)).astype(float)), horizon=12, levels=LEVELS)
    assert (np.diff(np.abs(pool.offsets), axis=0) >= 0).all()
    assert (np.diff(pool.offsets, axis=1) >= 0).all()
