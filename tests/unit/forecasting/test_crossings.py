"""Who crosses a threshold: one list by days waited, how many leave it, and three ways of counting ahead."""

from datetime import date, timedelta

import numpy as np
import pytest

from forecasting.flow.breaches import Ageing, LastCrossings, NoExits, newly_over, not_yet_referred
from forecasting.flow.census import aged, census_of_bands, census_of_weeks, crossed, over, together
from forecasting.flow.exits import exit_rates
from forecasting.flow.outlook import alike, outlook
from forecasting.flow.ranges import FEWEST_CHECKED, pool_of, ranges
from waitlists.bands import CHS_BANDS, OVER_52, WaitBands

SUNDAY = date(2026, 1, 4)
LABELS = [band.label for band in CHS_BANDS]


def bands(*counts, on=SUNDAY):
    found = census_of_bands(on, WaitBands(dict(zip(LABELS, counts, strict=True)), sum(counts)))
    assert found is not None
    return found


def weekly(weeks: int, *, joins=100, hazard=0.0, start=0, noise=None):
    """A list from which each week a share leaves, so many weeks after it began; whole children where noise is drawn."""
    ages, found = np.zeros(261), []
    for week in range(weeks):
        older = np.append(ages[:-2], ages[-2] + ages[-1])
        older = noise.binomial(older.astype(int), 1 - hazard) if noise else older * (1 - hazard)
        ages = np.append(noise.poisson(joins) if noise else joins, older)
        if week >= start:
            found.append(census_of_weeks(SUNDAY + timedelta(weeks=week - start), ages.tolist()))
    return found


def test_children_are_spread_evenly_over_a_band_and_the_top_is_open():
    one = bands(8, 7, 14, 56, 42, 238, 364, 9)
    assert np.allclose(one.days, 1.0)
    assert (one.open_from, one.beyond, one.basis) == (729, 9.0, "bands")
    assert over(one, 126) == pytest.approx(238 + 364 + 9)
    assert over(one, 728) == pytest.approx(9)
    assert over(one, 729) is None


def test_less_than_4_weeks_is_strict_in_single_weeks():
    one = census_of_weeks(SUNDAY, [7] * 5 + [0] * 255 + [0])
    assert over(one, 27) == pytest.approx(7)
    assert over(one, 28) == pytest.approx(6)


def test_a_band_that_is_not_known_makes_no_census():
    counts = dict.fromkeys(LABELS, 5) | {">12-18": None}
    assert census_of_bands(SUNDAY, WaitBands(counts, 40)) is None
    assert census_of_bands(SUNDAY, WaitBands(dict.fromkeys(LABELS), None)) is None


def test_ageing_moves_everybody_and_loses_nobody():
    one = bands(8, 7, 14, 56, 42, 238, 364, 9)
    later = aged(one, 30)
    assert later.days.sum() + later.beyond == pytest.approx(one.days.sum() + one.beyond)
    assert (over(later, 126) or 0) - (over(one, 126) or 0) == pytest.approx(30)
    assert aged(one, 2000).beyond == pytest.approx(738)


def test_lists_together_are_known_as_far_as_all_of_them_are():
    old = census_of_bands(SUNDAY, WaitBands(dict.fromkeys(LABELS[:6], 5) | {OVER_52: 12}, 42))
    assert old is not None
    both = together([bands(5, 5, 5, 5, 5, 5, 6, 6), old])
    assert (both.open_from, both.beyond) == (365, 24)
    assert together([census_of_weeks(SUNDAY, [1] * 261), bands(1, 1, 1, 1, 1, 1, 1, 1)]).basis == "bands"


def test_who_crossed_lately_is_who_is_just_over():
    one = census_of_weeks(SUNDAY, [7] * 261)
    assert crossed(one, 27, within=7) == pytest.approx(7)
    assert crossed(one, 27, within=7, since=30) == pytest.approx(5)


def test_rates_are_those_by_which_the_list_was_left():
    rates = exit_rates(weekly(300, hazard=0.02, start=280))
    stays = np.exp(7 * rates.log_stay[[40, 100, 200, 500, 1000, 1500]])
    assert np.allclose(stays, 0.98)
    assert rates.staying(np.array([30]), np.array([100]))[0] == pytest.approx(0.98**10)
    assert rates.staying(np.array([1820]), np.array([1834]))[0] == pytest.approx(0.98**2, rel=1e-3)


