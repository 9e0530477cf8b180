"""The management fields of education, health and care plans: the real file, beside the published share."""

from datetime import date

import pytest

from tests.conftest import shared
from tests.published_files import table, unpacked, values
from waitlists.domain import Level
from waitlists.errors import FileRefused
from waitlists.ingest import delimited, ehc_timeliness, recognise
from waitlists.ingest.ehc_management import COUNTS, SHARES, parse, recognises
from waitlists.store import tables

HEADER = (
    *("time_period", "geographic_level", "region_code", "region_name", "new_la_code", "la_name"),
    *("new_all_ehc", "inreq_ehc", "no_exc_20week_rate", "inc_exc_20week_rate"),
)
KENT = ("2020", "Local authority", "E12000008", "South East", "E10000016", "Kent")


def test_the_real_file_gives_seven_years_of_councils_regions_and_england():
    book = delimited.read(unpacked(shared("data/dfe-ehcp/sen2_mi_2014-2020.csv")))
    source = recognise(book, name=None)
    delivery = source.parse(book)
    years = [date(year, 12, 31) for year in range(2014, 2021)]
    assert (source.name, [vintage.period_end for vintage in delivery.vintages]) == ("dfe_sen2", years)
    assert values(delivery, "E10000016") == {
        "plans_issued": 2048,
        "requests": 3255,
        "in_20_weeks_per_1000": 316,
        "all_in_20_per_1000": 311,
    }
    assert values(delivery, "E10000016", period=years[0]) == {
        "plans_issued": 87, "in_20_weeks_per_1000": 115, "all_in_20_per_1000": 115,
    }  # fmt: skip
    assert values(delivery, "E06000035")["all_in_20_per_1000"] == 621
    levels = {organisation.code: organisation.level for organisation in delivery.organisations}
    assert (levels["ENG"], levels["E12000008"], levels["E10000016"]) == (
        Level.ENGLAND,
        Level.REGION,
        Level.LOCAL_AUTHORITY,
    )
    assert delivery.counts == {
        "cells_read": 3240,
        "numbers": 2899,
        "suppressed": 0,
        "not_submitted": 341,
        "quarantined": 0,
    }


def test_every_kind_of_figure_fits_the_store():
    assert max(map(len, {**COUNTS, **SHARES}.values())) <= tables.series.c.kind.type.length


def test_its_share_without_exceptions_is_the_published_one_of_every_place_and_year():
    fields = parse(delimited.read(unpacked(shared("data/dfe-ehcp/sen2_mi_2014-2020.csv"))))
    told = ehc_timeliness.parse(delimited.read(unpacked(shared("data/dfe-ehcp/ehcp_20week_timeliness_2017-2020.csv"))))

    def shares(delivery):
        return {
            (vintage.period_end, figure.org, figure.kind): figure.value
            for vintage in delivery.vintages
            for figure in vintage.figures
        }

    published, beside = shares(told), shares(fields)
    assert len(published) == 923
    assert {key: beside.get(key) for key in published} == published


def test_markers_are_told_apart_and_order_does_not_count():
    rows = [(*KENT, " 2048", "z", "31.600000000000", "x"), (*KENT[:4], "E06000035", "Medway", "c", "397", "z", "62.1")]
    delivery = parse(table(tuple(reversed(HEADER)), [tuple(reversed(row)) for row in rows]))
    assert values(delivery, "E10000016") == {"plans_issued": 2048, "in_20_weeks_per_1000": 316}
    assert values(delivery, "E06000035") == {"plans_issued": None, "requests": 397, "all_in_20_per_1000": 621}
    assert (delivery.counts["suppressed"], delivery.counts["not_submitted"]) == (1, 3)


def test_only_its_own_table_is_recognised():
    assert recognises(table(HEADER, [(*KENT, 1, 2, 3, 4)]))
    assert not recognises(table(HEADER[:-1], [(*KENT, 1, 2, 3)]))
    assert not ehc_timeliness.recognises(table(HEADER, [(*KENT, 1, 2, 3, 4)]))
    with pytest.raises(FileRefused, match="management fields"):
        parse(table(HEADER[:-1], [(*KENT, 1, 2, 3)]))
