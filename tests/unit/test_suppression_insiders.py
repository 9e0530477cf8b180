"""Who knows what of a table: a board of one provider is no secret to it, and hides nothing of anybody else."""

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.attacker import Attack, attack, read_by, true_sums
from tests.versions import LABELS, RECORDS, THREE, TUESDAY, board, of_sources, version
from waitlists.counts.groups import grouped
from waitlists.details import Detail
from waitlists.suppression import Rule, Sum, Table
from waitlists.suppression.groups import group_name, with_groups
from waitlists.suppression.readers import OUTSIDER, Insider
from waitlists.suppression.rules import shown_count
from waitlists.suppression.sheets import Sheet, Version, sheets

WHEELCHAIRS = (8, 3, 7, 33, 10, 50, 45, 19)
"""Of a provider that is the only one of its board: the third and the second band are small."""

PARENTS = {"A": "Q", "B": "Q", "C": "R", "D": "Q"}
SOME = (0, 0, 1, 3, 7, 8, 9, 12, 30)


def shown(
    *versions: Version, rule: Rule = Rule.HES, before: tuple[Version, ...] = (), parents: Mapping[str, str] = PARENTS
) -> dict[str, Sheet]:
    return sheets(versions, before, parent_of=parents.get, rule=rule)


def last_of(found: Mapping[str, Sheet]) -> Sheet:
    return max(found.values(), key=lambda sheet: len(sheet.table.counts))


def knowing(table: Table, name: str) -> Insider:
    """The insider who knows one number and least beside it."""
    return min((one for one in table.insiders if name in one.knows), key=lambda one: len(one.knows))


def attacked(found: Mapping[str, Sheet], *boards: str) -> Attack:
    """What all who read a week recover: somebody who knows nothing else, and whoever knows numbers of his own.

    With several boards it takes none for the sum of some senders, as numbers that are equal by chance would say.
    """
    last = last_of(found)
    sums = (one for one in true_sums(last.table) if not boards or len(lists_in(one)) == 1 or lists_in(one) >= {*boards})
    table = replace(last.table, sums=tuple(sums))
    readers = (OUTSIDER, *table.insiders)
    return sum((attack([read_by(one, table, last.plan)]) for one in readers), Attack(0, ()))


def lists_in(one: Sum) -> set[str]:
    return {name.partition(":")[0] for name in (one.total, *one.parts, *one.less)}


@pytest.mark.parametrize("rule", Rule)
def test_a_board_of_one_provider_is_shown_as_that_is(rule: Rule):
    own = version("A", *WHEELCHAIRS)
    found = shown(own, board("Q", WHEELCHAIRS, at=2), rule=rule)
    for name in (*LABELS, "total", "over_18_weeks", "over_52_weeks"):
        count = last_of(found).table.counts[f"1/A:{name}"]
        assert found["1/A"].shown(name) == found["2/Q"].shown(name) == shown_count(count, rule)
    assert attacked(found).recovered == ()
    assert attacked(found).hidden


@pytest.mark.parametrize("rule", Rule)
def test_of_returns_so_are_several_boards_of_one_provider_each(rule: Rule):
    """Records of several boards are known to be of the same children as their senders' all together only."""
    waits = {"A": WHEELCHAIRS, "C": WHEELCHAIRS[::-1]}
    for source, is_shown in (("weekly_return", True), (RECORDS, False)):
        senders = (version(org, *waits[org], at=at, source=source) for at, org in enumerate(waits, 1))
        boards = (board(PARENTS[org], waits[org], at=3, source=source) for org in waits)
        found = shown(*senders, *boards, rule=rule)
        totals = [found[node].shown("total") for node in ("1/A", "3/Q", "2/C", "3/R")]
        assert (totals == [shown_count(sum(WHEELCHAIRS), rule)] * 4) is is_shown
        assert attacked(found, "3/Q", "3/R").recovered == ()


def test_its_opening_counts_as_its_own_where_it_was_the_only_one_before():
    """Of 5 who waited the week before all were the provider's; of 5 and 2 they were not."""
    now = (version("A", 20, at=3), board("Q", (20,), at=4))
    alone = shown(*now, before=(version("A", 5), board("Q", (5,), at=2)))
    assert last_of(alone).table.insiders == ()
    ended = shown(*now, before=(version("A", 5), version("B", 2, at=9), board("Q", (5,), (2,), at=2)))
    (insider,) = last_of(ended).table.insiders
    known = {name for name, count in last_of(ended).table.counts.items() if count is not None}
    assert known - insider.own == {"4/Q:opening"}


