"""Titles decide which table a sheet is, its wait band and its month."""

from datetime import date

import pytest

from waitlists.bands import CHS_BANDS, OVER_52
from waitlists.domain import TOTAL
from waitlists.ingest.sheets import Sheet
from waitlists.ingest.sitrep_contract import BANDS, OPEN_BANDS
from waitlists.ingest.sitrep_pages import is_cover, titled_sheet
from waitlists.ingest.sitrep_titles import band_in, month_in_title, table_in


def test_bands_are_those_of_the_register_with_their_days():
    assert [(label, *days) for label, days in BANDS.values()] == [
        (band.label, band.from_days, band.to_days) for band in CHS_BANDS if band.to_days is not None
    ]
    assert {52: OVER_52, 104: CHS_BANDS[-1].label} == OPEN_BANDS


@pytest.mark.parametrize(
    ("title", "band"),
    [
        ("Total waiting list by service, March 2025", TOTAL),
        ("Number waiting 0-1 weeks (0-7 days) by service, March 2025", "0-1"),
        ("Number waiting 1-2 weeks (8-14 days)", ">1-2"),
        ("Number waiting >1-2 weeks (8-14 days)", ">1-2"),
        ("Waiting >18-52 weeks", ">18-52"),
        ("Number waiting 18 to 52 weeks (127 to 364 days)", ">18-52"),
        ("Number waiting over 52 weeks (over 365 days) by service, August 2024", ">52"),
        ("Waiting >52 weeks", ">52"),
        ("Number waiting 52 weeks or more", ">52"),
        ("Number waiting >52-104 weeks (365-728 days)", ">52-104"),
        ("Number waiting over 52-104 weeks", ">52-104"),
        ("Number waiting over 104 weeks (over 2 years)", ">104"),
        ("Number waiting 104+ weeks", ">104"),
        ("Number waiting >18-52 weeks (127-365 days)", None),
        ("Number waiting >52-78 weeks", None),
        ("Number waiting over 78 weeks", None),
        ("Number waiting over 52 weeks (365-728 days)", None),
        ("Number waiting a long time", None),
    ],
)
def test_a_band_is_known_by_its_weeks_and_its_days_agree(title: str, band: str | None):
    assert band_in(title) == band


@pytest.mark.parametrize(
    ("title", "table"),
    [
        ("Number of organisations of 146 in scope that did not submit data at national level", "Table 1"),
        ("National time series of total reported waiting list by service", "Table 2"),
        ("National overview of waiting list metrics by service, March 2025", "Table 3"),
        ("Table 4: Total waiting list by service", "Table 4"),
        ("Number of patients waiting 0-1 weeks", "Table 4"),
        ("National time series of waits over 52 weeks", None),
        ("Number of missing submissions (England)", None),
        ("The waiting list", None),
    ],
)
def test_a_table_is_known_by_its_title(title: str, table: str | None):
    assert table_in(title) == table


@pytest.mark.parametrize(
    ("title", "month"),
    [
        ("Total waiting list by service, March 2025", date(2025, 3, 31)),
        ("Total waiting list by service, Sept 2023", date(2023, 9, 30)),
        ("Total waiting list by service - Mar-25", date(2025, 3, 31)),
        ("Total waiting list by service MARCH 2025 (revised March 2025)", date(2025, 3, 31)),
        ("Total waiting list by service, Mar 25", date(2025, 3, 31)),
        ("Total waiting list by service", None),
        ("Total waiting list by service, decision 2024", None),
        ("Number waiting over 52 weeks (from 2024 on)", None),
    ],
)
def test_a_month_is_read_from_a_title(title: str, month: date | None):
    assert month_in_title(title, "Table 4") == month


def test_a_sheet_without_a_known_title_is_no_table():
    assert titled_sheet(Sheet("Annex", (("Something else", None, 7),))) is None


@pytest.mark.parametrize(
    ("sheet", "is_one"),
    [
        (Sheet("Cover Page", (("Community Health Services",),)), True),
        (Sheet("Sheet1", (("Title:",), ("Published:",), ("Status:",))), True),
        (Sheet("Sheet1", (("Title:",), ("Published:",))), False),
    ],
)
def test_a_cover_page_is_called_so_or_carries_three_of_its_labels(sheet: Sheet, is_one: bool):
    assert is_cover(sheet) is is_one
