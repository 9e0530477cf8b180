"""What lists change by in a step and in several, beside the plain loops it stands for."""

import numpy as np
import pytest

from forecasting.scale import (
    DEFAULT_CHANGE,
    TypicalChange,
    changes_ahead,
    changes_so_far,
    growth_power,
    own_scale,
    running_scales,
    step_changes,
    typical_change,
)


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


def test_of_a_recent_past_older_changes_say_nothing() -> None:
    """A list that jumped by 50 a step and moves by 2 now has what it usually does now, drawn as any to the typical."""
    values = np.concatenate([np.tile([100.0, 150.0], 20), np.tile([200.0, 202.0], 6)])[None, :]
    change = TypicalChange(0.1, 1)
    recent, ever = (running_scales(values, change, periods=periods)[0, -1] for periods in (10, None))
    assert recent == pytest.approx((10 * 2 + 6 * 0.1 * 201) / 16)
    assert ever == pytest.approx(own_scale(values[0], change))
    assert np.isnan(running_scales(np.zeros((1, 5)), change, periods=3)).all()


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


def walks(count: int, steps: int, *, seed: int) -> np.ndarray:
    return 1000 + np.random.default_rng(seed).normal(0, 30, (count, steps)).cumsum(axis=1)


def power_of(values: np.ndarray, *, horizon: int = 12) -> float:
    return growth_power(values, running_scales(values, typical_change(values)), horizon=horizon)


def test_changes_of_a_random_walk_grow_by_the_root_and_those_of_steady_growth_by_the_step() -> None:
    assert power_of(walks(60, 60, seed=1)) == pytest.approx(0.5, abs=0.05)
    assert power_of(walks(60, 60, seed=1) + 200 * np.arange(60)) == pytest.approx(1, abs=0.05)
    mixed = power_of(walks(60, 60, seed=1) + 12 * np.arange(60))
    assert 0.55 < mixed < 0.95


def test_growth_is_bounded_and_a_random_walk_where_it_is_not_known() -> None:
    assert power_of(np.random.default_rng(2).poisson(30, (60, 30)).astype(float)) == 0.5
    assert power_of(500 + 3 * np.arange(60.0) ** 2 + np.zeros((9, 1))) == 1
    assert power_of(walks(4, 60, seed=3)) == 0.5
    assert power_of(walks(60, 4, seed=3)) == 0.5
    assert power_of(np.full((9, 30), 7.0)) == 0.5


def ahead_by_loop(values: np.ndarray, usual: np.ndarray) -> list[float]:
    found: list[float] = []
    for step, expected in enumerate(usual.tolist(), start=1):
        changes = [abs(later - earlier) for earlier, later in zip(values[:-step], values[step:], strict=True)]
        known = [change for change in changes if np.isfinite(change)]
        found.append((sum(known) / step + 3 * expected) / (len(known) / step + 3))
    return found


def test_own_changes_over_several_steps_are_means_drawn_towards_the_usual_ones() -> None:
    rng = np.random.default_rng(4)
    values = np.where(rng.random(30) < 0.2, np.nan, walks(1, 30, seed=4)[0])
    usual = 40 * np.sqrt(np.arange(1, 41))
    expected = ahead_by_loop(values, usual)
    assert changes_ahead(values, usual) == pytest.approx(expected)
    assert changes_ahead(values, usual)[29:] == pytest.approx(usual[29:])
    for step in (1, 5):
        so_far = changes_so_far(values[None, :], np.full((1, 30), usual[step - 1]), step=step)
        assert so_far[0, -1] == pytest.approx(expected[step - 1])
        cut = changes_so_far(values[None, :20], np.full((1, 20), usual[step - 1]), step=step)
        assert np.array_equal(so_far[0, :20], cut[0])


def test_a_list_that_grows_steadily_is_further_away_than_its_steps_tell() -> None:
    usual = 10 * np.sqrt(np.arange(1, 27))
    rising = changes_ahead(500 + 10.0 * np.arange(150), usual)
    assert rising[0] == pytest.approx(10)
    assert rising[25] > 0.6 * 260 > 2.5 * usual[25]


def test_the_usual_change_of_published_lists_is_a_share_of_their_size() -> None:
    assert DEFAULT_CHANGE.at(100) == pytest.approx(13)
