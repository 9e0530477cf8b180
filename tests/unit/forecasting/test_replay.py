"""A pace carried on: exact where nothing wavers, as wide as the past erred where it does, and open where it is new."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import NormalDist

import numpy as np
import pytest

from forecasting.flow.learnt import Past, by_chance, learnt
from forecasting.flow.panel import STEPS, paces, side_by_side, what_came
from forecasting.flow.replay import UNCHECKED, Course, replay
from forecasting.flow.tracks import Track
from forecasting.results import LEVELS
from forecasting.scale import own_scale
from tests.clearance_tracks import Numbers, leaving, numbers, standing
from tests.forecast_lists import month

FIRST = date(2024, 1, 7)
STEADY = [10.0] * 60
ENDED = 84


def weekly(values: Numbers, *, start: int = 0) -> Track:
    ends = [FIRST + timedelta(weeks=start + n) for n in range(len(values))]
    left = numbers(values)
    return leaving(ends, np.ones(len(left)), left, np.full(len(left), 300.0))


def stock(values: Numbers) -> Track:
    return standing([FIRST + timedelta(weeks=n) for n in range(len(values))], np.ones(len(values)), numbers(values))


def monthly(months: int) -> Track:
    """Seven leave each week."""
    ends = [month(n) for n in range(months)]
    weeks = np.array([end.day / 7 for end in ends])
    return leaving(ends, weeks, 7 * weeks, np.full(months, 90.0))


def wavering(*, lists: int, weeks: int = 120, seed: int = 1, level: float = 20.0) -> list[Track]:
    """Lists whose pace changes every half year, so that what is to come is never just what was."""
    rng = np.random.default_rng(seed)
    pace = level * np.exp(rng.normal(0, 0.2, (lists, weeks // 26 + 1)).cumsum(axis=1)).repeat(26, axis=1)[:, :weeks]
    return [weekly(row) for row in rng.poisson(pace).astype(float).tolist()]


def only(courses: Sequence[Course | None]) -> Course:
    found = courses[0]
    assert found is not None
    return found


def test_a_pace_that_never_changed_is_carried_on_without_doubt() -> None:
    found = only(replay([weekly(STEADY)] * 3, freq="W", is_stock=False))
    assert (found.stands, found.pace) == (0, 10)
    assert found.quantiles == pytest.approx(np.tile(10.0 * np.array(STEPS["W"])[:, None], 7))
    assert found.by_week(5)[:, 3].tolist() == pytest.approx([10, 20, 30, 40, 50])
    assert found.held is not None
    # The first past weeks lie 54 back: 26 weeks on from two that far apart was never looked at, 13 weeks was.
    assert (found.held.coverage80, found.held.checked_weeks) == (1, 13)


def test_a_list_that_never_moved_stays() -> None:
    found = only(replay([stock([50.0] * 60)] * 3, freq="W", is_stock=True))
    assert (found.stands, found.pace) == (50, 0)
    assert found.quantiles == pytest.approx(50)


def test_months_are_as_long_as_they_are() -> None:
    found = only(replay([monthly(48)] * 2, freq="M", is_stock=False))
    assert found.pace == pytest.approx(7)
    assert found.weeks[[5, 7]] == pytest.approx([52.18, 104.36], abs=0.01)
    assert found.quantiles[5] == pytest.approx(7 * found.weeks[5])
    assert found.by_week(104)[:, 3] == pytest.approx(7 * np.arange(1, 105))


def test_ranges_are_as_wide_as_the_past_erred() -> None:
    chances = (np.random.default_rng(n).poisson(20, 120).astype(float) for n in range(8))
    calm = only(replay([weekly(row.tolist()) for row in chances], freq="W", is_stock=False))
    wild = only(replay(wavering(lists=8), freq="W", is_stock=False))
    assert _width(wild) > 2 * _width(calm) > 0
    assert wild.held is not None
    assert wild.held.checked >= 100
    assert 0.6 <= wild.held.coverage80 <= wild.held.coverage95


def _width(found: Course) -> float:
    return float((found.quantiles[7, 5] - found.quantiles[7, 1]) / found.quantiles[7, 3])


def test_ranges_of_a_large_list_are_not_those_of_chance_alone() -> None:
    """With little chance in it it strays all the same: ranges of chance alone hold 57 in 100 here."""
    found = replay([*wavering(lists=12, level=5), *wavering(lists=12, level=1000, seed=2)], freq="W", is_stock=False)
    held = [one.held.coverage80 for one in found if one is not None and one.held is not None]
    assert np.mean(held[:12]) >= 0.75
    assert np.mean(held[12:]) >= 0.65


def test_more_lists_in_another_order_say_the_same() -> None:
    tracks = wavering(lists=5)
    one, other = replay(tracks, freq="W", is_stock=False), replay(tracks[::-1], freq="W", is_stock=False)
    for left, right in zip(one, reversed(other), strict=True):
        assert left is not None
        assert right is not None
        assert left.quantiles == pytest.approx(right.quantiles)
        assert left.held == right.held


def test_twice_the_children_are_twice_the_total() -> None:
    # Of four lists or fewer the typical change is a share of the list.
    tracks = wavering(lists=4)
    double = [replace(track, moved=2 * track.moved, usual=2 * track.usual) for track in tracks]
    once, twice = (only(replay(given, freq="W", is_stock=False)) for given in (tracks, double))
    assert twice.quantiles == pytest.approx(2 * once.quantiles)


def test_quantiles_rise_and_move_away_from_the_middle() -> None:
    for is_stock, tracks in ((False, wavering(lists=6)), (True, [stock(numbers(n)) for n in _walks(6)])):
        for found in replay(tracks, freq="W", is_stock=is_stock):
            assert found is not None
            assert np.isfinite(found.quantiles).all()
            assert (np.diff(found.quantiles, axis=1) >= 0).all()
            assert (np.diff(found.quantiles[:, -1] - found.quantiles[:, 0]) >= -1e-9).all()


def _walks(lists: int) -> list[list[float]]:
    rng = np.random.default_rng(3)
    return (500 + rng.normal(0, 5, (lists, 120)).cumsum(axis=1)).tolist()


def test_a_past_range_knows_nothing_later() -> None:
    """How past ranges of a list that ended held is the same whatever came of others after its end."""
    tracks, later = _with_another_later(is_stock=False)
    before, after = (only(replay(given, freq="W", is_stock=False)).held for given in (tracks, later))
    assert before is not None
    assert 0 < before.coverage80 < before.coverage95 <= 1
    assert before == after


@pytest.mark.parametrize("is_stock", [False, True])
def test_by_a_day_is_learnt_from_what_was_known_by_it(is_stock: bool) -> None:
    day = (FIRST + timedelta(weeks=ENDED - 1)).toordinal()
    given = [_past(tracks, is_stock=is_stock) for tracks in _with_another_later(is_stock=is_stock)]
    once, twice = (learnt(one, by=day) for one in given)
    assert np.isfinite(once.offsets[0]).all()
    for name in ("lasting", "wander", "offsets"):
        np.testing.assert_array_equal(getattr(once, name), getattr(twice, name))
    np.testing.assert_array_equal(once.units[:, :ENDED], twice.units[:, :ENDED])
    assert once.change == twice.change
    later = [learnt(one, by=day + 7 * (120 - ENDED)).wander for one in given]
    assert not np.array_equal(*later)


def _with_another_later(*, is_stock: bool) -> list[list[Track]]:
    """Lists of which the first ended, as they came and with far more swings in the others after its end."""
    rows = _walks(6) if is_stock else [track.moved.tolist() for track in wavering(lists=6)]
    swung = [[value * (1 + 4 * (n >= ENDED) * (n // 13 % 2)) for n, value in enumerate(row)] for row in rows]
    made = stock if is_stock else weekly
    return [[made(rows[0][:ENDED]), *(made(row) for row in others[1:])] for others in (rows, swung)]


def _past(tracks: Sequence[Track], *, is_stock: bool) -> Past:
    panel = side_by_side(tracks, "W")
    return Past(panel, paces(panel), what_came(panel), is_stock)


def test_growth_that_does_not_last_is_carried_on_in_part() -> None:
    up_and_down = np.concatenate([np.linspace(100, 200, 30), np.linspace(200, 100, 30)])
    values = np.tile(up_and_down, 3)[:155]
    found = only(replay([stock((values + n).tolist()) for n in range(6)], freq="W", is_stock=True))
    assert found.pace > 2
    assert found.stands <= found.quantiles[7, 3] < found.stands + 52 * found.pace / 2
    assert found.held is not None
    assert found.held.coverage80 >= 0.7


def test_a_new_list_among_others_has_ranges_twice_as_wide_and_no_record() -> None:
    tracks = wavering(lists=6)
    new = weekly(tracks[0].moved[-7:].tolist(), start=113)
    *_, found = replay([*tracks, new], freq="W", is_stock=False)
    assert found is not None
    assert (found.checked_weeks, UNCHECKED) == (0, 2)
    assert found.held is None or found.held.checked < 15
    *_, known = replay([*tracks, tracks[0]], freq="W", is_stock=False)
    assert known is not None
    assert known.checked_weeks == 52
    assert _width(found) > 1.2 * _width(known)


def test_a_pace_of_too_few_weeks_is_none() -> None:
    few = weekly([None] * 30 + [10.0] * 5)
    assert [one is None for one in replay([few, weekly(STEADY)], freq="W", is_stock=False)] == [True, False]
    just_enough = weekly([None] * 30 + [10.0] * 6)
    assert only(replay([just_enough, weekly(STEADY)], freq="W", is_stock=False)).pace == 10


def test_a_week_that_is_not_known_is_in_no_window() -> None:
    """Nobody knows how many left in it: what is known before and after is not held against each other."""
    gap = [*STEADY[:30], None, *STEADY]
    found = only(replay([weekly(gap)] * 3, freq="W", is_stock=False))
    assert found.pace == 10
    assert found.quantiles[3] == pytest.approx(80)


def test_without_any_past_the_range_is_wide() -> None:
    """Twice as wide as chance and the typical change of a list make it, which counts as six changes beside its own."""
    found = only(replay([weekly([10.0, 12, 8, 10, 12, 8, 10])], freq="W", is_stock=False))
    assert found.held is None or found.held.checked < 15
    assert found.checked_weeks == 0
    weeks = np.array(STEPS["W"], dtype=float)
    usual = ((2 + 4 + 2 + 2 + 4 + 2) + 6 * 0.13 * 10) / (6 + 6)
    unit = np.hypot(usual * weeks * np.sqrt(np.pi / 4 * (1 / weeks + 1 / 26)), 0.13 * 10 * weeks)
    away = [2 * 1.25 * NormalDist().inv_cdf(level) for level in LEVELS]
    assert found.quantiles == pytest.approx(10 * weeks[:, None] + np.outer(unit, away))


@pytest.mark.parametrize("weeks", [0, 1])
def test_a_list_of_a_week_leads_nowhere(weeks: int) -> None:
    assert replay([stock([50.0] * weeks or [None])], freq="W", is_stock=True) == [None]


def test_past_ranges_are_checked_every_second_month() -> None:
    """Of 13 months: ranges of the 7th to four distances, of the 9th to three and of the 11th to two."""
    found = only(replay([monthly(13)], freq="M", is_stock=False))
    assert found.held is not None
    assert found.held.checked == 4 + 3 + 2


@pytest.mark.parametrize(
    ("lists", "weeks", "checked"),
    [
        (1, 66, 0),
        (2, 48, 0),
        (3, 48, 13),
        (3, 65, 13),
        (3, 66, 26),
        (2, 77, 13),
        (2, 78, 26),
        (3, 161, 52),
        (3, 162, 78),
    ],
)
def test_a_distance_counts_as_checked_where_15_ranges_and_two_that_do_not_overlap_were(
    lists: int, weeks: int, checked: int
) -> None:
    assert only(replay([weekly([10.0] * weeks)] * lists, freq="W", is_stock=False)).checked_weeks == checked


def test_many_lists_of_one_year_are_one_look_ahead() -> None:
    """Of 20 months 24 ranges of a year were checked, of two neighbouring months: half a year was looked at twice."""
    assert only(replay([monthly(20)] * 12, freq="M", is_stock=False)).checked_weeks == 26


@pytest.mark.parametrize(("gap", "checked", "is_enough"), [(20, 14, False), (19, 15, True)])
def test_a_list_needs_15_checks_of_its_own(gap: int, checked: int, is_enough: bool) -> None:
    """The first of its four past ranges, 24 weeks ago, ends before the week that nobody knows."""
    others = wavering(lists=6)
    own: list[float | None] = list(others[0].moved[-32:].tolist())
    own[-1 - gap] = None
    *_, found = replay([*others, weekly(own, start=88)], freq="W", is_stock=False)
    assert found is not None
    assert found.held is not None
    assert found.held.checked == checked
    assert found.checked_weeks == (52 if is_enough else 0)


def test_where_totals_err_upwards_the_range_goes_further_up() -> None:
    """A clinic now and then sees a hundred more: far more leave at times, and never far fewer."""
    rng = np.random.default_rng(8)
    lists = [weekly((10 + 100.0 * (rng.random(150) < 0.02)).tolist()) for _ in range(8)]
    for found in replay(lists, freq="W", is_stock=False):
        assert found is not None
        low, middle, high = found.quantiles[4, [0, 3, 6]]
        assert high - middle > 1.2 * (middle - low)


@pytest.mark.parametrize("is_calm_later", [True, False])
def test_how_past_ranges_held_widens_those_of_today_and_never_narrows_them(is_calm_later: bool) -> None:
    """Of lists of one kind, so that none is set apart; what all of their past says alone is as wide or less."""
    swings = np.linspace(6, 1, 160) if is_calm_later else np.linspace(1, 6, 160)
    values = 100 + swings * np.random.default_rng(4).normal(0, 4, 160)
    tracks = [weekly(values.tolist())] * 4
    found, past = only(replay(tracks, freq="W", is_stock=False)), _past(tracks, is_stock=False)
    taught, weeks = learnt(past, by=date.max.toordinal()), np.array(STEPS["W"], dtype=float)
    chance = by_chance(own_scale(values[-52:], taught.change), weeks, freq="W", is_stock=False)
    alone = np.hypot(chance, taught.wander * found.pace * weeks) * (taught.offsets[:, 5] - taught.offsets[:, 1])
    width = found.quantiles[:, 5] - found.quantiles[:, 1]
    assert (width >= 0.999 * alone).all()
    if not is_calm_later:
        assert np.median(width / alone) > 1.1
