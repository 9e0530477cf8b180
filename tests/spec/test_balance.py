"""The balance of flows, week by week, as a table of cases and as an identity."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waitlists.domain import Severity
from waitlists.quality import HistoryChecks
from waitlists.quality.balance import StoredWeek, WeekOfList, balance, residual, with_balances

FIRST = date(2026, 11, 8)
SECOND = date(2026, 11, 15)
THIRD = date(2026, 11, 22)


def week(size: int | None, referrals: int | None = 0, removals: int | None = 0, known: date = THIRD) -> WeekOfList:
    return WeekOfList(size, referrals, removals, known)


@pytest.mark.parametrize(
    ("opening", "closing", "referrals", "removals", "left_over", "severity"),
    [
        (100, 97, 7, 10, 0, None),
        (100, 96, 7, 10, 1, Severity.WARNING),
        (100, 98, 7, 10, -1, Severity.WARNING),
        (1000, 989, 100, 100, 11, Severity.WARNING),
        (1000, 950, 100, 150, 0, None),
        (1000, 950, 150, 150, 50, Severity.WARNING),
        (1000, 949, 150, 150, 51, Severity.ERROR),
        (949, 1000, 150, 150, -51, Severity.ERROR),
        (1000, 980, 50, 50, 20, Severity.WARNING),
        (1000, 979, 50, 50, 21, Severity.ERROR),
        (10, 9, 0, 0, 1, Severity.ERROR),
        (0, 0, 0, 0, 0, None),
    ],
)
def test_what_flows_do_not_explain_is_a_finding(opening, closing, referrals, removals, left_over, severity):
    weeks = {FIRST: week(opening), SECOND: week(closing, referrals, removals)}
    found = balance("SALT", "RYY", weeks)
    assert [(finding.severity, finding.details["residual"]) for finding in found] == (
        [] if severity is None else [(severity, left_over)]
    )
    assert residual(opening, weeks[SECOND]) == left_over


def test_the_sentence_says_the_sum():
    (finding,) = balance("SALT", "RYY", {FIRST: week(1000), SECOND: week(979, 50, 60)})
    assert finding.sentence == "1,000 waited the week before, 50 were referred and 60 left, which makes 990, not 979."
    assert (finding.code, finding.service, finding.org, finding.period_end) == (
        "flows_do_not_balance", "SALT", "RYY", SECOND,
    )  # fmt: skip
    assert finding.details == {"residual": 11, "opening": 1000}


@pytest.mark.parametrize("unknown", range(3))
def test_nothing_is_said_of_what_is_unknown(unknown: int):
    known = [90, 1, 1]
    known[unknown] = None
    assert residual(100, week(*known)) is None
    assert balance("SALT", "RYY", {FIRST: week(100), SECOND: week(*known)}) == ()
    assert balance("SALT", "RYY", {FIRST: week(None), SECOND: week(90, 1, 1)}) == ()


def test_nothing_is_said_across_a_week_that_is_not_there():
    assert balance("SALT", "RYY", {FIRST: week(100), THIRD: week(90)}) == ()
    assert balance("SALT", "RYY", {}) == ()


def test_a_finding_is_known_once_both_weeks_are():
    for first, second in ((SECOND, THIRD), (THIRD, SECOND)):
        weeks = {SECOND: week(90, known=second), FIRST: week(100, known=first)}
        (finding,) = balance("SALT", "RYY", weeks)
        assert finding.known_from == THIRD


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=20), st.integers(8000, 9000))
def test_lists_that_follow_from_their_flows_always_balance(flows, opening):
    weeks = {FIRST: week(opening)}
    size = opening
    for number, (came, left) in enumerate(flows, start=1):
        size += came - left
        weeks[FIRST + timedelta(days=7 * number)] = week(size, came, left)
    assert balance("SALT", "RYY", weeks) == ()
    last = max(weeks)
    weeks[last] = weeks[last]._replace(list_size=size + 1)
    (finding,) = balance("SALT", "RYY", weeks)
    assert (finding.period_end, finding.details["residual"]) == (last, -1)


def test_what_does_not_balance_is_found_with_the_vintage_of_its_week():
    first, second = date(2026, 11, 8), date(2026, 11, 15)
    known = date(2026, 11, 16)
    weeks = {
        first: StoredWeek(7, WeekOfList(100, 10, 10, known)),
        second: StoredWeek(9, WeekOfList(98, 7, 10, known)),
    }
    kept = HistoryChecks({9: ()}, {})
    found = with_balances(kept, {("SALT", "RYY"): weeks, ("SALT", "NQ7"): {first: weeks[first]}})
    assert [(number, one.code, one.org) for number, several in found.findings.items() for one in several] == [
        (9, "flows_do_not_balance", "RYY")
    ]
    assert found.coverage is kept.coverage
