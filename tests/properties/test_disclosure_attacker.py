"""The attacker, a solver over all cuts, sums and weeks, recovers nothing; and answers say no more than the table."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.attacker import ICB, MARKS, ORGS, Attack, Week, attack, campaign, weeks
from tests.disclosed import ORG, list_answer, list_shape
from waitlists.bands import CHS_BANDS, WaitBands
from waitlists.domain import Level
from waitlists.suppression import CountedList, Row, Rule, Sum, Table, disclose, protect, table_of_lists

pytestmark = pytest.mark.no_cover

SIZES = (12, 60, 150, 400, 900, 3000)


@pytest.mark.parametrize("rule", Rule)
def test_no_hidden_number_is_recovered_from_consecutive_weeks(rule: Rule, capsys: pytest.CaptureFixture[str]) -> None:
    done = campaign(SIZES, rule, lists=len(MARKS), number=3)
    with capsys.disabled():
        print(f"\nattacker, {rule}: {done}")
    assert done.hidden > 2400
    assert done.recovered == ()


def warned(rule: Rule) -> Attack:
    """An attack by somebody who knows of every number over a wait whether it is nobody, as a warning tells."""
    found = (weeks(size, rule, number=2, seed=seed) for size, seed in product((12, 30, 60), range(2)))
    return sum((attack([replace(one, is_warned=True) for one in shown]) for shown in found), Attack(0, ()))


def test_that_a_warning_stands_gives_no_hidden_number_away() -> None:
    done = warned(Rule.HES)
    assert done.hidden > 500
    assert done.recovered == ()


def test_where_zero_cannot_be_said_that_no_warning_stands_would_say_it() -> None:
    """Why readers of hidden figures are given no warning of such a list: a silence would be a zero, and more follow."""
    assert warned(Rule.MHSDS).recovered


def test_thresholds_are_given_away_where_they_are_only_rounded() -> None:
    """Bands and those over a threshold, each protected without the sums that tie them together."""
    aware, unaware = Attack(0, ()), Attack(0, ())
    for size, seed in product((12, 30, 60), range(len(MARKS))):
        (week,) = weeks(size, Rule.MHSDS, number=1, seed=seed)
        sums = [one for one in week.table.sums if not any("_days" in name for name in (one.total, *one.parts))]
        plan = protect(replace(week.table, sums=tuple(sums)), Rule.MHSDS)
        unaware += attack([Week(week.table, plan)])
        aware += attack([week])
    assert unaware.recovered
    assert aware.recovered == ()


def test_most_of_those_over_a_threshold_are_shown() -> None:
    every = [week.plan for seed in range(len(MARKS)) for week in weeks(900, Rule.HES, number=3, seed=seed)]
    over = [count for plan in every for name, count in plan.shown.items() if ":over_" in name and "_days" in name]
    assert sum(count is not None for count in over) > 0.8 * len(over)


@pytest.mark.parametrize(
    ("parts", "rule", "found"),
    [
        ((8, 8, 1), Rule.HES, {"c"}),
        ((12, 12, 12, 7), Rule.HES, {"d"}),
        ((7, 7, 7, 7), Rule.HES, {"a", "b", "c", "d"}),
        ((1, 1, 1, 1, 1, 1, 1), Rule.HES, {*"abcdefg", "all"}),
        ((4, 4), Rule.MHSDS, {"a", "b"}),
    ],
)
def test_the_attacker_does_recover_numbers_that_are_only_rounded(parts, rule: Rule, found: set[str]) -> None:
    names = tuple("abcdefg"[: len(parts)])
    table = Table({**dict(zip(names, parts, strict=True)), "all": sum(parts)}, (Sum("all", names),))
    only_rounded = protect(Table(table.counts), rule)
    assert attack([Week(table, only_rounded)]).recovered == tuple(f"week 0 {name}" for name in sorted(found))
    assert attack([Week(table, protect(table, rule))]).recovered == ()


def test_the_weeks_attacked_hang_together_as_real_ones_do() -> None:
    shown = weeks(150, Rule.HES, number=3, seed=1)
    for before, now in pairwise(shown):
        for org in ORGS:
            opening, referrals, removals, total = (
                now.table.counts[f"{org}:{name}"] or 0 for name in ("opening", "referrals", "removals", "total")
            )
            assert opening == before.table.counts[f"{org}:total"]
            assert opening + referrals - removals == total


def flows(opening: int, referrals: int, removals: int, waits: Sequence[int] = ()) -> CountedList:
    size = opening + referrals - removals
    counts = dict(zip((band.label for band in CHS_BANDS), waits or (size, *[0] * 7), strict=True))
    return CountedList(WaitBands(counts, size), opening=opening, referrals=referrals, removed=removals)


def moving(first: tuple[int, int, int], second: tuple[int, int, int], moved: int) -> dict[str, CountedList]:
    """Two providers, some children going from the first to the second, which is no flow of their board."""
    (a, a_in, a_out), (b, b_in, b_out) = first, second
    board = flows(a + b, a_in + b_in, a_out + b_out)
    return {"A": flows(a, a_in, a_out + moved), "B": flows(b, b_in + moved, b_out), ICB: board}


def shown_with(lists: dict[str, CountedList], rule: Rule) -> Attack:
    table = table_of_lists(lists, made_of={ICB: ("A", "B")}, rule=rule)
    return attack([Week(table, protect(table, rule))])


def test_that_a_single_child_changed_provider_is_not_recovered() -> None:
    """At most 12 and 7 joined the two, at least 18 the board: shown so, one child moved or nobody."""
    lists = moving((60, 12, 6), (30, 6, 8), 1)
    table = table_of_lists(lists, made_of={ICB: ("A", "B")}, rule=Rule.MHSDS)
    plan = protect(table, Rule.MHSDS)
    shown = [plan.shown[f"{org}:referrals"] for org in ("A", "B", ICB)]
    assert None in shown
    only_by_rule = protect(replace(table, sums=()), Rule.MHSDS)
    assert [only_by_rule.shown[f"{org}:referrals"] for org in ("A", "B", ICB)] == [10, 5, 20]
    assert attack([Week(table, plan)]).recovered == ()


@pytest.mark.parametrize("rule", Rule)
def test_how_few_changed_provider_is_not_recovered(rule: Rule) -> None:
    """What the board's flows are short of those of its providers, where that is 1 to 7 children."""
    draw, done = random.Random(7), Attack(0, ())
    some, sizes = (0, 5, 6, 8, 9, 12), (30, 60, 100)
    for _ in range(60):
        first, second = ((draw.choice(sizes), draw.choice(some), draw.choice(some)) for _ in "AB")
        done += shown_with(moving(first, second, draw.randint(1, 7)), rule)
    assert done.hidden > 100
    assert done.recovered == ()


