"""Of those newly over only what leaves nobody a small one to work out is told."""

import random
from dataclasses import replace

import pytest

from forecasting.warnings.kept import kept, warning_of
from forecasting.warnings.newly import table_of, with_newly_told
from forecasting.warnings.seen import alone
from tests.attacker import Attack, Week, attack
from tests.warned import SUNDAY, WEEK, figures, warning
from waitlists.suppression import Rule, Sum, protect

BOARD, PROVIDERS = "QKS", ("RYY", "NQ7", "RXY", "RPA")


def told(*newly, board=None, **changes):
    """By organisation, the rules by which its number is told; the board's is the sum where nothing else is said."""
    known = dict(zip(PROVIDERS, newly, strict=False))
    known[BOARD] = sum(one or 0 for one in newly) if board is None else board
    every = [figures(org=org, newly_over_now=count, newly_told=(), **changes) for org, count in known.items()]
    return {one.org: one.newly_told for one in with_newly_told(every)}


def test_large_numbers_are_told_by_both_rules_and_small_ones_by_none():
    assert told(30, 40) == {"RYY": tuple(Rule), "NQ7": tuple(Rule), BOARD: tuple(Rule)}
    assert told(6, 40)["RYY"] == (Rule.MHSDS,)
    assert told(0, 40)["RYY"] == (Rule.HES,)
    assert told(None, 40)["RYY"] == ()


def test_of_published_figures_nothing_is_decided():
    assert set(told(30, 40, source="chs_sitrep").values()) == {()}


def test_a_sum_does_not_give_a_small_one_away():
    """Of 8, 8 and 1 with the board's 17 are shown 10, 10 and 15: at least 8 twice and at most 17 leave 1."""
    found = told(8, 8, 1)
    assert sum(Rule.HES in rules for rules in found.values()) < 3


def test_a_provider_does_not_work_out_its_neighbour_with_its_own_number():
    """With its 11 the board's 10, which is 8 to 12, would leave 1 for the neighbour."""
    assert Rule.HES not in told(11, 1)[BOARD]


def test_who_is_not_there_is_not_worked_out_either():
    """Of the board's 17 the 16 of two providers leave 1 for who is warned of nothing."""
    found = told(8, 8, board=17)
    assert sum(Rule.HES in rules for rules in found.values()) < 3


def test_numbers_over_other_waits_or_of_other_weeks_do_not_add_up():
    some = [figures(org=org, newly_over_now=count) for org, count in (("RYY", 8), ("NQ7", 8), ("RXY", 1), (BOARD, 17))]
    for change in ({"over_days": 364}, {"period_end": SUNDAY - WEEK}, {"newly_since": SUNDAY - 2 * WEEK}):
        *others, board = with_newly_told([*some[:-1], replace(some[-1], **change)])
        assert board.newly_told == tuple(Rule)
        assert [Rule.HES in one.newly_told for one in others] == [True, True, False]


@pytest.mark.parametrize("rule", Rule)
def test_the_attacker_recovers_none_of_those_newly_over(rule):
    draw, done = random.Random(3), Attack(0, ())
    for _ in range(60):
        newly = [draw.choice((0, 1, 2, 3, 5, 7, 8, 9, 11, 12, 16)) for _ in PROVIDERS]
        week = _shown(newly, rule)
        for known in ((), *((org,) for org in PROVIDERS)):
            done += attack([replace(week, known=frozenset(known))])
    assert done.hidden > 200
    assert done.shown > 200
    assert done.recovered == ()


def _shown(newly, rule) -> Week:
    """What is told, and to the attacker also which of the hidden ones are small where that is safe."""
    counts = {**dict(zip(PROVIDERS, newly, strict=True)), BOARD: sum(newly)}
    table = table_of({org: figures(org=org, newly_over_now=count) for org, count in counts.items()})
    assert table.sums == (Sum(BOARD, PROVIDERS),)
    return Week(table, protect(table, rule))


@pytest.mark.parametrize("rule", Rule)
def test_what_may_not_be_told_is_not(rule):
    one = figures(newly_told=tuple(other for other in Rule if other is not rule))
    assert alone(one, rule=rule).newly_over_now is None
    assert alone(replace(one, newly_told=(rule,)), rule=rule).newly_over_now == 10
    assert alone(replace(one, source="chs_sitrep"), rule=rule).newly_over_now == 10


def test_what_may_be_told_is_kept_with_the_warning():
    one = warning(newly_told=(Rule.MHSDS,))
    assert warning_of(kept(one)) == one
    row = kept(one)
    del row["figures"]["newly_told"]
    assert warning_of(row).figures.newly_told == ()
