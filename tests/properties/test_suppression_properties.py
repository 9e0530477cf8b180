"""What must hold for anything that is shown below England, whatever the numbers."""

import itertools
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from waitlists.bands import CHS_BANDS, WaitBands, merge
from waitlists.domain import Level
from waitlists.suppression import (
    CountedList,
    Row,
    Rule,
    Shape,
    ShareOf,
    Sum,
    Table,
    disclose,
    protect,
    shown_count,
    shown_forecast,
    shown_share,
    table_of_lists,
)
from waitlists.suppression.columns import Column, Columns
from waitlists.suppression.rules import is_small, small_span, span_of
from waitlists.suppression.tables import LEAST, heights

RULES = st.sampled_from(Rule)
COUNTS = st.integers(0, 40) | st.integers(0, 20_000)
SMALL_COUNTS = st.integers(0, 30)
LABELS = [band.label for band in CHS_BANDS]


@given(COUNTS, RULES)
def test_a_small_count_is_never_shown_and_any_other_is_within_two(count: int, rule: Rule) -> None:
    shown = shown_count(count, rule)
    if is_small(count, rule):
        assert shown is None
    else:
        assert shown is not None
        assert abs(shown - count) <= 2
        assert shown % 5 == 0
        assert not 1 <= shown <= 4


@given(COUNTS)
def test_nobody_can_be_said_under_hes_only(count: int) -> None:
    assert (shown_count(count, Rule.HES) == 0) == (count == 0)
    assert shown_count(count, Rule.MHSDS) != 0


@given(COUNTS, RULES)
def test_showing_what_is_shown_changes_nothing(count: int, rule: Rule) -> None:
    shown = shown_count(count, rule)
    assert shown_count(shown, rule) == shown


@given(COUNTS, COUNTS, RULES)
def test_the_order_of_shown_counts_is_that_of_the_counts(one: int, other: int, rule: Rule) -> None:
    low, high = (shown_count(count, rule) for count in sorted((one, other)))
    assert low is None or high is None or low <= high


@given(st.lists(st.floats(0, 5000), min_size=2, max_size=9), RULES)
def test_quantiles_keep_their_order(values: list[float], rule: Rule) -> None:
    shown = [one for value in sorted(values) if (one := shown_forecast(value, rule)) is not None]
    assert shown == sorted(shown)


