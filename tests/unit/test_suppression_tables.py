"""What gives a small number away, and what is hidden so that it does not: worked tables."""

from dataclasses import replace

import pytest

from waitlists.bands import CHS_BANDS, WaitBands
from waitlists.suppression import (
    Among,
    CountedList,
    Plan,
    Rule,
    Sum,
    Table,
    protect,
    share_from_shown,
    share_method_from_shown,
    table_of_lists,
    wait_from_shown,
)
from waitlists.suppression.readers import Insider
from waitlists.suppression.tables import LEAST, heights

HES, MHSDS = Rule.HES, Rule.MHSDS
LABELS = [band.label for band in CHS_BANDS]


def table(*parts: int, total: int | None = None, **options) -> Table:
    names = tuple("abcdefghijklm"[: len(parts)])
    counts = {**dict(zip(names, parts, strict=True)), "all": sum(parts) if total is None else total}
    return Table(counts, (Sum("all", names),), **options)


def plan_of(*parts: int, rule: Rule = HES, **options) -> Plan:
    return protect(table(*parts, **options), rule)


@pytest.mark.parametrize(
    ("parts", "shown", "extra"),
    [
        ((8, 8, 1), [None, None, None, 15], "a b"),  # 10, 10 and 15 leave 1 for the third
        ((8, 13, 1), [None, 15, None, 20], "a"),  # the smaller of the two is hidden
        ((8, 8, 2), [10, 10, None, 20], ""),
        ((12, 12, 12, 7), [None, None, None, None, 45], "a b c"),  # at most 36 of at least 43
        ((12, 12, 12, 6), [10, 10, 10, None, 40], ""),
        ((7, 7, 7, 7), [None, None, None, None, None], "all"),  # at least 28, of four of at most 7
        ((7, 7, 7, 7, 0), [None, None, None, None, None, 30], "e"),  # nobody is hidden first, then it need not be 28
        ((7, 7, 7, 6), [None, None, None, None, 25], ""),
        ((1, 1, 1, 1, 1, 1, 1), [None] * 8, "a b c d e f g all"),  # seven of at least 1 are at least 7: even that
        ((1, 1, 1, 1, 1), [None] * 6, ""),
        ((0, 0, 0), [0, 0, 0, 0], ""),
        ((0, 9, 4), [0, 10, None, 15], ""),
        ((12, 7), [None, None, 20], "a"),  # 6 or 7 would be left
        ((13, 7), [15, None, 20], ""),
    ],
)
def test_more_is_hidden_where_a_sum_gives_a_small_number_away(parts, shown: list[int | None], extra: str):
    plan = plan_of(*parts)
    assert list(plan.shown.values()) == shown
    assert plan.extra == set(extra.split())


@pytest.mark.parametrize(
    ("parts", "shown", "extra"),
    [
        ((4, 4), [None, None, None], "all"),  # shown as 10: at least 8, of two of at most 4
        ((4, 4, 6), [None, None, 5, 15], ""),
        ((3, 3), [None, None, 5], ""),
        ((0, 0, 0), [None, None, None, None], ""),
    ],
)
def test_under_mhsds_nobody_is_a_small_number(parts, shown: list[int | None], extra: str):
    plan = plan_of(*parts, rule=MHSDS)
    assert list(plan.shown.values()) == shown
    assert plan.extra == set(extra.split())


def test_numbers_that_are_shown_alike_are_hidden_alike():
    assert [plan_of(*parts).extra for parts in ((8, 8, 1), (8, 1, 8), (1, 8, 8))] == [
        {"a", "b"},
        {"a", "c"},
        {"b", "c"},
    ]


def test_a_number_shown_before_is_not_hidden_in_vain():
    plan = plan_of(8, 8, 1, fixed=frozenset({"a"}))
    assert plan.extra == {"b"}
    assert plan.shown["a"] == 10


def test_an_exact_number_is_shown_as_it_is_and_used():
    england = plan_of(8, 11, 3, exact=frozenset({"all", "c"}))
    assert england.shown == {"a": 10, "b": 10, "c": 3, "all": 22}
    assert england.extra == frozenset()
    assert plan_of(12, 12, 3, exact=frozenset({"all"})).shown["all"] == 27
    assert plan_of(12, 3, exact=frozenset({"all"})).extra == frozenset()  # 3 to 7 are left
    assert plan_of(12, 2, exact=frozenset({"a", "all"})).extra == {"b"}  # nothing else can be hidden


