"""Those over a threshold inside a band: what is counted of them, how it hangs together, and what may be shown."""

import pytest

from waitlists.bands import CHS_BANDS, OVER_52, WaitBands
from waitlists.details import Detail, Within
from waitlists.standards import OF_SOME, STANDARDS, last_day_within, standards_for
from waitlists.suppression import (
    CountedList,
    Rule,
    protect,
    share_from_shown,
    share_method_from_shown,
    table_of_lists,
)
from waitlists.suppression.sheets import counted
from waitlists.suppression.thresholds import NAMED, Mark, cells_between, cells_of, kept, marks_of, secret_of

HES = Rule.HES
LABELS = [band.label for band in CHS_BANDS]
KENT = (30, 20, 40, 100, 50, 60, 20, 10)
AUTISM = Mark(91, 130)
"""Of 330: the 90 over 18 weeks, and 40 of the 50 who wait 12 to 18."""
MENTAL = Mark(27, 200, about=280, all_over=243)
"""Of 330: the 240 over 4 weeks and 3 on day 28; the standard is about 280, of whom 200 are over it."""


def bands(*counts: int | None) -> WaitBands:
    return WaitBands(dict(zip(LABELS, counts, strict=True)), sum(count or 0 for count in counts))


def list_of(mark: Mark, *counts: int) -> CountedList:
    return CountedList(bands(*(counts or KENT)), marks=(mark,))


def detail(service: str, weeks: tuple[int, ...] = (), **waiting: tuple[int, int]) -> Detail:
    shares = {standard: Within(*share) for standard, share in waiting.items()}
    return Detail(service, "RYY", "list", sum(KENT), KENT, weeks=weeks, waiting=shares)


def test_a_threshold_divides_its_band_and_both_halves_are_numbers():
    assert cells_of(AUTISM, bands(*KENT)) == {
        "over_91_days": 130,
        "all_within_91_days": 200,
        ">12-18 within 91 days": 10,
        ">12-18 over 91 days": 40,
    }
    assert set(secret_of(AUTISM, bands(*KENT))) == set(cells_of(AUTISM, bands(*KENT))) - {"over_91_days"}


def test_of_a_standard_about_some_everybody_else_is_a_number_too():
    assert cells_of(MENTAL, bands(*KENT)) == {
        "over_27_days": 200,
        "about_27_days": 280,
        "within_27_days": 80,
        "all_over_27_days": 243,
        "all_within_27_days": 87,
        "others_27_days": 50,
        "others_over_27_days": 43,
        "others_within_27_days": 7,
        ">2-4 within 27 days": 37,
        ">2-4 over 27 days": 3,
    }
    assert not {"over_27_days", "about_27_days"} & set(secret_of(MENTAL, bands(*KENT)))


def test_the_first_day_of_a_band_is_inside_it():
    """Of the 100 who wait 29 to 84 days, 95 are over 29."""
    mark = Mark(29, 235)
    found = cells_of(mark, bands(*KENT))
    assert (found[">4-12 within 29 days"], found[">4-12 over 29 days"]) == (5, 95)
    table = table_of_lists({"A": list_of(mark)}, made_of={}, rule=HES)
    assert [one.parts for one in table.sums if one.total == "A:over_29_days"] == [
        ("A:>4-12 over 29 days", "A:>12-18", "A:over_18_weeks")
    ]


def test_nobody_is_a_number_as_well():
    found = cells_of(Mark(91, 5), bands(0, 0, 0, 0, 0, 5, 0, 0))
    assert found == {
        "over_91_days": 5,
        "all_within_91_days": 0,
        ">12-18 within 91 days": 0,
        ">12-18 over 91 days": 0,
    }


def test_an_edge_of_bands_divides_none():
    assert cells_of(Mark(28, 240), bands(*KENT)) == {"over_28_days": 240, "all_within_28_days": 90}


@pytest.mark.parametrize(
    ("mark", "of"),
    [(AUTISM, (1, None, 3, 4, 5, 6, 7, 8)), (Mark(91, 999), KENT), (Mark(27, 5, 9, None), KENT)],
    ids=["a band is not known", "it contradicts the bands", "nobody counted the whole list"],
)
def test_what_cannot_be_known_is_no_number(mark: Mark, of: tuple[int | None, ...]):
    found = cells_of(mark, bands(*of))
    assert found[f"over_{mark.days}_days"] == mark.over
    assert None in found.values()
    assert all(count is None or count >= 0 for count in found.values())


