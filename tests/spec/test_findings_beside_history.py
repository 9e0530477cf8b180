"""What a vintage says beside those known when it was published: missing, returned, stepping, frozen, dipping lists."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from waitlists.domain import Coverage, Finding, Level, LineTotals, Vintage
from waitlists.periods import add_months
from waitlists.quality import HistoryChecks, check_history
from waitlists.quality.zeros import hidden_behind_zero

AUGUST = date(2024, 8, 31)
KENT = ("COMM_PAEDS", "QKS")


def month(number: int, sizes: Mapping[str, int | None], *, service: str = "COMM_PAEDS", known: int = 42) -> LineTotals:
    """Month `number` after August 2024, published 42 days later; Kent and Medway is the sum of its providers."""
    period = add_months(AUGUST, number)
    totals: dict[tuple[str, str], int | None] = {(service, org): size for org, size in sizes.items()}
    if "QKS" not in sizes:
        totals[service, "QKS"] = sum(size or 0 for size in sizes.values())
    known_from = date.fromordinal(period.toordinal() + known)
    return LineTotals(Vintage(known_from, number + 1, "chs_sitrep", period), totals)


ALL = {"RYY": 3000, "NQ7": 4000, "RPA": 900, "RVV": 800}
WITHOUT = {"RYY": 3000, "RPA": 900, "RVV": 800}
MISSING = [month(0, ALL), month(1, ALL), month(2, WITHOUT), month(3, WITHOUT), month(4, ALL)]


def codes(checks: HistoryChecks, vintage: int, org: str) -> list[str]:
    return [finding.code for finding in checks.findings[vintage] if finding.org == org]


def only(checks: HistoryChecks, vintage: int, org: str, code: str) -> Finding:
    (finding,) = (found for found in checks.findings[vintage] if (found.org, found.code) == (org, code))
    return finding


def coverage(checks: HistoryChecks, vintage: int) -> dict[str, Coverage]:
    return {part.org: part for part in checks.coverage[vintage]}


def test_a_missing_provider_is_not_zero() -> None:
    checks = check_history(MISSING)
    assert checks.coverage[2] == ()
    part = coverage(checks, 3)["QKS"]
    assert part.share == pytest.approx(4700 / 8700)
    assert [(was.org, was.last_list_size, was.last_period) for was in part.missing] == [
        ("NQ7", 4000, add_months(AUGUST, 1))
    ]
    assert set(coverage(checks, 3)) == {"NQ7", "QKS", "Y59", "ENG"}
    assert coverage(checks, 3)["NQ7"].share == 0


def test_the_fall_a_missing_provider_makes_is_about_coverage_and_so_is_the_rise_when_it_is_back() -> None:
    checks = check_history(MISSING)
    fall, rise = only(checks, 3, "QKS", "step"), only(checks, 5, "QKS", "step")
    assert (fall.details["cause"], fall.details["kind"]) == ("coverage", "missing")
    assert (rise.details["cause"], rise.details["kind"]) == ("coverage", "returned")
    assert fall.sentence == (
        "The list fell from 8,700 in September 2024 to 4,700 because Medway Community Healthcare sent no figures: "
        "coverage, not change."
    )
    assert codes(checks, 4, "QKS") == ["missing_provider", "frozen_value"]


def test_the_missing_provider_is_named_with_its_last_list() -> None:
    checks = check_history(MISSING)
    assert only(checks, 3, "NQ7", "missing_provider").sentence == (
        "Medway Community Healthcare sent no figures for October 2024; its last were 4,000 waiting, for September 2024."
    )
    kent = only(checks, 3, "QKS", "missing_provider")
    assert kent.severity == "warning"
    assert kent.sentence == (
        "Medway Community Healthcare sent no figures for October 2024 (last: 4,000 waiting, for September 2024): "
        "46% of the expected list is not in this figure."
    )


def test_several_missing_providers_are_counted_and_the_largest_named() -> None:
    checks = check_history([month(0, ALL), month(1, {"RYY": 3000})])
    assert (
        "3 providers sent no figures for September 2024, the largest Medway Community Healthcare"
        in only(checks, 2, "QKS", "missing_provider").sentence
    )


@pytest.mark.parametrize(("size", "severity"), [(157, "info"), (158, "warning")])
def test_a_small_missing_part_is_a_note(size: int, severity: str) -> None:
    checks = check_history([month(0, {"RYY": 3000, "RPA": size}), month(1, {"RYY": 3000})])
    assert only(checks, 2, "QKS", "missing_provider").severity == severity


@pytest.mark.parametrize(("lost", "words"), [(14, "less than 1% of"), (16, "1% of")])
def test_a_tiny_missing_part_is_never_called_none(lost: int, words: str) -> None:
    checks = check_history([month(0, {"RYY": 3000, "RPA": lost}), month(1, {"RYY": 3000})])
    assert words in only(checks, 2, "QKS", "missing_provider").sentence


def test_of_many_movers_the_largest_are_named_and_the_rest_counted() -> None:
    checks = check_history([month(0, ALL), month(1, {"RWF": 60})])
    assert (
        "because Medway Community Healthcare, Kent Community Health NHS Foundation Trust and 2 others sent no"
        in only(checks, 2, "QKS", "step").sentence
    )


def test_a_provider_is_expected_for_twelve_loaded_periods_and_then_no_more() -> None:
    months = [month(0, ALL), *(month(number, WITHOUT) for number in range(1, 13))]
    checks = check_history(months)
    assert "NQ7" in coverage(checks, 12)
    assert checks.coverage[13] == ()


def test_a_provider_whose_last_list_was_empty_is_not_missed() -> None:
    assert check_history([month(0, {"RYY": 3000, "RPA": 0}), month(1, {"RYY": 3000})]).coverage[2] == ()


def test_a_published_zero_is_a_provider_that_is_present() -> None:
    checks = check_history([month(0, {"RYY": 3000, "RPA": 40}), month(1, {"RYY": 3000, "RPA": 0})])
    assert checks.coverage[2] == ()


def test_a_suppressed_list_says_nothing_about_who_is_present() -> None:
    checks = check_history([month(0, {"RYY": 3000, "RPA": None}), month(1, {"RYY": 3000})])
    assert checks.coverage[2] == ()


def test_a_provider_that_ended_is_answered_for_by_its_successor() -> None:
    before = month(1, {"R1C": 500, "RW1": 300, "QRL": 800})
    checks = check_history([before, month(2, {"RW1": 790, "QRL": 790})])
    assert checks.coverage[3] == ()
    step = only(checks, 3, "RW1", "step")
    assert (step.details["cause"], step.details["kind"]) == ("succession", "succession")


def test_a_new_provider_explains_the_rise_it_makes() -> None:
    checks = check_history([month(0, WITHOUT), month(1, ALL)])
    step = only(checks, 2, "QKS", "step")
    assert (step.details["cause"], step.details["kind"]) == ("coverage", "new")


def test_a_step_nobody_explains_is_of_unknown_cause_and_never_an_improvement() -> None:
    checks = check_history([month(0, {"RYY": 3000}), month(1, {"RYY": 1900})])
    for org in ("RYY", "QKS"):
        step = only(checks, 2, org, "step")
        assert step.details == {"cause": "unknown", "kind": "unknown", "before": 3000, "after": 1900}
        assert "do not read it as a real change" in step.sentence


def test_a_missing_provider_does_not_excuse_a_larger_fall() -> None:
    checks = check_history([month(0, ALL), month(1, {"RYY": 1000, "RPA": 100, "RVV": 100})])
    assert only(checks, 2, "QKS", "step").details["cause"] == "unknown"


@pytest.mark.parametrize(
    ("was", "now", "is_step"),
    [
        (100, 135, False),
        (100, 136, True),
        (100, 65, False),
        (100, 64, True),
        (49, 10, False),
        (49, 90, True),
        (0, 60, True),
    ],
)
def test_a_step_is_more_than_35_percent_of_a_list_of_50(was: int, now: int, *, is_step: bool) -> None:
    checks = check_history([month(0, {"RYY": was}), month(1, {"RYY": now})])
    assert ("step" in codes(checks, 2, "RYY")) is is_step


@pytest.mark.parametrize(("months", "is_step"), [(3, True), (4, False)])
def test_periods_far_apart_are_not_neighbours(months: int, *, is_step: bool) -> None:
    checks = check_history([month(0, {"RYY": 100}), month(months, {"RYY": 300})])
    assert ("step" in codes(checks, months + 1, "RYY")) is is_step


@pytest.mark.parametrize(
    ("sizes", "periods", "severity"),
    [((100, 100), 2, "info"), ((100, 100, 100), 3, "warning"), ((90, 100, 100), 2, "info")],
)
def test_a_value_printed_again_and_again_is_frozen(sizes: tuple[int, ...], periods: int, severity: str) -> None:
    checks = check_history([month(number, {"RYY": size}) for number, size in enumerate(sizes)])
    finding = only(checks, len(sizes), "RYY", "frozen_value")
    assert (finding.details, finding.severity) == ({"periods": periods}, severity)


@pytest.mark.parametrize("sizes", [(49, 49), (100, 101), (None, None)])
def test_small_changing_or_hidden_values_are_not_frozen(sizes: tuple[int | None, int | None]) -> None:
    checks = check_history([month(number, {"RYY": size}) for number, size in enumerate(sizes)])
    assert "frozen_value" not in codes(checks, 2, "RYY")


def test_whole_regions_and_england_are_not_called_frozen() -> None:
    sizes = {"RYY": 60, "QKS": 60, "Y59": 60, "ENG": 60}
    checks = check_history([month(0, sizes), month(1, sizes)])
    assert {finding.org for finding in checks.findings[2]} == {"RYY", "QKS"}


DIP = [month(0, {"RYY": 2138}), month(1, {"RYY": 0}), month(2, {"RYY": 2002})]


def test_a_zero_between_two_large_values_is_not_a_real_zero() -> None:
    finding = only(check_history(DIP), 2, "RYY", "zero_between_values")
    assert finding.severity == "error"
    assert finding.known_from == DIP[2].vintage.known_from  # nobody could know it before the next month came
    assert finding.period_end == DIP[1].vintage.period_end


@pytest.mark.parametrize(("before", "after", "is_found"), [(1, 1, True), (3, 3, True), (4, 1, False), (1, 4, False)])
def test_a_zero_far_from_its_neighbours_may_be_real(before: int, after: int, *, is_found: bool) -> None:
    dip = [month(0, {"RYY": 2138}), month(before, {"RYY": 0}), month(before + after, {"RYY": 2002})]
    assert ("zero_between_values" in codes(check_history(dip), before + 1, "RYY")) is is_found


KENT_WITH_A_ZERO = [month(0, ALL), month(1, {**ALL, "NQ7": 0}), month(2, {**ALL, "NQ7": 0}), month(3, WITHOUT)]


@pytest.mark.parametrize("vintage", [2, 3, 4])
def test_a_zero_after_a_large_list_is_suspected_for_the_list_and_for_what_it_is_part_of(vintage: int) -> None:
    checks = check_history(KENT_WITH_A_ZERO)
    assert {found.org for found in checks.findings[vintage] if found.code == "zero_suspected"} == {
        "NQ7",
        "QKS",
        "Y59",
        "ENG",
    }
    assert only(checks, vintage, "NQ7", "zero_suspected").sentence == (
        "The list is printed as 0 or not at all; its last other figure was 4,000 waiting, for August 2024; it may not "
        "have been sent."
    )
    kent = only(checks, vintage, "QKS", "zero_suspected")
    assert kent.sentence == (
        "Medway Community Healthcare printed 0 (last other figure: 4,000 waiting, for August 2024): 46% of the list "
        "may not be in this figure."
    )
    assert [(was.org, was.last_list_size, was.last_period) for was in hidden_behind_zero(kent)] == [
        ("NQ7", 4000, AUGUST)
    ]


def test_the_fall_a_suspected_zero_makes_is_not_called_a_change() -> None:
    step = only(check_history(KENT_WITH_A_ZERO), 2, "QKS", "step")
    assert (step.details["cause"], step.details["kind"]) == ("coverage", "zero")
    assert step.sentence.endswith(
        "because Medway Community Healthcare printed 0, which may not be real: do not read it as a change."
    )


def test_the_rise_after_a_zero_is_the_list_being_back() -> None:
    checks = check_history([*KENT_WITH_A_ZERO[:2], month(2, ALL)])
    assert only(checks, 3, "QKS", "step").details["kind"] == "returned"
    assert "zero_suspected" not in codes(checks, 3, "QKS")


@pytest.mark.parametrize(("was", "is_suspected"), [(49, False), (50, True)])
def test_a_small_list_may_reach_zero(was: int, *, is_suspected: bool) -> None:
    checks = check_history([month(0, {"RYY": was}), month(1, {"RYY": 0})])
    assert ("zero_suspected" in codes(checks, 2, "RYY")) is is_suspected


@pytest.mark.parametrize(("others", "is_named"), [(1900, True), (1901, False)])
def test_a_board_is_named_when_a_twentieth_may_be_hidden(others: int, *, is_named: bool) -> None:
    checks = check_history([month(0, {"RYY": others, "RPA": 100}), month(1, {"RYY": others, "RPA": 0})])
    assert ("zero_suspected" in codes(checks, 2, "QKS")) is is_named


def test_of_several_zeros_the_largest_is_named() -> None:
    checks = check_history([month(0, ALL), month(1, {**ALL, "NQ7": 0, "RPA": 0})])
    assert "Medway Community Healthcare and 1 more printed 0" in only(checks, 2, "QKS", "zero_suspected").sentence


def test_a_corrected_month_takes_back_what_was_said_of_the_next_one() -> None:
    slip, november = month(0, {"RYY": 905}), month(1, {"RYY": 9064})
    fixed = LineTotals(Vintage(date(2025, 3, 1), 9, "chs_sitrep", AUGUST), {("COMM_PAEDS", "RYY"): 9051})
    checks = check_history([slip, november, fixed])
    step = only(checks, 2, "RYY", "step")
    assert (step.known_from, step.known_until) == (november.vintage.known_from, date(2025, 3, 1))
    assert not step.stands_on(date(2025, 3, 1))
    assert step.stands_on(date(2025, 2, 28))
    assert not step.stands_on(date.fromordinal(step.known_from.toordinal() - 1))


def test_a_corrected_month_adds_what_can_be_said_of_the_next_one_from_that_day_on() -> None:
    true, november = month(0, {"RYY": 9051}), month(1, {"RYY": 9064})
    worse = LineTotals(Vintage(date(2025, 3, 1), 9, "chs_sitrep", AUGUST), {("COMM_PAEDS", "RYY"): 905})
    step = only(check_history([true, november, worse]), 2, "RYY", "step")
    assert (step.known_from, step.known_until) == (date(2025, 3, 1), None)


def test_what_a_correction_leaves_true_stands_from_the_first_day() -> None:
    fixed = LineTotals(Vintage(date(2025, 3, 1), 9, "chs_sitrep", AUGUST), month(0, {**ALL, "RYY": 3001}).totals)
    found = only(check_history([*MISSING, fixed]), 3, "NQ7", "missing_provider")
    assert (found.known_from, found.known_until) == (MISSING[2].vintage.known_from, None)


@pytest.mark.parametrize(("now", "severity"), [(102, "info"), (103, "warning"), (97, "warning"), (100, None)])
def test_a_number_another_file_printed_otherwise_is_said(now: int, severity: str | None) -> None:
    first = month(0, {"RYY": 100, "RPA": None})
    other = LineTotals(
        Vintage(date(2025, 3, 1), 9, "chs_sitrep", AUGUST), {("COMM_PAEDS", "RYY"): now, ("COMM_PAEDS", "RPA"): 5}
    )
    checks = check_history([first, other])
    assert "restated" not in {finding.code for finding in checks.findings[1]}
    found = [finding for finding in checks.findings[9] if finding.code == "restated"]
    assert [(finding.org, finding.severity) for finding in found] == ([("RYY", severity)] if severity else [])
    if found:
        assert found[0].sentence == (
            f"An earlier file, known from 12 October 2024, gave 100 for this month; this one {now}."
        )


def test_a_number_of_a_week_is_called_so() -> None:
    sunday = date(2026, 11, 15)
    known = [(1, date(2026, 11, 16), 100), (2, date(2026, 11, 23), 90)]
    files = [
        LineTotals(Vintage(day, number, "weekly_return", sunday, "RYY"), {("SALT", "RYY"): size})
        for number, day, size in known
    ]
    said = only(check_history(files), 2, "RYY", "restated").sentence
    assert said == "An earlier file, known from 16 November 2026, gave 100 for this week; this one 90."


def test_the_last_of_several_earlier_files_is_the_one_replaced() -> None:
    files = [
        LineTotals(Vintage(date(2025, number, 1), number, "chs_sitrep", AUGUST), {("SALT", "RYY"): 100 * number})
        for number in (1, 2, 3)
    ]
    assert only(check_history(files), 3, "RYY", "restated").details == {"before": 200, "after": 300}


def test_a_month_that_was_itself_replaced_is_not_judged_again() -> None:
    first, replaced = month(0, {"RYY": 905}), month(1, {"RYY": 9064})
    again = LineTotals(Vintage(date(2025, 2, 1), 8, "chs_sitrep", replaced.vintage.period_end), replaced.totals)
    fixed = LineTotals(Vintage(date(2025, 3, 1), 9, "chs_sitrep", AUGUST), {("COMM_PAEDS", "RYY"): 9051})
    checks = check_history([first, replaced, again, fixed])
    assert only(checks, 2, "RYY", "step").known_until is None
    assert only(checks, 8, "RYY", "step").known_until == date(2025, 3, 1)


@pytest.mark.parametrize("sizes", [(49, 0, 2002), (2138, 0, 49), (2138, 0, 0), (2138, 1, 2002), (2138, 0)])
def test_other_zeros_are_left_alone(sizes: tuple[int, ...]) -> None:
    checks = check_history([month(number, {"RYY": size}) for number, size in enumerate(sizes)])
    assert "zero_between_values" not in codes(checks, 2, "RYY")


def test_the_order_of_loading_changes_nothing() -> None:
    expected = check_history(MISSING)
    for order in permutations(MISSING):
        assert check_history(order) == expected


def test_a_month_is_judged_by_what_was_known_when_it_was_published() -> None:
    corrected = month(1, {**ALL, "NQ7": 4100}, known=200)
    late = LineTotals(
        Vintage(corrected.vintage.known_from, 99, "chs_sitrep", corrected.vintage.period_end), corrected.totals
    )
    checks = check_history([*MISSING, late])
    assert coverage(checks, 3)["QKS"].missing[0].last_list_size == 4000


def test_providers_of_no_register_count_for_england_alone_unless_the_file_says_what_they_are() -> None:
    history = [month(0, {"ZZZ": 100, "QKS": 1}), month(1, {"QKS": 1})]
    assert set(coverage(check_history(history), 2)) == {"ZZZ", "ENG"}
    assert check_history(history, levels={"ZZZ": Level.ICB}).coverage[2] == ()


def test_returns_of_one_provider_are_not_judged_by_those_of_another() -> None:
    mine, other = (
        LineTotals(Vintage(AUGUST, number, "weekly_return", add_months(AUGUST, number), scope), {("SALT", scope): 100})
        for number, scope in ((1, "RYY"), (2, "NQ7"))
    )
    assert check_history([mine, other]).coverage == {1: (), 2: ()}


SUNDAY = date(2026, 3, 15)


def sent(id_: int, week: int, sizes: Mapping[str, int], *, scope: str = "", known: int = 1) -> LineTotals:
    """A return, or the sum of returns, for a week; sizes by organisation, of SALT unless it says `ASD/RYY`."""
    end = SUNDAY + timedelta(weeks=week)
    vintage = Vintage(end + timedelta(days=known), id_, "weekly_return", end, scope)
    lines = {("SALT", *name.split("/"))[-2:]: size for name, size in sizes.items()}
    return LineTotals(vintage, lines)


def test_a_sum_of_returns_knows_who_is_missing_from_it() -> None:
    checks = check_history(
        [
            sent(1, 0, {"RYY": 300}, scope="RYY"),
            sent(2, 0, {"NQ7": 100}, scope="NQ7"),
            sent(3, 0, {"QKS": 400}),
            sent(4, 1, {"NQ7": 104}, scope="NQ7"),
            sent(5, 1, {"QKS": 104}),
        ]
    )
    assert {one.org: round(one.share, 2) for one in checks.coverage[5]} == {"RYY": 0.0, "QKS": 0.26}
    assert only(checks, 5, "RYY", "missing_provider").sentence == (
        "Kent Community Health NHS Foundation Trust sent no figures that can be used for the week to 22 March 2026; "
        "its last were 300 waiting, for the week to 15 March 2026."
    )
    assert only(checks, 5, "QKS", "step").details["cause"] == "coverage"
    assert checks.coverage[4] == ()


def test_what_a_return_says_itself_is_found_once_and_of_its_sender_alone() -> None:
    weeks = range(5)
    returns = [sent(week, week, {"RYY": 300}, scope="RYY") for week in weeks]
    sums = [sent(10 + week, week, {"QKS": 300 + week}) for week in weeks]
    checks = check_history([*returns, *sums])
    found = [(id_, one.code, one.org) for id_, several in checks.findings.items() for one in several]
    awaited = [(10 + week, "whole_unknown", "QKS") for week in weeks]
    assert found == [(3, "frozen_value", "RYY"), (4, "frozen_value", "RYY"), *awaited]


def test_a_corrected_return_stands_for_what_it_corrects_in_later_sums() -> None:
    checks = check_history(
        [
            sent(1, 0, {"RYY": 300, "ASD/RYY": 50}, scope="RYY"),
            sent(2, 0, {"RYY": 310}, scope="RYY", known=3),
            sent(3, 0, {"QKS": 310}, known=3),
            sent(4, 1, {"RYY": 310}, scope="RYY"),
            sent(5, 1, {"QKS": 310}),
        ]
    )
    assert checks.coverage[5] == ()
    assert [one.code for one in checks.findings[5]] == ["whole_unknown"]


def test_a_list_that_froze_long_ago_is_said_to_stand_as_long_as_it_is_looked_at() -> None:
    checks = check_history([month(number, {"RYY": 882}) for number in range(30)])
    assert only(checks, 29, "RYY", "frozen_value").details["periods"] == 25


def test_a_list_that_another_provider_took_over_did_not_shrink() -> None:
    first = [sent(1, 2, {"CAMHS/RAT": 900}, scope="RAT"), sent(2, 3, {"CAMHS/RAT": 0}, scope="RAT")]
    found = only(check_history(first), 2, "RAT", "step")
    assert found.details["cause"] == "succession"
    assert found.sentence.endswith("because another provider took the list over: coverage, not change.")


def elsewhere(org: str, size: int, *, week: int = 0, known: int = 1, service: str = "SALT") -> LineTotals:
    end = SUNDAY + timedelta(weeks=week)
    vintage = Vintage(end + timedelta(days=known), 90 + week, "referral_extract", end, org)
    return LineTotals(vintage, {(service, org): size})


def test_a_sum_over_returns_is_not_whole_while_another_provider_sends_records() -> None:
    history = [sent(1, 0, {"NQ7": 80}, scope="NQ7"), sent(2, 0, {"QKS": 80})]
    checks = check_history(history, others=[elsewhere("RYY", 800)])
    assert {one.org: round(one.share, 2) for one in checks.coverage[2]} == {"RYY": 0.0, "QKS": 0.09}
    assert only(checks, 2, "QKS", "missing_provider").sentence == (
        "Kent Community Health NHS Foundation Trust (800 waiting) is in another source for the week to 15 March 2026 "
        "and not in this sum: 91% of the expected list is not in this figure."
    )
    assert only(checks, 2, "RYY", "missing_provider").sentence == (
        "Kent Community Health NHS Foundation Trust (800 waiting) is in another source for the week to 15 March 2026 "
        "and not in this one."
    )
    assert checks.coverage[1] == ()


def test_providers_of_published_lists_are_expected_in_a_sum_however_long_ago_the_last_file_came() -> None:
    published = LineTotals(
        Vintage(date(2025, 5, 15), 70, "chs_sitrep", date(2025, 3, 31)),
        {("SALT", "RYY"): 882, ("SALT", "NQ7"): 769, ("SALT", "QKS"): 1651, ("SALT", "RDR"): 5000},
    )
    checks = check_history([sent(1, 0, {"QKS": 769, "NQ7": 769})], others=[published])
    found = only(checks, 1, "QKS", "missing_provider")
    assert found.details["missing"] == ["RYY"]
    assert found.sentence.startswith(
        "Kent Community Health NHS Foundation Trust sent no figures that can be used for the week to 15 March 2026 "
        "(last: 882 waiting, for March 2025)"
    )
    years_later = check_history([sent(1, 200, {"QKS": 769, "NQ7": 769})], others=[published])
    assert {one.org: round(one.share, 2) for one in years_later.coverage[1]} == {"RYY": 0.0, "QKS": 0.47}


@pytest.mark.parametrize(("others", "is_expected"), [(11, True), (12, False)])
def test_who_left_the_other_source_while_it_went_on_is_expected_no_more(others: int, is_expected: bool) -> None:
    without = [elsewhere("NQ7", 80, week=-week) for week in range(others)]
    history = [sent(1, 0, {"NQ7": 80}, scope="NQ7"), sent(2, 0, {"QKS": 80})]
    checks = check_history(history, others=[elsewhere("RYY", 800, week=-others), *without])
    assert bool(checks.coverage[2]) is is_expected


@pytest.mark.parametrize("silent", [13, 40])
def test_who_comes_back_alone_after_all_were_silent_is_not_the_whole_list(silent: int) -> None:
    both = [
        *(sent(1, 0, {org: size}, scope=f"{org}/SALT") for org, size in (("RYY", 300), ("NQ7", 100))),
        sent(2, 0, {"QKS": 400}),
    ]
    meanwhile = [sent(2 + week, week, {"ASD/QKS": 50}) for week in range(1, silent)]
    back = [sent(99, silent, {"RYY": 290}, scope="RYY/SALT"), sent(100, silent, {"QKS": 290, "ASD/QKS": 50})]
    checks = check_history([*both, *meanwhile, *back])
    assert {one.org: round(one.share, 2) for one in checks.coverage[100]} == {"NQ7": 0.0, "QKS": 0.74}


def test_a_line_that_a_correction_took_back_lets_nobody_be_expected() -> None:
    wrong, right = elsewhere("RYY", 800), elsewhere("RYY", 50, service="ASD")
    history = [sent(1, 0, {"NQ7": 80}, scope="NQ7"), sent(2, 0, {"QKS": 80})]
    assert check_history(history, others=[wrong, right]).coverage[2] == ()
    day_after = replace(right, vintage=right.vintage._replace(known_from=SUNDAY + timedelta(days=2)))
    assert check_history(history, others=[wrong, day_after]).coverage[2] != ()


@pytest.mark.parametrize(("rat_week", "missed"), [(1, 920), (0, 20), (2, 900)])
def test_lists_that_came_together_are_missed_as_they_were_last(rat_week: int, missed: int) -> None:
    told = [elsewhere("RXY", 20, week=1, service="CAMHS"), elsewhere("RAT", 900, week=rat_week, service="CAMHS")]
    checks = check_history([sent(1, 4, {"CAMHS/QKS": 5})], others=told)
    (missing,) = next(one.missing for one in checks.coverage[1] if one.org == "QKS")
    assert (missing.org, missing.last_list_size) == ("RXY", missed)


@pytest.mark.parametrize(
    "other",
    [
        elsewhere("RYY", 800, known=2),
        elsewhere("RYY", 800, week=1),
        elsewhere("RYY", 0),
        elsewhere("RYY", 800, service="ASD"),
        elsewhere("RDR", 800),
        elsewhere("NQ7", 80),
    ],
)
def test_nobody_else_is_expected_in_a_sum(other: LineTotals) -> None:
    history = [sent(1, 0, {"NQ7": 80}, scope="NQ7"), sent(2, 0, {"QKS": 80})]
    assert check_history(history, others=[other]).coverage[2] == ()


def test_several_that_are_elsewhere_are_counted() -> None:
    others = [elsewhere("RYY", 800), elsewhere("RPA", 20)]
    found = only(check_history([sent(2, 0, {"QKS": 80})], others=[*others]), 2, "QKS", "missing_provider")
    assert " and 1 more are in another source for the week to 15 March 2026 and not in this sum: " in found.sentence
