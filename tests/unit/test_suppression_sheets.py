"""One period of one service as one table: whoever asks, by any route and for any day, sees the same number."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.attacker import Week, attack, true_sums
from tests.versions import LABELS, MONDAY, TUESDAY, version
from waitlists.suppression import Rule, Sum
from waitlists.suppression.rules import Span, span_of
from waitlists.suppression.sheets import Sheet, Version, counted, node, nothing, sheets
from waitlists.suppression.spans import FAR, Spans

HES = Rule.HES
PARENTS = {"A": "Q", "B": "Q", "C": "Q", "Q": "Y"}


def shown(*versions: Version, before: tuple[Version, ...] = ()) -> dict[str, Sheet]:
    return sheets(versions, before, parent_of=PARENTS.get, rule=HES)


def test_a_board_is_the_sum_of_what_is_counted_in_it():
    """Of 8, 8 and 1 with the total 17 a single sum would leave 1; the table knows that it is one."""
    found = shown(version("A", 8), version("B", 8, at=2), version("C", 1, at=3), version("Q", 17, at=4, scope=""))
    assert [found[node(at, org)].shown("total") for at, org in ((3, "C"), (4, "Q"))] == [None, 15]
    assert found[node(1, "A")].shown("total") is None
    alone = shown(version("A", 8))
    assert alone[node(1, "A")].shown("total") == 10


def test_what_was_shown_on_monday_is_shown_so_on_tuesday():
    """A later return joins the table, and what it would give away is protected by hiding what is new."""
    first = (version("A", 30, 12), version("Q", 30, 12, at=2, scope=""))
    later = (version("B", 3, 0, at=3, known=TUESDAY, run=2), version("Q", 33, 12, at=4, known=TUESDAY, scope="", run=2))
    alone, both = shown(*first), shown(*first, *later)
    for name in ("total", "0-1", ">1-2"):
        assert both[node(1, "A")].shown(name) == alone[node(1, "A")].shown(name)
        assert both[node(2, "Q")].shown(name) == alone[node(2, "Q")].shown(name)
    assert both[node(3, "B")].shown("total") is None


def test_what_was_hidden_for_others_stays_hidden():
    first = (version("A", 8), version("B", 8, at=2), version("C", 1, at=3), version("Q", 17, at=4, scope=""))
    later = version("C", 40, at=5, known=TUESDAY, scope="C", run=2)
    found = shown(*first, later)
    assert found[node(1, "A")].shown("total") is None
    assert found[node(5, "C")].shown("total") == 40
    assert found[node(5, "C")].plan.shown["1/A:total"] is None
    assert not found[node(5, "C")].plan.calls_small


def test_a_vintage_that_was_never_the_latest_of_a_day_is_not_shown():
    found = shown(version("A", 30), version("A", 31, at=2))
    assert set(found) == {"2/A"}


def test_a_later_publication_for_an_earlier_day_joins_what_was_known_then():
    found = shown(version("A", 30, known=TUESDAY), version("B", 20, at=2, known=MONDAY, run=2))
    assert {name: one.shown("total") for name, one in found.items()} == {"1/A": 30, "2/B": 20}


def test_flows_tie_a_list_to_the_week_before():
    before = (version("A", 30),)
    found = shown(version("A", 40, at=2, referrals=20, removals=10), before=before)
    sheet = found[node(2, "A")]
    assert (sheet.shown("referrals"), sheet.shown("removals")) == (20, 10)
    assert sheet.table.counts["2/A:opening"] == 30
    few = shown(version("A", 26, at=2, referrals=20, removals=10), before=(version("A", 16),))
    assert few[node(2, "A")].shown("referrals") == 20
    none = shown(version("A", 14, at=2, referrals=20, removals=10), before=(version("A", 4),))
    assert none[node(2, "A")].shown("referrals") is None


@pytest.mark.parametrize(("own", "other", "expected"), [(11, 1, None), (14, 3, 15)])
def test_a_provider_does_not_work_out_its_neighbour_with_its_own_figures(own: int, other: int, expected: int | None):
    """With its 11 the board's 10, which is 8 to 12, would leave 1 for the neighbour."""
    found = shown(version("A", own), version("B", other, at=2), version("Q", own + other, at=3, scope=""))
    assert found[node(3, "Q")].shown("total") == expected


