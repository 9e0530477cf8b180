"""What the reader makes of the things spreadsheets do: one rule each."""

import datetime as dt
import signal
import subprocess
import sys
from dataclasses import asdict

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.sitrep_books import as_xlsx
from tests.zips import SHEET, changed, with_sheet
from waitlists.errors import FileRefused
from waitlists.ingest import workbook, workbook_child
from waitlists.ingest.sheets import EMPTY_FORMULA, ERROR_CELL, Limits


def read_rows(content: bytes) -> tuple[tuple[object, ...], ...]:
    """Rows of the only sheet, read by the child process; read in this process they are the same."""
    (sheet,) = workbook.read(content).sheets
    (here,) = workbook_child.answer(content, asdict(Limits()))["sheets"]
    assert workbook._sheet(here) == sheet
    return sheet.rows


def test_cells_keep_their_true_place():
    def shift(book: openpyxl.Workbook) -> None:
        book["Sheet"]["C3"] = "here"

    assert read_rows(as_xlsx({"Sheet": []}, shift)) == ((), (), (None, None, "here"))


def test_kinds_of_cells():
    moment = dt.datetime(2024, 10, 10, 9, 30)  # noqa: DTZ001
    row = [1, 7.0, 2.5, "text", True, moment, dt.time(9, 30), None, "end"]

    def write(book: openpyxl.Workbook) -> None:
        for column, cell in enumerate(row, 1):
            book["Sheet"].cell(1, column, cell)
        book["Sheet"].cell(1, 8).number_format = "0"

    (cells,) = read_rows(as_xlsx({"Sheet": []}, write))

    assert cells == (1, 7, 2.5, "text", True, dt.date(2024, 10, 10), "09:30:00", None, "end")
    assert [type(cell) for cell in cells[:3]] == [int, int, float]


def test_a_sheet_whose_dimension_says_a1_is_read_whole():
    def lie(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"')
        assert b"A1:A1" in parts[SHEET]

    assert len(read_rows(changed(lie))) == 3


def test_a_workbook_whose_drawing_is_missing_is_read_whole():
    def lose(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b"</worksheet>", b'<drawing r:id="rId1" xmlns:r="x"/></worksheet>')
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Type="drawing" Target="../drawings/drawing1.xml"/></Relationships>'
        )

    assert len(read_rows(changed(lose))) == 3


def test_hidden_sheets_are_read_and_flagged_and_hidden_rows_are_read():
    def hide(book: openpyxl.Workbook) -> None:
        book["Old"].sheet_state = "hidden"
        book["Older"].sheet_state = "veryHidden"
        book["Now"].row_dimensions[1].hidden = True
        book["Now"].column_dimensions["A"].hidden = True

    found = workbook.read(as_xlsx({"Now": [["a", 1]], "Old": [["b"]], "Older": [["c"]]}, hide))

    assert [(sheet.name, sheet.is_hidden) for sheet in found.sheets] == [("Now", False), ("Old", True), ("Older", True)]
    assert found.sheets[0].rows == (("a", 1),)


def test_a_merged_cell_holds_its_value_in_the_top_left_one():
    content = as_xlsx({"Sheet": [["a"], [None], [1, 2]]}, lambda book: book["Sheet"].merge_cells("A1:B2"))

    assert read_rows(content) == (("a",), (), (1, 2))


def test_formulas_count_with_their_saved_value_and_are_counted():
    content = with_sheet(
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c>'
        '<c r="C1"><v>3</v></c></row>'
    )

    assert read_rows(content) == ((2, "a", 3),)
    assert workbook.read(content).sheets[0].formulas == 2


def test_a_formula_without_a_saved_value_is_no_blank():
    rows = read_rows(with_sheet('<row r="1"><c r="A1"><v>1</v></c><c r="C1"><f>A1</f></c></row><row r="4"/>'))

    assert rows == ((1, None, EMPTY_FORMULA),)


def test_an_error_cell_is_no_blank():
    rows = read_rows(
        with_sheet('<row r="2"><c r="B2" t="e"><v>#REF!</v></c><c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>')
    )

    assert rows == ((), (None, ERROR_CELL, ERROR_CELL))