def test_more_children_than_could_be_there_is_nobody_leaving():
    grown = [bands(10, 10, 10, 50, 50, 200, 100, 10 + 90 * n, on=SUNDAY + timedelta(days=30 * n)) for n in range(3)]
    assert exit_rates(grown).log_stay[-1] == 0


def test_a_list_of_nobody_has_nobody_leaving():
    empty = [bands(0, 0, 0, 0, 0, 0, 0, 0, on=SUNDAY + timedelta(days=30 * n)) for n in range(3)]
    assert not exit_rates(empty).log_stay.any()


def test_children_too_young_to_be_seen_leaving_leave_as_the_next_older_do():
    months = [bands(40, 35, 70, 140, 150, 600, 300, 40, on=SUNDAY + timedelta(days=30 * n)) for n in range(4)]
    rates = exit_rates(months)
    assert rates.log_stay[3] == rates.log_stay[40] < 0


@pytest.mark.parametrize("days", [28, 56, 84])
def test_without_exits_everybody_who_can_crosses(days):
    one = bands(8, 7, 14, 56, 42, 238, 364, 9)
    found = NoExits().expected([one, one, one], over_days=126, days=days)
    assert found.crossing == pytest.approx(days)
    assert found.over == pytest.approx(611 + days)


def test_ageing_tells_a_steady_list_its_own_future():
    lists = weekly(340, hazard=0.015, start=300)
    found = Ageing().expected(lists[:28], over_days=126, days=84)
    came = sum(crossed(lists[27 + n], 126, within=7, since=7 * n) for n in range(1, 13))
    assert found.crossing == pytest.approx(came, rel=0.01)
    assert found.over == pytest.approx(over(lists[39], 126), rel=0.001)


def test_a_short_standard_is_crossed_by_those_on_the_list_and_by_those_to_come():
    lists = weekly(300, start=290)
    assert Ageing().expected(lists, over_days=27, days=84).crossing == pytest.approx(400)
    assert not_yet_referred(lists, over_days=27, days=84, per_week=100) == pytest.approx(800)
    assert not_yet_referred(lists, over_days=27, days=28, per_week=100) is None
    assert not_yet_referred(lists, over_days=27, days=84, per_week=None) is None


def test_last_crossings_are_carried_on():
    lists = weekly(300, start=290)
    assert newly_over(lists, over_days=126) == pytest.approx(100)
    found = LastCrossings().expected(lists, over_days=126, days=56)
    assert found.crossing == pytest.approx(800)
    assert found.over == pytest.approx((over(lists[-1], 126) or 0) + 800)


@pytest.mark.parametrize(
    ("was", "now", "least", "most"),
    [
        # Aged by 30 of 42 days, three in five of the band before cross; nobody left.
        (bands(0, 0, 0, 0, 42, 0, 0, 0), bands(0, 0, 0, 0, 12, 30, 0, 0), 30, 30),
        # The number over grew by more than ageing says.
        (bands(0, 0, 0, 0, 42, 100, 0, 0), bands(0, 0, 0, 0, 12, 160, 0, 0), 60, 60),
        # Never more than are over.
        (bands(0, 0, 0, 0, 420, 0, 0, 0), bands(0, 0, 0, 0, 12, 5, 0, 0), 0, 5),
    ],
)
def test_from_bands_who_crossed_lately_is_worked_out(was, now, least, most):
    past = [bands(0, 0, 0, 0, 42, 0, 0, 0, on=SUNDAY - timedelta(days=30)), was]
    later = census_of_weeks(SUNDAY, [0] * 261) if now is None else now
    found = newly_over(
        [*past, type(later)(SUNDAY + timedelta(days=30), later.days, later.beyond, "bands")], over_days=126
    )
    assert least - 0.01 <= found <= most + 0.01


def test_too_short_a_past_says_nothing():
    lists = weekly(300, start=298)
    assert outlook(lists, lists[-1], freq="W", over_days=126) is None


def test_the_way_that_erred_least_is_used():
    noise = np.random.default_rng(5)
    lists = weekly(360, joins=200, hazard=0.02, start=300, noise=noise)
    found = outlook(lists, lists[-1], freq="W", over_days=126)
    assert found is not None
    assert (found.method, found.basis) == ("ageing", "weeks")
    # Nobody leaves, so that ageing with the rates of the past can be no better than knowing it.
    steady = weekly(300, start=270, noise=noise)
    again = outlook(steady, steady[-1], freq="W", over_days=126, models=(NoExits(), LastCrossings()))
    assert again is not None
    assert again.method == "no_exits"


