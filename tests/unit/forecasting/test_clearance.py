"""When a list clears: from its flows carried on, in labels and words; nothing where flows are not published."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from forecasting.flow.answers import Goal, Known, run_off, sustainable, threshold
from forecasting.flow.clearance import clear_all
from forecasting.flow.rates import recent_rate
from forecasting.flow.replay import Course
from forecasting.results import Clearance, RangesHeld
from tests.forecast_lists import FAR, month, stored
from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.domain import Finding, Measure, Severity

END = date(2025, 3, 31)
GOAL = Goal("CHS_18W", 18, 0.92)
REACHED = Goal("CHS_18W", 18, 1)
"""At 10 referrals a week a list of 180 just holds it."""
GROWS = ("never", "more_join_than_leave")
HELD = RangesHeld(40, 0.8, 0.95, 104)
SPREAD = np.array([-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3])
FLOWS = {"removals": [44] * 14, "referrals": [30] * 14}


def course(stands: float, pace: float, *, spread: float = 1.0, held: RangesHeld | None = HELD) -> Course:
    """A total that moves by so many a week, its 80% range a fifth of that to either side."""
    weeks = np.array([26.0, 104.0])
    away = spread * np.abs(pace or 1.0) * weeks[:, None] * SPREAD
    return Course(stands, pace, weeks, stands + pace * weeks[:, None] + away, held)


def exact(stands: float, pace: float) -> Course:
    return course(stands, pace, spread=0)


KNOWN = Known(END, 300, 20, "M", 8, left=course(0, 10), grown=course(300, -2), over=course(20, -0.5))


def cleared(history: ListHistory, *, goal: Goal | None = None) -> Clearance | None:
    found = clear_all([history], as_of=FAR, goals={history.service: goal} if goal else {})
    return found[0] if found else None


def test_without_noise_a_list_is_gone_after_list_over_removals() -> None:
    answer = run_off(replace(KNOWN, left=exact(0, 10)))
    assert answer.p10 == answer.p50 == answer.p90 == END + timedelta(weeks=30)
    assert answer.details["weeks_at_this_pace"] == 30
    assert answer.p_within_52_weeks == 1


def test_a_range_of_what_leaves_is_a_range_of_days() -> None:
    answer = run_off(KNOWN)
    assert answer.status == "ok"
    # 300 have left at 12, 10 and 8 a week.
    assert [answer.p10, answer.p50, answer.p90] == [END + timedelta(weeks=weeks) for weeks in (25, 30, 38)]
    assert answer.sentence == (
        "If nobody new were referred, the list of 300 at 31 March 2025 would be gone likely between 22 September 2025 "
        "and 22 December 2025, at the pace of the last 12 months (8 in 10). The chance that this comes within 52 weeks "
        "is more than 99 in 100. Looking back, 80% of 40 such ranges held; 80% were meant to."
    )


def test_a_range_that_held_too_seldom_is_not_called_8_in_10() -> None:
    answer = run_off(replace(KNOWN, left=course(0, 10, held=RangesHeld(40, 0.6, 0.8, 104))))
    assert "(meant as 8 in 10)" in answer.sentence
    assert answer.sentence.endswith("They were too narrow: be ready for sooner and for later.")


def test_without_enough_checks_nothing_is_said_of_a_year() -> None:
    answer = run_off(replace(KNOWN, left=course(0, 10, held=None)))
    assert (answer.p_within_52_weeks, answer.ranges_held) == (None, None)
    assert answer.sentence.endswith(
        "(meant as 8 in 10). Whether within 52 weeks is not worked out: too few past ranges could be checked so far "
        "ahead. No past ranges could be checked yet, so nobody knows how well such ranges hold."
    )


@pytest.mark.parametrize(
    ("checked", "sure", "reach"),
    [
        (38, "8 in 10", ""),
        (37, "meant as 8 in 10", " Enough could be checked up to 37 weeks ahead only."),
        (0, "meant as 8 in 10", " At no distance ahead could enough be checked."),
    ],
)
def test_days_beyond_what_was_checked_are_only_meant_as_8_in_10(checked: int, sure: str, reach: str) -> None:
    """The last day, of 8 a week, is 38 weeks ahead."""
    answer = run_off(replace(KNOWN, left=course(0, 10, held=replace(HELD, checked_weeks=checked))))
    assert f"at the pace of the last 12 months ({sure}). Whether within 52 weeks is not worked out" in answer.sentence
    assert answer.sentence.endswith(f"80% of 40 such ranges held; 80% were meant to.{reach}")


@pytest.mark.parametrize(("size", "status"), [(1000, "ok"), (3000, "unlikely")])
def test_what_lies_beyond_the_horizon_was_checked_up_to_that(size: int, status: str) -> None:
    for checked, is_said in ((104, False), (78, True)):
        answer = run_off(replace(KNOWN, list_size=size, left=course(0, 10, held=replace(HELD, checked_weeks=checked))))
        assert answer.status == status
        assert ("Enough could be checked up to 78 weeks ahead only." in answer.sentence) == is_said
        assert ("(8 in 10)" in answer.sentence) == (status == "ok" and not is_said)


def test_what_would_stop_growth_looks_a_year_ahead() -> None:
    growing = replace(KNOWN, grown=course(300, 5, held=replace(HELD, checked_weeks=39)))
    assert sustainable(growing, GOAL).sentence.endswith(
        "would have to leave (meant as 8 in 10). Enough could be checked up to 39 weeks ahead only."
    )


def test_chances_never_fall_and_add_up() -> None:
    answer = run_off(KNOWN)
    chances = [point.p for point in answer.curve]
    assert all(earlier <= later for earlier, later in pairwise(chances))
    assert answer.p_by_horizon == chances[-1]
    assert answer.p_within_52_weeks == chances[51]
    assert answer.p_by_horizon + answer.p_never_within_horizon == pytest.approx(1)


def test_more_removals_are_never_later() -> None:
    slow, fast = (run_off(replace(KNOWN, left=course(0, pace))) for pace in (8, 12))
    assert all(later.p <= earlier.p for later, earlier in zip(slow.curve, fast.curve, strict=True))


def test_a_slow_list_shows_no_date() -> None:
    answer = run_off(replace(KNOWN, list_size=3000))
    assert (answer.status, answer.p50) == ("unlikely", None)
    assert "would more likely than not still hold children on 29 March 2027" in answer.sentence
    assert "The chance that this comes within 52 weeks is less than 1 in 100." in answer.sentence


def test_an_end_after_the_horizon_is_said() -> None:
    answer = run_off(replace(KNOWN, list_size=1000))
    assert (answer.status, answer.p90) == ("ok", None)
    assert "and some time after 29 March 2027" in answer.sentence


def test_a_list_that_nobody_leaves_never_clears() -> None:
    answer = run_off(replace(KNOWN, left=exact(0, 0)))
    assert (answer.status, answer.p_by_horizon, answer.details["weeks_at_this_pace"]) == ("never", 0, None)
    assert answer.sentence.endswith("is not in sight at the pace of the last 12 months: nobody left the list.")


def test_holding_today_is_no_chance_of_keeping_to_it() -> None:
    short = replace(KNOWN, list_size=150)
    for answer in (threshold(replace(KNOWN, over_threshold=0)), sustainable(short, GOAL)):
        chances = (answer.p_within_52_weeks, answer.p_by_horizon, answer.p_never_within_horizon)
        assert (answer.status, chances) == ("already", (None, None, None))


def test_the_number_over_a_threshold_is_carried_on_as_it_fell() -> None:
    answer = threshold(replace(KNOWN, over=exact(20, -0.5)))
    # Fewer than half a child is nobody.
    assert (answer.status, answer.p50) == ("ok", END + timedelta(weeks=39))
    assert answer.details["weeks_at_this_pace"] == 40
    assert answer.sentence.startswith("A list without anybody waiting over 52 weeks, of 20 who did, is reached likely")


def test_at_even_odds_by_the_end_there_is_a_middle_date() -> None:
    """Half a child is left of 52.5 after 104 weeks of half a child less."""
    answer = threshold(replace(KNOWN, over_threshold=52.5, over=course(52.5, -0.5)))
    assert (answer.status, answer.p_by_horizon, answer.p_never_within_horizon) == ("ok", 0.5, 0.5)
    assert (answer.p50, answer.p90) == (END + timedelta(weeks=104), None)


@pytest.mark.parametrize(("checked", "chance"), [(51, None), (52, 0.5), (104, 0.5)])
def test_the_chance_within_a_year_is_that_of_its_last_week(checked: int, chance: float | None) -> None:
    """520.5 have left after 52 weeks as likely as not, by ranges that were checked so far ahead."""
    given = course(0, 10, held=replace(HELD, checked_weeks=checked))
    assert run_off(replace(KNOWN, list_size=520.5, left=given)).p_within_52_weeks == chance


def test_a_list_that_one_leaves_every_other_week_is_gone_in_twice_as_many_weeks() -> None:
    assert run_off(replace(KNOWN, list_size=30, left=course(0, 0.5))).details["weeks_at_this_pace"] == 60


def test_the_pace_of_a_weekly_list_is_that_of_half_a_year() -> None:
    assert "at the pace of the last 26 weeks (" in run_off(replace(KNOWN, freq="W")).sentence


@pytest.mark.parametrize("pace", [0, 0.5])
def test_a_number_over_a_threshold_that_does_not_fall_does_not_clear(pace: float) -> None:
    answer = threshold(replace(KNOWN, over=course(20, pace)))
    assert (answer.status, answer.p50) == ("never", None)
    assert answer.sentence.endswith("not in sight at the pace of the last 12 months: their number did not fall.")


@pytest.mark.parametrize(("silent", "is_stale"), [(2, False), (3, True)])
def test_a_list_last_seen_long_ago_is_not_todays(silent: int, *, is_stale: bool) -> None:
    lists = {"QKS": [0, *[None] * silent], "RYY": [5] * (silent + 1)}
    found = cleared(stored(lists))
    assert found is not None
    assert (found.answers[0].status == "blocked") is is_stale


def test_the_sustainable_size_is_referrals_times_weeks_over_share() -> None:
    answer = sustainable(replace(KNOWN, left=exact(0, 12), grown=exact(300, -4)), GOAL)
    target = 8 * 18 / 0.92
    assert answer.details["weeks_at_this_pace"] == pytest.approx((300 - target) / 4)
    assert answer.p50 == END + timedelta(weeks=36)
    assert answer.sentence.startswith("A list of at most 157, which CHS_18W needs if the longest wait is seen first,")
    assert "more a week would have to leave" not in answer.sentence


@pytest.mark.parametrize(
    ("known", "goal", "status", "reason"),
    [
        (KNOWN, None, "insufficient_data", "no_share_due"),
        (replace(KNOWN, left=None), None, "insufficient_data", "flows_not_published"),
        (replace(KNOWN, grown=None), GOAL, "insufficient_data", "flows_not_published"),
        (replace(KNOWN, list_size=150, grown=course(150, 0.5)), GOAL, "never", "more_join_than_leave"),
        (replace(KNOWN, list_size=150, grown=course(150, 0)), GOAL, "already", None),
        (replace(KNOWN, list_size=150), GOAL, "already", None),
        (replace(KNOWN, list_size=180, joined=10, left=course(0, 12)), REACHED, "already", None),
        (replace(KNOWN, list_size=180, joined=10, left=course(0, 8), grown=course(180, 2)), REACHED, *GROWS),
        (replace(KNOWN, joined=None), GOAL, "insufficient_data", "flows_not_published"),
        (replace(KNOWN, grown=course(300, 0)), GOAL, "never", None),
        (replace(KNOWN, grown=course(300, 0.5)), GOAL, "never", None),
    ],
)
def test_when_a_sustainable_size_is_not_dated(known: Known, goal: Goal | None, status: str, reason: str | None) -> None:
    answer = sustainable(known, goal)
    assert (answer.status, answer.reason, answer.p50) == (status, reason, None)


@pytest.mark.parametrize(("size", "goal"), [(300, GOAL), (150, GOAL), (300, None)])
def test_of_a_list_that_grows_is_said_what_would_stop_that(size: float, goal: Goal | None) -> None:
    answer = sustainable(replace(KNOWN, list_size=size, grown=course(size, 5)), goal)
    assert [answer.details[f"more_a_week_p{level}"] for level in (10, 50, 90)] == pytest.approx([4, 5, 6])
    assert answer.sentence.endswith(
        "For it not to grow over the next 52 weeks, between 4.0 and 6.0 more a week would have to leave (8 in 10)."
    )
    assert ("so at the recent pace it will not clear." in answer.sentence) == (goal is None)


@pytest.mark.parametrize("pace", [-2, 0])
def test_a_list_that_does_not_grow_asks_for_nobody_more(pace: float) -> None:
    answer = sustainable(replace(KNOWN, grown=exact(300, pace)), None)
    assert [answer.details[f"more_a_week_p{level}"] for level in (10, 50, 90)] == [0, 0, 0]
    assert answer.sentence.endswith("so there is no size it should come down to.")


def test_a_list_that_grows_by_one_in_two_weeks_grows() -> None:
    said = sustainable(replace(KNOWN, grown=course(300, 0.5)), None).sentence
    assert "More join than leave, so at the recent pace it will not clear. For it not to grow" in said


@pytest.mark.parametrize(
    ("known", "status", "reason"),
    [
        (replace(KNOWN, over_threshold=0, left=None), "already", None),
        (replace(KNOWN, left=None), "insufficient_data", "flows_not_published"),
        (replace(KNOWN, over=None), "insufficient_data", "over_52_weeks_not_known"),
        (replace(KNOWN, over_threshold=None), "insufficient_data", "over_52_weeks_not_known"),
    ],
)
def test_a_threshold_is_answered_where_the_number_over_it_is_known(
    known: Known, status: str, reason: str | None
) -> None:
    answer = threshold(known)
    assert (answer.status, answer.reason) == (status, reason)


def test_the_numbers_behind_an_answer_are_named() -> None:
    details = run_off(replace(KNOWN, joined=17, left=exact(0, 12), grown=exact(300, 5))).details
    assert details == pytest.approx(
        {
            "list_size": 300,
            "removals_per_week": 12,
            "referrals_per_week": 17,
            "weeks_at_this_pace": 25,
            "more_a_week_p10": 5,
            "more_a_week_p50": 5,
            "more_a_week_p90": 5,
        }
    )


def test_the_numbers_behind_an_answer_name_what_is_not_known() -> None:
    details = run_off(replace(KNOWN, joined=None, grown=None)).details
    assert (details["removals_per_week"], details["referrals_per_week"]) == (10, None)
    assert "more_a_week_p50" not in details


def test_an_empty_list_is_cleared_already_and_for_certain() -> None:
    answer = run_off(replace(KNOWN, list_size=0))
    chances = (answer.p_within_52_weeks, answer.p_by_horizon, answer.p_never_within_horizon)
    assert (answer.status, chances) == ("already", (1, 1, 0))


def test_without_flows_there_is_a_reason_and_no_number() -> None:
    found = cleared(stored({"QKS": [100] * 14}), goal=GOAL)
    assert found is not None
    assert {answer.reason for answer in found.answers} == {"flows_not_published"}
    assert all(answer.p50 is None and not answer.curve for answer in found.answers)
    assert found.as_json()["required_capacity"] is None
    assert found.note == "Flows are not published, so required capacity cannot be worked out."


def test_with_flows_every_kind_is_answered() -> None:
    found = cleared(stored({"QKS": [100] * 14}, flows=FLOWS), goal=GOAL)
    assert found is not None
    assert [answer.status for answer in found.answers] == ["ok", "never", "already"]
    assert found.note == "Required capacity is not worked out yet."


def test_a_short_history_has_a_wide_range_that_is_not_called_checked() -> None:
    found = cleared(stored({"QKS": [100] * 14}, flows=FLOWS))
    assert found is not None
    answer = found.answers[0]
    first, last = (answer.p10, answer.p90)
    assert first is not None
    assert last is not None
    assert (last - first).days / 7 > 4 > 0.3 * 100 / (44 / 4.35)
    assert answer.p_within_52_weeks is None
    assert "(meant as 8 in 10)" in answer.sentence


def test_who_joins_is_counted_of_all_months_in_which_that_is_known() -> None:
    """Half of the year nobody left, and of that half nobody knows who joined: 5 a month did, and not less than none."""
    flows = {"removals": [0] * 8 + [100] * 6, "referrals": [None] * 8 + [5] * 6}
    found = cleared(stored({"QKS": [400] * 14}, flows=flows), goal=GOAL)
    assert found is not None
    assert found.answers[2].details["referrals_per_week"] == pytest.approx(5 / (365.25 / 12 / 7), rel=0.02)


def test_a_list_that_cannot_be_relied_on_gets_no_clearance_time() -> None:
    copied = Finding("copied_number", Severity.ERROR, "It is copied.", END, END, "SALT", "QKS", details={"share": 1.0})
    found = cleared(stored({"QKS": [9] * 3}, findings={(2, "QKS"): (copied,)}))
    assert found is not None
    assert {(answer.status, answer.reason) for answer in found.answers} == {("blocked", "It is copied.")}


def test_a_list_never_known_is_not_answered() -> None:
    known = stored({"QKS": [9]})
    hidden = {**known.cells, (0, "NQ7"): VintageCells(0, {"total": None})}
    found = clear_all([replace(known, cells=hidden)], as_of=FAR, goals={})
    assert [one.org for one in found] == ["QKS"]


def test_lists_are_answered_in_order_each_with_the_goal_of_its_service() -> None:
    histories = [
        stored({"RYY": [100] * 14, "NQ7": [5] * 14}, flows=FLOWS),
        stored({"QKS": [100] * 14}, flows=FLOWS, service="CAMHS"),
    ]
    found = clear_all(histories, as_of=FAR, goals={"SALT": GOAL})
    assert [(one.service, one.org) for one in found] == [("CAMHS", "QKS"), ("SALT", "NQ7"), ("SALT", "RYY")]
    assert [one.answers[2].reason for one in found] == ["no_share_due", None, None]


def rate(removals: Sequence[int | None], *, since: date = date.min) -> float | None:
    history = stored({"QKS": [100] * len(removals)}, flows={"removals": removals})
    return recent_rate(history, org="QKS", measure=Measure.REMOVALS, as_of=FAR, since=since)


def test_a_rate_is_over_the_weeks_of_the_known_months() -> None:
    assert rate([999, 999, *[31] * 12]) == pytest.approx(12 * 31 / (365 / 7))


def test_too_few_known_months_are_no_rate() -> None:
    assert rate([None] * 7 + [31] * 5) is None
    assert rate([0] * 12) == 0
    assert rate([31] * 12, since=month(8)) is None
