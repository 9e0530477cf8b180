from hypothesis import given
from hypothesis import strategies as st

from waitlists.trends.run_chart import run_chart


def test_a_run_too_long_is_more_than_chance():
    found = run_chart([1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16])
    assert found[1:] == (12, 6, 7, 1, 3)
    assert not found.is_random


def test_crossings_enough_and_runs_short_are_chance():
    found = run_chart([1, 11, 2, 12, 3, 13, 4, 14, 5, 15])
    assert found == (8.0, 10, 1, 6, 9, 2)
    assert found.is_random


def test_a_long_run_alone_is_enough():
    found = run_chart([9, 1, 9, 1, 9, *[1] * 9, *[9] * 9, 1, 9, 1, 9, 1])
    assert (found.median, found.useful, found.longest_run, found.longest_allowed) == (5.0, 28, 9, 8)
    assert found.crossings >= found.least_allowed
    assert not found.is_random


def test_values_on_the_median_do_not_count():
    assert run_chart([5, 5, 5])[1:] == (0, 0, 0, 0, 0)
    assert run_chart([5, 5, 5]).is_random
    assert run_chart([1, 5, 9])[1:] == (2, 1, 4, 1, 0)
    assert run_chart([]) is None


@given(st.lists(st.integers(0, 9), min_size=1))
def test_high_and_low_are_alike(values):
    assert run_chart(values)[1:] == run_chart([-value for value in values])[1:]
