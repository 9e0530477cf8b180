"""When a list clears: formulas, labels and words; nothing where flows are not published."""

import math
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from forecasting.flow.clearance import Goal, Known, clear_all, clearance_of, run_off, sustainable, threshold
from forecasting.flow.first_passage import chance_by_week, chance_ever
from forecasting.flow.rates import Rate, recent_rate
from tests.forecast_lists import FAR, stored
from waitlists.domain import Finding, Measure, Severity

END = date(2025, 3, 31)
STEADY = Rate(10, 10, 12)
EXACT = Rate(10, 0, 12)
KNOWN = Known(END, 300, 20, removals=STEADY, referrals=Rate(8, 8, 12))
GOAL = Goal("CHS_18W", 18, 0.92)


def test_without_noise_a_list_is_gone_after_list_over_removals() -> None:
    answer = run_off(replace(KNOWN, removals=EXACT))
    assert answer.p10 == answer.p50 == answer.p90 == END + timedelta(weeks=30)
    assert answer.details["weeks_at_this_pace"] == 30


def test_the_median_lies_around_the_exact_answer_and_the_range_around_it() -> None:
    answer = run_off(KNOWN)
    assert answer.status == "ok"
    assert answer.p10 is not None
    assert answer.p50 is not None
    assert answer.p90 is not None
    assert abs((answer.p50 - END).days / 7 - 30) <= 1
    assert answer.p10 < answer.p50 < answer.p90
    assert answer.sentence == (
        "If nobody new were referred, the list of 300 at 31 March 2025 would be gone likely between "
        f"{answer.p10.day} {answer.p10:%B %Y} and {answer.p90.day} {answer.p90:%B %Y}, "
        "at the pace of the last 12 months."
    )


def test_chances_never_fall_and_add_up() -> None:
    answer = run_off(KNOWN)
    chances = [point.p for point in answer.curve]
    assert all(earlier <= later for earlier, later in pairwise(chances))
    assert answer.p_by_horizon == chances[-1]
    assert answer.p_by_horizon + answer.p_never_within_horizon == pytest.approx(1)


@pytest.mark.parametrize(("excess", "drift", "variance"), [(300, 10, 40), (80, 2, 30), (50, -1, 60), (20, 0, 9)])
def test_the_closed_form_is_that_of_a_simulated_walk(excess: float, drift: float, variance: float) -> None:
    rng = np.random.default_rng(5)
    # 20 steps a week: a walk seen once a week would miss crossings within it.
    steps = rng.normal(drift / 20, math.sqrt(variance / 20), (4000, 40 * 20)).astype(np.float32)
    reached = (np.maximum.accumulate(steps.cumsum(axis=1), axis=1) >= excess)[:, 19::20].mean(axis=0)
    assert chance_by_week(excess, drift=drift, variance=variance, weeks=40) == pytest.approx(reached, abs=0.03)


def test_what_is_reached_already_is_certain() -> None:
    assert chance_by_week(0, drift=-5, variance=1, weeks=3).tolist() == [1, 1, 1]


def test_far_tails_neither_overflow_nor_jump() -> None:
    tiny = chance_by_week(1e6, drift=1.0, variance=1e-3, weeks=52)
    assert np.isfinite(tiny).all()
    assert tiny[-1] == 0
    steep = chance_by_week(50.0, drift=9.0, variance=0.01, weeks=52)
    assert steep[-1] == pytest.approx(1)


@pytest.mark.parametrize(
    ("excess", "drift", "variance", "chance"),
    [(0, -5, 1, 1), (10, 1, 1, 1), (10, 0, 1, 1), (10, 0, 0, 0), (10, -1, 0, 0), (10, -1, 5, math.exp(-4))],
)
def test_whether_it_is_ever_reached(excess: float, drift: float, variance: float, chance: float) -> None:
    assert chance_ever(excess, drift=drift, variance=variance) == pytest.approx(chance)


def test_more_removals_are_never_later() -> None:
    slow, fast = (run_off(replace(KNOWN, removals=Rate(pace, 10, 12))) for pace in (8, 12))
    assert all(later.p <= earlier.p for later, earlier in zip(slow.curve, fast.curve, strict=True))


def test_a_slow_list_shows_no_date() -> None:
    answer = run_off(replace(KNOWN, list_size=3000))
    assert (answer.status, answer.p50) == ("unlikely", None)
    assert "is more likely than not still to come on 29 March 2027" in answer.sentence


def test_an_end_after_the_horizon_is_said() -> None:
    answer = run_off(replace(KNOWN, list_size=1000, removals=Rate(10, 300, 12)))
    assert (answer.status, answer.p90) == ("ok", None)
    assert "and some time after 29 March 2027" in answer.sentence


def test_a_list_that_nobody_leaves_never_clears() -> None:
    answer = run_off(replace(KNOWN, removals=Rate(0, 0, 12)))
    assert (answer.status, answer.p_by_horizon, answer.details["weeks_at_this_pace"]) == ("never", 0, None)
    assert answer.sentence.endswith("is not in sight at the pace of the last 12 months: nobody left the list.")


def test_today_holding_a_threshold_is_no_chance_of_keeping_it() -> None:
    answer = threshold(replace(KNOWN, over_threshold=0))
    assert (answer.status, answer.p_by_horizon, answer.p_never_within_horizon) == ("already", None, None)


@pytest.mark.parametrize(("silent", "is_stale"), [(2, False), (3, True)])
def test_a_list_last_seen_long_ago_is_not_todays(silent: int, *, is_stale: bool) -> None:
    lists = {"QKS": [0, *[None] * silent], "RYY": [5] * (silent + 1)}
    found = clearance_of(stored(lists), org="QKS", as_of=FAR, goal=None)
    assert found is not None
    assert (found.answers[0].status == "blocked") is is_stale


