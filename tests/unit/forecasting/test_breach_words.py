"""What a warning says to whom: exact numbers, numbers as shown, and the sentences made of either."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from forecasting.flow.ranges import Checked
from forecasting.warnings.seen import SeenDue, Told, alone, exactly, from_sheets, rounded
from forecasting.warnings.warning import Caveat, Counted, Tail
from forecasting.warnings.words import sentence_of, stands
from tests.warned import MONDAY, SUNDAY, WEEK, due, figures, life
from waitlists.security.access import Role
from waitlists.suppression import Plan, Rule
from waitlists.suppression.sheets import Sheet
from waitlists.suppression.tables import Table

NOW, BEFORE = Counted(7, "RYY", SUNDAY), Counted(6, "RYY", SUNDAY - WEEK)


def shown(counts):
    """Counts as shown by list and days; anything else is hidden."""
    return lambda one, days: Told(counts.get((one, days)))


USUAL = {
    (NOW, None): 545, (NOW, 126): 165, (NOW, 364): 45, (NOW, 728): 0, (NOW, 1092): 0, (NOW, 1456): 0,
    (BEFORE, None): 540, (BEFORE, 126): 160,
}  # fmt: skip


def test_owners_see_everything_as_it_is():
    one = figures()
    seen = exactly(one)
    assert (seen.is_exact, seen.waiting, seen.over_now, seen.change) == (True, 543, 163, 2)
    assert seen.newly_over[0] == SeenDue(*one.newly_over[0])


def test_everybody_else_sees_what_is_made_of_counts_as_shown():
    seen = rounded(figures(), shown(USUAL), rule=Rule.HES)
    assert (seen.waiting, seen.over_now, seen.over_standard, seen.newly_over_now, seen.change) == (545, 165, 165, 10, 5)
    assert [(one.p10, one.p90) for one in seen.newly_over] == [(15, 20), (25, 30), (35, 50)]
    assert seen.tail[0] == Tail(52, 45)
    assert seen.longest_band == ">52-104"


def test_nothing_is_said_around_a_count_that_is_hidden():
    seen = rounded(figures(), shown(USUAL | {(NOW, 126): None}), rule=Rule.HES)
    assert (seen.over_now, seen.newly_over_now, seen.change, seen.real_change, seen.is_worse) == (None,) * 5
    assert all(value is None for one in seen.newly_over for value in one[2:])
    sentence = sentence_of(seen, figures())
    assert (
        "Trust: how many of 545 children wait over 18 weeks (CHS_18W) at the end of the week to 15 November" in sentence
    )
    assert "2026 is not shown, so that no small number can be worked out. How many are likely to cross" in sentence
    assert "a number" not in sentence
    assert "How many are likely to cross is not shown" in sentence


def test_a_list_made_good_is_shown_only_where_all_its_parts_are():
    other = Counted(3, "NQ7", SUNDAY - 2 * WEEK)
    one = figures(counted=(NOW, other), missing=("NQ7",), coverage=0.5, is_whole=False)
    seen = rounded(one, shown(USUAL | {(other, 126): 20, (other, None): 90}), rule=Rule.HES)
    assert (seen.over_now, seen.waiting, seen.coverage) == (185, 635, None)
    assert rounded(one, shown(USUAL), rule=Rule.HES).over_now is None


@pytest.mark.parametrize(
    ("tail", "band"), [({728: 10}, ">104"), ({364: 0, 728: 0}, None), ({364: None, 728: None}, None)]
)
def test_the_longest_band_is_told_by_counts_as_shown(tail, band):
    counts = USUAL | {(NOW, days): count for days, count in tail.items()}
    assert rounded(figures(), shown(counts), rule=Rule.HES).longest_band == band


def test_what_follows_from_exact_figures_is_said_to_their_owners_alone():
    said = (Caveat("copied_number", "It is copied."), Caveat("old", "It is old."))
    one = figures(caveats=said)
    assert exactly(one).caveats == said
    assert [caveat.code for caveat in rounded(one, shown(USUAL), rule=Rule.HES).caveats] == ["old"]
    public = replace(one, source="chs_sitrep")
    assert rounded(public, shown(USUAL), rule=Rule.HES).caveats == said


def test_no_exact_figure_is_left_in_what_everybody_sees():
    exact = figures(waiting=90_001, over_now=70_003, over_standard=70_003, change=1_002, newly_over_now=3_003)
    seen = rounded(exact, shown(USUAL), rule=Rule.HES)
    text = f"{seen} {sentence_of(seen, exact)}".replace(",", "")
    assert not any(number in text for number in ("90001", "70003", "1002", "3003"))


@pytest.mark.parametrize("rule", Rule)
def test_published_figures_are_rounded_one_by_one(rule):
    one = figures(source="chs_sitrep", counted=(NOW, Counted(3, "NQ7", SUNDAY)))
    seen = alone(one, rule=rule)
    assert (seen.waiting, seen.over_now, seen.change) == (545, 165, 5)
    assert alone(replace(one, change=None, counted_before=()), rule=rule).change is None
    assert alone(replace(one, over_now=None), rule=rule).over_now is None


def sheet(counts, *, hidden=(), extra=(), calls_small=True):
    names = {f"7/RYY:{name}": count for name, count in counts.items()}
    plan = Plan(names, *(frozenset(f"7/RYY:{one}" for one in some) for some in (hidden, extra)), Rule.HES, calls_small)
    return Sheet("7/RYY", Table(names), plan)


BANDS = {"0-1": 20, ">1-2": 20, ">2-4": 30, ">4-12": 100, ">12-18": 50, ">18-52": 80, ">52-104": 20, ">104": 0}


def test_counts_come_from_the_same_table_as_every_other_answer():
    counts = MappingProxyType({**BANDS, "total": 320, "unbanded": 0, "over_18_weeks": 100, "over_91_days": 120})
    look = from_sheets(lambda one: sheet(counts) if one == NOW else None)
    assert look(NOW, None) == Told(320)
    assert look(NOW, 126) == Told(100)
    assert look(NOW, 91) == Told(120)
    assert look(BEFORE, 126) == look(BEFORE, None) == Told(None)
    hidden = from_sheets(lambda _: sheet({"total": None, "over_18_weeks": 100}))
    assert hidden(NOW, 126) == Told(None)


def test_no_count_is_made_of_a_share_where_the_table_has_none():
    look = from_sheets(lambda _: sheet({**BANDS, "total": 320, "unbanded": 0, "over_18_weeks": 100}))
    assert look(NOW, 27) == Told(None)
    assert look(NOW, 84) == Told(None)


@pytest.mark.parametrize(
    ("how", "is_small"),
    [
        ({"hidden": ["over_27_days"]}, True),
        ({"hidden": ["over_27_days"], "extra": ["over_27_days"]}, False),
        ({"hidden": ["over_27_days"], "calls_small": False}, False),
        ({}, False),
    ],
    ids=["small", "hidden for others", "not told apart", "not counted"],
)
def test_a_hidden_count_is_called_small_where_words_may(how, is_small):
    look = from_sheets(lambda _: sheet({"total": 320, "over_27_days": None}, **how))
    assert look(NOW, 27) == Told(None, is_small=is_small)


FEW = "Trust: fewer than 8 of 545 children wait over 18 weeks (CHS_18W) at the end of the week to 15 November 2026."


def test_few_are_called_few():
    one = figures()
    few = rounded(one, lambda _, days: Told(None, is_small=True) if days == 126 else Told(545), rule=Rule.HES)
    assert (few.over_now, few.few) == (None, "fewer than 8")
    assert FEW in sentence_of(few, one)
    assert alone(replace(one, over_now=3), rule=Rule.MHSDS).few == "fewer than 5"
    assert alone(replace(one, over_now=None), rule=Rule.HES).few is None


def test_of_several_lists_together_none_are_called_few():
    """Two numbers of at most 7 may be 14 together."""
    one = figures(counted=(NOW, Counted(3, "NQ7", SUNDAY - 2 * WEEK)), missing=("NQ7",), is_whole=False)
    seen = rounded(one, lambda *_: Told(None, is_small=True), rule=Rule.HES)
    assert (seen.over_now, seen.few) == (None, None)


SAID = {
    "usual": ({}, "163 of 543 children wait over 18 weeks (CHS_18W) at the end of the week to 15 November 2026."),
    "newly": ({}, "Newly over since 8 November 2026: 12."),
    "more": ({}, "In all, 163 are over: 2 more than a week before; over time it is within usual variation."),
    "fewer": ({"change": -3}, "In all, 163 are over: 3 fewer than a week before"),
    "as many": ({"change": 0}, "In all, 163 are over: as many as a week before"),
    "real": ({"real_change": True, "is_worse": True}, "there is a real change for the worse."),
    "really better": ({"real_change": True, "is_worse": False}, "there is a real change for the better."),
    "not known": ({"real_change": None}, "it is not known whether that is a real change."),
    "not whole": ({"is_whole": False, "change": None}, "Whether it changed cannot be said."),
    "ahead": ({}, "Likely to cross of today's list (8 in 10): between 13 and 19 by 13 December 2026; between 24 and"),
    "ahead of an old list": (
        {"period_end": SUNDAY - 2 * WEEK}, "Likely to cross of the list of that day (8 in 10): between 13 and 19 by",
    ),
    "one number": ({"newly_over": (due(4, 2.6, 3.0, 3.4),)}, "(8 in 10): about 3 by 13 December 2026."),
    "to come": (
        {"newly_over": (due(8, 1, 2, 3, not_yet_referred=41.0),)},
        "Beside them children not yet referred: about 41 by 10 January 2027.",
    ),
    "held": ({}, "Looking back, 79% of 48 such ranges held; 80% were meant to."),
    "held too seldom": (
        {"held": (Checked(4, 40, 24),)},
        "60% of 40 such ranges held; 80% were meant to. They were too narrow: be ready for more and for fewer.",
    ),
    "held too seldom near by": (
        {"held": (Checked(4, 15, 8), Checked(8, 15, 13), Checked(12, 3, 3))},
        "33 such ranges held; 80% were meant to. Of these only 53% of 15 for 4 weeks ahead held: be ready for more and",
    ),
    "held seldom, of a few": (
        {"held": (Checked(4, 7, 0), Checked(8, 7, 1))},
        "Too few past ranges could be checked to say how well such ranges hold (14).",
    ),
    "no range was checked": ({"held": ()}, "by 7 February 2027. No past ranges could be checked yet"),
    "not known at all": (
        {"over_now": None},
        "how many of 543 children wait over 18 weeks (CHS_18W) at the end of the week to 15 November 2026 is not",
    ),
    "of how many is not known": (
        {"waiting": None},
        "163 children wait over 18 weeks (CHS_18W) at the end of the week to 15 November 2026. How many wait in all",
    ),
    "nothing of it is known": ({"over_now": None, "waiting": None}, "how many children wait over 18 weeks (CHS_18W)"),
    "the tail is not known": (
        {"subject": "long_tail", "over_days": 364, "over_now": None, "over_standard": None, "waiting": None},
        "the week to 15 November 2026, so the longest waits are watched: how many wait over 52 weeks is not known.",
    ),
    "tail": (
        {"subject": "long_tail", "over_days": 364, "over_now": 45, "over_standard": 500},
        "so the longest waits are watched: 45 wait over 52 weeks. Of these 0 wait over 104 weeks,",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "part"), SAID.values(), ids=SAID)
def test_the_sentence_says(changes, part):
    one = figures(**changes)
    assert part in sentence_of(exactly(one), one)


NOT_SAID = {
    "no change is known": ({"change": None, "change_since": None}, "In all"),
    "nobody is known to be newly over": ({"newly_over_now": None}, "Newly over"),
    "nothing is ahead": ({"newly_over": (), "held": ()}, "Likely"),
    "no range was checked": ({"held": ()}, "Looking back"),
    "a few ranges were checked": ({"held": (Checked(4, 14, 0),)}, "too narrow"),
    "no range is shown": ({"newly_over": ()}, "ranges"),
    "no longer wait is known": (
        {"subject": "long_tail", "over_days": 364, "tail": (Tail(52, 45), Tail(104, None))}, "Of these",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "part"), NOT_SAID.values(), ids=NOT_SAID)
def test_what_is_not_known_is_not_said(changes, part):
    one = figures(**changes)
    assert part not in sentence_of(exactly(one), one)


@pytest.mark.parametrize(
    ("standard_id", "over", "waiting", "is_told"),
    [
        ("CHS_18W", 500, 545, True),
        ("CHS_18W", 300, 545, False),
        ("CHS_18W", None, 545, False),
        ("CHS_18W", 500, None, False),
        ("CYPMH_4W", 40, 545, True),
        ("CYPMH_4W", None, 545, False),
    ],
)
def test_that_nearly_all_wait_too_long_is_told_where_numbers_as_shown_tell_it(standard_id, over, waiting, is_told):
    one = figures(standard_id=standard_id, subject="long_tail", over_days=364)
    own = 126 if standard_id == "CHS_18W" else 27
    seen = rounded(one, shown({**USUAL, (NOW, None): waiting, (NOW, own): over}), rule=Rule.HES)
    said = sentence_of(seen, one)
    assert ("nearly all" in said) is is_told
    assert "the longest waits" in said
    assert "nearly all" in sentence_of(exactly(one), one)


def test_rounded_figures_are_not_blamed_on_the_list():
    one = figures(real_change=False, real_change_shown=None)
    seen = rounded(one, lambda *_: Told(165), rule=Rule.HES)
    assert "it cannot be told from rounded figures whether that is a real change." in sentence_of(seen, one)


def test_the_last_role_that_is_asked_can_be_late():
    asked = life(owner=Role.COMMISSIONER, state="raised", asked_on=MONDAY)
    assert "overdue" not in stands(asked, MONDAY + timedelta(days=3))
    assert stands(asked, MONDAY + timedelta(days=4)).endswith("is asked to take it by 19 November 2026. It is overdue.")
    assert "overdue" not in stands(asked)
