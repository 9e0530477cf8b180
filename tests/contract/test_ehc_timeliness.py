"""Education, health and care plans within 20 weeks: the real file, its years, markers and codes."""

from datetime import date

import pytest

from tests.conftest import shared
from tests.published_files import table, unpacked, values
from waitlists.domain import Level
from waitlists.errors import FileRefused
from waitlists.ingest import delimited, recognise
from waitlists.ingest.ehc_timeliness import parse, recognises

HEADER = (
    "time_period",
    "geographic_level",
    "region_code",
    "region_name",
    "new_la_code",
    "la_name",
    "new_all_ehc",
    "% of EHCPs issued within 20 weeks",
)
KENT = ("2020", "Local authority", "E12000008", "South East", "E10000016", "Kent")


def test_the_real_file_gives_four_years_of_kent_medway_and_england():
    book = delimited.read(unpacked(shared("data/dfe-ehcp/ehcp_20week_timeliness_2017-2020.csv")))
    source = recognise(book, name=None)
    delivery = source.parse(book)
    years = [date(year, 12, 31) for year in range(2017, 2021)]
    assert (source.name, [vintage.period_end for vintage in delivery.vintages]) == ("dfe_ehc", years)
    shares = [values(delivery, "E10000016", period=year)["in_20_weeks_per_1000"] for year in years]
    assert shares == [588, 289, 287, 316]
    assert values(delivery, "E06000035") == {"plans_issued": 315, "in_20_weeks_per_1000": 680}
    assert values(delivery, "ENG") == {"plans_issued": 60097, "in_20_weeks_per_1000": 580}
    levels = {organisation.code: organisation.level for organisation in delivery.organisations}
    assert (levels["ENG"], levels["E12000008"], levels["E10000016"]) == (
        Level.ENGLAND,
        Level.REGION,
        Level.LOCAL_AUTHORITY,
    )
    assert delivery.counts == {
        "cells_read": 924,
        "numbers": 923,
        "suppressed": 0,
        "not_submitted": 1,
        "quarantined": 0,
    }


def test_markers_are_told_apart_and_long_decimals_read():
    rows = [
        (*KENT, " 2048", "31.600000000000"),
        (*KENT[:4], "E06000035", "Medway", "c", "z"),
        ("2020.0", "Regional", "E12000008", "South East", "", "", "x", "50.05"),
    ]
    delivery = parse(table(HEADER, rows))
    assert values(delivery, "E10000016") == {"plans_issued": 2048, "in_20_weeks_per_1000": 316}
    assert values(delivery, "E06000035") == {"plans_issued": None}
    assert delivery.counts["not_submitted"] == 2
    assert delivery.counts["suppressed"] == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("2020/21", *KENT[1:], 1, 2), "cell A2: expected a year"),
        (("2020", "Ward", *KENT[2:], 1, 2), "cell B2: expected National"),
        ((*KENT[:4], "", "Kent", 1, 2), "cell E2: expected a code"),
    ],
)
def test_a_year_level_or_code_that_is_none_refuses_the_file(row: tuple[object, ...], words: str):
    with pytest.raises(FileRefused, match=words) as refused:
        parse(table(HEADER, [row]))
    assert refused.value.code == "CONTRACT"


def test_only_its_own_table_is_recognised():
    assert recognises(table(HEADER, [(*KENT, 1, 2)]))
    assert not recognises(table(HEADER[:-1], [(*KENT, 1)]))
    with pytest.raises(FileRefused, match="within 20 weeks"):
        parse(table(HEADER[:-1], [(*KENT, 1)]))
