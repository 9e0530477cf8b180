"""What past looks ahead teach: which share of a pace lasted, and by how much totals strayed beyond chance."""

from pathlib import Path

import numpy as np
import pytest

from forecasting.flow.learnt import UNTOLD, USUAL_PERIODS, Learnt, Past, by_chance, learnt
from forecasting.flow.panel import STEPS, Came, Panel
from forecasting.flow.rates import PERIODS
from forecasting.scale import running_scales, typical_change
from forecasting.scores import FloatArray

LISTS, PERIODS_SEEN, HORIZON = 40, 8, len(STEPS["W"])
STEPS_W = np.array(STEPS["W"], dtype=float)
SHAPE = (LISTS, PERIODS_SEEN, HORIZON)
SIZES = np.full(SHAPE[:2], 200.0)
USUAL = SIZES + np.random.default_rng(5).normal(0, 3, SHAPE[:2])
PACES = np.tile([2.0, -2.0], (LISTS, PERIODS_SEEN // 2))
DUE = PACES[..., None] * STEPS_W
TURNS = np.where(np.arange(LISTS) % 2, 1.0, -1.0)[:, None, None]
METHODS = " ".join((Path(__file__).parents[3] / "docs/methods.md").read_text(encoding="utf-8").split())
BY_CHANCE = 0.67449
"""Half of all errors of variance 1 are smaller."""


def taught(
    changes: FloatArray, *, paces: FloatArray = PACES, is_stock: bool = True, sizes: FloatArray = SIZES
) -> Learnt:
    """What is learnt where all is known on the first day."""
    never = np.zeros(SHAPE, dtype=np.int64)
    panel = Panel("W", np.ones(PERIODS_SEEN), never[..., 0], sizes, sizes, USUAL)
    came = Came(changes, never, np.tile(STEPS_W, (PERIODS_SEEN, 1)))
    return learnt(Past(panel, paces, came, is_stock), by=0)


def chance(*, is_stock: bool) -> FloatArray:
    scales = running_scales(USUAL, typical_change(USUAL))[..., None]
    return by_chance(scales, STEPS_W, freq="W", is_stock=is_stock)


def test_the_share_of_growth_that_lasted_is_learnt_by_distance_and_kept_beyond() -> None:
    shares = np.array([0.9, 0.6, 0.3, *[np.nan] * (HORIZON - 3)])
    assert taught(shares * DUE).lasting == pytest.approx([0.9, 0.6, *[0.3] * (HORIZON - 2)])


@pytest.mark.parametrize(("came", "lasting"), [(-1.0, 0.0), (2.0, 1.0)])
def test_of_growth_neither_less_than_none_nor_more_than_all_lasts(came: float, lasting: float) -> None:
    assert taught(came * DUE).lasting == pytest.approx(lasting)


def test_where_nothing_grew_any_growth_is_taken_to_last() -> None:
    assert taught(0 * DUE, paces=0 * PACES).lasting == pytest.approx(1)


def test_of_removals_the_whole_pace_lasts() -> None:
    assert taught(0.5 * np.abs(DUE), paces=np.abs(PACES), is_stock=False).lasting == pytest.approx(1)


@pytest.mark.parametrize("is_stock", [False, True])
def test_totals_stray_by_what_chance_does_not_tell(is_stock: bool) -> None:
    usual, paces = chance(is_stock=is_stock), PACES if is_stock else np.abs(PACES)
    off, base = BY_CHANCE * TURNS * usual, 200.0 if is_stock else 2.0 * STEPS_W
    due = paces[..., None] * STEPS_W
    calm, wild = (taught(due + times * off, paces=paces, is_stock=is_stock).wander for times in (1, 2))
    beyond = np.sqrt(3) * np.nanmedian(usual, axis=(0, 1)) / base
    assert (calm < beyond / 5).all()
    assert wild == pytest.approx(beyond, rel=0.2)


@pytest.mark.parametrize(("strayed", "beyond"), [(1.0, 1.0), (0.0, UNTOLD)])
def test_further_than_was_ever_looked_a_pace_strays_no_less_than_nearer(strayed: float, beyond: float) -> None:
    """By a share of 1 half of all totals are off by 0.67 of what was due."""
    paces, is_told = np.full(SHAPE[:2], 1000.0), np.where(np.arange(HORIZON) < 3, 1.0, np.nan)
    due = paces[..., None] * STEPS_W
    found = taught(is_told * due * (1 + strayed * BY_CHANCE * TURNS), paces=paces, is_stock=False)
    assert found.wander[2:] == pytest.approx([strayed, *[beyond] * (HORIZON - 3)], abs=0.01)


def test_without_enough_told_a_pace_may_stray_by_a_share_of_itself() -> None:
    found = taught(np.full(SHAPE, np.nan))
    assert (found.lasting.tolist(), found.wander.tolist()) == ([1.0] * HORIZON, [UNTOLD] * HORIZON)


@pytest.mark.parametrize(("told", "is_enough"), [(20, False), (21, True)])
def test_twenty_errors_or_fewer_tell_nothing(told: int, is_enough: bool) -> None:
    changes = np.full(SHAPE, np.nan)
    changes[:told, -1] = 0.5 * DUE[:told, -1]
    assert taught(changes).lasting == pytest.approx(0.5 if is_enough else 1)


@pytest.mark.parametrize(("size", "is_told"), [(0.0, False), (1.0, True)])
def test_of_a_list_of_nobody_nothing_is_learnt_and_of_one_of_a_child_as_of_any(size: float, is_told: bool) -> None:
    assert taught(0.5 * DUE, sizes=np.full(SHAPE[:2], size)).lasting == pytest.approx(0.5 if is_told else 1)


def test_each_distance_has_the_spread_of_its_own_errors() -> None:
    """As many a step on to either side as far as any: no further in the tails, unlike where few went far."""
    sides, few = np.broadcast_to(TURNS, SHAPE).copy(), np.zeros(SHAPE)
    few[:, -1] = 8 * sides[:, -1]
    came = DUE + chance(is_stock=True) * np.where(np.arange(HORIZON) == 4, sides, few + 0.01 * sides)
    spreads = taught(came).offsets
    ratios = spreads[:, -1] / spreads[:, -2]
    assert ratios[4] == pytest.approx(1, abs=0.3)
    assert (np.delete(ratios, 4) > 1.5).all()


def test_the_usual_change_is_that_of_a_year_of_weeks_or_two_years_of_months() -> None:
    assert USUAL_PERIODS == {"W": 52, "M": 24}
    assert "the last 52 weeks or 24 months" in METHODS


def test_distances_are_those_of_the_written_method() -> None:
    weeks, months = (f"{', '.join(map(str, steps[:-1]))} and {steps[-1]}" for steps in (STEPS["W"], STEPS["M"]))
    assert f"{weeks} weeks later (or {months} months)" in METHODS


def test_a_number_that_wanders_strays_with_the_root_of_time() -> None:
    """Steps of variance 1 are the root of 2 / pi in size, in the mean."""
    assert by_chance(np.sqrt(2 / np.pi), STEPS_W, freq="W", is_stock=True) == pytest.approx(np.sqrt(STEPS_W))


def test_removals_stray_by_those_to_come_and_those_behind_their_pace() -> None:
    """Figures of variance 1 differ by 2 over the root of pi, in the mean."""
    off = by_chance(2 / np.sqrt(np.pi), STEPS_W, freq="W", is_stock=False)
    assert np.square(off) == pytest.approx(STEPS_W + np.square(STEPS_W) / PERIODS["W"])
