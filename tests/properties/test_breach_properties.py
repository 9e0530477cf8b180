"""What holds for every list that children cross a threshold of, and for every number of it that others are shown."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forecasting.flow.breaches import MODELS, Ageing, NoExits, newly_over
from forecasting.flow.census import aged, census_of_bands, census_of_weeks, over
from forecasting.flow.exits import exit_rates
from forecasting.flow.outlook import outlook
from forecasting.flow.ranges import pool_of, ranges
from forecasting.warnings.seen import alone
from tests.warned import due, figures
from waitlists.bands import CHS_BANDS, WaitBands
from waitlists.suppression import Rule
from waitlists.suppression.rules import is_small, small_span

SUNDAY = date(2026, 1, 4)
LABELS = [band.label for band in CHS_BANDS]
COUNTS = st.lists(st.integers(0, 400), min_size=8, max_size=8)
THRESHOLDS = st.sampled_from((27, 91, 126, 364, 728))


@st.composite
def monthly(draw):
    """Three months or more of a list by bands, with nothing in common but that they are lists."""
    rows = draw(st.lists(COUNTS, min_size=3, max_size=10))
    made = [
        census_of_bands(SUNDAY + timedelta(days=30 * n), WaitBands(dict(zip(LABELS, row, strict=True)), sum(row)))
        for n, row in enumerate(rows)
    ]
    return [one for one in made if one is not None]


@st.composite
def weekly(draw):
    """Three weeks or more of a list by single weeks."""
    seed, weeks = draw(st.integers(0, 2**32 - 1)), draw(st.integers(3, 12))
    noise = np.random.default_rng(seed)
    return [
        census_of_weeks(SUNDAY + timedelta(weeks=n), noise.integers(0, draw(st.integers(1, 40)), 261).tolist())
        for n in range(weeks)
    ]


LISTS = st.one_of(monthly(), weekly())


@given(LISTS)
def test_ageing_loses_and_makes_nobody(lists):
    last = lists[-1]
    for days in (0, 7, 30, 400, 3_000):
        later = aged(last, days)
        assert np.isclose(later.days.sum() + later.beyond, last.days.sum() + last.beyond)


@given(LISTS)
def test_nobody_leaves_faster_than_all_or_comes_back(lists):
    rates = exit_rates(lists)
    assert np.all(np.isfinite(rates.log_stay))
    assert np.all(rates.log_stay <= 0)


@given(LISTS, THRESHOLDS)
def test_more_cross_in_more_time_and_never_more_than_without_exits(lists, over_days):
    if over_days >= lists[-1].open_from:
        return
    young = float(lists[-1].days[: over_days + 1].sum())
    for model in (Ageing(), NoExits()):
        crossing = [model.expected(lists, over_days=over_days, days=days).crossing for days in (7, 28, 56, 84, 900)]
        assert np.all(np.diff(crossing) >= -1e-9)
        assert crossing[-1] <= young + 1e-6
    for days in (28, 84):
        left = Ageing().expected(lists, over_days=over_days, days=days)
        stayed = NoExits().expected(lists, over_days=over_days, days=days)
        assert left.crossing <= stayed.crossing + 1e-6
        assert left.over <= stayed.over + 1e-6


@given(LISTS, THRESHOLDS, st.integers(1, 60), st.integers(1, 60))
def test_without_exits_crossings_of_two_spans_add_up(lists, over_days, first, second):
    """Who crosses in the first span and who crosses of the aged list in the second are all who cross in both."""
    last = lists[-1]
    if over_days >= last.open_from:
        return
    one = NoExits().expected(lists, over_days=over_days, days=first).crossing
    later = aged(last, first)
    two = NoExits().expected([later], over_days=over_days, days=second).crossing
    both = NoExits().expected(lists, over_days=over_days, days=first + second).crossing
    assert np.isclose(one + two, both)
    assert np.isclose(over(later, over_days) or 0, (over(last, over_days) or 0) + one)


@given(LISTS, THRESHOLDS)
def test_who_crossed_lately_is_counted_and_over(lists, over_days):
    if over_days < lists[-1].open_from:
        assert -1e-9 <= newly_over(lists, over_days=over_days) <= (over(lists[-1], over_days) or 0) + 1e-6


@given(LISTS, THRESHOLDS)
def test_every_range_is_in_order_and_widens(lists, over_days):
    if over_days >= lists[-1].open_from:
        return
    found = outlook(lists, lists[-1], freq="M", over_days=over_days, models=MODELS)
    assert found is not None
    around, checked = ranges(found, pool_of([found]))
    assert all(0 <= one.p10 <= one.p50 <= one.p90 and 0 <= one.probability <= 1 for one in around)
    for name in ("p10", "p50", "p90"):
        assert [getattr(one, name) for one in around] == sorted(getattr(one, name) for one in around)
    assert all(0 <= one.held <= one.checked for one in checked)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(-20, 20), st.floats(0, 30), st.sampled_from(Rule))
def test_what_is_hidden_is_never_zero_and_what_is_shown_is_rounded(over_now, newly, change, high, rule):
    one = figures(
        source="chs_sitrep", over_now=over_now, over_standard=over_now, newly_over_now=newly,
        change=min(change, over_now), newly_over=(due(4, high / 3, high / 2, high),), waiting=100,
    )  # fmt: skip
    seen = alone(one, rule=rule)
    for shown, exact in ((seen.over_now, over_now), (seen.newly_over_now, newly)):
        if is_small(exact, rule):
            assert shown is None
        assert shown is None or shown % 5 == 0
        assert shown != 0 or exact == 0
    for end in (seen.newly_over[0].p10, seen.newly_over[0].p90):
        assert end is None or (end % 5 == 0 and not 0 < end < small_span(rule).high)
    if seen.over_now is None:
        assert (seen.change, seen.newly_over_now, seen.newly_over[0].p90) == (None, None, None)