@pytest.mark.parametrize("rule", Rule)
def test_of_one_sender_for_two_boards_all_are_its_own(rule: Rule):
    """Its 178 wheelchairs are 175 of its own board and 3 of another: who sent them knows of whom each is."""
    other = (0, 1, 0, 2, 0, 0, 0, 0)
    every = tuple(map(sum, zip(WHEELCHAIRS, other, strict=True)))
    own, boards = version("A", *every), (board("Q", WHEELCHAIRS, at=2), board("R", other, at=2))
    found = shown(own, *boards, rule=rule)
    table = last_of(found).table
    assert any(" moved, of " in name for name in table.counts)
    assert {name.partition(":")[0] for one in table.insiders for name in one.knows} == {"2/R"}
    assert found["2/Q"].shown("total") == shown_count(175, rule)
    assert found["2/R"].shown("total") is None
    assert attacked(found, "2/Q", "2/R").recovered == ()


@pytest.mark.parametrize("rule", Rule)
def test_equal_numbers_of_several_boards_need_not_be_of_the_same_children(rule: Rule):
    """Each of two providers has a child of the other one's board: both bands are equal, and not their own."""
    every = {"A": (4, 10, 9), "C": (9, 10, 0), "Q": (4, 12, 9), "R": (9, 8, 0)}
    senders = (version(org, *every[org], at=at, source=RECORDS) for at, org in enumerate("AC", 1))
    boards = (board(org, every[org], at=3, source=RECORDS) for org in "QR")
    found = shown(*senders, *boards, rule=rule)
    table = last_of(found).table
    own = knowing(table, "1/A:total").own
    assert not {"3/Q:0-1", "3/Q:>1-2", "3/Q:total", "3/R:0-1"} & own
    # The third band is of nobody at the other one: that this is so may be known where nobody can be said.
    assert ("3/Q:>2-4" in own) == (rule is Rule.HES)
    assert attacked(found, "3/Q", "3/R").recovered == ()


@pytest.mark.parametrize("rule", Rule)
def test_a_band_in_which_only_one_provider_has_anybody_is_its_own(rule: Rule):
    """The board's 3 are the first one's, whoever else has nobody there; its 15 are not, with 3 of another."""
    senders = (version("A", 3, 12, 60), version("B", 0, 3, 60, at=2))
    found = shown(*senders, board("Q", (3, 12, 60), (0, 3, 60), at=3), rule=rule)
    own = knowing(last_of(found).table, "1/A:total").own
    assert ("3/Q:0-1" in own, "3/Q:>1-2" in own) == (True, False)
    assert found["3/Q"].shown("total") is not None
    assert attacked(found).recovered == ()


@pytest.mark.parametrize("rule", Rule)
def test_that_all_are_its_own_does_not_tell_it_that_others_have_nobody(rule: Rule):
    """Of 4 who are all the first one's, that they are few would say under a rule without zero that no others are."""
    senders = (version("A", 4, 30, 30), version("B", 0, 30, 30, at=2), version("C", 0, 30, 30, at=3))
    found = shown(*senders, board("Q", (4, 90, 90), at=4), rule=rule, parents={**PARENTS, "C": "Q"})
    assert "4/Q:0-1" in knowing(last_of(found).table, "1/A:total").own
    assert attacked(found).recovered == ()


def test_where_only_that_numbers_are_few_tells_nothing_large_is_hidden():
    """Who knows its own 6 of a board's few knows that there is 1 of another: no total could change that."""
    own, others = (400, 300, 90, 6), (90, 70, 60, 1)
    found = shown(version("A", *own), version("B", *others, at=2), board("Q", own, others, at=3))
    plan = last_of(found).plan
    assert plan.extra == {"2/B:>4-12", "3/Q:>4-12"}
    assert (found["3/Q"].shown("total"), plan.calls_small) == (1015, False)
    assert attacked(found).recovered == ()


def test_with_nothing_found_that_tells_of_small_numbers_those_near_by_are_hidden():
    """What the first one knows of two others in two sources rests on more sums than are tried one by one."""
    found = shown(*of_sources(THREE), rule=Rule.MHSDS)
    assert attacked(found).recovered == ()
    assert [found["9/Q"].shown(name) for name in ("total", ">18-52", ">52-104")] == [280, 60, None]


def test_a_number_that_a_sender_left_out_is_nobodys_own():
    few = version("B", 0, 3, 60, at=2)
    few = few._replace(counts={**few.counts, ("waiting", "0-1"): None})
    whole = board("Q", (3, 12, 60), (0, 3, 60), at=3)
    found = shown(version("A", 3, 12, 60), few, whole)
    assert "3/Q:0-1" not in knowing(last_of(found).table, "1/A:total").own