def test_what_is_withheld_is_hidden_whatever_it_is():
    plan = plan_of(50, 60, withheld=frozenset({"b"}))
    assert plan.shown == {"a": 50, "b": None, "all": 110}
    assert plan.hidden == plan.extra == {"b"}
    assert (plan.said("b"), plan_of(50, 3, 60, withheld=frozenset({"c"})).said("b")) == (
        "a number not shown",
        "fewer than 8",
    )


def test_a_sum_that_does_not_hold_protects_and_betrays_nothing():
    assert plan_of(8, 8, 1, total=18).shown == {"a": 10, "b": 10, "c": None, "all": 20}
    assert plan_of(8, 8, 1, total=12).shown == {"a": 10, "b": 10, "c": None, "all": 10}


def test_a_sum_with_an_unknown_part_gives_nothing_away():
    counts = {"a": 12, "b": 12, "c": 12, "d": 7, "e": None, "all": 43}
    plan = protect(Table(counts, (Sum("all", ("a", "b", "c", "d", "e", "not in the table")),)), HES)
    assert plan.shown == {"a": 10, "b": 10, "c": 10, "d": None, "e": None, "all": 45}
    assert plan.hidden == {"d"}


def test_an_unknown_part_does_not_protect_what_is_given_away_from_above():
    """Two of at least 8, one hidden and one that nobody knows, of at most 17: nobody can be unknown."""
    plan = protect(Table({"a": 8, "b": 8, "c": 1, "all": 17}, (Sum("all", ("a", "b", "c", "unknown")),)), HES)
    assert plan.extra == {"a", "b"}


def test_the_sum_that_gives_a_number_away_is_the_one_in_which_more_is_hidden():
    counts = {"a": 8, "b": 8, "c": 1, "all": 17, "A": 9, "other": 10}
    sums = (Sum("other", ("c", "A")), Sum("all", ("a", "b", "c")))
    assert protect(Table(counts, sums), HES).extra == {"a", "b"}


def test_where_several_sums_give_a_number_away_more_is_hidden_in_each():
    counts = {"a": 8, "b": 8, "c": 1, "all": 17, "d": 13, "e": 13, "other": 27}
    sums = (Sum("all", ("a", "b", "c")), Sum("other", ("c", "d", "e")))
    assert protect(Table(counts, sums), HES).extra == {"a", "b", "d", "e"}


def test_a_small_number_that_is_hidden_anyway_is_protected_too():
    """Withheld, so not known to be small; but of at most 22, at least 13 and 8 leave 1 or nobody."""
    table = Table({"a": 13, "b": 8, "c": 1, "all": 22}, (Sum("all", ("a", "b", "c")),), withheld=frozenset({"c"}))
    assert protect(table, HES).extra == {"b", "c"}


def test_what_exact_figures_give_away_is_given_away():
    plan = plan_of(12, 3, 0, exact=frozenset({"a", "c", "all"}))
    assert plan.shown == {"a": 12, "b": None, "c": 0, "all": 15}


def test_what_leaves_counts_against_what_comes():
    """Opening and joined less left is closing: 48 and 2 joined, nobody left, and 52 shown as 50 both times."""
    names = {"opening": 52, "joined": 1, "left": 8, "closing": 45}
    flow = Sum("closing", ("opening", "joined"), less=("left",))
    assert protect(Table(names, (flow,)), HES).shown == {"opening": 50, "joined": None, "left": 10, "closing": 45}
    names = {"opening": 52, "joined": 1, "left": 13, "closing": 40}
    assert protect(Table(names, (flow,)), HES).extra == frozenset()
    names = {"opening": 52, "joined": 1, "left": 0, "closing": 53}
    given_away = protect(Table(names, (flow,), fixed=frozenset({"opening"})), HES)
    assert given_away.shown == {"opening": 50, "joined": None, "left": 0, "closing": 55}
    names = {"opening": 48, "joined": 4, "left": 0, "closing": 52}
    assert protect(Table(names, (flow,)), HES).extra == frozenset()


