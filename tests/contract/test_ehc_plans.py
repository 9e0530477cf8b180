"""Education, health and care plans: the two real files, their years, markers and codes, and that they agree."""

from datetime import date

import pytest

from tests.conftest import shared
from tests.published_files import table, unpacked, values
from waitlists.domain import Level
from waitlists.errors import FileRefused
from waitlists.ingest import delimited, recognise
from waitlists.ingest.ehc_plans import COLLECTIONS
from waitlists.store import tables

TIMELINESS, MANAGEMENT = COLLECTIONS
FILES = {
    TIMELINESS.source: "data/dfe-ehcp/ehcp_20week_timeliness_2017-2020.csv",
    MANAGEMENT.source: "data/dfe-ehcp/sen2_mi_2014-2020.csv",
}
AREAS = ("time_period", "geographic_level", "region_code", "region_name", "new_la_code", "la_name")
SHARES = (*AREAS, "new_all_ehc", "% of EHCPs issued within 20 weeks")
FIELDS = (*AREAS, "new_all_ehc", "inreq_ehc", "no_exc_20week_rate", "inc_exc_20week_rate")
KENT = ("2020", "Local authority", "E12000008", "South East", "E10000016", "Kent")


def real(source: str):
    """The delivery in a real file, as the register recognises it."""
    book = delimited.read(unpacked(shared(FILES[source])))
    found = recognise(book, name=None)
    assert found.name == source
    return found.parse(book)


@pytest.mark.parametrize(
    ("source", "first", "counts"),
    [("dfe_ehc", 2017, (924, 923, 1)), ("dfe_sen2", 2014, (3240, 2899, 341))],
)
def test_a_real_file_gives_every_year_of_councils_regions_and_england(source, first, counts):
    delivery = real(source)
    assert [vintage.period_end for vintage in delivery.vintages] == [date(year, 12, 31) for year in range(first, 2021)]
    levels = {organisation.code: organisation.level for organisation in delivery.organisations}
    assert [levels[code] for code in ("ENG", "E12000008", "E10000016")] == [
        Level.ENGLAND, Level.REGION, Level.LOCAL_AUTHORITY,
    ]  # fmt: skip
    read, numbers, nothing = counts
    assert delivery.counts == {
        "cells_read": read, "numbers": numbers, "suppressed": 0, "not_submitted": nothing, "quarantined": 0,
    }  # fmt: skip


def test_the_published_share_of_kent_medway_and_england():
    delivery = real("dfe_ehc")
    shares = [values(delivery, "E10000016", period=one.period_end)["in_20_weeks_per_1000"] for one in delivery.vintages]
    assert shares == [588, 289, 287, 316]
    assert values(delivery, "E06000035") == {"plans_issued": 315, "in_20_weeks_per_1000": 680}
    assert values(delivery, "ENG") == {"plans_issued": 60097, "in_20_weeks_per_1000": 580}


def test_the_management_fields_of_kent_and_medway():
    delivery = real("dfe_sen2")
    assert values(delivery, "E10000016") == {
        "plans_issued": 2048, "requests": 3255, "in_20_weeks_per_1000": 316, "all_in_20_per_1000": 311,
    }  # fmt: skip
    assert values(delivery, "E10000016", period=date(2014, 12, 31)) == {
        "plans_issued": 87, "in_20_weeks_per_1000": 115, "all_in_20_per_1000": 115,
    }  # fmt: skip
    assert values(delivery, "E06000035")["all_in_20_per_1000"] == 621


def test_the_share_without_exceptions_is_the_published_one_of_every_place_and_year():
    published, beside = (
        {
            (vintage.period_end, figure.org, figure.kind): figure.value
            for vintage in real(source).vintages
            for figure in vintage.figures
        }
        for source in FILES
    )
    assert len(published) == 923
    assert {key: beside.get(key) for key in published} == published


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: one.source)
def test_every_kind_of_figure_fits_the_store(collection):
    assert max(map(len, collection.kinds.values())) <= tables.series.c.kind.type.length


def test_markers_are_told_apart_and_long_decimals_read():
    rows = [
        (*KENT, " 2048", "31.600000000000"),
        (*KENT[:4], "E06000035", "Medway", "c", "z"),
        ("2020.0", "Regional", "E12000008", "South East", "", "", "x", "50.05"),
    ]
    delivery = TIMELINESS.parse(table(SHARES, rows))
    assert values(delivery, "E10000016") == {"plans_issued": 2048, "in_20_weeks_per_1000": 316}
    assert values(delivery, "E06000035") == {"plans_issued": None}
    assert (delivery.counts["suppressed"], delivery.counts["not_submitted"]) == (1, 2)


def test_the_order_of_columns_does_not_count():
    rows = [(*KENT, " 2048", "z", "31.600000000000", "x"), (*KENT[:4], "E06000035", "Medway", "c", "397", "z", "62.1")]
    delivery = MANAGEMENT.parse(table(tuple(reversed(FIELDS)), [tuple(reversed(row)) for row in rows]))
    assert values(delivery, "E10000016") == {"plans_issued": 2048, "in_20_weeks_per_1000": 316}
    assert values(delivery, "E06000035") == {"plans_issued": None, "requests": 397, "all_in_20_per_1000": 621}
    assert (delivery.counts["suppressed"], delivery.counts["not_submitted"]) == (1, 3)


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
        TIMELINESS.parse(table(SHARES, [row]))
    assert refused.value.code == "CONTRACT"


@pytest.mark.parametrize(
    ("own", "header", "other", "words"),
    [(TIMELINESS, SHARES, MANAGEMENT, "within 20 weeks"), (MANAGEMENT, FIELDS, TIMELINESS, "management fields")],
    ids=["timeliness", "management"],
)
def test_only_its_own_table_is_recognised(own, header, other, words):
    numbers = range(len(header) - len(AREAS))
    assert own.recognises(table(header, [(*KENT, *numbers)]))
    assert not other.recognises(table(header, [(*KENT, *numbers)]))
    assert not own.recognises(table(header[:-1], [(*KENT, *numbers[:-1])]))
    with pytest.raises(FileRefused, match=words):
        own.parse(table(header[:-1], [(*KENT, *numbers[:-1])]))
