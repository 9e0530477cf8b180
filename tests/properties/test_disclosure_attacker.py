"""The attacker, a solver over all cuts, sums and weeks, recovers nothing; and answers say no more than the table."""

import random
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.attacker import ORGS, Week, attack, campaign, weeks
from tests.disclosed import ORG, list_answer, list_shape
from waitlists.bands import CHS_BANDS, WaitBands
from waitlists.domain import Level
from waitlists.suppression import CountedList, Row, Rule, Sum, Table, disclose, protect, table_of_lists

SIZES = (12, 60, 150, 400, 900, 3000)


@pytest.mark.parametrize("rule", Rule)
def test_no_hidden_number_is_recovered_from_consecutive_weeks(rule: Rule, capsys: pytest.CaptureFixture[str]) -> None:
    done = campaign(SIZES, rule, lists=2, number=3)
    with capsys.disabled():
        print(f"\nattacker, {rule}: {done}")
    assert done.hidden > 1200
    assert done.recovered == ()


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