def test_what_leaves_can_be_given_away_too():
    """58 less 6 is 52: shown as 60 and 50, at least 6 left."""
    flow = Sum("closing", ("opening",), less=("left",))
    plan = protect(Table({"opening": 58, "left": 6, "closing": 52}, (flow,)), HES)
    assert plan.shown == {"opening": None, "left": None, "closing": 50}


def test_detail_is_hidden_before_what_is_made_of_it():
    """8 and 8 over 18 weeks, 1 within: all three sums together leave 1; the two in detail are hidden."""
    counts = {"within": 1, "middle": 8, "long": 8, "over": 16, "all": 17}
    plan = protect(Table(counts, (Sum("over", ("middle", "long")), Sum("all", ("within", "over")))), HES)
    assert plan.extra == {"middle", "long"}
    assert plan.shown["all"] == plan.shown["over"] == 15


def test_a_sum_further_away_is_hidden_in_where_it_gives_the_number_away():
    """1 beside 8 and 8 in one sum, where nothing may be hidden any more: the detail of one of them can."""
    counts = {"x": 1, "y": 8, "z": 8, "all": 17, "p": 4, "q": 4, "r": 9, "s": 1}
    sums = (Sum("all", ("x", "y", "z")), Sum("y", ("p", "q")))
    plan = protect(Table(counts, sums, fixed=frozenset({"all", "y", "z"})), HES)
    assert plan.extra >= {"x"}
    assert plan.shown["r"] == 10
    assert plan.shown["s"] is None


def test_numbers_are_said_in_words():
    plan = plan_of(1651, 12, 3)
    assert [plan.said(name) for name in ("a", "b", "c")] == ["1,650", "10", "fewer than 8"]
    assert protect(Table({"a": None}), HES).said("a") == "a number not known"
    assert protect(Table({"a": 0}), HES).said("a") == "0"
    assert protect(Table({"a": 3}), MHSDS).said("a") == "fewer than 5"


def test_no_number_is_called_small_where_larger_ones_are_hidden_too():
    plan = plan_of(8, 8, 1)
    assert {plan.said(name) for name in "abc"} == {"a number not shown"}
    assert plan.said("all") == "15"


def test_least_is_three():
    assert LEAST == 3


def test_heights_count_the_sums_below():
    sums = [Sum("over", ("b", "c")), Sum("all", ("a", "over")), Sum("next", ("all", "in"), less=("out",))]
    assert heights(sums) == {"over": 1, "all": 2, "next": 3}
    assert heights([Sum("a", ("b",)), Sum("b", ("a",))]) == {"a": 2, "b": 1}
    assert heights([Sum("a", ("b",)), Sum("a", ("c",)), Sum("c", ("d",))]) == {"a": 2, "c": 1}
    assert heights([Sum("a", ())]) == {"a": 1}


def counted(*counts: int | None, total: int | None = None, **flows) -> CountedList:
    known = sum(count or 0 for count in counts)
    return CountedList(WaitBands(dict(zip(LABELS, counts, strict=True)), known if total is None else total), **flows)


def test_every_cut_of_a_list_is_in_its_table_with_its_sums():
    one = counted(1, 2, 3, 4, 5, 6, 7, 8, total=38, opening=30, referrals=10, removals={"treated": 2}, missing={"N": 9})
    found = table_of_lists({"A": one}, made_of={}, rule=HES)
    assert found.counts == {
        **{f"A:{label}": number for number, label in enumerate(LABELS, start=1)},
        "A:over_52_weeks": 15, "A:over_18_weeks": 21, "A:unbanded": 2, "A:total": 38, "A:opening": 30,
        "A:referrals": 10, "A:removals": 2, "A:removals:treated": 2, "A:missing:N": 9, "A:added": 9, "A:adjusted": 47,
    }  # fmt: skip
    assert {one.total: (one.parts, one.less) for one in found.sums if one.total != "A:total"} == {
        "A:over_52_weeks": (("A:>52-104", "A:>104"), ()),
        "A:over_18_weeks": (("A:>18-52", "A:over_52_weeks"), ()),
        "A:removals": (("A:removals:treated",), ()),
        "A:added": (("A:missing:N",), ()),
        "A:adjusted": (("A:total", "A:added"), ()),
    }
    assert [one for one in found.sums if one.total == "A:total"] == [
        Sum("A:total", (*(f"A:{label}" for label in LABELS[:5]), "A:over_18_weeks", "A:unbanded")),
        Sum("A:total", ("A:opening", "A:referrals"), less=("A:removals",)),
    ]
    assert found.fixed == {"A:opening", "A:missing:N"}