def test_a_better_way_can_be_put_in():
    class Knows:
        name = "last_crossings"

        def expected(self, past, *, over_days, days):
            return LastCrossings().expected(past, over_days=over_days, days=days)

    lists = weekly(300, start=270)
    found = outlook(lists, lists[-1], freq="W", over_days=126, models=(Knows(),))
    assert found is not None
    assert found.method == "last_crossings"


def test_nothing_later_than_an_origin_is_seen():
    noise = np.random.default_rng(7)
    lists = weekly(360, hazard=0.02, start=310, noise=noise)
    found = outlook(lists, lists[-1], freq="W", over_days=126, models=(Ageing(),))
    other = [*lists[:30], *weekly(380, joins=900, start=360)[:20]]
    changed = [type(one)(lists[n].on, one.days, one.beyond, one.basis) for n, one in enumerate(other)]
    again = outlook(changed, changed[-1], freq="W", over_days=126, models=(Ageing(),))
    assert found is not None
    assert again is not None
    until = lists[29].on
    said = [task.expected for task in found.horizons[0].tasks if task.on <= until]
    assert said
    assert said == [task.expected for task in again.horizons[0].tasks if task.on <= until]


def test_a_missing_week_is_no_origin_and_spoils_what_would_be_counted_over_it():
    lists = weekly(360, hazard=0.02, start=320)
    whole = outlook(lists, lists[-1], freq="W", over_days=126)
    part = outlook([*lists[:30], None, *lists[31:]], lists[-1], freq="W", over_days=126)
    assert whole is not None
    assert part is not None
    assert len(part.horizons[0].tasks) == len(whole.horizons[0].tasks) - 5


def test_months_are_checked_on_how_many_are_over_then():
    months = [
        bands(40, 35, 70, 280, 150 + n % 3, 600, 300, 40 + n, on=SUNDAY + timedelta(days=30 * n)) for n in range(16)
    ]
    found = outlook(months, months[-1], freq="M", over_days=126)
    assert found is not None
    task = found.horizons[0].tasks[-1]
    assert (found.basis, task.seen) == ("bands", over(months[-1], 126))
    assert len(found.horizons[0].tasks) > len(found.horizons[2].tasks) >= FEWEST_CHECKED


def test_files_with_one_band_over_52_weeks_go_on_into_those_with_two():
    old = census_of_bands(SUNDAY, WaitBands(dict.fromkeys(LABELS[:6], 60) | {OVER_52: 50}, 410))
    new = bands(60, 60, 60, 60, 60, 60, 40, 10, on=SUNDAY + timedelta(days=30))
    now, known = alike([old, new], new, over_days=126)
    assert [one.open_from if one else None for one in (now, *known)] == [365, 365, 365]
    _, long = alike([old, new], new, over_days=364)
    assert long[0] is not None
    _, very_long = alike([old, new], new, over_days=728)
    assert very_long[0] is None


def test_ranges_are_as_wide_as_past_errors_and_never_narrow_with_time():
    noise = np.random.default_rng(11)
    lists = weekly(380, joins=150, hazard=0.02, start=310, noise=noise)
    found = outlook(lists, lists[-1], freq="W", over_days=126)
    assert found is not None
    around, checked = ranges(found, {})
    assert all(one.p10 <= one.p50 <= one.p90 for one in around)
    for name in ("p10", "p50", "p90"):
        ends = [getattr(one, name) for one in around]
        assert ends == sorted(ends)
    assert all(one.checked for one in checked)
    assert sum(one.held for one in checked) > sum(one.checked for one in checked) / 2
    assert around[0].probability == pytest.approx(1.0)


def test_a_short_list_borrows_the_errors_of_its_source_or_says_that_nothing_is_checked():
    noise = np.random.default_rng(13)
    long = weekly(380, joins=150, hazard=0.02, start=310, noise=noise)
    lender, short = (outlook(one, one[-1], freq="W", over_days=126, models=(Ageing(),)) for one in (long, long[-5:]))
    assert lender is not None
    assert short is not None
    alone, none = ranges(short, {})
    assert [(one.checked, one.held) for one in none] == [(0, 0)] * 3
    assert alone[0].p90 >= 1.5 * alone[0].p50 - 1e-9
    lent, checked = ranges(short, pool_of([lender, short]))
    assert checked[0].checked > 0
    assert lent[0].p90 < alone[0].p90
