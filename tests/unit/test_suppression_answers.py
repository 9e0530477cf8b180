"""The edge: what becomes of answers in the forms of the API, and what is refused."""

from copy import deepcopy
from dataclasses import replace

import pytest

from tests.disclosed import (
    CLEARANCE,
    CLEARANCE_SHAPE,
    FORECAST,
    FORECAST_SHAPE,
    ORG,
    SERIES,
    exact_numbers,
    list_answer,
    list_shape,
    series_shape,
)
from waitlists.bands import CHS_BANDS, WaitBands
from waitlists.domain import Level
from waitlists.suppression import (
    Change,
    CountedList,
    Disclosed,
    Row,
    Rule,
    Shape,
    ShareOf,
    Statistic,
    Sum,
    Table,
    cut,
    disclose,
    disclose_rows,
    protect,
    table_of_lists,
)
from waitlists.suppression.columns import Column, Columns

HES, MHSDS = Rule.HES, Rule.MHSDS
LABELS = [band.label for band in CHS_BANDS]


def bands(*counts: int, total: int | None = None) -> WaitBands:
    return WaitBands(dict(zip(LABELS, counts, strict=True)), sum(counts) if total is None else total)


SMALL = exact_numbers(bands(21, 0, 33, 58, 12, 43, 9, 3))
"""A list of 179, of whom 3 wait over 104 weeks."""


def shown(counted: CountedList, rule: Rule = HES) -> Disclosed:
    answer = list_answer(counted)
    table = table_of_lists({ORG: counted}, made_of={}, rule=rule)
    return disclose(Row(answer, list_shape(answer), Level.ICB, is_published=False, table=table), rule=rule)


def own(answer, shape: Shape, rule: Rule = HES) -> Disclosed:
    return disclose(Row(answer, shape, Level.PROVIDER, is_published=False), rule=rule)


def test_a_waiting_list_is_shown_to_the_nearest_five_without_its_small_numbers():
    answer, hidden = shown(SMALL)
    assert [band["count"] for band in answer["bands"]] == [20, 0, 35, 60, 10, 45, 10, None]
    assert (answer["list_size"], answer["unbanded"]) == (180, 0)
    assert [answer[f"over_{weeks}_weeks"] for weeks in (18, 52, 104)] == [55, 10, None]
    assert hidden == tuple(answer["suppressed"])
    assert set(hidden) >= {"/bands/7/count", "/over_104_weeks", "/residual"}
    assert (answer["period_end"], answer["dataset_version"]) == ("2024-11-30", 2)
    assert answer["bands"][7]["from_days"] == 729


def test_what_is_worked_out_is_worked_out_from_what_is_shown():
    answer, _ = shown(SMALL)
    assert [one["share"] for one in answer["shares"]] == [125 / 180, 170 / 180]
    assert answer["coverage"] == 180 / answer["adjusted"]["list_size"]
    assert (answer["median_wait"], answer["p92_wait"]) == (9, None)  # the 3 hidden decide
    assert answer["sentence"] == "180 waiting at the end of November 2024."


def test_under_mhsds_nobody_and_few_look_the_same():
    answer, hidden = shown(SMALL, MHSDS)
    assert answer["bands"][1]["count"] is None
    assert answer["bands"][7]["count"] is None
    assert {"/bands/1/count", "/unbanded"} <= set(hidden)


def test_a_list_too_small_to_be_shown_says_so_in_words():
    answer, hidden = shown(CountedList(bands(0, 0, 0, 4, 0, 0, 0, 0)))
    assert answer["list_size"] is None
    assert answer["sentence"] == "fewer than 8 waiting at the end of November 2024."
    assert (answer["median_wait"], answer["shares"][0]["share"]) == (None, None)
    assert {"/list_size", "/median_wait", "/shares/0/share"} <= set(hidden)


def test_an_empty_list_can_be_said_under_hes():
    answer, _ = shown(CountedList(bands(0, 0, 0, 0, 0, 0, 0, 0)))
    assert answer["sentence"].startswith("0 waiting")
    assert answer["over_18_weeks"] == 0


def test_flows_are_shown_where_none_of_them_is_small():
    counted = CountedList(
        bands(40, 30, 50, 60, 20, 30, 20, 10), opening=250, referrals=31, removals={"treated": 13, "declined": 8}
    )
    answer, hidden = shown(counted)
    assert (answer["referrals"], answer["removals"]) == (30, {"treated": 15, "declined": 10})
    assert answer["balanced"] is True
    assert "/residual" in hidden
    few, hidden = shown(replace(counted, opening=237, referrals=31, removals={"treated": 8}))
    assert few["removals"] == {"treated": 10}
    none, hidden = shown(replace(counted, opening=232, referrals=31, removals={"treated": 3}))
    assert (none["referrals"], none["removals"]) == (None, {"treated": None})
    assert {"/referrals", "/removals/treated"} <= set(hidden)


