import pytest

from waitlists.bands import (
    CHS_BANDS,
    OVER_52,
    WaitBand,
    WaitBands,
    band_of,
    banded_total,
    first_day_over,
    is_far_from_total,
    merge,
    over_weeks,
    percentile_wait,
    rows,
    share_within,
    unbanded,
    usable_bands,
    usable_spreads,
)
from waitlists.errors import BadArgument

LABELS = ["0-1", ">1-2", ">2-4", ">4-12", ">12-18", ">18-52", ">52-104", ">104"]
OLD_LABELS = [*LABELS[:6], ">52"]


def new(*numbers: int | None, total: int | None) -> WaitBands:
    return WaitBands(dict(zip(LABELS, numbers, strict=True)), total)


def old(*numbers: int | None, total: int | None) -> WaitBands:
    return WaitBands(dict(zip(OLD_LABELS, numbers, strict=True)), total)


def test_the_bands_are_those_printed_and_leave_no_day_without_a_home() -> None:
    assert [band.label for band in CHS_BANDS] == LABELS
    assert CHS_BANDS[0].from_days == 0
    assert [band.to_days for band in CHS_BANDS[:-1]] == [band.from_days - 1 for band in CHS_BANDS[1:]]
    assert [band.width_days for band in CHS_BANDS] == [8, 7, 14, 56, 42, 238, 364, None]
    assert CHS_BANDS[-1] == WaitBand(">104", 729, None)


def test_absent_bands_are_unknown_and_bands_come_in_order() -> None:
    bands = WaitBands({">1-2": 4, "0-1": 3}, 7)
    assert list(bands.counts.items()) == [("0-1", 3), (">1-2", 4), *((label, None) for label in LABELS[2:])]
    assert bands == WaitBands({"0-1": 3, ">1-2": 4, ">104": None}, 7)


def test_rows_hold_label_first_day_last_day_and_count() -> None:
    found = rows(old(1, 2, 3, 4, 5, 6, None, total=40))
    assert found[0] == ("0-1", 0, 7, 1)
    assert found[5:] == ((">18-52", 127, 364, 6), (OVER_52, 365, None, None))
    assert rows(WaitBands({}, None))[-1] == (">104", 729, None, None)


@pytest.mark.parametrize(
    ("counts", "total", "field", "sentence"),
    [
        ({"1-2": 5}, 5, "bands", "expected the wait bands of the workbooks"),
        ({">52": 5, ">104": 1}, 9, "bands", "one band over 52 weeks or its parts"),
        ({">52": 5, ">52-104": None}, 9, "bands", "one band over 52 weeks or its parts"),
        ({"0-1": -1}, 5, "counts", "never negative"),
        ({"0-1": None}, -1, "counts", "never negative"),
        ({"0-1": 3, ">1-2": 3}, 5, "total", "the bands hold more children than the list"),
        ({"0-1": 6, ">1-2": None}, 5, "total", "the bands hold more children than the list"),
    ],
)
def test_bands_that_cannot_be_are_refused(
    counts: dict[str, int | None], total: int | None, field: str, sentence: str
) -> None:
    with pytest.raises(BadArgument, match=sentence) as refused:
        WaitBands(counts, total)
    assert refused.value.field == field


def test_a_total_of_exactly_the_bands_or_none_is_taken() -> None:
    assert WaitBands({"0-1": 3, ">1-2": 2}, 5).total == 5
    assert WaitBands({"0-1": 0}, 0).counts["0-1"] == 0
    assert WaitBands({"0-1": 3}, None).total is None


def test_bands_over_their_total_are_put_aside_and_the_total_stays() -> None:
    kept = usable_bands({"0-1": 3, ">1-2": None, ">52": 3}, 5)
    assert kept == old(None, None, None, None, None, None, None, total=5)
    assert usable_bands({"0-1": 3, ">1-2": 2}, 5).counts["0-1"] == 3
    assert usable_bands({"0-1": 3}, None).counts["0-1"] == 3
    assert usable_bands({"0-1": 0, ">1-2": 0}, 5).counts["0-1"] is None
    assert usable_bands({"0-1": 0, ">1-2": None}, 5).counts["0-1"] == 0
    assert usable_bands({"0-1": 0}, 0).counts["0-1"] == 0
    assert usable_bands({"0-1": 0}, None).counts["0-1"] == 0
    assert usable_bands({}, 5).total == 5
    assert usable_bands({"0-1": None, ">1-2": 5}, 5).counts[">1-2"] == 5