def test_a_list_with_one_band_over_52_weeks_has_no_sum_for_it():
    old = CountedList(WaitBands({**dict.fromkeys(LABELS[:6], 10), ">52": 20}, 80))
    found = table_of_lists({"A": old}, made_of={}, rule=HES)
    assert "A:over_52_weeks" not in found.counts
    assert Sum("A:over_18_weeks", ("A:>18-52", "A:>52")) in found.sums


def test_each_cut_of_a_parent_is_the_sum_of_its_parts():
    removed = {"removals": {"treated": 9}}
    lists = {
        "A": counted(1, 2, 3, 4, 5, 6, 7, 8, opening=3, **removed),
        "B": counted(*[9] * 8),
        "Q": counted(*[10] * 8, opening=9, **removed),
    }
    found = table_of_lists(lists, made_of={"Q": ("A", "B"), "R": ("Q",), "A": (), "B": ("C",)}, rule=HES)
    between = {one.total: one.parts for one in found.sums if one.parts == tuple(f"{o}{one.total[1:]}" for o in "AB")}
    assert set(between) == {f"Q:{name}" for name in (*LABELS, "over_52_weeks", "over_18_weeks", "unbanded", "total",
                                                     "referrals", "removals")}  # fmt: skip
    assert not [one for one in found.sums if one.total[0] not in "ABQ" or not one.parts]
    assert Sum("Q:removals:treated", ("A:removals:treated",)) in found.sums


def test_a_cut_that_a_part_does_not_have_is_no_sum():
    old = CountedList(WaitBands({**dict.fromkeys(LABELS[:6], 10), ">52": 20}, 80))
    lists = {"A": old, "B": counted(*[9] * 8), "Q": counted(*[10] * 8)}
    found = table_of_lists(lists, made_of={"Q": ("A", "B")}, rule=HES)
    assert not [
        one for one in found.sums if one.total in {"Q:>104", "Q:>52-104", "Q:over_52_weeks"} and "A" in one.parts[0]
    ]
    assert ("Q:total", ("A:total", "B:total")) in [(one.total, one.parts) for one in found.sums]


def test_by_what_a_board_differs_from_its_providers_is_a_number_of_the_table():
    """Two joined B from A, which is no flow of the board: everybody may subtract, so the table knows."""
    flows = {"A": (9, 12), "B": (22, 8), "Q": (29, 18)}
    lists = {org: counted(*[9] * 8, referrals=joined, removed=left) for org, (joined, left) in flows.items()}
    lists["Q"] = replace(lists["Q"], bands=WaitBands(dict.fromkeys(LABELS, 18), 144))
    found = table_of_lists(lists, made_of={"Q": ("A", "B")}, rule=HES)
    joined, left = ("Q:referrals moved, of A:referrals+B:referrals", "Q:removals moved, of A:removals+B:removals")
    assert (found.counts[joined], found.counts[left]) == (2, 2)
    assert found.withheld >= {joined, left}
    assert Sum("Q:referrals", ("A:referrals", "B:referrals"), (joined,)) in found.sums
    assert Sum("Q:removals", ("A:removals", "B:removals"), (left,)) in found.sums
    assert Sum(joined, (left,)) in found.sums
    assert [name for name in found.counts if "moved" in name] == [joined, left]


def test_a_board_may_count_more_than_its_providers_too():
    lists = {"A": counted(*[9] * 8), "B": counted(*[9] * 8), "Q": counted(18, 18, 18, 18, 18, 18, 18, 21)}
    found = table_of_lists(lists, made_of={"Q": ("A", "B")}, rule=HES)
    more = "Q:>104 moved, of A:>104+B:>104"
    assert found.counts[more] == 3
    assert Sum("Q:>104", ("A:>104", "B:>104", more)) in found.sums


def test_flows_that_differ_are_not_taken_for_the_same_children():
    lists = {
        "A": counted(*[9] * 8, referrals=9, removed=12),
        "B": counted(*[9] * 8, referrals=22, removed=8),
        "Q": counted(*[18] * 8, referrals=29, removed=19),
    }
    found = table_of_lists(lists, made_of={"Q": ("A", "B")}, rule=HES)
    moved = {name: count for name, count in found.counts.items() if "moved" in name}
    assert list(moved.values()) == [2, 1]
    assert not [one for one in found.sums if one.total in moved]


