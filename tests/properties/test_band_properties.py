"""What must hold for wait bands of any list."""

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from waitlists.bands import (
    CHS_BANDS,
    OVER_52,
    BandRow,
    WaitBands,
    band_of,
    banded_total,
    merge,
    over_weeks,
    percentile_wait,
    rows,
    share_within,
    unbanded,
    wait_of,
)
from waitlists.counts.histories import FLOWS, STOCKS, Cells, Columns, VintageCells, in_columns
from waitlists.domain import TOTAL

LABELS = [band.label for band in CHS_BANDS]
NUMBERS = st.lists(st.integers(0, 5000), min_size=8, max_size=8)
SHARES = st.floats(0, 1)


def list_of(numbers: Sequence[int | None], *, unbanded: int = 0) -> WaitBands:
    known = [number for number in numbers if number is not None]
    return WaitBands(dict(zip(LABELS, numbers, strict=True)), sum(known) + unbanded)


def with_one_top_band(bands: WaitBands) -> WaitBands:
    numbers = list(bands.counts.values())
    top = None if None in numbers[6:] else sum(number for number in numbers[6:] if number is not None)
    return WaitBands({**dict(zip(LABELS[:6], numbers[:6], strict=True)), OVER_52: top}, bands.total)


ANY_LIST = st.builds(
    list_of, st.lists(st.none() | st.integers(0, 500), min_size=8, max_size=8), unbanded=st.integers(0, 50)
)
FULL_LIST = st.builds(list_of, NUMBERS, unbanded=st.integers(0, 50))
OLD_OR_NEW = ANY_LIST | ANY_LIST.map(with_one_top_band)


@given(FULL_LIST)
def test_bands_and_the_unbanded_make_the_list(bands: WaitBands) -> None:
    assert (banded_total(bands) or 0) + (unbanded(bands) or 0) == bands.total


@given(FULL_LIST, st.sampled_from([18, 52, 104]))
def test_a_share_and_its_complement_make_one(bands: WaitBands, weeks: int) -> None:
    share, beyond, waiting = share_within(bands, 7 * weeks), over_weeks(bands, weeks), banded_total(bands)
    if not waiting or beyond is None:
        assert share is None
    else:
        assert share is not None
        assert math.isclose(share.value + beyond / waiting, 1)


@given(FULL_LIST, st.integers(0, 728), st.integers(0, 728))
def test_a_longer_wait_never_holds_a_smaller_share(bands: WaitBands, first: int, second: int) -> None:
    shares = [share_within(bands, days) for days in sorted((first, second))]
    values = [share.value for share in shares if share is not None]
    assert all(0 <= value <= 1 for value in values)
    assert values == sorted(values)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=60))
def test_shares_at_band_edges_are_those_of_the_children_themselves(days_waited: list[int]) -> None:
    labels = [band_of(days) for days in days_waited]
    bands = WaitBands({label: labels.count(label) for label in LABELS}, len(labels))
    for edge in (7, 14, 28, 84, 126, 364, 728):
        share = share_within(bands, edge)
        assert share is not None
        assert share.method == "exact"
        assert math.isclose(share.value, sum(days <= edge for days in days_waited) / len(days_waited))


@given(FULL_LIST, st.lists(SHARES, min_size=2, max_size=5))
def test_a_percentile_never_falls_as_the_share_grows(bands: WaitBands, shares: list[float]) -> None:
    waits = [percentile_wait(bands, q) for q in sorted(shares)]
    days = [math.inf if wait.days is None else wait.days for wait in waits if wait is not None]
    assert all(first <= second for first, second in pairwise(days))


