"""All vintages of a source at once, as the checks and the models need them."""

from datetime import date

import pytest

from tests.deliveries import APRIL, FEBRUARY, MARCH, figures, finding, load, parsed
from waitlists.domain import Measure, ParsedVintage, SeriesKey
from waitlists.series import build_series
from waitlists.store import read
from waitlists.store.session import reading

IN_APRIL, IN_MAY, IN_JUNE = date(2025, 4, 10), date(2025, 5, 15), date(2025, 6, 12)
LATE = date(2025, 12, 31)
SALT = ("SALT", "QKS")


def history(engine, **options):
    with reading(engine) as connection:
        asked = {"source": "chs_sitrep", "service": "SALT", "as_of": LATE} | options
        return read.list_history(connection, **asked)


@pytest.fixture
def corrected(database):
    """February, March, and March once more with a provider taken out; another service beside them."""
    providers = {("SALT", "RYY"): {">104": 6, "total": 60}, ("SALT", "NQ7"): {">104": 4, "total": 40}}
    noted = finding("odd", MARCH, *SALT)
    load(
        database,
        parsed(FEBRUARY, providers | {SALT: {">104": 10, "total": 100}, ("ASD", "QKS"): 9}, published_on=IN_APRIL),
        parsed(MARCH, {SALT: None, ("SALT", "RYY"): 60}, published_on=IN_MAY, findings=(noted,)),
        parsed(MARCH, {SALT: {">104": 6, "total": 60}, ("SALT", "RYY"): 60}, published_on=IN_JUNE),
    )
    return database


def test_list_sizes_of_every_vintage_with_suppressed_and_absent_apart(corrected):
    with reading(corrected) as connection:
        february, march, again = read.line_totals(connection, "chs_sitrep")
    assert [each.vintage.known_from for each in (february, march, again)] == [IN_APRIL, IN_MAY, IN_JUNE]
    assert february.totals["ASD", "QKS"] == 9
    assert march.totals == {SALT: None, ("SALT", "RYY"): 60}
    assert again.totals[SALT] == 60


def test_a_vintage_without_any_list_is_there_and_empty(database):
    load(database, parsed(MARCH, {}))
    with reading(database) as connection:
        (only,) = read.line_totals(connection, "chs_sitrep")
        assert read.line_totals(connection, "nothing") == []
    assert only.totals == {}


def test_a_history_holds_every_vintage_known_by_then(corrected):
    whole = history(corrected)
    assert [vintage.period_end for vintage in whole.vintages] == [FEBRUARY, MARCH, MARCH]
    assert whole.cells[3, "QKS"].counts == {">104": 6, "total": 60}
    assert {vintage for vintage, _ in history(corrected, as_of=IN_MAY).cells} == {1, 2}
    assert history(corrected, as_of=date(2025, 1, 1)).cells == {}


def test_a_history_brings_coverage_and_what_was_found_about_its_lists(corrected):
    whole = history(corrected)
    assert whole.coverage[3, "QKS"].share == pytest.approx(0.6)
    assert "odd" in {each.code for each in whole.findings[2, "QKS"]}
    assert history(corrected, as_of=IN_APRIL).findings == {}
    assert history(corrected, as_of=IN_APRIL).coverage == {}


def test_without_bands_a_history_has_lists_and_flows(corrected):
    sums = history(corrected, orgs={"QKS"}, is_banded=False)
    assert sums.cells[1, "QKS"].counts == {"total": 100}
    key = SeriesKey("chs_sitrep", "SALT", "QKS", Measure.LIST_SIZE)
    assert build_series(sums, key, as_of=LATE) == build_series(history(corrected), key, as_of=LATE)


def test_a_history_of_one_organisation_brings_who_printed_0_without_being_empty(database):
    providers = {("SALT", "RYY"): {">104": 60, "total": 600}, ("SALT", "NQ7"): {">104": 40, "total": 400}}
    none = {("SALT", "RYY"): 600, ("SALT", "NQ7"): {">104": 0, "total": 0}, SALT: {">104": 60, "total": 600}}
    load(
        database,
        parsed(FEBRUARY, providers | {SALT: {">104": 100, "total": 1000}}, published_on=IN_APRIL),
        parsed(MARCH, none, published_on=IN_MAY),
    )
    kent = history(database, orgs={"QKS"})
    assert "zero_suspected" in {each.code for each in kent.findings[2, "QKS"]}
    key = SeriesKey("chs_sitrep", "SALT", "QKS", Measure.OVER_104_WEEKS)
    assert [point.adjusted for point in build_series(kent, key, as_of=LATE).points] == [100, 100]
    assert build_series(kent, key, as_of=LATE) == build_series(history(database), key, as_of=LATE)


def test_a_history_of_one_organisation_brings_its_missing_providers_too(corrected):
    kent = history(corrected, orgs={"QKS"})
    assert {org for _, org in kent.cells} == {"QKS", "NQ7"}
    assert {org for _, org in kent.coverage} == {"QKS"}
    assert {org for _, org in kent.findings} == {"QKS"}
    key = SeriesKey("chs_sitrep", "SALT", "QKS", Measure.OVER_104_WEEKS)
    assert [point.adjusted for point in build_series(kent, key, as_of=LATE).points] == [10, 10]
    assert build_series(kent, key, as_of=LATE) == build_series(history(corrected), key, as_of=LATE)


def test_a_series_from_the_store_is_as_known_on_the_day(corrected):
    key = SeriesKey("chs_sitrep", "SALT", "QKS", Measure.LIST_SIZE)
    series = build_series(history(corrected, as_of=IN_MAY), key, as_of=IN_MAY)
    assert [point.value for point in series.points] == [100, None]
    series = build_series(history(corrected), key, as_of=LATE)
    assert [(point.value, point.adjusted) for point in series.points] == [(100, 100), (60, 100)]


def test_flows_are_kept_apart_from_the_list(database):
    flows = tuple(figure._replace(kind="removals", row=50) for figure in figures({SALT: {"total": 30, "0-1": 3}}))
    load(database, parsed(APRIL, {}, more=(ParsedVintage("weekly_return", APRIL, figures({SALT: 100}) + flows),)))
    cells = history(database, source="weekly_return").cells
    assert [(each.counts, each.flows) for each in cells.values()] == [({"total": 100}, {"removals": 30})]


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_invented_figures_are_called_so(database, is_synthetic):
    load(database, parsed(MARCH, {SALT: 1}, published_on=IN_MAY, is_synthetic=is_synthetic))
    assert history(database).is_synthetic is is_synthetic
    assert history(database, as_of=IN_APRIL).is_synthetic is False
