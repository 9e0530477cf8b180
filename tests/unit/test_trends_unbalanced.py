"""Weeks that flows do not explain: found in a provider's list and in the sum it is in, and told as rounding allows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.domain import Vintage
from waitlists.quality.balance import WeekOfList, balance
from waitlists.trends.unbalanced import FLOWS, incomparable, unbalanced

FIRST = date(2026, 10, 4)
LAST = FIRST + timedelta(weeks=1)
MONDAY = LAST + timedelta(days=1)
STEADY = ((1000, 60, 60), (1000, 60, 60))
FELL = ((1052, 60, 60), (754, 60, 0))


def history(lists, *, board=True, without=()):
    """Two weeks or more of providers' lists, each as size, joined and left, and of Kent's board as their sum."""
    vintages, cells, findings = [], {}, {}
    whole = [tuple(map(sum, zip(*weeks, strict=True))) for weeks in zip(*lists.values(), strict=True)]
    every = {**lists, **({"QKS": whole} if board else {})}
    for place, (org, weeks) in enumerate(every.items()):
        days = [FIRST + timedelta(weeks=week) for week in range(len(weeks))]
        known = {day: day + timedelta(days=1) for day in days}
        of = {day: WeekOfList(*counts, known[day]) for day, counts in zip(days, weeks, strict=True)}
        for number, day in enumerate(days, 100 * place + 1):
            scope = "" if org == "QKS" else org
            vintages.append(Vintage(known[day], number, "weekly_return", day, scope))
            size, joined, left = of[day][:3]
            if (org, day) not in without:
                cells[number, org] = VintageCells(number, {"total": size}, {"referrals": joined, "removals": left})
            found = tuple(one for one in balance("SALT", org, of) if one.period_end == day)
            findings |= {(number, org): found} if found else {}
    return ListHistory(
        source="weekly_return", service="SALT", vintages=tuple(vintages), cells=cells, coverage={}, findings=findings,
        is_synthetic=False,
    )  # fmt: skip


def test_a_fall_that_flows_contradict_is_named_with_its_number():
    (one,) = unbalanced(history({"RYY": FELL}), MONDAY)["RYY"]
    assert (one.period_end, one.known_from, one.residual, one.orgs) == (LAST, MONDAY, 358, ("RYY",))
    assert (one.is_told, one.is_large) == (True, True)
    told = (
        "Kent Community Health NHS Foundation Trust: the list at the end of the week to 11 October 2026 is not "
        "explained by who joined and who left, so no real change is read from it, better or worse, until the sender "
        "says why"
    )
    assert one.sentence == f"{told}."
    assert one.counted == f"{told}: 358 fewer wait than joining and leaving make it."


def test_a_rise_out_of_nothing_is_one_too():
    (one,) = unbalanced(history({"RYY": ((1052, 60, 60), (1132, 60, 60))}), MONDAY)["RYY"]
    assert one.residual == -80
    assert one.counted.endswith(": 80 more wait than joining and leaving make it.")


@pytest.mark.parametrize(("size", "is_found"), [(952, True), (976, False), (977, False), (1000, False)])
def test_what_is_small_beside_the_list_and_its_flows_is_none(size, is_found):
    """24 is a fifth of 120 flows and no more; 48 is beyond it and no twentieth of the list."""
    found = unbalanced(history({"RYY": ((1000, 60, 60), (size, 60, 60))}), MONDAY)
    assert bool(found) is is_found
    assert not any(one.is_large for weeks in found.values() for one in weeks)


def test_the_sum_is_in_doubt_with_its_part_and_names_it():
    found = unbalanced(history({"NQ7": STEADY, "RYY": FELL}), MONDAY)
    assert set(found) == {"RYY", "QKS"}
    (one,) = found["QKS"]
    assert (one.residual, one.orgs, one.is_told) == (358, ("RYY",), True)


def test_a_sum_in_which_it_is_small_is_not_in_doubt():
    found = unbalanced(history({"NQ7": ((9000, 900, 900),) * 2, "RYY": ((100, 5, 5), (80, 5, 5))}), MONDAY)
    assert set(found) == {"RYY"}


def test_parts_that_are_small_alone_are_named_as_the_sum_where_they_are_large_together():
    odd = {"NQ7": ((1000, 50, 50), (980, 50, 50)), "RYY": ((1000, 50, 50), (980, 50, 50))}
    assert unbalanced(history(odd), MONDAY) == {}
    odd["RYY"] = ((500, 5, 5), (480, 4, 1))
    (one,) = unbalanced(history(odd), MONDAY)["QKS"]
    assert (one.residual, one.orgs) == (43, ("RYY",))


def test_one_part_that_may_be_told_of_is_enough():
    (one,) = unbalanced(history({"NQ7": ((100, 10, 10), (92, 10, 10)), "RYY": FELL}), MONDAY)["QKS"]
    assert (one.orgs, one.is_told) == (("RYY", "NQ7"), True)


def test_a_part_that_is_small_alone_tells_nothing_of_the_sum():
    (one,) = unbalanced(
        history({"NQ7": ((1000, 60, 60), (976, 60, 60)), "RYY": ((100, 10, 10), (92, 10, 10))}), MONDAY
    )["QKS"]
    assert (one.residual, one.orgs, one.is_told) == (32, ("RYY",), False)


def test_large_is_more_than_a_twentieth_of_the_larger_list_and_not_of_flows_alone():
    for size, is_large in ((950, False), (949, True)):
        (one,) = unbalanced(history({"RYY": ((1000, 60, 60), (size, 60, 60))}), MONDAY)["RYY"]
        assert one.is_large is is_large, size
    (one,) = unbalanced(history({"RYY": ((1000, 60, 60), (1053, 60, 60))}), MONDAY)["RYY"]
    assert one.is_large


@pytest.mark.parametrize(("joined", "left", "size"), [(200, 0, 1100), (0, 200, 900)])
def test_lists_that_flows_move_are_beside_the_list_that_they_were(joined, left, size):
    """A hundred more or fewer than the flows make it, of a list that was a thousand."""
    (one,) = unbalanced(history({"RYY": ((1000, 60, 60), (size, joined, left))}), MONDAY)["RYY"]
    assert (abs(one.residual), one.is_told, one.is_large) == (100, True, True)
    assert unbalanced(history({"RYY": ((1000, 60, 60), (1000 + joined - left, joined, left))}), MONDAY) == {}


def test_it_is_known_once_all_of_it_is():
    lists = history({"NQ7": ((100, 10, 10), (50, 10, 10)), "RYY": FELL})
    later = MONDAY + timedelta(days=3)
    findings = {
        place: tuple(replace(one, known_from=later) if place[1] == "NQ7" else one for one in found)
        for place, found in lists.findings.items()
    }
    found = unbalanced(replace(lists, findings=findings), later)
    assert {org: weeks[0].known_from for org, weeks in found.items()} == {"NQ7": later, "RYY": MONDAY, "QKS": later}


def test_a_part_that_is_missing_puts_no_sum_in_doubt():
    """Its own balance fails when a provider is away and when it is back; that is coverage, and told as such."""
    lists = history({"NQ7": STEADY, "RYY": FELL[:1] * 2})
    assert unbalanced(lists, MONDAY) == {}
    assert unbalanced(history({"RYY": FELL}, without=[("QKS", LAST)]), MONDAY).keys() == {"RYY"}
    assert unbalanced(history({"RYY": FELL}, board=False), MONDAY).keys() == {"RYY"}


def test_what_is_known_later_or_corrected_is_not_found():
    assert unbalanced(history({"RYY": FELL}), FIRST + timedelta(days=1)) == {}
    lists = history({"RYY": FELL}, board=False)
    corrected = Vintage(MONDAY, 900, "weekly_return", LAST, "RYY")
    again = ListHistory(
        source="weekly_return", service="SALT", vintages=(*lists.vintages, corrected),
        cells={**lists.cells, (900, "RYY"): VintageCells(900, {"total": 1052})}, coverage={},
        findings=dict(lists.findings), is_synthetic=False,
    )  # fmt: skip
    assert unbalanced(again, MONDAY) == {}


@pytest.mark.parametrize(
    ("weeks", "is_told"),
    [
        (((100, 10, 10), (85, 10, 10)), True),
        (((100, 10, 10), (92, 10, 10)), False),
        (((100, 7, 7), (80, 7, 7)), False),
        (((100, 10, 10), (52, 0, 40)), False),
        (((100, 10, 10), (148, 40, 0)), False),
        (((100, 7, 7), (70, 7, 7)), True),
    ],
)
def test_only_what_rounded_numbers_tell_by_themselves_is_told_to_everybody(weeks, is_told):
    lists = history({"RYY": weeks})
    assert [one.is_told for one in unbalanced(lists, MONDAY)["RYY"]] == [is_told]
    assert bool(incomparable(lists, MONDAY)["RYY"]) is is_told


def test_it_is_a_break_of_every_chart_beside_who_came():
    weeks = 14
    lists = {"RYY": [*((1000, 60, 60),) * weeks, (700, 60, 60)]}
    lists["NQ7"] = [*((0, 0, 0),) * weeks, (400, 400, 0)]
    day = FIRST + timedelta(weeks=weeks)
    found = incomparable(history(lists), day + timedelta(days=1))
    assert [(one.period_end, one.cause) for one in found["RYY"]] == [(day, FLOWS)]
    assert [one.cause for one in found["QKS"]] == [FLOWS, "coverage"]
