"""Stays told apart by list and counted on many days at once, beside counting them one by one."""

import numpy as np
import pytest

from waitlists.bands import CHS_BANDS
from waitlists.snapshot.counts import OVER_WEEKS, SINGLE_WEEKS, Lists, Reach, ages, flows, on_lists, order_by_list

SIZE, EMPTY = 6, 3
DAYS = np.array([20_000, 20_007, 20_030], np.int32)
LONG, SHORT = 1_900, 0
"""Waits in days: beyond the last single week, and of those who came today."""


def some_lists():
    """Stays on lists of which one is empty, of all lengths, some that ended and some that had not begun."""
    draw = np.random.default_rng(11)
    of = draw.choice([place for place in range(SIZE) if place != EMPTY], 400).astype(np.int32)
    start = (DAYS[1] - draw.integers(SHORT, LONG, 400)).astype(np.int32)
    start[:4], of[:4] = DAYS[0] - 1_826, (0, 1, 1, 5)
    entered = (start + draw.integers(0, 30, 400)).astype(np.int32)
    left = np.where(draw.random(400) < 0.4, DAYS[0] + draw.integers(-20, 40, 400), 2**31 - 1).astype(np.int32)
    order = np.lexsort((start, of))
    return Lists(SIZE, *(column[order] for column in (of, start, entered, left)))


def waits(lists, place, day):
    rows = zip(lists.of.tolist(), lists.start.tolist(), lists.entered.tolist(), lists.left.tolist(), strict=True)
    return [day - start for of, start, entered, left in rows if of == place and entered <= day < left]


def test_waits_of_every_list_on_every_day_are_those_of_a_loop():
    lists = some_lists()
    for day, found in zip(DAYS.tolist(), ages(lists, DAYS), strict=True):
        for place in range(SIZE):
            known = waits(lists, place, day)
            weeks = [sum(min(days // 7, SINGLE_WEEKS - 1) == week for days in known) for week in range(SINGLE_WEEKS)]
            assert found.weeks[place].tolist() == weeks
            in_band = [sum(days >= band.from_days for days in known) for band in CHS_BANDS]
            assert found.bands[place].tolist() == [a - b for a, b in zip(in_band, [*in_band[1:], 0], strict=True)]
            assert found.over[place].tolist() == [sum(days > 7 * weeks for days in known) for weeks in OVER_WEEKS]


def test_figures_of_every_list_are_those_of_its_waits_alone():
    lists = some_lists()
    for day, found in zip(DAYS.tolist(), ages(lists, DAYS), strict=True):
        for place in range(SIZE):
            known = waits(lists, place, day)
            figures = [column[place] for column in (found.median, found.mean, found.p92, found.longest)]
            if place == EMPTY:
                assert np.isnan(figures).all()
            else:
                wanted = [np.median(known), np.mean(known), np.percentile(known, 92), max(known)]
                assert figures == pytest.approx(wanted)


def test_one_who_waits_alone_is_every_figure_of_the_list():
    alone = Lists(1, *(np.array([number], np.int32) for number in (0, 100, 100, 2**31 - 1)))
    (found,) = ages(alone, np.array([130], np.int32))
    assert [column.tolist() for column in (found.median, found.mean, found.p92, found.longest)] == [[30.0]] * 4


@pytest.mark.parametrize("size", [2, 255, 256, 65_535, 65_536])
def test_stays_of_a_list_follow_one_another_as_they_did(size):
    of = np.array([size - 1, 0, size - 1, 1, 0], np.int32)
    assert order_by_list(of, size).tolist() == sorted(range(5), key=lambda row: of[row])


def test_who_is_on_a_list_came_by_that_day_and_had_not_left():
    draw = np.random.default_rng(5)
    of = draw.integers(0, 4, 60).astype(np.int32)
    chosen = draw.choice(60, 40, replace=False)
    first = draw.integers(0, 5, 40)
    until = tuple(np.minimum(first + draw.integers(0, 6, 40), 5) for _ in range(2))
    for found, ends in zip(on_lists(of, 4, Reach(chosen, first, until), 5), until, strict=True):
        stays = list(zip(of[chosen].tolist(), first.tolist(), ends.tolist(), strict=True))
        for place in range(4):
            wanted = [sum(where == place and a <= day < b for where, a, b in stays) for day in range(5)]
            assert found[place].tolist() == wanted


def test_events_are_counted_on_the_first_day_not_before_them_and_after_the_last_nowhere():
    of, when = np.array([0, 0, 2, 2, 2], np.int32), np.array([0, 1, 1, 1, 3])
    assert flows(of, 3, when, 3).tolist() == [[1, 1, 0], [0, 0, 0], [0, 2, 0]]
