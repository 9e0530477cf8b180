"""Severity and state as told to whoever may not see exact figures: nothing that the shown figures do not say."""

import json
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.disclosure.breaches import exact_warning
from api.views.breaches import AskedWarning, breach_body
from forecasting.warnings.kept import kept, warning_of
from forecasting.warnings.life import answer_by, gone_on, stands_on
from forecasting.warnings.seen import alone, exactly
from forecasting.warnings.severity import severity_of
from forecasting.warnings.told import life_told, severity_told
from forecasting.warnings.warning import Acknowledgement, BreachWarning, Caveat
from tests.warned import MONDAY, SUNDAY, WEEK, due, figures, life
from waitlists.security.access import Role
from waitlists.suppression import Rule

RISES = {"real_change_shown": True, "is_worse_shown": True}


def told(rule=Rule.HES, *, state=None, taken=(), **changes):
    own = figures(**changes)
    seen, lived = alone(own, rule=rule), life(**(state or {}))
    return life_told(lived, seen, own, taken=taken, day=MONDAY), severity_told(lived, seen, own)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"over_now": 2, "real_change": True, "is_worse": True}, None),
        ({"over_now": 7}, None),
        ({"real_change": True, "is_worse": True}, "medium"),
        (RISES, "high"),
        ({"newly_over": (due(12, 162, 170, 180),)}, "medium"),
        ({"newly_over": (due(12, 165, 170, 180),)}, "high"),
        ({"over_now": 0, "newly_over": (), "change": 0}, "low"),
    ],
)
def test_severity_is_that_of_the_numbers_as_shown(changes, expected):
    assert told(state={"severity": "high"}, **changes)[1] == expected


def test_who_sees_exact_figures_is_told_what_it_lives_by():
    own, lived = figures(over_now=2), life(state="worse", severity="high")
    seen = exactly(own)
    assert life_told(lived, seen, own, taken=(), day=MONDAY) is lived
    assert severity_told(lived, seen, own) == "high"


@pytest.mark.parametrize(
    ("rule", "state", "changes", "expected"),
    [
        (Rule.HES, "worse", {}, "raised"),
        (Rule.HES, "worse", RISES, "worse"),
        (Rule.HES, "worse", {"over_now": 2, **RISES}, "raised"),
        (Rule.HES, "cleared", {"over_now": 0, "change": 0}, "cleared"),
        (Rule.MHSDS, "cleared", {"over_now": 0, "change": 0}, "raised"),
    ],
)
def test_state_is_told_where_the_numbers_as_shown_say_so(rule, state, changes, expected):
    assert told(rule, state={"state": state}, **changes)[0].state == expected


def test_who_took_it_is_still_told_though_it_grew_worse():
    one = Acknowledgement(MONDAY - timedelta(days=4), Role.PROVIDER, "Clinics.", MONDAY + WEEK, "low")
    found, _ = told(state={"state": "worse", "raised_on": MONDAY - WEEK}, taken=[one], over_now=3)
    assert (found.state, found.acknowledged) == ("acknowledged", one)


def test_who_took_it_reaches_others_though_its_owners_are_asked_anew():
    one = Acknowledgement(MONDAY - timedelta(days=4), Role.PROVIDER, "Clinics.", MONDAY + WEEK, "low")
    own = figures(source="chs_sitrep", over_now=3, over_standard=3)
    lived = life(state="worse", raised_on=MONDAY - WEEK)
    exact = exact_warning(AskedWarning(BreachWarning(own, lived, "It is so."), [one], MONDAY, None, None))
    assert exact.body["acknowledged_by"] is None
    instead = exact.hide(SimpleNamespace(rule=Rule.HES)).instead
    assert (instead["acknowledged_by"], instead["suppressed"]) == (Role.PROVIDER, ["/severity"])


@pytest.mark.parametrize(
    ("coverage", "codes", "said", "is_open"),
    [(1.0, (), 1.0, False), (1.0, ("whole_unknown",), None, True), (0.5, ("whole_unknown",), 0.5, False)],
)
def test_of_figures_that_may_lack_others_coverage_is_not_known(coverage, codes, said, is_open):
    own = figures(coverage=coverage, caveats=tuple(Caveat(code, "It is so.") for code in codes))
    asked = AskedWarning(BreachWarning(own, life(), "It is so."), [], MONDAY, None, None)
    body = breach_body(asked, exactly(own))
    assert (body["coverage"], body["provisional"]) == (said, is_open)


RULES = st.sampled_from(Rule)
REAL = st.sampled_from(((None, None), (False, False), (True, True), (True, False)))
RUN = st.fixed_dictionaries({"over_now": st.integers(0, 40), "newly": st.integers(0, 9), "p10": st.integers(0, 30)})
TAKEN = st.lists(st.integers(0, 9), max_size=2, unique=True)


def run_of(run, real, own):
    """A warning after a second week's figures, whose verdicts on exact and on rounded numbers are given."""
    over = run["over_now"]
    return figures(
        over_now=over, over_standard=over, newly_over_now=min(run["newly"], over), change=None, counted_before=(),
        tail=(), newly_over=(due(12, run["p10"], 30, 40),), longest_band=None, as_of=MONDAY + WEEK,
        period_end=SUNDAY + WEEK, real_change=own[0], is_worse=own[1], real_change_shown=real[0],
        is_worse_shown=real[1],
    )  # fmt: skip