NUMBERS = st.lists(st.integers(1, 60), min_size=8, max_size=8)


def counted(numbers: list[int]) -> CountedList:
    counts = dict(zip((band.label for band in CHS_BANDS), numbers, strict=True))
    return CountedList(WaitBands(counts, sum(numbers)))


def moved(numbers: list[int], draw: random.Random) -> list[int]:
    """The same list with one child moved to another wait within 18 weeks."""
    source = draw.randrange(5)
    target = draw.choice([place for place in range(5) if place != source])
    return [number + (place == target) - (place == source) for place, number in enumerate(numbers)]


@given(NUMBERS, st.sampled_from(Rule), st.integers(0, 2**16))
def test_an_answer_says_no_more_than_its_counts_as_shown(numbers: list[int], rule: Rule, seed: int) -> None:
    """Two lists that are shown alike have the same answer: shares, waits and words come from what is shown alone."""
    lists = [counted(numbers), counted(moved(numbers, random.Random(seed)))]
    tables = [table_of_lists({ORG: one}, made_of={}, rule=rule) for one in lists]
    plans = [protect(table, rule) for table in tables]
    assume(plans[0].shown == plans[1].shown)
    assume(plans[0].calls_small == plans[1].calls_small)
    answers = [list_answer(one) for one in lists]
    shown = [
        disclose(Row(answer, list_shape(answer), Level.ICB, is_published=False, table=table), rule=rule)
        for answer, table in zip(answers, tables, strict=True)
    ]
    assert shown[0] == shown[1]