@pytest.mark.parametrize(
    ("one", "withheld"),
    [
        (counted(*[20] * 8, opening=150, referrals=20, removals={"treated": 10}), False),
        (counted(*[20] * 8, opening=158, referrals=3, removals={"treated": 1}), True),
        (counted(*[20] * 8, opening=158, referrals=10, removals={"treated": 8}), False),
        (counted(*[20] * 8, opening=157, referrals=10, removals={"treated": 3, "died": 4}), True),
        (counted(*[20] * 8, opening=160, referrals=0, removals={"treated": 0}), False),
        (counted(1, 1, 0, 0, 0, 0, 0, 0, opening=12, referrals=0, removals={"treated": 10}), True),
        (counted(*[2] * 8, opening=6, referrals=20, removals={"treated": 10}), True),
        (counted(*[20] * 8), False),
    ],
)
def test_flows_are_shown_together_or_not_at_all(one: CountedList, withheld: bool):
    reasons = tuple(f"A:removals:{reason}" for reason in one.removals)
    expected = {"A:referrals", "A:removals", *reasons} if withheld else frozenset()
    assert table_of_lists({"A": one}, made_of={}, rule=HES).withheld == expected


def test_a_list_that_was_hidden_to_protect_others_is_not_shown_as_an_opening():
    week = {"A": counted(*[20] * 8, opening=150, referrals=20, removals={"treated": 10}), "B": counted(*[20] * 8)}
    before = Plan({}, frozenset(), frozenset({"A:total"}), HES, calls_small=False)
    assert table_of_lists(week, made_of={}, rule=HES, before=before).withheld == {"A:opening"}
    nothing_hidden = Plan({}, frozenset(), frozenset(), HES, calls_small=True)
    assert table_of_lists(week, made_of={}, rule=HES, before=nothing_hidden).withheld == frozenset()


def wait(*counts: int, q: float = 0.5, rule: Rule = HES, total: int | None = None) -> int | None:
    return wait_from_shown(
        protect(table_of_lists({"A": counted(*counts, total=total)}, made_of={}, rule=rule), rule), "A", q
    )


def test_a_wait_is_in_whole_weeks_from_counts_as_shown():
    assert wait(100, 0, 0, 0, 0, 0, 0, 0) == 1  # the middle of 0 to 7 days, 4 days
    assert wait(0, 0, 0, 0, 0, 102, 0, 0) == 35
    assert wait(0, 0, 0, 0, 0, 98, 0, 0) == 35
    assert wait(21, 0, 33, 58, 12, 43, 9, 3) == 9
    assert wait(21, 0, 33, 58, 12, 43, 9, 3, q=0.75) == 28


def test_a_wait_is_not_said_where_hidden_counts_could_move_it_to_another_band():
    assert wait(23, 3, 22, 0, 0, 0, 0, 0) is None
    assert wait(20, 3, 40, 0, 0, 0, 0, 0) == 3
    assert wait(21, 0, 33, 58, 12, 43, 9, 3, q=0.92) is None


def test_no_wait_is_said_of_a_hidden_or_empty_list_nor_in_the_open_band():
    assert wait(4, 0, 0, 0, 0, 0, 0, 0) is None
    assert wait(0, 0, 0, 0, 0, 0, 0, 0) is None
    assert wait(0, 0, 0, 0, 0, 0, 0, 50) is None
    assert wait(*[0] * 8, total=40) is None


def test_no_wait_is_said_where_larger_numbers_are_hidden():
    counts = {**dict.fromkeys((f"A:{label}" for label in LABELS), 0), "A:>104": None, "A:>18-52": 100, "A:total": 150}
    assert wait_from_shown(Plan(counts, frozenset(), frozenset(), HES, calls_small=True), "A", 0.5) is None
    assert (
        wait_from_shown(Plan({**counts, "A:total": 125}, frozenset(), frozenset(), HES, calls_small=True), "A", 0.5)
        is not None
    )
    assert (
        wait_from_shown(Plan({**counts, "A:total": 130}, frozenset(), frozenset(), HES, calls_small=True), "A", 0.5)
        is None
    )
    assert (
        wait_from_shown(Plan({**counts, "A:total": 80}, frozenset(), frozenset(), HES, calls_small=True), "A", 0.5)
        is None
    )
    assert (
        wait_from_shown(Plan({**counts, "A:total": 85}, frozenset(), frozenset(), HES, calls_small=True), "A", 0.5)
        is not None
    )


