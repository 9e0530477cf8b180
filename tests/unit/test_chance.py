"""Tail chances agree with scipy, which the service itself never loads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from waitlists.trends.chance import coin_quantile, f_tail, t_quantile


@given(f=st.floats(1e-3, 1e6), between=st.integers(1, 60), within=st.integers(1, 2000))
def test_the_tail_of_f_is_that_of_scipy(f, between, within):
    assert f_tail(f, between, within) == pytest.approx(stats.f.sf(f, between, within), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("f", [-1.0, 0.0])
def test_nothing_is_smaller_than_no_effect(f):
    assert f_tail(f, 11, 20) == 1.0


@pytest.mark.parametrize("f", [1e200, 1e308])
def test_an_enormous_effect_has_no_chance(f):
    assert f_tail(f, 11, 20) == 0.0


@given(share=st.floats(0.05, 0.999), freedom=st.integers(1, 500))
def test_the_quantile_of_t_is_that_of_scipy(share, freedom):
    assert t_quantile(share, freedom) == pytest.approx(stats.t.ppf((1 + share) / 2, freedom), rel=1e-8)


@pytest.mark.parametrize("tosses", range(60))
def test_the_quantile_of_coins_is_that_of_scipy(tosses):
    assert coin_quantile(0.05, tosses) == stats.binom.ppf(0.05, tosses, 0.5)