def test_reasons_and_further_counts_join_the_table():
    cells = {
        ("waiting", "total"): 100,
        ("waiting", ">104"): 60,
        ("removals", "total"): 30,
        ("removed", "treated"): 20,
        ("removed", "died"): None,
        ("treated", "total"): 20,
        ("over_156_weeks", "total"): 40,
    }
    one = counted(cells, 95)
    assert (one.opening, one.left) == (95, 30)
    assert {reason: count for reason, count in one.removals.items() if count} == {"treated": 20}
    assert "died" not in one.removals
    assert {name: part.of for name, part in one.more.items()} == {"treated": "removals", "over_156_weeks": ">104"}


def test_of_a_list_that_is_not_there_nothing_is_shown():
    assert nothing(HES).shown("total") is None


def test_other_stages_and_ended_waits_join_the_table():
    """A list for a later stage by band, and of those whose wait ended how many were within the standard."""
    cells = {
        ("waiting", "total"): 100,
        ("referrals", "total"): 40,
        ("removals", "total"): 30,
        ("next", "total"): 12,
        ("next", "0-1"): 9,
        ("next", ">1-2"): 3,
        ("completed_of", "CHS_18W"): 20,
        ("completed_within", "CHS_18W"): 12,
    }
    one = Version(1, MONDAY, 1, "A", "A", cells)
    sheet = shown(one)[node(1, "A")]
    assert [sheet.shown(name) for name in ("next:total", "next:0-1", "next:>1-2")] == [10, 10, None]
    assert [sheet.shown(f"completed_{name}:CHS_18W") for name in ("of", "within")] == [20, 10]
    few = shown(Version(1, MONDAY, 1, "A", "A", cells | {("referrals", "total"): 3}))[node(1, "A")]
    assert [few.shown(f"completed_{name}:CHS_18W") for name in ("of", "within")] == [None, None]


def recovered(found: dict[str, Sheet], also: Iterable[Sum] = ()) -> tuple[str, ...]:
    """What a solver that is handed everything shown, and every sum that is true, works out of small numbers."""
    last = max(found.values(), key=lambda sheet: len(sheet.table.counts))
    return attack([Week(replace(last.table, sums=(*true_sums(last.table), *also)), last.plan)]).recovered


@pytest.mark.parametrize("boards", [(12, 6), (8, 8, 1), (8, 9, 0), (30, 1, 1)])
def test_a_provider_less_its_board_does_not_give_away_another_board(boards: tuple[int, ...]):
    """A provider's records may be of several boards: of 18 of which 12 are of one board, 6 are of the other."""
    wholes = [version(f"Q{place}", own, at=2, scope="") for place, own in enumerate(boards)]
    found = shown(version("A", sum(boards)), *wholes)
    table = found["1/A"].table
    assert Sum("2/Q0:total", ("1/A:total",), tuple(f"{one.node}:total" for one in wholes[1:])) in table.sums
    for name, span in narrowed_spans(found["1/A"]).items():
        if 0 < (table.counts.get(name) or 0) < 8:
            assert span.high - span.low >= 2, name
    assert recovered(found) == ()
    assert [found[one.node].shown("total") for one in wholes if one.counts["waiting", "total"] in range(1, 8)] == [
        None for own in boards if own in range(1, 8)
    ]


def narrowed_spans(sheet: Sheet) -> dict[str, Span]:
    """What each number may still be to somebody who reads the table."""
    table, plan = sheet.table, sheet.plan
    spans = {name: Span(0, FAR) for one in table.sums for name in (*one.parts, *one.less, one.total)}
    for name, value in plan.shown.items():
        hidden = Span(0, FAR) if name in plan.extra or name not in plan.hidden else Span(1, 7)
        spans[name] = hidden if value is None else span_of(value, HES)
    equations = [
        (*((part, 1) for part in one.parts), *((part, -1) for part in one.less), (one.total, -1))
        for one in true_sums(sheet.table)
    ]
    narrowed = Spans.of(spans, equations)
    return {name: narrowed.of_name(name) for name in spans}


