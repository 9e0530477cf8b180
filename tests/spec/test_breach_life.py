"""What becomes of a breach warning, day by day, as tables: each row is a run of the figures or a day between two."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.warnings.life import first_owner, gone_on, stands_on
from forecasting.warnings.warning import SEVERITIES, Acknowledgement
from tests.warned import MONDAY, WEEK, figures, life
from waitlists.domain import Level
from waitlists.security.access import Role

SUNDAY = MONDAY - timedelta(days=1)
CALM = None


def run(before, week, severity, *, taken=(), **changes):
    """The figures of a later Monday; week 0 is the first."""
    day = MONDAY + week * WEEK
    seen = figures(**({"as_of": day, "period_end": day - timedelta(days=1)} | changes))
    return gone_on(before, seen, severity, taken=taken)


def taken_on(day, *, until=None, severity="medium", role=Role.PROVIDER):
    return Acknowledgement(day, role, "More clinics.", until or day + 4 * WEEK, severity)


STORIES = {
    "nothing is over and nothing was": ([(0, CALM)], [None]),
    "raised once and standing": ([(0, "medium"), (1, "medium")], ["raised", "escalated"]),
    "one calm week ends nothing": ([(0, "low"), (1, CALM)], ["raised", "escalated"]),
    "two calm weeks clear it": ([(0, "low"), (1, CALM), (2, CALM)], ["raised", "escalated", "cleared"]),
    "a calm week, then over again: it begins anew to be calm": (
        [(0, "low"), (1, CALM), (2, "low"), (3, CALM)], ["raised", "escalated", "escalated", "escalated"],
    ),
    "a higher severity is worse at once": ([(0, "low"), (1, "high")], ["raised", "worse"]),
    "cleared, then raised anew": (
        [(0, "low"), (1, CALM), (2, CALM), (3, CALM), (4, "low")],
        ["raised", "escalated", "cleared", None, "raised"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("runs", "states"), STORIES.values(), ids=STORIES)
def test_stories(runs, states):
    now, found = None, []
    for week, severity in runs:
        now = run(now, week, severity)
        found.append(now.state if now else None)
    assert found == states


def test_severity_eases_after_two_calm_periods_only():
    now = run(None, 0, "high")
    now = run(now, 1, "low")
    assert (now.severity, now.calm) == ("high", 1)
    now = run(now, 2, "low")
    assert (now.severity, now.calm, now.state) == ("low", 0, "escalated")


@pytest.mark.parametrize(
    "changes",
    [
        {"is_whole": False, "missing": ("NQ7",), "coverage": 0.6},
        {"over_now": None, "over_standard": None},
        {"period_end": SUNDAY},
    ],
    ids=["part is missing", "nothing is known", "the period is no new one"],
)
def test_nothing_is_cleared_or_eased_by_what_is_no_news(changes):
    now = run(None, 0, "low")
    for week in range(1, 6):
        now = run(now, week, CALM, **changes)
    assert now.state == "escalated"
    assert now.severity == "low"


def test_a_real_rise_is_worse_once_and_again_after_it_ended():
    rising = {"real_change": True, "is_worse": True}
    now = run(None, 0, "high")
    now = run(now, 1, "high", **rising)
    assert (now.state, now.is_rising) == ("worse", True)
    now = run(now, 2, "high", **rising)
    assert (now.state, now.since) == ("worse", MONDAY + WEEK)
    now = run(now, 3, "high", real_change=None, is_worse=None)
    assert now.is_rising
    now = run(now, 4, "high")
    assert not now.is_rising
    assert run(now, 5, "high", **rising).since == MONDAY + 5 * WEEK


@pytest.mark.parametrize(
    ("raised", "day", "state", "owner"),
    [
        # A Monday's warning has Tuesday, Wednesday and Thursday, and the commissioner is the last to be asked.
        (date(2026, 11, 16), date(2026, 11, 19), "raised", Role.PROVIDER),
        (date(2026, 11, 16), date(2026, 11, 20), "escalated", Role.COMMISSIONER),
        (date(2026, 11, 16), date(2027, 11, 24), "escalated", Role.COMMISSIONER),
        # Christmas is no working day, nor is the day kept for Boxing Day.
        (date(2026, 12, 23), date(2026, 12, 30), "raised", Role.PROVIDER),
        (date(2026, 12, 23), date(2026, 12, 31), "escalated", Role.COMMISSIONER),
        # Easter.
        (date(2026, 4, 2), date(2026, 4, 9), "raised", Role.PROVIDER),
        (date(2026, 4, 2), date(2026, 4, 10), "escalated", Role.COMMISSIONER),
    ],
)
def test_unanswered_it_goes_to_the_next_role_after_three_working_days(raised, day, state, owner):
    now = stands_on(life(raised_on=raised, since=raised, asked_on=raised), [], day)
    assert (now.state, now.owner) == (state, owner)


def test_the_first_to_be_asked_is_who_keeps_the_list():
    assert first_owner(Level.PROVIDER) is Role.PROVIDER
    assert first_owner(Level.ICB) is Role.COMMISSIONER


def test_taken_until_its_day_then_raised_anew_and_passed_on():
    one = taken_on(date(2026, 11, 17), until=date(2026, 11, 27))
    states = {day: stands_on(life(), [one], day) for day in (date(2026, 11, 17 + n) for n in range(14))}
    assert states[date(2026, 11, 17)].acknowledged == one
    assert states[date(2026, 11, 27)].state == "acknowledged"
    assert (states[date(2026, 11, 28)].state, states[date(2026, 11, 28)].since) == ("raised", date(2026, 11, 28))
    assert stands_on(life(), [one], date(2026, 12, 2)).state == "raised"
    assert stands_on(life(), [one], date(2026, 12, 3)).state == "escalated"


def test_worse_than_when_it_was_taken_asks_again():
    one = taken_on(MONDAY + timedelta(days=1))
    now = run(life(), 1, "high", taken=[one])
    assert (now.state, now.acknowledged) == ("worse", None)
    assert stands_on(now, [one], now.since + timedelta(days=1)).state == "worse"
    # Taken at a lower severity on the very day it grew worse: that is not what was taken.
    assert stands_on(now, [taken_on(now.since, severity="medium")], now.since).state == "worse"
    assert stands_on(now, [taken_on(now.since, severity="high")], now.since).state == "acknowledged"


def test_the_last_word_counts():
    first = taken_on(MONDAY, until=MONDAY + timedelta(days=1))
    second = taken_on(MONDAY + timedelta(days=1), until=MONDAY + 6 * WEEK, role=Role.COMMISSIONER)
    now = stands_on(life(), [first, second], MONDAY + 5 * WEEK)
    assert (now.state, now.acknowledged) == ("acknowledged", second)


def test_what_is_cleared_stays_so_whoever_takes_it():
    assert stands_on(life(state="cleared"), [taken_on(MONDAY)], MONDAY + WEEK).state == "cleared"


RUNS = st.lists(
    st.fixed_dictionaries(
        {
            "severity": st.sampled_from((None, *SEVERITIES)),
            "is_whole": st.booleans(),
            "is_new": st.booleans(),
            "real": st.sampled_from(((None, None), (False, False), (True, True), (True, False))),
        }
    ),
    max_size=12,
)
TAKEN = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 40)), max_size=4)


def told(runs, words):
    """Each run's day, what stands after it, and what was known."""
    taken = [
        taken_on(MONDAY + timedelta(days=day), until=MONDAY + timedelta(days=day + long), severity="high")
        for day, long in sorted(words)
    ]
    now, period, found = None, SUNDAY, []
    for week, one in enumerate(runs):
        day = MONDAY + week * WEEK
        period = day - timedelta(days=1) if one["is_new"] else period
        real, worse = one["real"]
        changes = {"as_of": day, "period_end": period, "is_whole": one["is_whole"]}
        seen = figures(real_change=real, is_worse=worse, **changes)
        known = [word for word in taken if word.on < day]
        now = gone_on(now, seen, one["severity"], taken=known)
        found.append((seen, known, now))
    return found