SUMS = {
    "autism": (
        AUTISM,
        {
            "over_91_days": ((">12-18 over 91 days", "over_18_weeks"),),
            "all_within_91_days": (("0-1", ">1-2", ">2-4", ">4-12", ">12-18 within 91 days"),),
            ">12-18": ((">12-18 within 91 days", ">12-18 over 91 days"),),
            "total": (("over_91_days", "all_within_91_days", "unbanded"),),
        },
    ),
    "mental health": (
        MENTAL,
        {
            "all_over_27_days": (
                (">2-4 over 27 days", ">4-12", ">12-18", "over_18_weeks"),
                ("over_27_days", "others_over_27_days"),
            ),
            "all_within_27_days": (
                ("0-1", ">1-2", ">2-4 within 27 days"),
                ("within_27_days", "others_within_27_days"),
            ),
            ">2-4": ((">2-4 within 27 days", ">2-4 over 27 days"),),
            "about_27_days": (("within_27_days", "over_27_days"),),
            "others_27_days": (("others_over_27_days", "others_within_27_days"),),
            "total": (
                ("all_over_27_days", "all_within_27_days", "unbanded"),
                ("about_27_days", "others_27_days", "unbanded"),
            ),
        },
    ),
    "an edge": (Mark(28, 240), {"over_28_days": ((">4-12", ">12-18", "over_18_weeks"),)}),
    "beyond 18 weeks": (
        Mark(140, 80),
        {"over_140_days": ((">18-52 over 140 days", "over_52_weeks"),)},
    ),
    "beyond all": (Mark(1456, 4), {"over_1456_days": ((">104 over 1456 days",),)}),
}


@pytest.mark.parametrize("case", SUMS)
def test_a_threshold_hangs_together_with_the_bands_of_its_list(case: str):
    mark, expected = SUMS[case]
    table = table_of_lists({"A": list_of(mark)}, made_of={}, rule=HES)
    found = {(one.total, one.parts) for one in table.sums}
    wanted = {
        (f"A:{total}", tuple(f"A:{part}" for part in parts)) for total, every in expected.items() for parts in every
    }
    assert wanted <= found
    for one in table.sums:
        known = [table.counts.get(name) for name in (*one.parts, *one.less, one.total)]
        if None not in known:
            assert sum(known[: len(one.parts)]) - sum(known[len(one.parts) : -1]) == known[-1], one


EATING = (Mark(28, 230, about=310, all_over=240), Mark(7, 15, about=20, all_over=300))
"""Of 330 with an urgent 20, of whom 15 are over 1 week and 10 over 4; of the other 310 are 285 and 230."""


def test_two_standards_about_two_halves_of_a_list_hang_together():
    """Whom one is about is whom the other is not, so nothing shown of one may tell what is hidden of the other."""
    table = table_of_lists({"A": CountedList(bands(*KENT), marks=EATING)}, made_of={}, rule=HES)
    assert cells_between(EATING) == {"over_7_within_28_days": 5, "others_over_7_within_28_days": 55}
    assert {f"A:{name}" for name in cells_between(EATING)} <= table.withheld
    found = {(one.total, one.parts) for one in table.sums}
    assert {("A:about_7_days", ("A:others_28_days",)), ("A:about_28_days", ("A:others_7_days",))} <= found
    assert ("A:over_7_days", ("A:others_over_28_days", "A:over_7_within_28_days")) in found
    for one in table.sums:
        known = [table.counts.get(name) for name in (*one.parts, one.total)]
        if None not in known and not one.less:
            assert sum(known[:-1]) == known[-1], one


def test_a_single_threshold_hangs_together_with_no_other():
    assert cells_between((MENTAL, AUTISM)) == {}


def test_a_list_with_one_band_over_52_weeks_ends_with_it():
    old = WaitBands({**dict.fromkeys(LABELS[:6], 10), OVER_52: 20}, 80)
    table = table_of_lists({"A": CountedList(old, marks=(Mark(140, 25),))}, made_of={}, rule=HES)
    assert {one.parts for one in table.sums if one.total == "A:over_140_days"} == {("A:>18-52 over 140 days", "A:>52")}


def test_the_share_within_is_that_of_the_counts_as_shown():
    """Of 280, 200 are over; and 130 of 330: not what bands alone would make of either."""
    plan = protect(table_of_lists({"A": list_of(MENTAL)}, made_of={}, rule=HES), HES)
    assert (share_from_shown(plan, "A", 27), share_method_from_shown(plan, "A", 27)) == (80 / 280, "exact")
    plan = protect(table_of_lists({"A": list_of(AUTISM)}, made_of={}, rule=HES), HES)
    assert (share_from_shown(plan, "A", 91), share_method_from_shown(plan, "A", 91)) == (200 / 330, "exact")


