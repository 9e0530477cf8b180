"""Synthetic workbooks as files: the same bytes each time, and readable as what they are."""

from datetime import date

import pytest

from jobs.demo.files import content_of, write_workbooks
from waitlists.errors import BadArgument
from waitlists.ingest import workbook
from waitlists.synthetic import SyntheticSheet, SyntheticWorkbook, workbooks

FEW = 5


def trimmed(row):
    """A row without the blanks at its end, which a file does not keep."""
    filled = [column for column, cell in enumerate(row) if cell is not None]
    return list(row[: max(filled, default=-1) + 1])


@pytest.fixture
def few(monkeypatch):
    """A few of the workbooks stand for all of them: each is written in the same way."""
    monkeypatch.setattr("jobs.demo.files.workbooks", lambda *, seed: workbooks(seed=seed)[:FEW])


def test_a_second_writing_changes_no_file(tmp_path, few):  # noqa: ARG001 - fewer are written
    steps = []
    files = write_workbooks(tmp_path / "inbox", seed=1, on_progress=steps.append)
    before = [(path.stat().st_mtime_ns, path.read_bytes()) for path in files]
    again = write_workbooks(tmp_path / "inbox", seed=1, on_progress=steps.append)
    assert [(path.stat().st_mtime_ns, path.read_bytes()) for path in again] == before
    assert len(files) == FEW
    assert (steps[-1].done, steps[-1].total) == (FEW, FEW)


def test_a_damaged_file_is_written_again(tmp_path, few):  # noqa: ARG001 - fewer are written
    files = write_workbooks(tmp_path, seed=1, on_progress=lambda _: None)
    whole = files[3].read_bytes()
    files[3].write_bytes(b"half")
    write_workbooks(tmp_path, seed=1, on_progress=lambda _: None)
    assert files[3].read_bytes() == whole


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadArgument, match="cannot write to") as caught:
        write_workbooks(tmp_path / "file" / "inbox", seed=1, on_progress=lambda _: None)
    assert caught.value.field == "--dir"


def test_a_file_reads_back_as_the_rows_it_was_made_of():
    book = workbooks(seed=1)[0]
    read = workbook.read(content_of(book))
    assert [sheet.name for sheet in read.sheets] == [sheet.name for sheet in book.sheets]
    for made, found in zip(book.sheets, read.sheets, strict=True):
        for row, cells in zip(made.rows, found.rows, strict=False):
            assert trimmed(cells) == trimmed(row)


def test_dates_numbers_and_texts_keep_their_kind():
    sheet = SyntheticSheet("Table 1", ((date(2024, 4, 1), 0, "*", None, 7),))
    book = SyntheticWorkbook("a.xlsx", date(2024, 4, 30), date(2024, 6, 13), None, (sheet,))
    assert workbook.read(content_of(book)).sheets[0].rows == ((date(2024, 4, 1), 0, "*", None, 7),)
