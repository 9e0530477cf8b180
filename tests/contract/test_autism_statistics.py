"""Autism statistics: the real file of shares, and the quirks of the layout."""

from datetime import date

import pytest

from tests.conftest import shared
from tests.published_files import table, unpacked, values
from waitlists.domain import Level
from waitlists.errors import FileRefused
from waitlists.ingest import delimited, recognise
from waitlists.ingest.autism_statistics import parse, recognises
from waitlists.ingest.mhsds_rows import age_band

HEADER = (
    "REPORTING_PERIOD_START",
    "REPORTING_PERIOD_END",
    "BREAKDOWN",
    "PRIMARY_LEVEL",
    "PRIMARY_LEVEL_DESCRIPTION",
    "SECONDARY_LEVEL",
    "METRIC",
    "METRIC_VALUE",
)
ENGLAND = ("2025-06-01", "2025-06-30", "England", "England", "England")


def test_the_real_file_gives_39_months_by_age():
    book = delimited.read(unpacked(shared("data/autism-stats/asd19eg_pct_first_appt_after_13w_2019-2022.csv.gz")))
    source = recognise(book, name=None)
    delivery = source.parse(book)
    assert (source.name, delivery.period_end, len(delivery.vintages)) == ("autism", date(2022, 6, 30), 39)
    assert (delivery.counts["numbers"], delivery.counts["quarantined"], delivery.findings) == (7526, 0, ())
    assert values(delivery, "ENG", band="10-17") == {"asd19e": 36}
    assert values(delivery, "ENG", band="10-17", period=date(2019, 4, 30)) == {"asd19e": 44}
    levels = {organisation.level for organisation in delivery.organisations}
    assert levels == {Level.ENGLAND, Level.REGION, Level.SUB_ICB, Level.PROVIDER}


def test_the_list_is_that_of_the_under_18s_and_the_total_of_all_ages_stands_apart():
    rows = [
        (*ENGLAND, "NONE", "ASD16", 200000),
        (*ENGLAND, "0 to 17", "ASD16", 130000),
        (*ENGLAND, "18 - 24", "ASD16", "*"),
        (*ENGLAND, "0 - 17", "ASD11", 150000),
    ]
    delivery = parse(table(HEADER, rows))
    assert values(delivery, "ENG") == {"waiting": 130000, "asd16": 200000}
    assert values(delivery, "ENG", band="18-24") == {"asd16": None}
    assert values(delivery, "ENG", band="0-17") == {"asd11": 150000}
    assert delivery.findings == ()


def test_a_period_of_one_day_is_the_month_of_that_day_and_said():
    rows = [("01/06/2025", "01/06/2025", *ENGLAND[2:], "NONE", "ASD12", 9000)]
    delivery = parse(table(HEADER, rows))
    assert delivery.period_end == date(2025, 6, 30)
    assert [finding.code for finding in delivery.findings] == ["period_of_one_day"]


def test_another_breakdown_of_the_same_people_is_not_read_and_said():
    rows = [(*ENGLAND, "NONE", "ASD12", 9), (*ENGLAND[:2], "Ethnicity", "A", "British", "NONE", "ASD12", 5)]
    delivery = parse(table(HEADER, rows))
    assert delivery.counts["cells_read"] == 1
    assert [finding.code for finding in delivery.findings] == ["unknown_breakdown"]


@pytest.mark.parametrize(
    ("printed", "band"),
    [("0 - 17", "0-17"), ("0 to 17", "0-17"), ("Under 10", "0-9"), ("65 and Over", "65+"), ("Unknown", "unknown")],
)
def test_ages_are_told_however_they_are_printed(printed: str, band: str):
    assert age_band(printed) == band


def test_other_tables_of_the_data_set_are_not_recognised():
    assert recognises(table(HEADER, [(*ENGLAND, "NONE", "ASD12", 9)]))
    assert not recognises(table(HEADER, [(*ENGLAND, "NONE", "MRS09", 9)]))
    with pytest.raises(FileRefused, match="Mental Health Services Data Set"):
        parse(table(("a", "b"), [(1, 2)]))
