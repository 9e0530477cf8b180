"""Wait bands that became dates: named with what to write, and never read."""

from datetime import date

import pytest

from tests.returns import counts_of, parsed, sentences, waiting
from tests.sitrep_books import book, findings, parse
from waitlists.bands import CHS_BANDS
from waitlists.ingest.dated_bands import dated_band
from waitlists.ingest.weekly_return_words import band_in


@pytest.mark.parametrize(
    ("cell", "band"),
    [
        ("01-Feb", ">1-2"), ("Feb-01", ">1-2"), ("1 February", ">1-2"), ("2026-02-01", ">1-2"), ("02/01/2026", ">1-2"),
        (date(2026, 2, 1), ">1-2"), (date(2026, 1, 2), ">1-2"), (46_054, ">1-2"), (46_024.0, ">1-2"),
        ("02-Apr", ">2-4"), (date(2026, 4, 2), ">2-4"), (date(2026, 2, 4), ">2-4"),
        ("04-Dec", ">4-12"), ("12-Apr", ">4-12"), (date(2026, 12, 4), ">4-12"),
        ("Dec-18", ">12-18"), ("Dec-2018", ">12-18"), (date(2018, 12, 1), ">12-18"), (date(2018, 12, 18), ">12-18"),
        ("Jan-04", "the band, such as >1-2"), (date(2026, 11, 15), "the band, such as >1-2"),
    ],
)  # fmt: skip
def test_a_date_is_told_with_the_band_it_was_most_likely_made_of(cell, band):
    assert dated_band(cell) == (
        "a wait band, not the date that spreadsheet software made of it: give the column the format Text and write "
        + band
    )


@pytest.mark.parametrize("month", ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
def test_every_month_is_known_by_its_name(month):
    assert dated_band(f"15-{month}") is not None
    assert dated_band(f"15-{month[:2]}") is None


@pytest.mark.parametrize(("number", "is_day"), [(36_525, False), (36_526, True), (73_050, True), (73_051, False)])
def test_a_number_is_a_day_from_the_year_2000_on(number, is_day):
    assert (dated_band(number) is not None) is is_day


@pytest.mark.parametrize(
    "cell", [None, "", "1-2", ">1-2", "12-18", "0-1 weeks", ">104", "May", "total", 3, 260, 1.5, True, "260", "soon"]
)
def test_what_is_no_date_is_left_to_its_own_message(cell):
    assert dated_band(cell) is None


def test_no_band_of_ours_looks_like_a_date():
    assert [dated_band(band.label) for band in CHS_BANDS] == [None] * 8
    assert [band_in(band.label) for band in CHS_BANDS] == [band.label for band in CHS_BANDS]


def test_a_return_with_dates_for_bands_is_put_aside_and_each_cell_named():
    bands = ["0-1", date(2026, 2, 1), "02-Apr", *(band.label for band in CHS_BANDS[3:])]
    delivery = parsed([*waiting(bands=bands), *waiting("COMM_PAEDS")])
    assert counts_of(delivery, "waiting") == {}
    assert counts_of(delivery, "waiting", service="COMM_PAEDS")["total"] == 36
    found = [finding for finding in delivery.findings if finding.code == "dated_band"]
    assert [(one.sheet, one.cell) for one in found] == [("Return", "F3"), ("Return", "F4")]
    assert [one.rpartition(" ")[2] for one in sentences(delivery, "dated_band")] == [">1-2.", ">2-4."]


def test_a_date_among_the_bands_of_table_3_is_told_and_its_column_not_read():
    pages = book()
    header = next(row for row in pages["Table 3"] if "Waiting >1-2 weeks" in row)
    column = header.index("Waiting >1-2 weeks")
    header[column] = date(2026, 2, 1)
    (found,) = findings(parse(pages), "dated_band")
    assert found.sheet == "Table 3"
    assert found.sentence == (
        f"Table 3, cell {found.cell}: expected a wait band, not the date that spreadsheet software made of it: give the"
        " column the format Text and write >1-2; the column is not read."
    )