def test_a_provider_that_begins_makes_the_board_another_ones_too():
    """On Monday the board is the first one's, on Tuesday the 3 of a second one come to it."""
    first = (version("A", 30, 12), board("Q", (30, 12), at=2))
    second = (
        version("B", 3, 0, at=3, known=TUESDAY, run=2),
        board("Q", (30, 12), (3, 0), at=4, known=TUESDAY, run=2),
    )
    found = shown(*first, *second)
    own = knowing(last_of(found).table, "1/A:total").own
    assert ("2/Q:total" in own, "4/Q:total" in own, "4/Q:>1-2" in own) == (True, False, True)
    assert found["2/Q"].shown("total") == 40
    assert attacked(found).recovered == ()


def test_a_sum_known_before_is_not_compared_with_lists_that_came_later():
    """The board's 4 were 3 and 1; that the first one has 4 on the day after does not make all four its own."""
    first = (version("A", 3, 20), version("B", 1, 20, at=2), board("Q", (3, 20), (1, 20), at=3))
    later = (version("A", 4, 20, at=4, known=TUESDAY, run=2), version("B", 0, 20, at=5, known=TUESDAY, run=2))
    found = shown(*first, *later)
    assert "3/Q:0-1" not in knowing(last_of(found).table, "1/A:total").own
    assert attacked(found).recovered == ()


@pytest.mark.parametrize("rule", Rule)
def test_records_of_fewer_providers_are_not_about_the_same_children(rule: Rule):
    """In a band are 5 and 2, the latter in a return alone; the records of the first have 7, as have both returns."""
    own, others = (400, 300, 90, 5, 0), (90, 70, 60, 2, 3)
    returns = (version("A", *own), version("B", *others, at=2), board("Q", own, others, at=3))
    changed = (400, 300, 90, 7, 0)
    records = (version("A", *changed, at=4, source=RECORDS), board("Q", changed, at=5, source=RECORDS))
    found = shown(*returns, *records, rule=rule)
    last = last_of(found)
    assert [one for one in last.table.sums if one.total == "3/Q:>4-12" and one.parts == ("5/Q:>4-12",)] == []
    assert [found[one].shown("total") for one in ("3/Q", "5/Q")] == [1020, 795]
    assert attacked(found).recovered == ()


def test_the_groups_of_a_list_are_those_of_whoever_knows_all_on_it():
    """Girls and boys on the first one's list are its own, those on the second one's are not."""
    rows = ((30, 9, 3), (20, 9, 1))
    found = shown(version("A", *rows[0]), version("B", *rows[1], at=2), board("Q", *rows, at=3))
    words = {"1": (29, 9, 0), "2": (1, 0, 3)}
    every = [
        Detail("SALT", "A", "list", sum(some), (*some, *[0] * 5), cut="sex", group=one) for one, some in words.items()
    ]
    sheet = with_groups(found["1/A"], {"sex": grouped(every, "sex")}, Rule.HES)
    girls = group_name(found["1/A"], "sex", "female", "total")
    own = {name: knowing(sheet.table, name).own for name in ("1/A:total", "2/B:total")}
    assert (girls in own["1/A:total"], girls in own["2/B:total"]) == (True, False)
    assert sheet.plan.shown[girls] is None


WORLDS = {
    "one provider": ({"A": ""}, {"A": ""}),
    "a provider that ends": ({"A": "", "B": ""}, {"A": ""}),
    "one source with fewer": ({"A": "", "B": RECORDS}, {"A": "", "B": RECORDS}),
    "three providers": ({"A": "", "B": "", "D": ""},),
}
"""By kind of world, the providers of each day, and where they are told of once only the source that lacks them."""


def world(kind: str, draw: random.Random) -> list[Version]:
    """Returns and records of a day, or of two of which the second has corrections, each with the board's sums."""
    found: list[Version] = []
    for day, senders in enumerate(WORLDS[kind]):
        waits = {org: [draw.choice(SOME) for _ in LABELS] for org in senders}
        told = {"known": TUESDAY} if day else {}
        found += of_sources(waits, lacking=senders, at=100 * day, run=day + 1, **told)
    return found


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("kind", WORLDS)
def test_nobody_recovers_a_small_number_of_anybody_else(kind: str, rule: Rule):
    done = Attack(0, ())
    for seed in range(4):
        done += attacked(shown(*world(kind, random.Random(f"{kind} {seed}")), rule=rule))
    assert done.hidden
    assert done.recovered == ()
