"""The published workbooks, loaded by the ordinary loader: the known facts of Kent and Medway, and of England."""

import random
from datetime import date

import pytest

from tests.functional.jobs.kit import content_hash, count, load_files
from waitlists.domain import ENGLAND, Level, Measure, SeriesKey
from waitlists.organisations import ORGANISATIONS
from waitlists.series import build_series
from waitlists.services import SUPPRESSED_BELOW_ENGLAND
from waitlists.store import read, tables
from waitlists.store.migrate import migrate
from waitlists.store.session import make_engine, reading

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]

PROVIDERS = ("RYY", "NQ7", "RPA", "RVV")
PUBLICATIONS = (date(2024, 12, 12), date(2025, 1, 9), date(2025, 3, 13), date(2025, 4, 10), date(2025, 5, 15))
"""The days on which the months October 2024 to March 2025 that there are came out."""


def stored(engine, service, org, as_of):
    with reading(engine) as connection:
        return read.stored_list(connection, service=service, org=org, as_of=as_of)


def codes(found):
    return {finding.code for finding in found.findings}


def test_speech_and_language_in_march_2025_carries_the_copied_number(published):
    found = stored(published, "SALT", "QKS", date(2025, 5, 31))
    assert (found.period_end, found.bands.total) == (date(2025, 3, 31), 1_651)
    assert "copied_number" in codes(found)


def test_community_paediatrics_is_the_sum_of_its_four_providers(published):
    found = stored(published, "COMM_PAEDS", "QKS", date(2025, 5, 31))
    parts = [stored(published, "COMM_PAEDS", org, date(2025, 5, 31)).bands.total for org in PROVIDERS]
    assert found.bands.total == sum(parts) == 8_718
    assert parts == [2_970, 4_054, 897, 797]


@pytest.mark.parametrize(
    ("as_of", "period_end", "total"),
    [
        (date(2025, 5, 15), date(2025, 3, 31), 8_718),
        (date(2025, 5, 14), date(2025, 2, 28), 8_759),
        (date(2025, 4, 30), date(2025, 2, 28), 8_759),
        (date(2025, 1, 31), date(2024, 11, 30), 5_064),
        (date(2025, 1, 8), date(2024, 10, 31), 9_051),
    ],
)
def test_an_answer_is_what_was_published_by_then(published, as_of, period_end, total):
    found = stored(published, "COMM_PAEDS", "QKS", as_of)
    assert (found.period_end, found.bands.total) == (period_end, total)


def test_the_missing_provider_is_said_beside_november_2024(published):
    found = stored(published, "COMM_PAEDS", "QKS", date(2025, 1, 31))
    assert "missing_provider" in codes(found)
    assert found.coverage.share < 1
    assert [(who.org, who.last_list_size) for who in found.coverage.missing] == [("NQ7", 3_921)]


@pytest.mark.parametrize("as_of", PUBLICATIONS)
def test_replayed_month_by_month_nothing_says_that_kent_improved(published, as_of):
    with reading(published) as connection:
        history = read.list_history(connection, source="chs_sitrep", service="COMM_PAEDS", as_of=as_of, orgs=["QKS"])
        found = read.stored_list(connection, service="COMM_PAEDS", org="QKS", as_of=as_of)
    series = build_series(history, SeriesKey("chs_sitrep", "COMM_PAEDS", "QKS", Measure.LIST_SIZE), as_of=as_of)
    adjusted = [point.adjusted for point in series.points if point.period_end >= date(2024, 8, 31) and point.adjusted]
    assert min(adjusted) > 0.95 * max(adjusted)
    # The publisher's own words are quoted as they stand; the word there is about his figures.
    for finding in [item for item in found.findings if item.code != "publisher_note"]:
        assert "improve" not in finding.sentence
        if "fell" in finding.sentence:
            assert finding.sentence.endswith("sent no figures: coverage, not change.")


def test_england_is_the_sum_of_its_regions_outside_the_three_hidden_lines(published):
    regions = {code for code, known in ORGANISATIONS.items() if known.level == Level.REGION}
    with reading(published) as connection:
        history = read.line_totals(connection, "chs_sitrep")
    checked = 0
    for vintage in history:
        for (service, org), england in vintage.totals.items():
            if org != ENGLAND or england is None or service in SUPPRESSED_BELOW_ENGLAND:
                continue
            parts = sum(vintage.totals.get((service, region)) or 0 for region in regions)
            assert parts == england, (vintage.vintage.period_end, service)
            checked += 1
    assert checked == 14 * 44


def test_every_organisation_has_a_code_though_early_sheets_print_none(published):
    with reading(published) as connection:
        unknown = [place.name for place in read.known_organisations(connection) if place.code.startswith("NAME:")]
    assert unknown == []


def test_a_figure_is_traced_to_its_cell(published):
    found = stored(published, "SALT", "QKS", date(2025, 5, 31))
    with reading(published) as connection:
        cells = read.figure_cells(connection, found.vintage.id, "SALT", "QKS")
    total = next(cell for cell in cells if cell.band == "total")
    assert (total.value, total.sheet) == (1_651, "Table 4")
    assert total.file_name == "Community-health-services-waiting-lists-2024-25-March.xlsx"


def test_the_order_of_files_without_codes_does_not_show(sqlite_database, database, chs_workbooks):
    chosen = [path for path in chs_workbooks if "2023-03" in path.name or path.name.endswith("2024-25-October.xlsx")]
    assert len(chosen) == 2
    for path in chosen:
        load_files(database, [path])
    load_files(sqlite_database, chosen[::-1])
    assert content_hash(database) == content_hash(sqlite_database)
    assert count(database, tables.delivery) == 2


def test_files_in_any_order_are_what_one_command_makes_of_them(sqlite_database, chs_workbooks, tmp_path):
    chosen = chs_workbooks[::3]  # of every layout, early and late
    at_once = make_engine(f"sqlite:///{tmp_path / 'at_once.db'}")
    migrate(at_once)
    load_files(at_once, chosen)
    for path in random.Random(1).sample(chosen, len(chosen)):
        load_files(sqlite_database, [path])
    assert count(sqlite_database, tables.delivery) == len(chosen) == 5
    assert content_hash(sqlite_database) == content_hash(at_once)
    at_once.dispose()
