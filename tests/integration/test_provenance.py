"""Every figure leads to its file, sheet and cell; every list of records can be paged without gaps or repeats."""

from datetime import date, timedelta

import pytest

from tests.deliveries import APRIL, FEBRUARY, MARCH, NOW, figures, finding, load, parsed
from waitlists.domain import Level, Marker, ParsedVintage, PrintedOrganisation, Severity
from waitlists.store import read, write
from waitlists.store.session import reading, writing

IN_APRIL, IN_MAY, IN_JUNE = date(2025, 4, 10), date(2025, 5, 15), date(2025, 6, 12)
SALT = ("SALT", "QKS")


@pytest.fixture
def filled(database):
    """Two published months, the second corrected, one refused file."""
    odd = (finding("odd", MARCH, *SALT), finding("even", MARCH))
    earlier = ParsedVintage("chs_sitrep_t2", FEBRUARY, figures({SALT: 90}))
    load(database, parsed(FEBRUARY, {SALT: 100}, published_on=IN_APRIL))
    load(
        database,
        parsed(MARCH, {SALT: {"0-1": None, "total": 120}}, published_on=IN_MAY, findings=odd, more=(earlier,)),
        now=NOW + timedelta(days=1),
    )
    load(database, parsed(MARCH, {SALT: 121}, published_on=IN_JUNE))
    with writing(database) as connection:
        run_id = write.start_run(connection, command="forecast", as_of=APRIL, now=NOW)
        write.add_refusal(
            connection,
            name="bad.xlsx",
            sha256="0" * 64,
            code="EMPTY",
            reason="No rows.",
            received_at=NOW,
            run_id=run_id,
        )
    return database


@pytest.fixture
def connection(filled):
    with reading(filled) as connection:
        yield connection


def test_a_figure_leads_to_its_cell(connection):
    suppressed, total = read.figure_cells(connection, 2, *SALT)
    assert (suppressed.band, suppressed.value, suppressed.marker) == ("0-1", None, Marker.SUPPRESSED)
    assert (total.value, total.marker, total.sheet, total.cell) == (120, Marker.NUMBER, "Table 5", "D10")
    assert (total.file_name, total.delivery_id, total.period_end) == ("2025-03-31.xlsx", 2, MARCH)
    assert read.figure_cells(connection, 2, "ASD", "QKS") == []


def test_a_file_shows_all_its_cells_of_a_list(connection):
    cells = read.delivery_cells(connection, 2, *SALT)
    assert [cell.value for cell in cells] == [None, 120, 90]
    assert [cell.source for cell in cells] == ["chs_sitrep", "chs_sitrep", "chs_sitrep_t2"]


def test_the_newest_version_is_shown(connection):
    version = read.latest_version(connection)
    assert (version.version, version.published_at, version.run_id) == (3, NOW, 3)


def test_nothing_published_is_no_version(database):
    with reading(database) as connection:
        assert read.latest_version(connection) is None


def test_unknown_numbers_are_none(connection):
    assert read.delivery(connection, 99) is None
    assert read.delivery_content(connection, 99) is None
    assert read.vintages_of(connection, 99) == []


@pytest.mark.parametrize("name", ["deliveries", "findings", "runs"])
def test_records_are_paged_by_number(connection, name):
    question = getattr(read, name)
    whole = question(connection, limit=100)
    assert len(whole) > 1
    pages, after = [], None
    while part := question(connection, after=after, limit=1):
        pages += part
        after = part[-1].id
    assert pages == whole


def test_records_are_chosen(connection):
    assert [each.id for each in read.deliveries(connection, period_end=MARCH, limit=9)] == [2, 3]
    assert read.deliveries(connection, source="nothing", limit=9) == []
    assert [each.command for each in read.runs(connection, command="forecast", limit=9)] == ["forecast"]
    assert [each.id for each in read.runs(connection, status="done", limit=9)] == [1, 2, 3]
    (refused,) = read.refusals(connection, limit=9)
    assert (refused.code, refused.received_at) == ("EMPTY", NOW)
    assert read.refusals(connection, after=refused.id, limit=9) == []


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, ["odd", "even", "restated"]),
        ({"as_of": IN_APRIL}, []),
        ({"as_of": IN_MAY}, ["odd", "even"]),
        # The corrected file was found to be in order; it prints another number than the first.
        ({"as_of": IN_JUNE}, ["restated"]),
        ({"service": "SALT"}, ["odd", "restated"]),
        ({"org": "RYY"}, []),
        ({"code": "even"}, ["even"]),
        ({"severity": Severity.ERROR}, []),
        ({"delivery_id": 2}, ["odd", "even"]),
        ({"delivery_id": 3}, ["restated"]),
    ],
)
def test_findings_are_chosen_and_known_by_a_day(connection, asked, codes):
    assert [each.code for each in read.findings(connection, limit=9, **asked)] == codes


def test_a_finding_on_no_vintage_stands_while_its_file_does(database):
    load(database, parsed(MARCH, {SALT: 1}, published_on=IN_MAY, findings=(finding("odd", APRIL),)))
    load(database, parsed(APRIL, {SALT: 1}, published_on=IN_JUNE))
    with reading(database) as connection:
        assert [each.code for each in read.findings(connection, as_of=IN_JUNE, limit=9)] == ["odd"]
    load(database, parsed(MARCH, {SALT: 2}, published_on=IN_JUNE))
    with reading(database) as connection:
        assert [each.code for each in read.findings(connection, as_of=IN_JUNE, limit=9)] == ["restated"]


def test_organisations_met_in_files_are_listed(connection):
    assert read.known_organisations(connection) == [PrintedOrganisation("QKS", "NHS QKS", Level.ICB)]
