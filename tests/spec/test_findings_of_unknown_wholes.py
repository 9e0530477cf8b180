"""When nobody can know whether a board's sum is whole, and who is awaited: a table of cases."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from waitlists.domain import Finding, LineTotals, Vintage
from waitlists.organisations import keepers_of
from waitlists.quality import check_history
from waitlists.quality.whole import why_unknown

SUNDAY = date(2026, 3, 15)
WHEELCHAIR, SALT, CAMHS = "WHEELCHAIR", "SALT", "CAMHS"
NEW = (
    "Nobody can know yet whether all of this list is here: fewer than 12 weeks of it were sent, and no register says "
    "by whom."
)


def vintage(week: int, sizes: Mapping[str, int], service: str, *, scope: str = "", **about: object) -> LineTotals:
    """What one sender, or a board's sum, says of a week."""
    end = SUNDAY + timedelta(weeks=week)
    number = 2 * week + 1000 + (not scope)
    own = {"known_from": end + timedelta(days=1), "source": "weekly_return", **about}
    known = Vintage(own["known_from"], number, own["source"], end, scope, bool(own.get("late")))
    return LineTotals(known, {(service, org): size for org, size in sizes.items()})


def alone(week: int, org: str, service: str, **about: object) -> list[LineTotals]:
    """The return of one provider, and the board's sum of it."""
    return [vintage(week, {org: 80}, service, scope=org, **about), vintage(week, {"QKS": 80}, service, **about)]


def told(history: list[LineTotals], week: int, others: list[LineTotals] | None = None) -> list[Finding]:
    """What is said of the board's sum of a week."""
    found = check_history(history, others=others or []).findings[2 * week + 1001]
    assert {one.org for one in found if one.code == "whole_unknown"} <= {"QKS"}
    return [one for one in found if one.code == "whole_unknown"]


def test_who_is_registered_and_never_sent_a_figure_is_awaited_by_name():
    (found,) = told(alone(0, "RYY", SALT), 0)
    assert (found.severity, found.details) == ("warning", {"silent": ["NQ7"]})
    assert found.sentence == (
        "Medway Community Healthcare is registered as keeping a part of this list and never sent a figure: how much is "
        "missing is unknown."
    )
    (several,) = told(alone(0, "RYY", "COMM_PAEDS"), 0)
    assert several.sentence.startswith(
        "Medway Community Healthcare, Medway NHS Foundation Trust and East Kent Hospitals University NHS Foundation "
        "Trust are registered as keeping"
    )


def test_that_is_said_however_long_they_are_silent_and_ends_when_they_tell():
    history = [one for week in range(20) for one in alone(week, "RYY", SALT)]
    assert len(told(history, 19)) == 1
    theirs = [vintage(18, {"NQ7": 0}, SALT, scope="NQ7")]
    assert [len(told([*history, *theirs], week)) for week in (17, 18, 19)] == [1, 0, 0]


def test_who_told_of_it_elsewhere_is_known_whatever_the_register_says():
    published = vintage(-60, {"NQ7": 769, "RYY": 882}, SALT, source="chs_sitrep")
    assert told(alone(0, "RYY", SALT), 0, [published]) == []
    records = vintage(0, {"NQ7": 769}, SALT, scope="NQ7", source="referral_extract")
    assert told(alone(0, "RYY", SALT), 0, [records]) == []


@pytest.mark.parametrize(("weeks", "sentences"), [(1, [NEW]), (11, [NEW]), (12, []), (30, [])])
def test_without_a_register_who_sends_is_known_once_twelve_weeks_were_sent(weeks, sentences):
    history = [one for week in range(weeks) for one in alone(week, "RYY", WHEELCHAIR)]
    assert [one.sentence for one in told(history, weeks - 1)] == sentences