def test_the_answer_given_in_is_not_changed():
    answer = list_answer(SMALL)
    before = deepcopy(answer)
    own(answer, list_shape(answer))
    assert answer == before


@pytest.mark.parametrize(("level", "is_published"), [(Level.ENGLAND, False), (Level.ICB, True)])
def test_england_and_published_figures_stay_exact(level: Level, is_published: bool):
    answer = list_answer(SMALL)
    done = disclose(Row(answer, Shape(), level, is_published=is_published), rule=HES)
    assert done == ({**answer, "suppressed": []}, ())


def forecast(last: int | None) -> Disclosed:
    table = Table({"last": last})
    return disclose(Row(FORECAST, FORECAST_SHAPE, Level.ICB, is_published=False, table=table), rule=HES)


def test_a_forecast_is_rounded_and_its_scores_are_coarse():
    answer, hidden = forecast(8300)
    assert list(answer["points"][0]["quantiles"].values()) == [8100, 8200, 8300, 8400, 8505]
    assert answer["scores"] == {"naive": {"n": 8, "wis": None, "mase": 1.0, "coverage80": 0.75, "coverage95": 1.0}}
    assert hidden == ("/scores/naive/wis",)
    assert answer["sentence"] == "8,300 were waiting last."


def test_quantiles_are_hidden_one_by_one_and_keep_their_order():
    few = deepcopy(FORECAST)
    few["points"][0]["quantiles"] = {"0.1": 0.2, "0.25": 3.0, "0.5": 7.4, "0.9": 7.6, "0.975": 13.1}
    answer, hidden = own(
        few, replace(FORECAST_SHAPE, forecasts={"/points/*/quantiles/*": None}, remade={"/sentence": str})
    )
    assert answer["points"][0]["quantiles"] == {"0.1": 0, "0.25": None, "0.5": None, "0.9": 10, "0.975": 15}
    assert set(hidden) >= {"/points/0/quantiles/0.25", "/points/0/quantiles/0.5"}


def test_a_forecast_that_continues_a_hidden_number_is_hidden():
    answer, hidden = forecast(5)
    assert set(answer["points"][0]["quantiles"].values()) == {None}
    assert "/points/0/quantiles/0.5" in hidden
    assert answer["sentence"] == "fewer than 8 were waiting last."


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (1651, {"p_by_horizon": 0.35, "p50": "2027-01-04", "curve": [{"date": "2026-12-28", "p": 0.12}]}),
        (7, {"p_by_horizon": None, "p50": None, "curve": [{"date": "2026-12-28", "p": None}]}),
    ],
)
def test_chances_are_coarse_and_days_are_shown_only_with_their_list(last: int, expected):
    """Chances to 16 decimals for 104 weeks would give the list away; so would the day on which it may be empty."""
    table = Table({"last": last})
    answer, hidden = disclose(Row(CLEARANCE, CLEARANCE_SHAPE, Level.ICB, is_published=False, table=table), rule=HES)
    shown = answer["clearance"][0]
    assert {name: shown[name] for name in expected} == expected
    assert shown["details"] is None
    assert ("/clearance/0/curve/0/p" in hidden) == (last == 7)


def test_a_series_is_hidden_point_by_point():
    series = {**SERIES, "points": [{**SERIES["points"][0], "value": value} for value in (13, 7, None)]}
    names = [f"week {at}" for at in range(3)]
    table = Table(dict(zip(names, (13, 7, None), strict=True)))
    answer, hidden = disclose(Row(series, series_shape(names), Level.ICB, is_published=False, table=table), rule=HES)
    assert [point["value"] for point in answer["points"]] == [15, None, None]
    assert [pointer for pointer in hidden if "value" in pointer] == ["/points/1/value"]


CHANGED = Shape(
    counts={"/now": "now", "/before": "before"},
    changes={"/change": Change("now", "before")},
    shares={"/share": ShareOf("now", "before")},
    statistics={"/mean": Statistic("now", lambda plan: 2.0 * (plan.shown["now"] or 0))},
)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (102, 98, {"change": 0, "share": 1.0, "mean": 200.0}),
        (103, 97, {"change": 10, "share": 105 / 95, "mean": 210.0}),
        (7, 12, {"change": None, "share": None, "mean": None}),
        (12, 7, {"change": None, "share": None, "mean": 20.0}),
    ],
)
def test_changes_shares_and_means_follow_the_counts(now: int, before: int, expected: dict[str, float | None]):
    exact = {"now": now, "before": before, "change": now - before, "share": now / before, "mean": 19.77}
    answer, hidden = own(exact, CHANGED)
    assert {name: answer[name] for name in expected} == expected
    assert {f"/{name}" for name, value in answer.items() if value is None} == set(hidden)


