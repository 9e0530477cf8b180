"""One number, one verdict: a warning says of a series what its chart says."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from forecasting.warnings.changed import UNKNOWN, verdict_of
from forecasting.warnings.kept import kept, warning_of
from forecasting.warnings.past import Shown, pasts_of
from forecasting.warnings.seen import alone
from tests.forecast_lists import stored
from tests.warned import warning
from waitlists.domain import Measure
from waitlists.suppression import Rule
from waitlists.trends.decisions import Charted, Decision, Words
from waitlists.trends.steps import AskedTrend
from waitlists.trends.stored import steps_of, stored_trend

NOISY = [400, 900] * 12
CALM = [800, 805] * 52
RISEN = [*NOISY, *CALM, 860]
"""Beyond the limits of its newest two years, and within those of all there is."""


def past_of(counts, **about):
    history = stored({"RYY": counts})
    day = history.vintages[-1].known_from
    (past,) = pasts_of(history, {}, orgs=["RYY"], as_of=day, **about)
    return past, day


def verdict(past, day, *, is_exact=True):
    return verdict_of(past, over_days=126, standard_id="CHS_18W", as_of=day, is_exact=is_exact)


@pytest.mark.parametrize("counts", [RISEN, RISEN[24:], [*CALM, *([400] * 5)], [800, 805] * 10])
def test_it_is_the_verdict_of_the_chart_of_all_steps(counts):
    past, day = past_of(counts)
    series = past.series(Measure.OVER_18_WEEKS)
    asked = AskedTrend(measure=Measure.OVER_18_WEEKS, of="", people="children", freq=series.freq, cut_off=day)
    assert verdict(replace(past, changes=()), day).is_real == stored_trend(steps_of(series), asked).real_change


def test_a_verdict_that_hangs_on_a_step_without_a_cause_is_not_known():
    past, day = past_of([*CALM, *([400] * 3)])
    assert verdict(replace(past, changes=()), day).is_real
    assert verdict(past, day) == UNKNOWN


def test_no_fall_is_better_while_a_file_of_the_list_is_out_and_a_rise_is_worse_all_the_same():
    past, day = past_of([*CALM, *([400] * 3)])
    calm = replace(past, changes=())
    assert (verdict(calm, day).is_real, verdict(calm, day).is_worse) == (True, False)
    assert verdict(replace(calm, is_awaited=True), day) == UNKNOWN
    past, day = past_of(RISEN)
    assert verdict(replace(past, is_awaited=True), day) == verdict(past, day)


def test_limits_that_people_began_anew_are_those_of_the_warning_too():
    past, day = past_of([*([400, 405] * 12), *([410, 415] * 12)])
    since = past.steps[24].period_end
    about = Charted(service=past.history.service, org="RYY", measure=Measure.OVER_18_WEEKS)
    decided = Decision(
        what="rebase", about=about, since=since, value=None, words=Words("A new clinic.", "Lead", date(2020, 1, 1))
    )
    elsewhere = replace(decided, about=replace(about, org="RVV"))
    assert verdict(replace(past, decisions=(elsewhere,)), day) == verdict(past, day)
    assert verdict(replace(past, decisions=(decided,)), day).is_real is False


def test_a_rounded_verdict_that_the_rounding_of_the_newest_may_hide_is_none():
    steady = [4000 + 12 * (n * 37 % 11) for n in range(60)]
    said = {}
    for newest in range(4040, 4600, 12):
        past, day = past_of([*steady, newest])
        said.setdefault((verdict(past, day).is_real, verdict(past, day, is_exact=False).is_real), newest)
    assert (True, False) not in said
    assert {(False, False), (True, True)} <= set(said)
    assert {one for one in said if None in one} <= {(False, None), (True, None)}


def test_those_who_see_rounded_figures_are_told_of_the_steps_as_shown_to_them():
    past, day = past_of([*(4000 + 12 * (n * 37 % 11) for n in range(60)), 4592])
    newest = past.steps[-1].period_end
    exact = {one.period_end: one.over(126, "CHS_18W") for one in past.steps}
    assert verdict(past, day, is_exact=False).is_real is True

    def rounded(counted, over_days):
        assert (counted.org, over_days) == ("RYY", 126)
        return 5 * round(exact[counted.period_end] / 5)

    def newest_alone(counted, over_days):
        return rounded(counted, over_days) if counted.period_end == newest else None

    def all_but_newest(counted, over_days):
        return None if counted.period_end == newest else rounded(counted, over_days)

    by = partial(Shown, Rule.HES)
    assert verdict(replace(past, shown=by(rounded)), day, is_exact=False) == verdict(past, day, is_exact=False)
    for hidden in (newest_alone, all_but_newest):
        assert verdict(replace(past, shown=by(hidden)), day, is_exact=False) == UNKNOWN
        assert verdict(replace(past, shown=by(hidden)), day) == verdict(past, day)


@pytest.mark.parametrize("rule", Rule)
def test_a_verdict_of_what_one_rule_shows_is_told_under_no_other(rule):
    """The setting may change between the night a warning was worked out and the day somebody reads it."""
    past, _ = past_of([800] * 9)
    assert past.shown_under == tuple(Rule)
    told_under = replace(past, shown=Shown(rule, lambda *_: None)).shown_under
    one = warning(real_change_shown=True, is_worse_shown=True, change_told=told_under)
    assert warning_of(kept(one)) == one
    seen = {other: alone(one.figures, rule=other) for other in Rule}
    assert {other: (it.real_change, it.is_worse) for other, it in seen.items()} == {
        other: (True, True) if other is rule else (None, None) for other in Rule
    }
    row = kept(one)
    del row["figures"]["change_told"]
    of_before = warning_of(row).figures
    assert alone(of_before, rule=rule).real_change is None
    assert alone(replace(of_before, source="chs_sitrep"), rule=rule).real_change is True


def test_a_list_that_ran_empty_is_nothing_to_be_concerned_about():
    past, day = past_of([*(round(400 * (1 - n / 27)) for n in range(27)), 0, 0, 0])
    series = past.series(Measure.OVER_18_WEEKS)
    asked = AskedTrend(measure=Measure.OVER_18_WEEKS, of="", people="children", freq=series.freq, cut_off=day)
    assert str(stored_trend(steps_of(series), asked).judged_variation).startswith("concern")
    assert verdict(past, day) == UNKNOWN