@given(RUNS, TAKEN)
def test_no_story_breaks_the_rules(runs, words):
    before = None
    for seen, known, now in told(runs, words):
        if before is not None and before.state != "cleared" and now is not None:
            if now.state == "cleared":
                assert seen.is_whole
            if SEVERITIES.index(now.severity) < SEVERITIES.index(before.severity):
                assert seen.is_whole
            assert now.raised_on == before.raised_on
        if before is not None and before.state != "cleared":
            assert now is not None
        if now is not None:
            assert (now.state == "acknowledged") == (now.acknowledged is not None)
            assert now.since <= seen.as_of
            assert stands_on(now, known, seen.as_of) == now
        before = now


@given(RUNS, TAKEN)
def test_worked_out_again_it_is_the_same_story(runs, words):
    assert told(runs, words) == told(runs, words)


@given(RUNS, TAKEN, st.integers(0, 60), st.integers(0, 60))
def test_looking_in_between_changes_nothing(runs, words, first, later):
    """To stand on a day and then on a later one is to stand on the later one."""
    for seen, known, now in told(runs, words)[-1:]:
        if now is not None:
            near, far = (seen.as_of + timedelta(days=days) for days in sorted((first, later)))
            assert stands_on(stands_on(now, known, near), known, far) == stands_on(now, known, far)


def test_a_rise_at_a_lower_severity_does_not_ease_it():
    now = run(life(severity="high"), 1, "medium", real_change=True, is_worse=True)
    assert (now.state, now.severity) == ("worse", "high")


def test_a_severity_that_grows_is_never_called_calm():
    now = replace(life(), calm=1)
    assert run(now, 1, "high").calm == 0
