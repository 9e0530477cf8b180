"""The template of the weekly return: every row ready, refused while blank, loaded once filled in."""

import io
from datetime import date

import openpyxl
import pytest

from jobs.files import read_table
from jobs.records.template import as_csv, as_workbook, write_template
from tests.returns import counts_of, figures_of
from waitlists.domain import Severity
from waitlists.errors import BadArgument, FileRefused, NotFound
from waitlists.ingest import recognise
from waitlists.ingest.weekly_return_template import HOW_TO, USUAL_SERVICES, template_rows

WEEK = date(2026, 11, 15)
ROWS = template_rows(provider="RYY", services=USUAL_SERVICES, week=WEEK)


def parsed(content: bytes):
    book = read_table(content)
    source = recognise(book, name=None)
    assert source.name == "weekly_return"
    return source.parse(book)


def count_of(row: tuple[object, ...]) -> int:
    """A 2 in every open count, and their sum in the totals of the eight bands."""
    return 16 if row[5] == "total" else 2


def filled_in(content: bytes) -> bytes:
    """The workbook as a person leaves it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Return"]
    for row, cells in enumerate(ROWS, start=2):
        assert sheet.cell(row, 8).protection.locked is False
        sheet.cell(row, 8).value = count_of(cells)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("content", [as_workbook(ROWS), as_csv(ROWS)], ids=["xlsx", "csv"])
def test_an_unchanged_template_is_refused_politely(content: bytes):
    with pytest.raises(FileRefused, match="nothing is filled in") as refused:
        parsed(content)
    assert refused.value.code == "NOT_FILLED_IN"


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_filled_template_loads_whole(form: str):
    rows = [(*row[:-1], count_of(row)) for row in ROWS]
    delivery = parsed(filled_in(as_workbook(ROWS)) if form == "xlsx" else as_csv(rows))
    assert [finding for finding in delivery.findings if finding.severity is not Severity.INFO] == []
    assert {f.service for f in figures_of(delivery)} == set(USUAL_SERVICES)
    assert counts_of(delivery, "waiting", service="SALT")["total"] == 16
    assert counts_of(delivery, "waiting", service="CAMHS")["total"] == 48
    assert counts_of(delivery, "removals", service="SALT") == {"total": 20}
    assert counts_of(delivery, "removals", service="WHEELCHAIR") == {"total": 22}
    assert delivery.counts["cells_read"] == len(ROWS)
    assert not delivery.findings


def test_totals_of_the_template_may_be_left_blank():
    blank = parsed(as_csv([(*row[:-1], None if row[5] == "total" else 2) for row in ROWS]))
    assert counts_of(blank, "waiting", service="SALT")["total"] == 16
    assert [finding for finding in blank.findings if finding.severity is not Severity.INFO] == []


def test_a_total_of_the_template_that_differs_is_named_with_its_row():
    wrong = parsed(as_csv([(*row[:-1], count_of(row) + (number == 8)) for number, row in enumerate(ROWS)]))
    (finding,) = [one for one in wrong.findings if one.code == "total_differs"]
    said = "first contact: the total is given in row 10, its parts in rows 2 to 9; correct one or the other"
    assert said in finding.sentence


def test_the_same_request_gives_the_same_bytes():
    assert as_workbook(ROWS) == as_workbook(ROWS)
    assert as_csv(ROWS).startswith(b"\xef\xbb\xbfweek_ending,provider,service")


def test_the_workbook_helps_to_fill_it_in():
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(ROWS)))
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("How to fill in", "visible"),
        ("Return", "visible"),
        ("Lists", "hidden"),
    ]
    sheet = book["Return"]
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    listed = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert any(place.startswith("C2") and "Lists" in source for place, source in listed.items())
    assert any(place.startswith("H2") for place in listed)


def test_a_provider_left_open_and_services_of_ones_own():
    rows = template_rows(provider="", services=["SALT", "SALT"], week=WEEK)
    assert {row[1] for row in rows} == {None}
    assert {row[2] for row in rows} == {"SALT"}
    assert "equipment" not in {row[3] for row in rows}
    assert len(rows) == 4 * 9 + 1 + 10


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"week": date(2026, 11, 18)}, BadArgument, "15 November 2026 or 22 November 2026"),
        ({"week": date(2014, 1, 5)}, BadArgument, "Sunday"),
        ({"services": ["SALTY"]}, NotFound, "SALT"),
        ({"provider": "RYY1"}, BadArgument, "near: RYY"),
    ],
)
def test_what_cannot_be_used_is_said(change: dict[str, object], error: type[Exception], words: str):
    with pytest.raises(error, match=words):
        template_rows(**{"provider": "RYY", "services": USUAL_SERVICES, "week": WEEK} | change)


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    path = tmp_path / "return.csv"
    how_to = tmp_path / "return-how-to-fill-in.txt"
    assert write_template(ROWS, form="csv", path=path) == (path, how_to)
    assert path.read_bytes() == as_csv(ROWS)
    assert how_to.read_text(encoding="utf-8").splitlines() == list(HOW_TO)
    path.unlink()
    assert write_template(ROWS, form="csv", path=path) == (path, how_to)
    assert write_template(ROWS, form="xlsx", path=tmp_path / "return.xlsx") == (tmp_path / "return.xlsx",)
    with pytest.raises(BadArgument, match="may be filled in"):
        write_template(ROWS, form="xlsx", path=path)
    with pytest.raises(BadArgument, match="cannot write"):
        write_template(ROWS, form="xlsx", path=tmp_path / "none" / "return.xlsx")
    with pytest.raises(BadArgument, match="xlsx or csv"):
        write_template(ROWS, form="ods", path=tmp_path / "return.ods")
