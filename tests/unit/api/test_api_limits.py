"""How often one caller may ask, by a clock that the test moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.limits import BURST_SECONDS, Limits


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_burst_is_allowed_and_no_more(clock):
    limits = Limits(10, clock=clock)
    assert [limits.wait("a") for _ in range(10 * BURST_SECONDS)] == [0.0] * 20
    assert limits.wait("a") == pytest.approx(0.1)


def test_other_callers_are_not_affected(clock):
    limits = Limits(1, clock=clock)
    for _ in range(5):
        limits.wait("a")
    assert limits.wait("a") > 0
    assert limits.wait("b") == 0


def test_after_the_wait_it_is_allowed_again(clock):
    limits = Limits(4, clock=clock)
    while not (wait := limits.wait("a")):
        pass
    clock.now += wait
    assert limits.wait("a") == 0
    assert limits.wait("a") > 0


def test_whoever_has_not_asked_for_longest_is_forgotten(clock):
    limits = Limits(1, clock=clock, most=2)
    for caller in "aaabc":
        limits.wait(caller)
    assert limits.wait("a") == 0
    assert len(limits._buckets) == 2


@given(st.lists(st.floats(0, 3), max_size=60), st.integers(1, 5))
def test_never_more_than_the_rate_and_one_burst(pauses, rate):
    clock = Clock()
    limits = Limits(rate, clock=clock)
    allowed = 0
    for pause in pauses:
        clock.now += pause
        allowed += limits.wait("a") == 0
    assert allowed <= rate * (BURST_SECONDS + sum(pauses)) + 1e-6