@pytest.mark.parametrize(("counts", "total", "upto"), [
    (dict.fromkeys(LABELS, 1), 9, (1, 2, 3, 4, 5, 6, 7, 8)),
    ({**dict.fromkeys(OLD_LABELS, 2), "total": 14}, 14, (2, 4, 6, 8, 10, 12, 14)),
    (dict.fromkeys(LABELS, 0), 0, (0,) * 8),
    (dict.fromkeys(LABELS, 1), None, (1, 2, 3, 4, 5, 6, 7, 8)),
    (dict.fromkeys(LABELS, 1), 7, None),
    (dict.fromkeys(LABELS, 0), 5, None),
    ({**dict.fromkeys(LABELS, 1), ">104": None}, 9, None),
    ({"total": 5}, 5, None),
])  # fmt: skip
def test_only_bands_that_are_known_and_usable_are_counted_up(
    counts: dict[str, int | None], total: int | None, upto: tuple[int, ...] | None
) -> None:
    columns = {label: {7: count} for label, count in counts.items()}
    ((number, spread),) = usable_spreads(columns, {} if total is None else {7: total}, [7])
    assert (number, spread and spread.upto) == (7, upto)


@pytest.mark.parametrize(("weeks", "expected"), [
    (0, None), (1, 35), (2, 33), (3, None), (4, 30), (12, 26), (18, 21), (52, 15), (104, 8), (156, None),
])  # fmt: skip
def test_those_over_some_weeks_are_all_bands_from_a_day_on(weeks: int, expected: int | None) -> None:
    ((_, spread),) = usable_spreads({label: {1: place} for place, label in enumerate(LABELS, 1)}, {}, [1])
    assert spread is not None
    assert spread.everybody == 36
    assert spread.from_day(first_day_over(weeks)) == expected


def test_children_without_a_band_are_counted_and_not_in_shares() -> None:
    bands = new(1, 1, 1, 1, 1, 1, 1, 1, total=10)
    assert banded_total(bands) == 8
    assert unbanded(bands) == 2
    assert share_within(bands, 126) == (5 / 8, "exact")


def test_a_suppressed_band_is_not_zero() -> None:
    bands = new(None, 1, 1, 1, 1, 1, 1, 1, total=10)
    assert banded_total(bands) is None
    assert unbanded(bands) is None
    assert share_within(bands, 126) is None
    assert percentile_wait(bands, 0.5) is None


def test_an_unknown_total_leaves_the_unbanded_unknown() -> None:
    bands = new(1, 1, 1, 1, 1, 1, 1, 1, total=None)
    assert unbanded(bands) is None
    assert share_within(bands, 126) == (5 / 8, "exact")


@pytest.mark.parametrize(("banded", "total", "expected"), [
    (100, 100, False), (100, 105, False), (100, 106, True), (0, 0, False), (95, 100, False), (94, 100, True),
])  # fmt: skip
def test_more_than_a_twentieth_without_a_band_is_far_from_the_total(banded: int, total: int, expected: bool) -> None:
    assert is_far_from_total(banded, total) is expected


def test_merging_adds_band_by_band() -> None:
    merged = merge(new(1, 2, 3, 4, 5, 6, 7, 8, total=40), new(1, 1, 1, 1, 1, 1, 1, 1, total=8))
    assert merged == new(2, 3, 4, 5, 6, 7, 8, 9, total=48)


def test_merging_old_and_new_gives_one_band_over_52_weeks() -> None:
    first, second = old(0, 0, 0, 0, 0, 1, 2, total=3), new(0, 0, 0, 0, 0, 1, 3, 4, total=8)
    assert merge(first, second) == old(0, 0, 0, 0, 0, 2, 9, total=11)
    assert over_weeks(merge(first, second), 52) == 9


def test_what_is_unknown_in_one_list_is_unknown_in_the_whole() -> None:
    whole = merge(new(1, None, 0, 0, 0, 0, 1, None, total=None), old(1, 1, 1, 1, 1, 1, 1, total=7))
    assert whole == old(2, None, 1, 1, 1, 1, None, total=None)


def test_merging_one_list_gives_it_back_and_none_is_refused() -> None:
    one = new(1, 2, 3, 4, 5, 6, 7, 8, total=40)
    assert merge(one) == one
    with pytest.raises(BadArgument, match="at least one list") as refused:
        merge()
    assert refused.value.field == "lists"


@pytest.mark.parametrize("ask", [band_of, lambda days: share_within(new(1, 0, 0, 0, 0, 0, 0, 0, total=1), days)])
def test_a_negative_wait_is_refused(ask) -> None:
    with pytest.raises(BadArgument, match="a wait is never negative") as refused:
        ask(-1)
    assert refused.value.field == "days"
    assert ask(0)


@pytest.mark.parametrize("q", [-0.01, 1.01, float("nan")])
def test_a_percentile_outside_0_to_1_is_refused(q: float) -> None:
    with pytest.raises(BadArgument, match="a share from 0 to 1") as refused:
        percentile_wait(new(1, 0, 0, 0, 0, 0, 0, 0, total=1), q)
    assert refused.value.field == "q"


def test_a_child_in_the_last_band_below_the_top_has_a_wait_in_days() -> None:
    assert percentile_wait(new(0, 0, 0, 0, 0, 0, 4, 0, total=4), 1.0) == (729.0, None)
    assert percentile_wait(new(0, 0, 0, 0, 0, 0, 4, 0, total=4), 0.25) == (365 + 91.0, None)
