"""The parser against the 14 published workbooks: every number, every `*`, Table 1, Table 2, days and months.

The long file beside the originals was made outside this project. Known differences: it spells services as in 2024-25,
calls eight providers of early 2023 by name where our register knows the code, and leaves blanks out.
"""

import csv
import gzip
import time
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from waitlists.domain import TOTAL, Level, Marker, ParsedDelivery, Severity
from waitlists.ingest import recognise, workbook
from waitlists.ingest.sheets import Workbook
from waitlists.organisations import organisation_for_name
from waitlists.periods import month_end
from waitlists.services import service_for_line

DATA = Path(__file__).parents[3] / "shared" / "data" / "chs-sitrep"
ORIGINALS = sorted((DATA / "original").glob("*.xlsx"))
BANDS = {
    "waiting_total": "total", "band_0_1w": "0-1", "band_1_2w": ">1-2", "band_2_4w": ">2-4", "band_4_12w": ">4-12",
    "band_12_18w": ">12-18", "band_18_52w": ">18-52", "waiting_gt52w": ">52", "band_52_104w": ">52-104",
    "band_gt104w": ">104",
}  # fmt: skip

pytestmark = pytest.mark.skipif(not ORIGINALS, reason="the published workbooks are not on this machine")
every_file = pytest.mark.parametrize("path", ORIGINALS, ids=lambda path: path.stem[-12:])


@cache
def opened(path: Path) -> Workbook:
    return workbook.read(path.read_bytes())


@cache
def delivery(path: Path) -> ParsedDelivery:
    return recognise(opened(path), name=None).parse(opened(path))