@given(FULL_LIST | FULL_LIST.map(with_one_top_band), SHARES)
def test_a_percentile_lies_in_the_band_that_holds_its_rank(bands: WaitBands, q: float) -> None:
    wait, rank = percentile_wait(bands, q), q * (banded_total(bands) or 0) - 1e-9
    below, holding = 0, None
    for _, first, last, count in rows(bands):
        if count and holding is None and below + count >= rank:
            holding = (first, last)
        below += count or 0
    if holding is None:
        assert wait is None
    elif holding[1] is None:
        assert wait == (None, holding[0] // 7)
    else:
        assert wait is not None
        assert wait.days is not None
        assert holding[0] <= wait.days <= holding[1] + 1 + 1e-9


@given(st.integers(1, 9), SHARES)
def test_ages_spread_evenly_are_recovered(each_day: int, q: float) -> None:
    """So many children for every day from 0 to 728: the wait of a share is that share of 729 days."""
    bands = WaitBands({band.label: each_day * (band.width_days or 0) for band in CHS_BANDS}, None)
    wait = percentile_wait(bands, q)
    assert wait is not None
    assert wait.days is not None
    assert math.isclose(wait.days, 729 * q, abs_tol=1e-9)


@given(st.integers(0, 728))
def test_a_share_is_the_inverse_of_its_percentile(days: int) -> None:
    bands = WaitBands({band.label: (band.width_days or 0) for band in CHS_BANDS}, None)
    share = share_within(bands, days)
    assert share is not None
    assert math.isclose(share.value, (days + 1) / 729)


@given(OLD_OR_NEW, OLD_OR_NEW, OLD_OR_NEW)
def test_merging_is_associative_and_order_does_not_matter(a: WaitBands, b: WaitBands, c: WaitBands) -> None:
    assert merge(merge(a, b), c) == merge(a, merge(b, c)) == merge(c, b, a)


@given(FULL_LIST, st.integers(0, 364))
def test_splitting_the_top_band_changes_nothing_below_it(bands: WaitBands, days: int) -> None:
    old = with_one_top_band(bands)
    assert share_within(old, days) == share_within(bands, days)
    assert over_weeks(old, 18) == over_weeks(bands, 18)


@given(st.lists(FULL_LIST, min_size=2, max_size=5), st.integers(1, 4))
def test_old_and_new_files_give_one_series_over_52_weeks(lists: list[WaitBands], split_at: int) -> None:
    as_published = [with_one_top_band(bands) for bands in lists[:split_at]] + lists[split_at:]
    assert [over_weeks(bands, 52) for bands in as_published] == [over_weeks(bands, 52) for bands in lists]


@given(ANY_LIST)
def test_an_unknown_band_never_becomes_a_number(bands: WaitBands) -> None:
    if None in bands.counts.values():
        assert share_within(bands, 126) is None
        assert percentile_wait(bands, 0.5) is None
        assert banded_total(bands) is None


Filled = Sequence[tuple[BandRow, int]]


def filled(bands: WaitBands) -> Filled:
    """The bands that hold somebody, shortest wait first."""
    return [(row, row[3]) for row in rows(bands) if row[3]]


def width(row: BandRow) -> int:
    return (row[2] or 0) + 1 - row[1]


def share_in_fractions(waiting: Filled, days: int) -> float:
    within = Fraction(0)
    for row, count in waiting:
        if row[1] <= days:
            within += count * Fraction(min(days + 1 - row[1], width(row)), width(row))
    return float(within / sum(count for _, count in waiting))


def wait_in_fractions(waiting: Filled, q: float) -> tuple[float | None, int | None]:
    rank = Fraction(str(q)) * sum(count for _, count in waiting)
    upto = accumulate(count for _, count in waiting)
    (row, count), reached = next(one for one in zip(waiting, upto, strict=True) if one[1] >= rank)
    if row[2] is None:
        return None, row[1] // 7
    return float(row[1] + (rank - (reached - count)) / count * width(row)), None


@given(FULL_LIST | FULL_LIST.map(with_one_top_band), SHARES | st.sampled_from([0.5, 0.92]), st.integers(0, 800))
def test_whole_numbers_give_what_fractions_give_to_the_last_digit(bands: WaitBands, q: float, days: int) -> None:
    waiting = filled(bands)
    share, open_from = share_within(bands, days), rows(bands)[-1][1]

    assert percentile_wait(bands, q) == (wait_in_fractions(waiting, q) if waiting else None)
    assert (share and share.value) == (share_in_fractions(waiting, days) if waiting and days < open_from else None)


NEW_CELLS = st.dictionaries(st.sampled_from(LABELS), st.none() | st.integers(0, 9))
OLD_CELLS = st.dictionaries(st.sampled_from([*LABELS[:6], OVER_52]), st.none() | st.integers(0, 9))
COUNTED = st.dictionaries(st.sampled_from(["over_18_weeks", "referrals"]), st.none() | st.integers(0, 9))


@given(st.lists(st.tuples(NEW_CELLS | OLD_CELLS, st.none() | st.integers(0, 40), COUNTED), max_size=4))
def test_lists_in_columns_say_what_each_of_them_says(lists) -> None:
    cells = {
        (number, "QKS"): VintageCells(number, {**counts, TOTAL: total}, flows)
        for number, (counts, total, flows) in enumerate(lists)
    }
    columns = in_columns(cells).get("QKS", Columns())

    assert Cells({"QKS": columns}) == cells
    for number, one in ((number, one) for (number, _), one in cells.items()):
        spread = columns.spreads()[number]
        assert (spread and spread.everybody) == banded_total(one.bands)
        assert wait_of(spread, 0.5) == percentile_wait(one.bands, 0.5)
        for measure in (*STOCKS, *FLOWS):
            assert columns.values(measure).get(number) == one.value(measure)