def answer(one, taken, rule):
    """What a board is answered."""
    before = life(severity="low")
    lived = gone_on(before, one, severity_of(exactly(one), one), taken=taken)
    assert lived is not None
    asked = AskedWarning(BreachWarning(one, lived, "It is so."), taken, one.as_of + timedelta(days=1), None, None)
    return breach_body(asked, alone(one, rule=rule))


@given(RUN, RUN, REAL, REAL, REAL, TAKEN, RULES)
def test_two_lists_that_look_the_same_are_answered_the_same(first, second, shown, own, other, days, rule):
    """Whatever the exact figures: only a rise that the shown figures tell of may be called worse."""
    assume(shown != (True, True))
    taken = [
        Acknowledgement(MONDAY + timedelta(days=day), Role.PROVIDER, "Clinics.", date(2026, 12, 20), "low")
        for day in sorted(days)
    ]
    one, two = run_of(first, shown, own), run_of(second, shown, other)
    if alone(one, rule=rule) == alone(two, rule=rule):
        assert answer(one, taken, rule) == answer(two, taken, rule)


@given(st.integers(1, 7), st.integers(1, 7), REAL, REAL, RULES)
def test_two_hidden_numbers_are_answered_the_same(first, second, own, other, rule):
    """Two children over, one of them new, and seven that really rose are one and the same to a board."""
    run = {"newly": 1, "p10": 3}
    one, two = (run_of({**run, "over_now": over}, (True, True), real) for over, real in ((first, own), (second, other)))
    found, other_found = answer(one, [], rule), answer(two, [], rule)
    if found["over_now"] is None and other_found["over_now"] is None:
        assert found == other_found
        assert (found["severity"], found["state"]) == (None, "escalated")


def weeks_of(*shown, **changes):
    """A warning of 163 over that grew in its second week, and what figures as shown said of it in each week since."""
    now, found = life(), []
    for week, (real, worse) in enumerate(shown, 1):
        one = figures(
            as_of=MONDAY + week * WEEK, period_end=SUNDAY + week * WEEK, real_change_shown=real, is_worse_shown=worse,
            **({"real_change": week == 1, "is_worse": True} | changes),
        )  # fmt: skip
        now = gone_on(now, one, "high", taken=())
        lived = stands_on(now, (), one.as_of)
        seen, day = alone(one, rule=Rule.HES), one.as_of
        told_life = life_told(lived, seen, one, taken=(), day=day)
        exact = life_told(lived, exactly(one), one, taken=(), day=day)
        found.append((told_life, severity_told(told_life, seen, one), exact))
    return found


UNKNOWN, RISE, CALM = (None, None), (True, True), (False, False)


def test_a_rise_that_was_told_is_not_taken_back_where_shown_figures_cannot_say():
    found = weeks_of(RISE, UNKNOWN, UNKNOWN)
    first, *later = found
    assert (first[0].state, first[0].since, first[1]) == ("worse", MONDAY + WEEK, "high")
    for told_life, severity, exact in later:
        assert (told_life.state, told_life.since, told_life.owner) == (exact.state, exact.since, exact.owner)
        assert answer_by(told_life) == answer_by(exact) >= answer_by(first[0])
        assert severity == exact.severity == "high"


def test_a_rise_that_shown_figures_once_ended_matters_as_they_say_and_its_day_stays():
    *_, (told_life, severity, _) = weeks_of(RISE, CALM, UNKNOWN)
    assert (told_life.told.is_over, severity) == (True, "medium")
    assert answer_by(told_life) >= MONDAY + WEEK
    *_, (told_life, severity, _) = weeks_of(RISE, RISE, UNKNOWN)
    assert (told_life.told.is_over, severity) == (False, "high")


def test_what_was_never_told_is_not_told_later():
    for found in (weeks_of(UNKNOWN, UNKNOWN), weeks_of(RISE, UNKNOWN, over_now=6, over_standard=6)):
        told_life, _, exact = found[-1]
        assert told_life.since < exact.since
    of_one_rule = figures(change_told=(Rule.MHSDS,), as_of=MONDAY + WEEK, period_end=SUNDAY + WEEK, **RISES)
    now = gone_on(life(), of_one_rule, "high", taken=())
    later = replace(now, state="escalated")
    unknown = figures(real_change_shown=None, is_worse_shown=None, as_of=MONDAY + WEEK)
    days = {
        rule: life_told(later, alone(unknown, rule=rule), unknown, taken=(), day=MONDAY + WEEK).since for rule in Rule
    }
    assert days[Rule.MHSDS] == MONDAY + WEEK > days[Rule.HES]


def test_what_was_told_is_kept():
    one = figures(as_of=MONDAY + WEEK, period_end=SUNDAY + WEEK, **RISES)
    now = gone_on(life(), one, "high", taken=())
    assert now.told is not None
    row = kept(BreachWarning(one, now, "It is so."))
    assert warning_of(json.loads(json.dumps(row))).life == now
    del row["life"]["told"]
    assert warning_of(json.loads(json.dumps(row))).life == replace(now, told=None)


def test_the_day_it_was_raised_stays_whatever_is_told():
    found, _ = told(state={"state": "worse", "raised_on": MONDAY - WEEK, "since": MONDAY}, over_now=3)
    assert found == replace(found, raised_on=MONDAY - WEEK)