def test_boards_that_are_each_the_sum_of_their_own_providers_need_no_more():
    found = shown(version("A", 20), version("B", 30, at=2), version("Q", 50, at=3, scope=""))
    assert not [one for one in found["3/Q"].table.sums if one.less and "referrals" not in " ".join(one.parts)]


def test_a_provider_without_a_list_for_a_later_stage_is_no_unknown():
    """Of 9 and 1 who wait for a later stage with two providers, all ten of the board, the third has none."""
    stages = {("next", "0-1"): 8, ("next", "total"): 8}
    first, second, third = version("A", 40), version("B", 40, at=2), version("C", 40, at=3)
    whole = version("Q", 120, at=4, scope="")
    found = shown(
        first._replace(counts={**first.counts, **stages}),
        second._replace(counts={**second.counts, **stages}),
        third,
        whole._replace(counts={**whole.counts, ("next", "0-1"): 16, ("next", "total"): 16}),
    )
    assert Sum("4/Q:next:total", ("1/A:next:total", "2/B:next:total")) in found["4/Q"].table.sums


@pytest.mark.parametrize("other", ["referral_extract", "referral_extract_monthly"])
def test_what_one_source_hides_no_other_shows(other: str):
    """A return says 12 and the records 5: who takes the two for about the same would have it at 6 or 7."""
    few = version("A", 5, at=2, source=other)
    together = shown(version("A", 12), few)
    assert [one.shown("total") for one in together.values()] == [None, None]
    assert not any(one.plan.calls_small for one in together.values())
    later = shown(version("A", 12), few._replace(run_id=2, known_from=TUESDAY))
    assert [one.shown("total") for one in later.values()] == [10, None]


def test_flows_of_a_week_are_not_those_of_a_month():
    week = version("A", 30, referrals=20, removals=15)
    month = version("A", 30, at=2, source="referral_extract_monthly", referrals=90, removals=3)
    found = shown(week, month)
    assert (found["1/A"].shown("referrals"), found["2/A"].shown("referrals")) == (20, None)
    return_of = shown(week, month._replace(source="referral_extract"))
    assert (return_of["1/A"].shown("referrals"), return_of["2/A"].shown("referrals")) == (None, None)


@pytest.mark.parametrize("seed", range(6))
def test_two_sources_of_the_same_lists_show_no_more_than_one(seed: int):
    """Weeks and month ends counted from the same records, with flows of their own, come to be known in any order."""
    draw = random.Random(seed)
    waits = {org: [draw.choice((0, 0, 1, 3, 8, 9, 12, 18)) for _ in LABELS] for org in "AB"}
    waits["Q"] = [a + b for a, b in zip(waits["A"], waits["B"], strict=True)]
    every = [
        version(org, *own, at=10 * place + at, scope="" if org == "Q" else org, source=source, run=draw.randint(1, 2))
        for place, source in enumerate(("referral_extract", "referral_extract_monthly"))
        for at, (org, own) in enumerate(waits.items())
    ]
    found = shown(*every)
    assert len(found) == len(every)
    names = [*LABELS, "over_52_weeks", "over_18_weeks", "total"]
    same = [Sum(f"{at}/{org}:{name}", (f"1{at}/{org}:{name}",)) for at, org in enumerate(waits) for name in names]
    assert recovered(found, same) == ()


def test_each_source_has_an_opening_of_its_own():
    before = (version("A", 30), version("A", 50, at=2, source="referral_extract_monthly"))
    now = (
        version("A", 40, at=3, referrals=20, removals=10),
        version("A", 40, at=4, referrals=20, removals=30, source="referral_extract_monthly"),
    )
    found = shown(*now, before=before)
    assert [found["3/A"].table.counts[name] for name in ("3/A:opening", "4/A:opening")] == [30, 50]