def test_what_was_null_before_is_not_called_suppressed():
    answer, hidden = own({"now": None, "before": 20, "change": None, "share": None, "mean": None}, CHANGED)
    assert (answer["now"], answer["change"], answer["before"], hidden) == (None, None, 20, ())


def test_what_was_suppressed_before_stays_so():
    answer, hidden = own({"now": None, "before": 20, "suppressed": ["/now"]}, CHANGED)
    assert (answer["suppressed"], hidden) == (["/now"], ("/now",))


@pytest.mark.parametrize(
    ("more", "shown", "pointers"),
    [
        ({"new_field": 3}, {"new_field": None}, ["/new_field"]),
        ({"deep": [{"a/b": 0.5}]}, {"deep": [{"a/b": None}]}, ["/deep/0/a~1b"]),
        ({"~": 2}, {"~": None}, ["/~0"]),
        ({"sentence": "In all 3 children wait."}, {"sentence": None}, []),
    ],
)
def test_what_no_shape_declares_is_withheld(more, shown, pointers: list[str]):
    answer, hidden = own({"now": 12, **more}, CHANGED)
    assert answer == {"now": 10, **shown, "suppressed": pointers}
    assert list(hidden) == pointers


@pytest.mark.parametrize("value", [True, "SALT", "2025-03-31", ">104", "no figure here", None])
def test_what_counts_nobody_needs_no_declaration(value: object):
    assert own({"now": 12, "other": value}, CHANGED).answer["other"] == value


@pytest.mark.parametrize("table", [Table({"now": 13}), Table({})])
def test_a_number_that_its_table_knows_otherwise_is_withheld(table: Table):
    done = disclose(Row({"now": 12}, CHANGED, Level.ICB, is_published=False, table=table), rule=HES)
    assert done == ({"now": None, "suppressed": ["/now"]}, ("/now",))


def test_the_sums_of_a_shape_protect_an_answer_by_itself():
    shape = Shape(
        counts={"/parts/*": "parts/*", "/all": "all", "/lost": "lost"},
        sums=(Sum("all", ("parts/*",), less=("lost",)),),
    )
    answer, hidden = own({"parts": [8, 8, 1], "all": 17, "lost": 0}, shape)
    assert answer == {"parts": [None, None, None], "all": 15, "lost": 0, "suppressed": list(hidden)}
    assert hidden == ("/parts/0", "/parts/1", "/parts/2")


def row(count: int, *, is_published: bool, level: Level = Level.ICB) -> Row:
    return Row({"now": count}, CHANGED, level, is_published)


def test_published_figures_alone_are_repeated_exactly():
    rows = [row(1651, is_published=True), row(3, is_published=False, level=Level.ENGLAND)]
    answers, hidden = disclose_rows(rows, rule=HES)
    assert answers == [{"now": 1651, "suppressed": []}, {"now": 3, "suppressed": []}]
    assert hidden == [(), ()]


def test_published_figures_beside_our_own_are_rounded_like_these():
    rows = [
        row(1651, is_published=True),
        row(3, is_published=False),
        row(1651, is_published=False, level=Level.ENGLAND),
    ]
    answers, hidden = disclose_rows(rows, rule=HES)
    assert [answer["now"] for answer in answers] == [1650, None, 1651]
    assert hidden == [(), ("/now",), ()]


def test_a_pointer_with_a_star_fills_in_the_name_of_a_count():
    shape = Shape(counts={"/*/by/*": "*:*"}, plain=("/day",))
    table = Table({"A:treated": 12, "B:died": 2})
    answer = {"A": {"by": {"treated": 12}}, "B": {"by": {"died": 2}}, "day": 3}
    done = disclose(Row(answer, shape, Level.ICB, is_published=False, table=table), rule=HES)
    assert done.answer == {
        "A": {"by": {"treated": 10}},
        "B": {"by": {"died": None}},
        "day": 3,
        "suppressed": ["/B/by/died"],
    }


