"""One period of one service as one table: whoever asks, by any route and for any day, sees the same number."""

from datetime import date

import pytest

from waitlists.bands import CHS_BANDS
from waitlists.suppression import Rule
from waitlists.suppression.sheets import Sheet, Version, counted, node, nothing, sheets

HES = Rule.HES
MONDAY, TUESDAY = date(2025, 5, 5), date(2025, 5, 6)
LABELS = [band.label for band in CHS_BANDS]
PARENTS = {"A": "Q", "B": "Q", "C": "Q", "Q": "Y"}


def version(org: str, *waits: int, at: int = 1, known: date = MONDAY, scope: str | None = None, run: int = 1, **flows):
    bands = {("waiting", label): count for label, count in zip(LABELS, waits, strict=False)}
    rest = {("waiting", label): 0 for label in LABELS[len(waits) :]}
    kinds = {(kind, "total"): count for kind, count in flows.items()}
    whole = {("waiting", "total"): sum(waits)}
    return Version(run, known, at, org if scope is None else scope, org, bands | rest | whole | kinds)


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
    assert (one.opening, one.left, one.removals) == (95, 30, {"treated": 20})
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