def test_cells_without_a_reference_stand_in_order():
    rows = read_rows(
        with_sheet('<row><c><v>1</v></c><c><v>2</v></c></row><row><c r="B2"><v>3</v></c><c t="e"><v>#N/A</v></c></row>')
    )

    assert rows == ((1, 2), (None, 3, ERROR_CELL))


def test_dates_follow_the_1904_system_where_the_file_uses_it():
    def use_1904(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        book["Sheet"]["A1"] = dt.datetime(2024, 10, 10)  # noqa: DTZ001

    content = as_xlsx({"Sheet": []}, use_1904)

    assert read_rows(content) == ((dt.date(2024, 10, 10),),)
    assert workbook.read(content).uses_1904
    assert not workbook.read(as_xlsx({"Sheet": [[1]]})).uses_1904


def test_a_chart_sheet_is_no_table():
    found = workbook.read(as_xlsx({"Sheet": [[1]]}, lambda book: book.create_chartsheet("Chart")))

    assert [sheet.name for sheet in found.sheets] == ["Sheet"]


def test_a_sheets_name_is_kept_printable_and_short():
    def rename(parts: dict[str, bytes]) -> None:
        name = b"Table\xe2\x80\xae" + b"x" * 60
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="Sheet"', b'name="' + name + b'"')

    assert workbook.read(changed(rename)).sheets[0].name == "Table " + "x" * 34


def test_empty_texts_below_the_last_row_are_no_rows():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="5"><c r="A5" t="inlineStr"><is><t></t></is></c></row>'

    assert read_rows(with_sheet(rows)) == ((1,),)


def test_an_empty_sheet_has_no_rows():
    assert read_rows(as_xlsx({"Sheet": []})) == ()


def test_a_child_that_takes_too_long_is_killed_with_its_group():
    with pytest.raises(FileRefused, match="too long") as refused:
        workbook.read(as_xlsx({"Sheet": [[1]]}), limits=Limits(wall_seconds=0.0))

    assert refused.value.code == "TIMEOUT"


def test_a_child_without_memory_for_the_workbook_is_refused():
    with pytest.raises(FileRefused, match="memory") as refused:
        workbook.read(as_xlsx({"Sheet": [["text " * 40] * 100] * 100}), limits=Limits(memory_bytes=2**20))

    assert refused.value.code == "TOO_LARGE"


@pytest.mark.parametrize(
    ("returncode", "complaint", "code"),
    [
        (-signal.SIGXCPU, b"", "TIMEOUT"),
        (-signal.SIGKILL, b"", "TIMEOUT"),
        (-signal.SIGABRT, b"memory allocation of 549755813888 bytes failed", "TOO_LARGE"),
        (1, b"Traceback ... MemoryError", "TOO_LARGE"),
        (-signal.SIGSEGV, b"", "UNREADABLE"),
        (101, b"thread panicked", "UNREADABLE"),
    ],
)
def test_every_death_of_the_child_is_a_refusal(returncode: int, complaint: bytes, code: str):
    assert workbook._death(returncode, complaint).code == code


def test_a_child_that_dies_without_an_answer_is_a_refusal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook, "_CHILD", "/dev/null/none.py")

    with pytest.raises(FileRefused, match="gave up") as refused:
        workbook.read(as_xlsx({"Sheet": [[1]]}))

    assert refused.value.code == "UNREADABLE"


def test_the_child_starts_without_this_project_or_anything_heavy():
    child = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "importtime", workbook._CHILD, "{}"],
        input=b"",
        capture_output=True,
        check=False,
    )
    loaded = [line for line in child.stderr.decode().splitlines() if line.startswith("import time")]

    assert any("zipfile" in line for line in loaded)
    for heavy in ("waitlists", "pandas", "numpy", "dataclasses", "calamine"):
        assert not any(heavy in line for line in loaded)


def test_a_control_character_becomes_a_blank_and_joins_nothing():
    content = with_sheet(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>KENT_x0000__x0001_AND\u0085MEDWAY\u007f</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>1_x0000_2</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>caf\u00e9\u00a0\u200b7\ttab</t></is></c></row>'
    )
    (sheet,) = workbook.read(content).sheets
    assert sheet.rows == (("KENT  AND MEDWAY ", "1 2", "caf\u00e9\u00a0\u200b7\ttab"),)