def test_whose_part_may_be_anothers_by_now_is_not_awaited_for_ever():
    """Whether the list of autism from age 11 moved in April 2026 is not known."""
    history = [one for week in range(16) for one in (*alone(week, "RYY", "ASD"), *alone(week, "NQ7", "ASD")[:1])]
    awaited = [[one.details["silent"] for one in told(history, week)] for week in (0, 2, 3, 10, 11)]
    assert awaited == [[["RAT"]], [["RAT"]], [[]], [[]], []]
    theirs = [vintage(0, {"RAT": 40}, "ASD", scope="RAT")]
    assert [told([*history, *theirs], week) for week in (0, 3)] == [[], []]


def test_a_part_is_no_whole_however_long_it_is_sent():
    history = [one for week in range(16) for one in alone(week, "RAT", "ASD")]
    assert [one.details["silent"] for one in told(history, 15)] == [["NQ7", "RYY"]]


def test_weeks_told_of_before_anybody_sent_do_not_say_who_sends():
    past = [one for week in range(30) for one in alone(week, "RYY", WHEELCHAIR, late=True)]
    assert len(told([*past, *alone(30, "RYY", WHEELCHAIR)], 30)) == 1


def test_a_published_collection_says_who_sends_from_its_first_file_on():
    published = vintage(-1, {"RYY": 80}, "CYP_DIETETICS", source="chs_sitrep")
    assert told(alone(0, "RYY", "CYP_DIETETICS"), 0, [published]) == []
    later = vintage(-1, {"RYY": 80}, "CYP_DIETETICS", source="chs_sitrep", known_from=SUNDAY + timedelta(days=2))
    assert len(told(alone(0, "RYY", "CYP_DIETETICS"), 0, [later])) == 1


def test_a_key_of_ours_is_enough_and_nobody_is_awaited_under_it():
    assert told(alone(0, "LOCAL:WHEELCHAIR_KM", WHEELCHAIR), 0) == []
    (found,) = told(alone(0, "RYY", WHEELCHAIR), 0)
    assert found.details == {"silent": []}


def test_why_it_is_not_known_is_told_while_it_stands():
    (found,) = told(alone(0, "RYY", WHEELCHAIR), 0)
    ended = replace(found, known_until=found.known_from + timedelta(days=7))
    days = [found.known_from + timedelta(days=after) for after in (-1, 0, 6, 7)]
    assert [why_unknown([ended], on=day) for day in days] == [(), (NEW,), (NEW,), ()]
    assert why_unknown([replace(found, code="frozen_value")], on=found.known_from) == ()


def test_services_that_a_sum_does_not_have_are_passed_by():
    published = vintage(-60, {"NQ7": 4000, "RYY": 3000}, "COMM_PAEDS", source="chs_sitrep")
    records = vintage(0, {"NQ7": 769}, SALT, scope="NQ7", source="referral_extract")
    assert told(alone(0, "RYY", SALT), 0, [published, records]) == []
    assert len(told(alone(0, "RYY", SALT), 0, [published])) == 1


def test_a_providers_own_list_and_a_published_board_are_not_asked_about():
    own, _ = alone(0, "RYY", SALT)
    assert check_history([own]).findings[own.vintage.id] == ()
    published = vintage(0, {"RYY": 80, "QKS": 80}, SALT, source="chs_sitrep")
    assert check_history([published]).findings[published.vintage.id] == ()


@pytest.mark.parametrize(
    ("service", "board", "on", "keepers"),
    [
        (SALT, "QKS", SUNDAY, ("NQ7", "RYY")),
        ("COMM_PAEDS", "QKS", SUNDAY, ("NQ7", "RPA", "RVV", "RYY")),
        (CAMHS, "QKS", date(2026, 3, 31), ("RAT",)),
        (CAMHS, "QKS", date(2026, 4, 1), ("RXY",)),
        ("EHC", "QKS", SUNDAY, ("E06000035", "E10000016")),
        ("ASD", "QKS", SUNDAY, ("NQ7", "RAT", "RYY")),
        (SALT, "QRL", SUNDAY, ()),
        ("CYP_DIETETICS", "QKS", SUNDAY, ()),
    ],
)
def test_who_keeps_a_boards_list_by_the_register(service, board, on, keepers):
    assert keepers_of(service, board, on) == keepers