@given(COUNTS, COUNTS, RULES)
def test_a_share_of_shown_counts_is_a_share(one: int, other: int, rule: Rule) -> None:
    part, whole = sorted((one, other))
    share = shown_share(shown_count(part, rule), shown_count(whole, rule), rule)
    assert share is None or 0 <= share <= 1


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Two levels of sums over few small numbers, in which much gives much away."""
    rows = draw(st.lists(st.lists(SMALL_COUNTS, min_size=2, max_size=3), min_size=1, max_size=3))
    counts: dict[str, int | None] = {}
    sums: list[Sum] = []
    for place, row in enumerate(rows):
        names = tuple(f"{place}/{column}" for column in range(len(row)))
        counts.update(zip(names, row, strict=True))
        counts[f"{place}"] = sum(row)
        sums.append(Sum(f"{place}", names))
    counts["all"] = sum(map(sum, rows))
    return Table(counts, (*sums, Sum("all", tuple(f"{place}" for place in range(len(rows))))))


@given(tables(), RULES)
def test_the_truth_always_fits_what_is_shown(table: Table, rule: Rule) -> None:
    plan = protect(table, rule)
    for name, shown in plan.shown.items():
        count = table.counts[name] or 0
        assert (shown is None) == (name in plan.hidden)
        if shown is not None:
            low, high = span_of(shown, rule)
            assert low <= count <= high
        if is_small(count, rule):
            assert shown is None


@given(tables(), RULES)
def test_a_small_number_can_still_have_several_values_beside_each_sum(table: Table, rule: Rule) -> None:
    plan = protect(table, rule)
    left = left_by_search(table, plan.shown, {name for name in plan.hidden if name not in plan.extra}, rule)
    for name, (low, high) in left.items():
        if name in plan.hidden - plan.extra:
            assert high - low + 1 >= LEAST


def left_by_search(
    table: Table, shown: Mapping[str, int | None], small: set[str], rule: Rule
) -> dict[str, tuple[int, int]]:
    """The oracle: narrow by trying, one sum after the other, every value of a member against the ends of the rest."""
    spans = {name: _span(name, shown, small, rule) for name in table.counts}
    for _ in range(60):
        before = dict(spans)
        for one in table.sums:
            signs = {**dict.fromkeys(one.parts, 1), one.total: -1}
            for name, sign in signs.items():
                rest = [
                    sorted((other_sign * spans[other][0], other_sign * spans[other][1]))
                    for other, other_sign in signs.items()
                    if other != name
                ]
                least, most = (sum(ends[side] for ends in rest) for side in (0, 1))
                fits = [v for v in range(spans[name][0], spans[name][1] + 1) if least <= -sign * v <= most]
                spans[name] = (fits[0], fits[-1])
        if spans == before:
            return spans
    return spans


def _span(name: str, shown: Mapping[str, int | None], small: set[str], rule: Rule) -> tuple[int, int]:
    value = shown[name]
    if value is not None:
        return span_of(value, rule)
    return small_span(rule) if name in small else (0, 400)


@given(tables(), RULES)
def test_hiding_more_only_hides(table: Table, rule: Rule) -> None:
    plan, alone = protect(table, rule), protect(Table(table.counts), rule)
    assert alone.extra == frozenset()
    assert {name: shown for name, shown in alone.shown.items() if name not in plan.extra} == {
        name: shown for name, shown in plan.shown.items() if name not in plan.extra
    }


@given(tables(), RULES, st.randoms())
def test_the_order_of_sums_and_names_does_not_matter(table: Table, rule: Rule, draw) -> None:
    names, sums = list(table.counts), list(table.sums)
    draw.shuffle(names)
    draw.shuffle(sums)
    mixed = Table({name: table.counts[name] for name in names}, tuple(sums))
    assert protect(mixed, rule) == protect(table, rule)


@given(tables())
def test_totals_are_higher_than_what_they_are_made_of(table: Table) -> None:
    found = heights(table.sums)
    for one in table.sums:
        assert all(found.get(part, 0) < found[one.total] for part in one.parts)


LISTS = st.builds(
    lambda counts, unbanded: WaitBands(dict(zip(LABELS, counts, strict=True)), sum(counts) + unbanded),
    st.lists(st.integers(0, 15), min_size=8, max_size=8),
    st.integers(0, 9),
)


@given(LISTS, LISTS, RULES)
def test_every_cut_of_lists_adds_up_and_no_small_number_is_shown(one: WaitBands, other: WaitBands, rule: Rule) -> None:
    lists = {"A": CountedList(one), "B": CountedList(other), "Q": CountedList(merge(one, other))}
    table = table_of_lists(lists, made_of={"Q": ("A", "B")}, rule=rule)
    for total in table.sums:
        if all(table.counts.get(name) is not None for name in (*total.parts, *total.less, total.total)):
            assert sum(table.counts[name] or 0 for name in total.parts) == table.counts[total.total]
    plan = protect(table, rule)
    assert not [name for name, count in table.counts.items() if count and count < 5 and plan.shown[name] is not None]


ANSWERS = st.fixed_dictionaries(
    {
        "bands": st.lists(st.fixed_dictionaries({"label": st.just(">1-2"), "count": SMALL_COUNTS}), max_size=5),
        "day": st.dates(),
        "version": st.integers(1, 9),
    }
).map(lambda answer: {**answer, "all": sum(band["count"] for band in answer["bands"]), "share": 0.123456})
SHAPE = Shape(
    counts={"/bands/*/count": "bands/*", "/all": "all"},
    sums=(Sum("all", ("bands/*",)),),
    shares={"/share": ShareOf("all", "all")},
    plain=("/version",),
)


@given(ANSWERS, RULES, st.sampled_from(Level), st.booleans())
def test_england_and_published_figures_are_left_as_they_are(
    answer, rule: Rule, level: Level, is_published: bool
) -> None:
    shown, hidden = disclose(Row(answer, SHAPE, level, is_published=is_published), rule=rule)
    if level == Level.ENGLAND or is_published:
        assert shown == {**answer, "suppressed": []}
        assert hidden == ()
    else:
        assert shown["day"] == answer["day"]
        assert shown["version"] == answer["version"]


@given(ANSWERS, RULES)
def test_pointers_are_exactly_those_of_what_is_hidden(answer, rule: Rule) -> None:
    shown, hidden = disclose(Row(answer, SHAPE, Level.ICB, is_published=False), rule=rule)
    counts = {"/all": shown["all"], "/share": shown["share"]}
    counts |= {f"/bands/{place}/count": band["count"] for place, band in enumerate(shown["bands"])}
    assert sorted(pointer for pointer, value in counts.items() if value is None) == sorted(hidden)
    assert shown["suppressed"] == list(hidden)


@given(ANSWERS, RULES)
def test_disclosing_an_answer_twice_changes_nothing(answer, rule: Rule) -> None:
    once, hidden = disclose(Row(answer, SHAPE, Level.ICB, is_published=False), rule=rule)
    assert disclose(Row(once, SHAPE, Level.ICB, is_published=False), rule=rule) == (once, hidden)


def test_a_single_sum_gives_nothing_away_even_to_who_knows_how_numbers_are_chosen() -> None:
    """Every table of three numbers below 20 is disclosed; two at least lie behind each answer with a hidden number."""
    for rule in Rule:
        behind: dict[object, list[dict[str, int]]] = {}
        for a, b, c in itertools.product(range(16), repeat=3):
            counts = {"a": a, "b": b, "c": c, "all": a + b + c}
            plan = protect(Table(counts, (Sum("all", ("a", "b", "c")),)), rule)
            behind.setdefault((tuple(plan.shown.items()), bool(plan.extra)), []).append(counts)
        for shown, same in behind.items():
            for name, value in shown[0]:
                # Larger tables lie behind what is shown of the largest of these, so nothing is said of those.
                if value is None and max(v or 0 for _, v in shown[0][:3]) <= 10:
                    assert len({counts[name] for counts in same}) > 1, (rule, shown)


VALUES = st.none() | st.integers(0, 30) | st.floats(0, 1) | st.booleans() | st.sampled_from(["SALT", "All 3 wait."])
ITEMS = st.lists(st.dictionaries(st.sampled_from(["count", "share", "id", "new~/field"]), VALUES), max_size=6)


@given(ITEMS, st.data())
def test_items_are_shown_by_field_as_they_are_by_pointer(items: list[dict[str, Any]], data: st.DataObject) -> None:
    """The same items with each number declared by a pointer of its own, which is walked to one by one."""

    def drawn(values: st.SearchStrategy[Any]) -> list[Any]:
        return data.draw(st.lists(values, min_size=len(items), max_size=len(items)))

    exact, shares = drawn(st.none() | st.integers(0, 30)), drawn(st.none() | st.floats(0, 1))
    unsaid = {
        place: is_hidden for place, is_hidden in enumerate(drawn(st.none() | st.booleans())) if is_hidden is not None
    }
    names = [f"week {place}" for place in range(len(items))]
    table = Table(dict(zip(names, exact, strict=True)))
    plan = protect(table, Rule.HES)
    by_field = {"count": Column([plan.shown[name] for name in names], exact), "share": Column(shares, unsaid=unsaid)}
    whole = Shape(columns={"/steps": Columns(by_field, plain=frozenset({"id"}))})
    single = Shape(
        counts={f"/steps/{place}/count": name for place, name in enumerate(names)},
        remade={f"/steps/{place}/share": lambda _, one=one: one for place, one in enumerate(shares)},
        unsaid={f"/steps/{place}/share": is_hidden for place, is_hidden in unsaid.items()},
        plain=("/steps/*/id",),
    )
    rows = [Row({"steps": items}, shape, Level.ICB, False, table, plan) for shape in (whole, single)]
    one, other = (disclose(row, rule=Rule.HES) for row in rows)
    assert one.answer["steps"] == other.answer["steps"]
    assert sorted(one.suppressed) == sorted(other.suppressed)
