"""Referral extracts as hands and spreadsheets leave them: titles above the header, two sheets, the same file twice."""

from datetime import UTC, datetime

import pytest
import xlsxwriter

from jobs.load import Moment, load
from tests.extracts import GOOD, csv_of, row

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
COLUMNS = tuple(GOOD)
TITLES = ["Waiting list", "", "made by hand"]


def children(count: int, **changes: str) -> list[dict[str, str]]:
    return [row(number, pseudonym_id=f"{number:032x}", **changes) for number in range(1, count + 1)]


@pytest.fixture
def loaded(sqlite_database, tmp_path):
    def files(**contents):
        folder = tmp_path / "sent"
        folder.mkdir()
        for name, content in contents.items():
            (folder / name.replace("_", ".")).write_bytes(content)
        return load(sqlite_database, [folder], moment=Moment(lambda: NOW), source=None, on_progress=lambda _: None)

    return files


def workbook(path, **sheets) -> bytes:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, cells in enumerate(rows):
                sheet.write_row(place, 0, cells)
    content = path.read_bytes()
    path.unlink()
    return content


def cells(rows: list[dict[str, str]]) -> list[list[str]]:
    return [list(COLUMNS), *[[one[name] for name in COLUMNS] for one in rows]]


def test_a_header_below_a_title_is_named_by_its_row(loaded, tmp_path):
    text = "\r\n".join([*TITLES, csv_of(children(3), columns=COLUMNS).decode()])
    sheet = workbook(tmp_path / "x.xlsx", Kent=[*([one] for one in TITLES), *cells(children(3))])
    by_text, by_sheet = loaded(a_csv=text.encode(), b_xlsx=sheet).files
    assert (by_text.code, by_sheet.code) == ("HEADER", "HEADER")
    assert by_text.reason == (
        "row 4 names the columns of referral records: take out the rows above it and send the file again"
    )
    assert by_sheet.reason.startswith("sheet Kent, row 4 names the columns of referral records")


def test_a_file_without_a_header_of_records_anywhere_is_of_no_known_source(loaded, tmp_path):
    sheet = workbook(tmp_path / "x.xlsx", Kent=[["a", "b"], ["1", "2"]])
    assert [one.code for one in loaded(a_csv=b"a,b\n1,2\n", b_xlsx=sheet).files] == ["UNKNOWN_SOURCE"] * 2


def test_records_on_two_sheets_are_refused_and_both_sheets_named(loaded, tmp_path):
    sheet = workbook(tmp_path / "x.xlsx", North=cells(children(3)), Notes=[["read me"]], South=cells(children(2)))
    (one,) = loaded(a_xlsx=sheet).files
    assert one.code == "SHEETS"
    assert one.reason.startswith("the sheets North and South both hold referral records; put them below each other")


def test_the_same_extract_twice_in_a_command_is_said(loaded):
    content = csv_of(children(3), columns=COLUMNS)
    first, second = loaded(a_csv=content, b_csv=content).files
    assert (first.status, second.status) == ("loaded", "already_loaded")
    assert second.reason == "The same file as a.csv in this command."


def test_a_file_of_which_no_row_can_be_used_says_what_is_wrong_at_which_field(loaded):
    (one,) = loaded(a_csv=csv_of(children(3, age_band="05-Oct"), columns=COLUMNS)).files
    assert one.reason == (
        "no row of the file can be used; the old data stay. R_UNKNOWN_CODE at age_band, rows: 3 (rows 2, 3, 4). The"
        " code is none that the field may hold; translate it in the mapping. It holds 0-4 | 5-10 | 11-15 | 16-17 |"
        " 18-25. See that no spreadsheet made a date of a band such as 5-10"
    )
