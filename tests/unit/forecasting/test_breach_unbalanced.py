"""A list that who joined and who left do not explain: no real change either way, and whoever may see is told why."""

from dataclasses import replace

import pytest

from forecasting.warnings.caveats import COUNTED, UNBALANCED
from forecasting.warnings.every import Known, warnings_of
from forecasting.warnings.past import pasts_of
from forecasting.warnings.seen import exactly, from_sheets, rounded
from tests.warned_lists import cells_of, monday, sunday, world
from waitlists.details import ListWaits
from waitlists.domain import Finding, Severity
from waitlists.suppression import Rule

WEEK = 39


def moved(by, *, is_found=True, weeks=40, at=WEEK):
    """Kent Community Health's list, from a week on of another size than its flows make it."""
    history, waits = world(weeks=weeks)
    for week in range(at, weeks):
        number = 10 * week + 3
        scaled = [round(count * by) for count in waits[number, "RYY"].weeks]
        waits[number, "RYY"] = ListWaits(tuple(scaled), {})
        history.cells[number, "RYY"] = cells_of(number, scaled, 20)
    was = history.cells[10 * at - 7, "RYY"].counts["total"]
    now = history.cells[10 * at + 3, "RYY"].counts["total"]
    details = {"residual": was + 20 - now, "opening": was}
    one = Finding(
        "flows_do_not_balance", Severity.ERROR, "It is odd.", sunday(at), monday(at), "SALT", "RYY", details=details
    )
    return replace(history, findings={(10 * at + 3, "RYY"): (one,)} if is_found else {}), waits


def told(lists, week=WEEK, known=None):
    history, waits = lists
    pasts = pasts_of(history, waits, orgs=["RYY"], as_of=monday(week))
    every = warnings_of(pasts, known or Known(), as_of=monday(week), levels={})
    return next(one for one in every if one.figures.standard_id == "CHS_18W")


@pytest.mark.parametrize(("by", "is_worse", "words"), [(0.7, False, "fewer"), (1.25, True, "more")])
def test_neither_a_fall_nor_a_rise_that_flows_contradict_is_a_real_change(by, is_worse, words):
    plain = told(moved(by, is_found=False)).figures
    assert (plain.real_change, plain.is_worse) == (True, is_worse)
    one = told(moved(by))
    figures = one.figures
    assert (figures.real_change, figures.is_worse, figures.real_change_shown) == (None, None, None)
    codes = [caveat.code for caveat in figures.caveats]
    assert {COUNTED, UNBALANCED} <= set(codes)
    assert "it is not known whether that is a real change" in one.sentence
    assert f"{words} wait than joining and leaving make it." in one.sentence
    assert one.sentence.count("is not explained by who joined") == 1


def test_the_number_is_for_those_who_see_exact_figures_and_the_fact_for_those_who_see_how_many_wait():
    figures = told(moved(0.7)).figures
    assert COUNTED in {one.code for one in exactly(figures).caveats}
    assert UNBALANCED not in {one.code for one in exactly(figures).caveats}
    hidden = rounded(figures, from_sheets(lambda _: None), rule=Rule.HES)
    assert not {COUNTED, UNBALANCED} & {one.code for one in hidden.caveats}


def test_what_rounded_numbers_do_not_tell_by_themselves_is_for_those_alone_who_see_exact_ones():
    history, waits = moved(1.0)
    ((place, (one,)),) = history.findings.items()
    small = replace(one, details={**one.details, "residual": 6})
    figures = told((replace(history, findings={place: (small,)}), waits)).figures
    codes = {caveat.code for caveat in figures.caveats}
    assert (COUNTED in codes, UNBALANCED in codes) == (True, False)
    assert (figures.real_change, figures.real_change_shown) == (None, None)


def test_the_weeks_after_are_not_compared_with_those_before():
    later = told(moved(0.7, weeks=42), week=41).figures
    assert (later.real_change, later.real_change_shown) == (None, None)
    assert COUNTED in {one.code for one in later.caveats}


def test_a_warning_does_not_ease_on_it_until_somebody_answered():
    before = told(moved(0.7), week=WEEK - 1)
    lists = moved(0.7)
    known = Known({before.id: before}, {})
    assert not told(lists, known=known).figures.is_whole
    assert told(lists).figures.is_whole, "a new warning has nothing to ease"
    risen = moved(1.25)
    assert told(risen, known=known).figures.is_whole, "more than flows make it is nothing to ease on"