def test_the_sustainable_size_is_referrals_times_weeks_over_share() -> None:
    answer = sustainable(replace(KNOWN, removals=Rate(12, 0, 12), referrals=Rate(8, 0, 12)), GOAL)
    target = 8 * 18 / 0.92
    assert answer.details["weeks_at_this_pace"] == pytest.approx((300 - target) / 4)
    assert answer.p50 == END + timedelta(weeks=math.ceil((300 - target) / 4))
    assert answer.sentence.startswith("A list of at most 157, which CHS_18W needs if the longest wait is seen first,")


@pytest.mark.parametrize(
    ("known", "goal", "status", "reason"),
    [
        (KNOWN, None, "insufficient_data", "no_share_due"),
        (replace(KNOWN, removals=None), None, "insufficient_data", "flows_not_published"),
        (replace(KNOWN, list_size=150, referrals=Rate(10.5, 0, 12)), GOAL, "never", "more_join_than_leave"),
        (replace(KNOWN, list_size=150, referrals=Rate(10, 0, 12)), GOAL, "already", None),
        (replace(KNOWN, referrals=None), GOAL, "insufficient_data", "flows_not_published"),
        (replace(KNOWN, list_size=150), GOAL, "already", None),
        (replace(KNOWN, referrals=Rate(10.5, 0, 12)), GOAL, "never", None),
    ],
)
def test_when_a_sustainable_size_is_not_dated(known: Known, goal: Goal | None, status: str, reason: str | None) -> None:
    answer = sustainable(known, goal)
    assert (answer.status, answer.reason, answer.p50) == (status, reason, None)


@pytest.mark.parametrize(
    ("over", "removals", "status", "reason"),
    [
        (0, None, "already", None),
        (5, None, "insufficient_data", "flows_not_published"),
        (None, STEADY, "insufficient_data", "removals_by_wait_not_modelled"),
    ],
)
def test_a_threshold_is_answered_where_it_already_holds(
    over: float | None, removals: Rate | None, status: str, reason: str | None
) -> None:
    answer = threshold(replace(KNOWN, over_threshold=over, removals=removals))
    assert (answer.status, answer.reason) == (status, reason)


def test_an_empty_list_is_cleared_already() -> None:
    assert run_off(replace(KNOWN, list_size=0)).status == "already"


def test_without_flows_there_is_a_reason_and_no_number() -> None:
    found = clearance_of(stored({"QKS": [100] * 14}), org="QKS", as_of=FAR, goal=GOAL)
    assert found is not None
    assert {answer.reason for answer in found.answers} == {"flows_not_published"}
    assert all(answer.p50 is None and not answer.curve for answer in found.answers)
    assert found.as_json()["required_capacity"] is None
    assert found.note == "Flows are not published, so required capacity cannot be worked out."


def test_with_flows_every_kind_is_answered() -> None:
    flows = {"removals": [44] * 14, "referrals": [30] * 14}
    found = clearance_of(stored({"QKS": [100] * 14}, flows=flows), org="QKS", as_of=FAR, goal=GOAL)
    assert found is not None
    assert [answer.status for answer in found.answers] == ["ok", "insufficient_data", "already"]
    assert found.note == "Required capacity is not worked out yet."


def test_a_list_that_cannot_be_relied_on_gets_no_clearance_time() -> None:
    copied = Finding("copied_number", Severity.ERROR, "It is copied.", END, END, "SALT", "QKS", details={"share": 1.0})
    found = clearance_of(stored({"QKS": [9] * 3}, findings={(2, "QKS"): (copied,)}), org="QKS", as_of=FAR, goal=None)
    assert found is not None
    assert {(answer.status, answer.reason) for answer in found.answers} == {("blocked", "It is copied.")}


def test_a_list_never_known_is_not_answered() -> None:
    assert clearance_of(stored({"QKS": [9]}), org="NQ7", as_of=FAR, goal=None) is None


def test_lists_are_answered_in_order_each_with_the_goal_of_its_service() -> None:
    flows = {"removals": [44] * 14, "referrals": [30] * 14}
    histories = [
        stored({"RYY": [100] * 14, "NQ7": [5] * 14}, flows=flows),
        stored({"QKS": [100] * 14}, flows=flows, service="CAMHS"),
    ]
    found = clear_all(histories, as_of=FAR, goals={"SALT": GOAL})
    assert [(one.service, one.org) for one in found] == [("CAMHS", "QKS"), ("SALT", "NQ7"), ("SALT", "RYY")]
    assert [one.answers[2].reason for one in found] == ["no_share_due", None, None]


def rate(removals: list[int | None]) -> Rate | None:
    history = stored({"QKS": [100] * len(removals)}, flows={"removals": removals})
    return recent_rate(history, org="QKS", measure=Measure.REMOVALS, as_of=FAR)


def test_a_rate_is_over_the_weeks_of_the_known_months() -> None:
    found = rate([999, 999, *[31] * 12])
    assert found is not None
    assert found.per_week == pytest.approx(12 * 31 / (365 / 7))
    assert found.periods == 12
    assert found.variance == found.per_week


def test_uneven_flows_have_a_larger_variance() -> None:
    found = rate([10, 80] * 6)
    assert found is not None
    assert found.variance > 10 * found.per_week


def test_too_few_known_months_are_no_rate() -> None:
    assert rate([None] * 7 + [31] * 5) is None
    found = rate([0] * 12)
    assert found == Rate(0, 0, 12)
