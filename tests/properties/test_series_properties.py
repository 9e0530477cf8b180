from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.domain import Measure, SeriesKey, Vintage
from waitlists.periods import add_months
from waitlists.series import Series, build_series

START = date(2023, 1, 31)
KEY = SeriesKey("chs_sitrep", "SALT", "QKS", Measure.LIST_SIZE)

stored_lists = st.lists(
    st.tuples(st.integers(0, 20), st.integers(20, 400), st.none() | st.integers(0, 5000)), min_size=1, max_size=25
)


def history(rows: list[tuple[int, int, int | None]]) -> ListHistory:
    vintages = tuple(
        Vintage(date.fromordinal(START.toordinal() + 31 * month + lag), id_, "chs_sitrep", add_months(START, month))
        for id_, (month, lag, _) in enumerate(rows)
    )
    cells = {
        (id_, "QKS"): VintageCells(id_, {"total": value}) for id_, (_, _, value) in enumerate(rows) if value is not None
    }
    return ListHistory("chs_sitrep", "SALT", vintages, cells)


def build(rows: list[tuple[int, int, int | None]], as_of: date) -> Series:
    return build_series(history(rows), KEY, as_of=as_of)


@given(stored_lists, st.integers(0, 1500))
def test_the_grid_is_regular_and_ends_with_the_last_loaded_month(
    rows: list[tuple[int, int, int | None]], days: int
) -> None:
    series = build(rows, date.fromordinal(START.toordinal() + days))
    periods = [point.period_end for point in series.points]
    assert periods == [add_months(periods[0], step) for step in range(len(periods))] if periods else True
    assert not periods or series.points[0].vintage_id is not None


@given(stored_lists, st.integers(0, 1500))
def test_what_was_known_on_a_day_is_never_changed_by_what_came_later(
    rows: list[tuple[int, int, int | None]], days: int
) -> None:
    as_of = date.fromordinal(START.toordinal() + days)
    everything = history(rows)
    known = tuple(vintage for vintage in everything.vintages if vintage.known_from <= as_of)
    only_known = ListHistory("chs_sitrep", "SALT", known, everything.cells)
    assert build_series(everything, KEY, as_of=as_of) == build_series(only_known, KEY, as_of=as_of)


@given(stored_lists, st.randoms())
def test_the_order_of_stored_vintages_does_not_matter(rows: list[tuple[int, int, int | None]], random: object) -> None:
    everything = history(rows)
    shuffled = list(everything.vintages)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    as_of = date(2027, 1, 1)
    other = ListHistory("chs_sitrep", "SALT", tuple(shuffled), everything.cells)
    assert build_series(other, KEY, as_of=as_of) == build_series(everything, KEY, as_of=as_of)


@given(stored_lists)
def test_every_figure_is_the_latest_known_of_its_month(rows: list[tuple[int, int, int | None]]) -> None:
    stored = history(rows)
    series = build_series(stored, KEY, as_of=date(2027, 1, 1))
    for point in series.points:
        of_month = [vintage for vintage in stored.vintages if vintage.period_end == point.period_end]
        if not of_month:
            assert point.value is None
            continue
        latest = max(of_month)
        cell = stored.cells.get((latest.id, "QKS"))
        assert point.value == (cell.counts["total"] if cell else None)