@cache
def published() -> dict[str, dict[tuple[str, str, str], int | None]]:
    """Figures of the long file by file name and (service, organisation, band); None is a printed `*`."""
    figures: dict[str, dict[tuple[str, str, str], int | None]] = defaultdict(dict)
    with gzip.open(DATA / "chs_sitrep_long.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            level = Level.ENGLAND if row["geography_type"] == "national" else Level(row["geography_type"])
            org = row["org_code"]
            if org.startswith("NAME:"):
                org = organisation_for_name(row["org_name"], level) or org
            key = (service_for_line(row["service"]), org, BANDS[row["measure"]])
            figures[row["source_file"]][key] = None if row["suppressed"] == "1" else int(row["value"])
    return figures


def months_of(name: str) -> dict[str, str]:
    with (DATA / name).open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return {row.get("source_file", row.get("file", "")): row["data_month"] for row in rows}


@every_file
def test_every_number_and_every_star_is_read_and_nothing_else(path: Path):
    figures = delivery(path).vintages[0].figures

    assert {(f.service, f.org, f.band): f.value for f in figures} == published()[path.name]
    assert all((f.value is None) == (f.marker is Marker.SUPPRESSED) for f in figures)


@every_file
def test_the_month_comes_from_the_content(path: Path):
    year, month = map(int, months_of("file_to_month.csv")[path.name].split("-"))

    assert delivery(path).period_end == delivery(path).vintages[0].period_end == month_end(year, month)


@every_file
def test_every_figure_names_the_cell_it_stands_in(path: Path):
    sheets = {sheet.name: sheet for sheet in opened(path).sheets}

    for vintage in delivery(path).vintages:
        for figure in vintage.figures:
            cell = sheets[figure.sheet].at(figure.row - 1, figure.column - 1)
            assert cell == ("*" if figure.value is None else figure.value)


@every_file
def test_counts_add_up_and_nothing_is_quarantined(path: Path):
    counts = delivery(path).counts
    markers = Counter(f.marker for vintage in delivery(path).vintages for f in vintage.figures)

    assert counts["cells_read"] == counts["numbers"] + counts["suppressed"] + counts["not_submitted"]
    assert counts["quarantined"] == 0
    assert (counts["numbers"], counts["suppressed"]) == (markers[Marker.NUMBER], markers[Marker.SUPPRESSED])


@every_file
def test_table_2_gives_englands_earlier_months_a_source_of_their_own(path: Path):
    expected: dict[str, dict[str, int]] = defaultdict(dict)
    with (DATA / "table2_national_vintages.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            service = service_for_line(row["service"])
            if row["source_file"] == path.name and service and row["data_month"] < f"{delivery(path).period_end:%Y-%m}":
                expected[row["data_month"]][service] = int(row["waiting_total"])

    found = {
        f"{vintage.period_end:%Y-%m}": {f.service: f.value for f in vintage.figures}
        for vintage in delivery(path).vintages[1:]
    }

    assert found == expected
    assert {v.source for v in delivery(path).vintages[1:]} <= {"chs_sitrep_t2"}
    assert {(f.org, f.band) for v in delivery(path).vintages[1:] for f in v.figures} <= {("ENG", TOTAL)}


@every_file
def test_table_1_says_who_sent_nothing_and_when_the_file_was_published(path: Path):
    levels = {"": Level.ENGLAND, "Region": Level.REGION, "ICB": Level.ICB}
    expected: dict[tuple[str | None, date], int] = {}
    published_on = ""
    with (DATA / "table1_nonsubmission_vintages.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["source_file"] == path.name:
                org = organisation_for_name(row["organisation_name"], levels[row["organisation_type"]])
                year, month = map(int, row["data_month"].split("-"))
                expected[org, month_end(year, month)] = int(row["not_submitting"])
                published_on = row["published"]

    assert {(n.org, n.period_end): n.not_submitting for n in delivery(path).non_submissions} == expected
    assert delivery(path).published_on == date.fromisoformat(published_on)


def test_layouts_scope_and_findings_of_the_collection():
    layouts = {(d := delivery(path)).period_end: (d.layout, d.providers_in_scope) for path in ORIGINALS}
    codes = Counter(finding.code for path in ORIGINALS for finding in delivery(path).findings)

    assert layouts == {
        date(2023, 1, 31): ("unnamed-52", 137), date(2023, 3, 31): ("unnamed-52", 136),
        date(2023, 4, 30): ("unnamed-52", 136), date(2023, 6, 30): ("named-52", 137),
        date(2023, 7, 31): ("named-52", 137), date(2023, 8, 31): ("coded-52", 137),
        date(2023, 9, 30): ("coded-52", 137), date(2023, 10, 31): ("coded-52", 137),
        date(2024, 8, 31): ("coded-52", 151), date(2024, 10, 31): ("coded-52", 148),
        date(2024, 11, 30): ("coded-52", 148), date(2025, 1, 31): ("coded-104", 147),
        date(2025, 2, 28): ("coded-104", 146), date(2025, 3, 31): ("coded-104", 146),
    }  # fmt: skip
    assert codes == {"publisher_note": 2, "table3_differs": 9}


def test_the_publishers_note_of_january_2025_goes_with_community_paediatrics():
    january = next(delivery(path) for path in ORIGINALS if delivery(path).period_end == date(2025, 1, 31))
    notes = [finding for finding in january.findings if finding.code == "publisher_note"]

    assert [(note.service, note.severity, note.known_from) for note in notes] == [
        ("COMM_PAEDS", Severity.WARNING, date(2025, 3, 13)),
    ] * 2
    assert all("Birmingham Community Healthcare" in note.sentence for note in notes)
    assert len(january.notes) == 3


def test_a_count_printed_in_table_3_but_kept_back_in_table_4h_is_said_and_not_repeated():
    march = next(delivery(path) for path in ORIGINALS if delivery(path).period_end == date(2025, 3, 31))
    said = {finding.service: finding for finding in march.findings if finding.code == "table3_differs"}

    assert set(said) == {"ADULT_SAFEGUARDING", "CYP_LOOKED_AFTER", "CYP_SAFEGUARDING"}
    assert said["CYP_LOOKED_AFTER"].details == {}
    assert ("CYP_LOOKED_AFTER", "ENG", ">104") not in {(f.service, f.org, f.band) for f in march.vintages[0].figures}


def test_kent_and_medway_of_march_2025_is_as_published():
    march = next(delivery(path) for path in ORIGINALS if delivery(path).period_end == date(2025, 3, 31))
    totals = {(f.service, f.org): f.value for f in march.vintages[0].figures if f.band == TOTAL}

    assert totals["SALT", "QKS"] == 1651
    assert totals["COMM_PAEDS", "QKS"] == 8718 == sum(totals["COMM_PAEDS", org] for org in ("RYY", "NQ7", "RPA", "RVV"))


@every_file
def test_no_organisation_of_the_collection_is_unknown_and_every_one_has_a_code(path: Path):
    codes = {organisation.code for organisation in delivery(path).organisations}

    assert not any(code.startswith("NAME:") for code in codes)
    assert {f.org for vintage in delivery(path).vintages for f in vintage.figures} <= codes


@every_file
def test_a_workbook_without_its_drawing_or_with_a_false_dimension_is_read_whole(path: Path):
    tables = [sheet for sheet in opened(path).sheets if sheet.name.startswith("Table 4")]

    assert len(tables) in {8, 9}
    assert all(len(sheet.rows) > 180 and len(sheet.rows[5]) > 40 for sheet in tables)


def test_a_workbook_is_parsed_within_a_second_of_processor_time():
    largest = max(ORIGINALS, key=lambda path: path.stat().st_size)
    book = opened(largest)
    start = time.process_time()

    recognise(book, name="chs_sitrep").parse(book)

    assert time.process_time() - start < 1.0