def test_a_whole_branch_can_be_withheld_or_made_again():
    shape = Shape(withheld=("/details", "/gone/**"), remade={"/note": lambda plan: f"by {plan.rule}"})
    answer, hidden = own({"details": {"rate": 1.23456}, "gone": [1, 2], "note": "It was 3 people."}, shape)
    assert answer == {"details": None, "gone": None, "note": "by hes", "suppressed": ["/details", "/gone"]}
    assert hidden == ("/details", "/gone")


def test_what_is_no_more_in_a_branch_made_again_is_pointed_at():
    shape = Shape(remade={"/made": lambda _: {"list_size": None, "kept": 3, "note": None, "deep": [{"n": None}]}})
    made = {"list_size": 12, "kept": 3, "note": "12 wait", "deep": [{"n": 1}], "gone": 4}
    assert own({"made": made}, shape).suppressed == ("/made/list_size", "/made/deep/0/n")


def test_a_plan_that_was_made_before_is_used():
    table = Table({"now": 12})
    plan = protect(Table({"now": 12}, withheld=frozenset({"now"})), HES)
    done = disclose(Row({"now": 12}, CHANGED, Level.ICB, is_published=False, table=table, plan=plan), rule=HES)
    assert done.suppressed == ("/now",)


@pytest.mark.parametrize("at", ["/a/b", "/a/*"])
def test_of_two_declarations_the_stricter_holds(at: str):
    both = Shape(counts={at: "n"}, plain=(at,), forecasts={"/a/c": None})
    assert own({"a": {"b": 12}}, both).answer["a"] == {"b": 10}
    assert own({"a": {"b": 12}}, replace(both, withheld=(at,))).answer["a"] == {"b": None}


STEPS = Shape(
    columns={
        "/steps": Columns(
            {"value": Column([10, None, 15], exact=[12, 3, 13]), "share": Column([0.5, None, None], unsaid={1: True})},
            plain=frozenset({"id"}),
        )
    }
)


def test_many_items_are_shown_a_field_at_a_time():
    rows = ((1, 12, 0.52), (2, 3, None), (3, 14, 0.1))
    steps = [dict(zip(("id", "value", "share"), row, strict=True)) for row in rows]
    answer, hidden = own({"steps": steps}, STEPS)
    assert answer["steps"] == [
        {"id": 1, "value": 10, "share": 0.5},
        {"id": 2, "value": None, "share": None},
        {"id": 3, "value": None, "share": None},  # 14 is not what was audited
    ]
    assert hidden == ("/steps/1/value", "/steps/1/share", "/steps/2/value", "/steps/2/share")


def test_a_field_that_an_item_does_not_have_is_not_made():
    answer, hidden = own({"steps": [{"share": 0.2}, {"id": 2}, {"share": None}]}, STEPS)
    assert answer["steps"] == [{"share": 0.5}, {"id": 2}, {"share": None}]
    assert hidden == ()


@pytest.mark.parametrize(
    ("value", "left", "pointers"),
    [
        (3, None, ("/steps/0/a~1b",)),
        ([3], None, ("/steps/0/a~1b",)),
        ("All 3 wait.", None, ()),
        ("SALT", "SALT", ()),
        (True, True, ()),
        (None, None, ()),
    ],
)
def test_a_field_of_items_that_nobody_declared_is_left_out_where_it_says_something(value, left, pointers):
    answer, hidden = own({"steps": [{"a/b": value}, {}, {"id": 2}]}, STEPS)
    assert answer["steps"] == [{"a/b": left}, {}, {"id": 2}]
    assert hidden == pointers


def test_tuples_are_answered_as_lists():
    assert own({"now": 12, "blocks": ("copied", "frozen")}, CHANGED).answer["blocks"] == ["copied", "frozen"]


def test_the_cut_of_an_organisation_has_one_name():
    assert cut("RYY", "total") == "RYY:total"


@pytest.mark.parametrize("exact", [None, 9])
@pytest.mark.parametrize(("size", "points"), [(0, True), (3, True), (40, False)])
def test_a_wait_is_pointed_to_or_not_whether_or_not_there_is_one(size, points, exact):
    shape = Shape(
        counts={"/list_size": "total"},
        remade={"/median_wait": lambda plan: 9 if (plan.shown["total"] or 0) > 7 else None},
        unsaid={"/median_wait": size < 8},
    )
    table = Table({"total": size}, (), withheld=frozenset({"total"} if size < 8 else ()))
    answer = {"list_size": size, "median_wait": exact}
    shown, hidden = disclose(Row(answer, shape, Level.ICB, is_published=False, table=table), rule=Rule.HES)
    assert shown["median_wait"] == (None if points else 9)
    assert ("/median_wait" in hidden) is points