def test_the_wait_of_a_list_with_one_band_over_52_weeks():
    old = CountedList(WaitBands({**dict.fromkeys(LABELS[:6], 10), ">52": 20}, 80))
    plan = protect(table_of_lists({"A": old}, made_of={}, rule=HES), HES)
    assert (wait_from_shown(plan, "A", 0.5), wait_from_shown(plan, "A", 0.9)) == (12, None)


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        (11, [None, None, None]),  # who knows the 11 would read 10 as 12, so that 1 is left
        (14, [15, None, 15]),  # 1 to 3 are left
    ],
)
def test_nobody_works_a_small_number_out_with_the_help_of_his_own(own: int, shown: list[int | None]):
    plain, guarded = plan_of(own, 1), plan_of(own, 1, insiders=(Insider(frozenset({"a"}), frozenset({"a"})),))
    assert plain.shown["all"] is not None
    assert [guarded.shown[name] for name in ("a", "b", "all")][1:] == shown[1:]
    assert guarded.shown["a"] == plain.shown["a"]


def test_who_knows_all_has_nothing_hidden_for_him():
    everything = frozenset({"a", "b", "all"})
    assert plan_of(11, 1, insiders=(Insider(everything, everything),)) == plan_of(11, 1)


def test_of_whom_he_knows_nothing_is_hidden_from_an_insider():
    """Who knows the 11 could read 10 as 12, but the 1 beside them is among those whom he knows."""
    one = Insider(frozenset({"a"}), frozenset({"a", "b"}))
    assert plan_of(11, 1, insiders=(one,)) == plan_of(11, 1)


def test_further_counts_hang_together_with_the_count_they_are_part_of():
    """Of 9 over 104 weeks are shown 10; 8 over 156 weeks would leave 1 who is not, which is hidden nowhere else."""
    bands = WaitBands(dict(zip(LABELS, (20, 20, 20, 20, 20, 20, 20, 12), strict=True)), 152)
    counted = CountedList(
        bands, referrals=40, removed=30, more={"over_156_weeks": Among(9, ">104"), "treated": Among(12, "removals")}
    )
    table = table_of_lists({"RYY": counted}, made_of={}, rule=HES)
    assert Sum("RYY:>104", ("RYY:over_156_weeks", "RYY:all but over_156_weeks")) in table.sums
    plan = protect(table, HES)
    assert [plan.shown[f"RYY:{name}"] for name in ("over_156_weeks", "treated", "removals")] == [10, 10, 30]
    few = table_of_lists(
        {"RYY": replace(counted, removed=5, more={"treated": Among(4, "removals")})}, made_of={}, rule=HES
    )
    assert [protect(few, HES).shown[f"RYY:{name}"] for name in ("treated", "removals", "referrals")] == [None] * 3


@pytest.mark.parametrize(("days", "share"), [(126, 100 / 160), (364, 120 / 160), (27, 0.37), (91, 0.52)])
def test_a_share_comes_from_what_is_shown(days: int, share: float):
    bands = WaitBands(dict(zip(LABELS, (19, 21, 20, 22, 18, 20, 21, 18), strict=True)), 159)
    plan = protect(table_of_lists({"RYY": CountedList(bands)}, made_of={}, rule=HES), HES)
    assert share_from_shown(plan, "RYY", days) == share
    assert share_method_from_shown(plan, "RYY", days) == ("exact" if days in {126, 364} else "interpolated")


@pytest.mark.parametrize("days", [126, 364, 27])
def test_a_share_of_hidden_numbers_is_hidden(days: int):
    bands = WaitBands(dict(zip(LABELS, (1, 1, 1, 1, 1, 1, 1, 0), strict=True)), 7)
    plan = protect(table_of_lists({"RYY": CountedList(bands)}, made_of={}, rule=HES), HES)
    assert share_from_shown(plan, "RYY", days) is None
    assert share_method_from_shown(plan, "RYY", days) is None
