"""What holds of scores, quantiles and preparation whatever the numbers are."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecasting.engine import Contest, forecast_all
from forecasting.flow.answers import Goal
from forecasting.flow.clearance import clear_all
from forecasting.flow.replay import chances_at_most
from forecasting.models.naive import Naive
from forecasting.prepare import prepare
from forecasting.results import LEVELS
from forecasting.scale import TypicalChange, own_scale
from forecasting.scores import interval_score, is_covered, weighted_interval_score
from forecasting.spread import Panel, pool_spread
from forecasting.tasks import widened
from tests.forecast_lists import FAR, history, series, stored
from waitlists.domain import Measure

COUNTS = st.one_of(st.none(), st.integers(0, 10_000))
NUMBERS = st.floats(0, 1e9, allow_subnormal=False)


@st.composite
def fans(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    n = draw(st.integers(1, 6))
    fan = draw(arrays(float, (n, len(LEVELS)), elements=NUMBERS))
    return np.sort(fan, axis=1), draw(arrays(float, n, elements=NUMBERS))


@given(fans())
def test_the_weighted_interval_score_is_twice_the_mean_pinball_loss(case: tuple[np.ndarray, np.ndarray]) -> None:
    fan, actual = case
    gap, shares = actual[:, None] - fan, np.array(LEVELS)
    twice = 2 * np.maximum(shares * gap, (shares - 1) * gap).mean(axis=1)
    assert weighted_interval_score(fan, actual, levels=LEVELS) == pytest.approx(twice, rel=1e-9, abs=1e-3)


@given(fans(), st.floats(0.5, 100))
def test_scores_are_not_negative_and_scale_with_their_unit(case: tuple[np.ndarray, np.ndarray], unit: float) -> None:
    fan, actual = case
    score = weighted_interval_score(fan, actual, levels=LEVELS)
    assert (score >= 0).all()
    assert weighted_interval_score(fan * unit, actual * unit, levels=LEVELS) == pytest.approx(score * unit, rel=1e-9)


@given(fans())
def test_the_wider_range_covers_no_less_and_a_covered_target_costs_only_width(
    case: tuple[np.ndarray, np.ndarray],
) -> None:
    fan, actual = case
    narrow, wide = (is_covered(fan, actual, levels=LEVELS, share=share) for share in (0.8, 0.95))
    assert (narrow <= wide).all()
    inside = narrow == 1
    cost = interval_score(fan[:, 1], fan[:, -2], actual, alpha=0.2)
    assert np.array_equal(cost[inside], (fan[:, -2] - fan[:, 1])[inside])


@given(fans(), st.floats(0.5, 3))
def test_widened_ranges_stay_in_order_and_keep_their_median(case: tuple[np.ndarray, np.ndarray], k: float) -> None:
    fan, _ = case
    found = widened(fan, np.full(fan.shape, k))
    assert (np.diff(found, axis=1) >= 0).all()
    assert (found >= 0).all()
    assert np.array_equal(found[:, 3], fan[:, 3])


@given(st.lists(COUNTS, max_size=90), st.sets(st.integers(0, 89), max_size=3))
def test_a_prepared_history_is_whole_or_refused_with_a_sentence(values: list[int | None], breaks: set[int]) -> None:
    ready = prepare(series(values, breaks=sorted(cut for cut in breaks if cut < len(values))))
    if ready.history is None:
        assert ready.status in {"blocked", "insufficient_data"}
        assert (ready.reason or "").endswith(".")
        return
    assert len(ready.history.values) == len(ready.targets) == len(ready.known) <= 72
    assert ready.history.n_observed >= 3
    assert np.array_equal(ready.history.published()[ready.history.observed], ready.targets[ready.history.observed])
    assert np.isfinite(ready.history.without_gaps().values).all()


@given(st.lists(COUNTS, min_size=3, max_size=40), st.integers(1, 12))
def test_the_last_value_is_the_median_and_ranges_hold_it(values: list[int | None], horizon: int) -> None:
    ready = prepare(series(values)).history
    if ready is not None:
        found = Naive().quantiles(ready, horizon=horizon, levels=LEVELS, seed=1)
        assert found is not None
        assert (found[:, 3] == ready.last_value).all()
        assert (np.diff(found, axis=1) >= 0).all()


@given(arrays(float, (12, 10), elements=st.integers(0, 10**6).map(float)), st.floats(0.1, 1e3))
def test_a_panel_in_other_units_has_the_same_pool(values: np.ndarray, unit: float) -> None:
    known = np.zeros(values.shape, dtype=np.int64)
    one, other = (pool_spread(Panel(of, known), horizon=3, levels=LEVELS) for of in (values, values * unit))
    assert other.change.power == pytest.approx(one.change.power, rel=1e-4)
    assert other.offsets == pytest.approx(one.offsets, rel=1e-4, abs=1e-6)


@given(st.lists(st.integers(0, 500), min_size=3, max_size=30), st.floats(0.01, 1))
def test_a_scale_is_finite_and_never_zero(values: list[int], relative: float) -> None:
    scale = own_scale(history(list(values)).published(), TypicalChange(relative, 1.0))
    assert np.isfinite(scale)
    assert scale > 0


@given(st.lists(st.floats(-1e4, 1e4), min_size=7, max_size=7).map(sorted), st.floats(-2e4, 2e4), st.floats(0, 1e4))
def test_a_larger_total_is_never_more_likely_to_stay_below(row: list[float], goal: float, more: float) -> None:
    chances = chances_at_most(np.array([row, row]), goal), chances_at_most(np.array([row]), goal + more)
    assert chances[0][0] == chances[0][1] <= chances[1][0] + 1e-12
    assert all(((chance >= 0) & (chance <= 1)).all() for chance in chances)


@settings(max_examples=30)
@given(st.lists(st.lists(COUNTS, min_size=1, max_size=40), min_size=3, max_size=3))
def test_whatever_was_published_clears_in_chances_that_never_fall(published: list[list[int | None]]) -> None:
    sizes, left, joined = published
    found = clear_all(
        [stored({"R00": sizes, "R01": sizes[::-1]}, flows={"removals": left, "referrals": joined})],
        as_of=FAR,
        goals={"SALT": Goal("CHS_18W", 18, 0.92)},
    )
    for answer in (answer for one in found for answer in one.answers):
        chances = [point.p for point in answer.curve]
        assert all(0 <= earlier <= later <= 1 for earlier, later in pairwise(chances))
        assert (answer.status in {"ok", "unlikely", "never"}) >= bool(chances)


@given(st.dictionaries(st.sampled_from(["R00", "R01", "R02"]), st.lists(COUNTS, min_size=1, max_size=20), min_size=1))
def test_every_list_that_ever_had_a_figure_is_answered(lists: dict[str, list[int | None]]) -> None:
    found = forecast_all(
        [stored(lists)], as_of=FAR, seed=1, measures=(Measure.LIST_SIZE,), horizon=3, contest=Contest((), ())
    )
    assert {one.key.org for one in found} == {org for org, of in lists.items() if any(v is not None for v in of)}
    assert all(bool(one.points) != (one.status in {"blocked", "insufficient_data"}) for one in found)
