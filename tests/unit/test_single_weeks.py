"""A list by whole weeks waited: whole or nothing, marks at the edge of their week, percentiles inside a week."""

import pytest

from waitlists.single_weeks import over_weeks, percentile_wait, single_weeks


@pytest.mark.parametrize(
    ("counts", "total", "is_known"),
    [({"0": 2, "260": 1}, 3, True), ({"0": 2}, 3, False), ({"0": 2, "1": None}, 2, False), ({"0": 2}, None, False)],
)
def test_weeks_that_are_not_the_whole_list_are_not_used(counts, total, is_known):
    assert (single_weeks(counts, total) is not None) == is_known


@pytest.mark.parametrize(
    ("week", "mark", "over"),
    [("155", 156, 0), ("156", 156, None), ("157", 156, 1), ("208", 208, None), ("260", 208, 1)],
)
def test_over_a_mark_is_known_where_nobody_is_in_its_week(week, mark, over):
    assert over_weeks(single_weeks({week: 1}, 1), mark) == over


@pytest.mark.parametrize(("counts", "wait"), [({"200": 4}, (1403.5, None)), ({"260": 4}, (None, 260)), ({}, None)])
def test_the_middle_wait_lies_inside_its_week(counts, wait):
    assert percentile_wait(single_weeks(counts, sum(counts.values())), 0.5) == wait
