"""Rounded steps as a trend: what rounding or hiding alone may make is no verdict, and it is said why."""

from dataclasses import replace
from datetime import date
from itertools import accumulate

import pytest

from waitlists.domain import Measure
from waitlists.periods import month_range
from waitlists.trends.rounding import NO_WAITS, TOO_CLOSE, TOO_HIDDEN
from waitlists.trends.steps import AskedTrend, Rebase, Step
from waitlists.trends.stored import stored_trend

MONTHS = month_range(date(2021, 1, 31), date(2025, 12, 31))
TREATED = AskedTrend(
    measure=Measure.TREATED, of="Speech, Kent", people="children", freq="M", cut_off=MONTHS[-1], is_rounded=True
)
SIZE = replace(TREATED, measure=Measure.LIST_SIZE)
WAIT = replace(TREATED, measure=Measure.P92_WAIT)
SHARE = replace(TREATED, measure=Measure.SHARE_WITHIN_STANDARD, standard="Within 18 weeks")

UNEVEN = [100.0, 110.0, 95.0, 105.0, 90.0, 100.0, 115.0, 95.0] * 3
"""Limits around 100, more than 40 apart."""


def steps(*values):
    return [Step(day, value, is_suppressed=value is None) for day, value in zip(MONTHS, values, strict=False)]


def told(found):
    return found.judged_variation, found.real_change


def both(given, asked):
    """What is said of steps as they are, and of the same where they are rounded."""
    exact, rounded = (stored_trend(given, replace(asked, is_rounded=one)) for one in (False, True))
    return exact, rounded


def assert_not_judged(given, asked, why):
    exact, rounded = both(given, asked)
    assert exact.real_change is not None
    assert told(rounded) == (None, None)
    assert f"{why[:1].upper()}{why[1:]}." in rounded.sentence
    assert "a real change" not in rounded.sentence
    assert rounded.trend == exact.trend


def test_limits_of_10_to_10_judge_nothing():
    assert_not_judged(steps(*[10.0] * 20), TREATED, TOO_CLOSE)
    assert_not_judged(steps(*[10.0] * 19, 15.0), TREATED, TOO_CLOSE)


def test_a_last_step_that_rounding_may_make_is_no_change():
    rising = [*UNEVEN, 100.0, 105.0, 110.0, 110.0, 115.0, 115.0, 120.0, 120.0]
    assert both(steps(*rising), TREATED)[0].real_change is True
    assert_not_judged(steps(*rising), TREATED, TOO_CLOSE)


def test_a_level_far_beyond_its_limits_stays_a_change_however_small_the_last_step():
    for level in (200.0, 20.0):
        exact, rounded = both(steps(*UNEVEN * 2, level, level), TREATED)
        assert told(rounded) == told(exact)
        assert rounded.real_change is True


def test_a_larger_last_step_is_judged():
    exact, rounded = both(steps(*UNEVEN, 200.0), TREATED)
    assert (told(rounded), rounded.sentence) == (told(exact), exact.sentence)
    assert rounded.real_change is True


def test_no_sign_of_a_change_is_said_of_a_small_step():
    exact, rounded = both(steps(*UNEVEN, 95.0), TREATED)
    assert told(rounded) == told(exact) == ("common_cause", False)


def test_a_surprise_of_one_step_of_rounding_is_none():
    moves = [0, 30, 0, -30, -10, 10, 5, 0, 30, -10, 5, -5, 15, -15, 10, -20, -10, -20, 30, -25, *[10] * 8]
    climbing = list(accumulate(moves, initial=1000.0))
    assert both(steps(*climbing, climbing[-1] + 10), SIZE)[1].real_change is True
    assert_not_judged(steps(*climbing, climbing[-1] + 5), SIZE, TOO_CLOSE)


@pytest.mark.parametrize(("hidden", "is_judged"), [(7, True), (8, False)])
def test_more_than_a_quarter_of_hidden_steps_judge_nothing(hidden, is_judged):
    given = steps(*[None] * hidden, *UNEVEN[:21])
    exact, rounded = both(given, TREATED)
    assert exact.real_change is not None
    assert (rounded.real_change is not None) == is_judged
    if not is_judged:
        assert_not_judged(given, TREATED, TOO_HIDDEN)


def test_only_steps_since_the_last_start_of_limits_count_as_hidden():
    given = steps(*[100.0] * 2, *[None] * 20, *UNEVEN[:21])
    decided = stored_trend(given, replace(TREATED, rebases=(rebase(MONTHS[22]),)))
    assert decided.real_change is False
    assert stored_trend(given, TREATED).real_change is None


def rebase(day):
    return Rebase(day, "A clinic opened", "commissioner", day)


def test_a_wait_from_rounded_numbers_is_said_as_about_and_not_judged():
    given = steps(*[72.3, 70.1, 73.4, 71.2] * 6)
    exact, rounded = both(given, WAIT)
    assert_not_judged(given, WAIT, NO_WAITS)
    assert ": 71.2 weeks at the end of" in exact.sentence
    assert ": about 71 weeks at the end of" in rounded.sentence


def test_a_share_is_judged_unless_too_much_is_hidden():
    given = steps(*[0.72, 0.75, 0.71, 0.74] * 6)
    exact, rounded = both(given, SHARE)
    assert told(rounded) == told(exact) == ("common_cause", False)
    assert_not_judged(steps(*[None] * 9, *[0.72, 0.75, 0.71, 0.74] * 6), SHARE, TOO_HIDDEN)


def test_too_few_steps_are_called_too_few():
    found = stored_trend(steps(10.0, 10.0), TREATED)
    assert "too few values to judge" in found.sentence.lower()
    assert TOO_CLOSE not in found.sentence.lower()