@pytest.mark.parametrize(("mark", "method"), [(AUTISM, "interpolated"), (Mark(28, 240), "exact")])
def test_where_nobody_is_told_of_how_many_the_share_is_that_of_the_bands(mark: Mark, method: str):
    """By `mhsds` it is not shown that nobody is without a band."""
    plan = protect(table_of_lists({"A": list_of(mark)}, made_of={}, rule=Rule.MHSDS), Rule.MHSDS)
    assert (plan.shown["A:unbanded"], plan.shown[f"A:over_{mark.days}_days"]) == (None, mark.over)
    within = sum(KENT[:3]) if mark.days == 28 else sum(KENT[:4]) + 50 / 6
    assert share_from_shown(plan, "A", mark.days) == round(within / 330, 2)
    assert share_method_from_shown(plan, "A", mark.days) == method


def test_a_share_of_a_hidden_number_is_not_made_of_bands():
    one = list_of(Mark(91, 3), 30, 20, 40, 100, 10, 0, 0, 0)
    plan = protect(table_of_lists({"A": one}, made_of={}, rule=HES), HES)
    assert plan.shown["A:over_91_days"] is None
    assert (share_from_shown(plan, "A", 91), share_method_from_shown(plan, "A", 91)) == (None, None)


@pytest.mark.parametrize("mark", [Mark(27, 0, about=5, all_over=243), Mark(27, 3, about=280, all_over=243)])
def test_a_share_of_some_whose_number_is_hidden_is_not_that_of_the_whole_list(mark: Mark):
    """Of 5, none is over: the bands of all 330 children would make less than a half of that."""
    plan = protect(table_of_lists({"A": list_of(mark)}, made_of={}, rule=HES), HES)
    assert None in {plan.shown["A:over_27_days"], plan.shown["A:about_27_days"]}
    assert (share_from_shown(plan, "A", 27), share_method_from_shown(plan, "A", 27)) == (None, None)


@pytest.mark.parametrize("rule", Rule)
def test_what_is_left_of_a_band_is_never_shown(rule: Rule):
    plan = protect(table_of_lists({"A": list_of(MENTAL)}, made_of={}, rule=rule), rule)
    assert (plan.shown["A:over_27_days"], plan.shown["A:about_27_days"]) == (200, 280)
    assert {plan.shown[f"A:{name}"] for name in secret_of(MENTAL, bands(*KENT))} == {None}


def test_a_list_counted_by_itself_says_who_is_over_its_standards():
    assert kept(detail("ASD", ASD_NICE_13W=(200, 330))) == {("over_days", "91"): 130}
    assert kept(detail("ADHD", ADHD_LOCAL_18W=(240, 330), ADHD_LOCAL_52W=(300, 330))) == {}
    assert kept(detail("ASD", ADHD_LOCAL_18W=(240, 330), ASD_NICE_13W=(200, 330))) == {("over_days", "91"): 130}
    assert {126, 364, 728} == NAMED
    weeks = (30, 20, 20, 17, 13, *(0 for _ in range(10)), 230)
    assert kept(detail("CAMHS", weeks, CYPMH_4W=(80, 280))) == {
        ("over_days", "27"): 200,
        ("about_days", "27"): 280,
        ("all_over_days", "27"): 243,
    }
    assert kept(detail("CAMHS", CYPMH_4W=(80, 280)))["all_over_days", "27"] is None
    assert kept(detail("CAMHS_ED", CYPED_ROUTINE=(60, 200)))["all_over_days", "28"] == 240


def test_the_marks_of_a_sheet_are_those_of_its_figures():
    cells = {
        ("waiting", "total"): 330,
        ("over_days", "27"): 200,
        ("about_days", "27"): 280,
        ("all_over_days", "27"): 243,
    }
    assert marks_of(cells) == (MENTAL,)
    assert counted(cells, None).marks == (MENTAL,)
    assert marks_of({("over_days", "91"): 130, ("waiting", "total"): 330}) == (AUTISM,)


def test_a_name_is_of_one_standard_of_a_service():
    """Numbers over a threshold are named by its days, so no service may have two that are about different children."""
    services = {service for standard in STANDARDS.values() for service in standard.services}
    for service in services:
        days = [last_day_within(one) for one in standards_for(service) if last_day_within(one) not in NAMED]
        assert len(days) == len(set(days)), service


def test_standards_about_some_are_known():
    assert set(STANDARDS) >= OF_SOME


def test_no_service_has_more_than_two_standards_about_some():
    """Two are about the two halves of a list, as `cells_between` has them; of three that would not be so."""
    services = [service for standard in OF_SOME for service in STANDARDS[standard].services]
    assert {service for service in services if services.count(service) > 1} == {"CAMHS_ED"}
    assert len(services) == 3
