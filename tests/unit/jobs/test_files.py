"""Which files a command means, before any of them is read."""

import os
from datetime import date

import pytest
import structlog

from jobs.files import Refusal, Understood, files_in, require_source, take_all, understand_all
from jobs.outcomes import Progress
from tests.returns import as_csv, waiting
from waitlists.errors import BadArgument
from waitlists.ingest.fetch import TakenFile

TODAY = date(2026, 11, 16)
SUNDAY = date(2026, 11, 15)


def test_a_folder_means_its_files_in_order_and_each_file_once(tmp_path):
    for name in ("b.xlsx", "a.xlsx", ".partial"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    assert files_in([tmp_path / "b.xlsx", tmp_path]) == (tmp_path / "b.xlsx", tmp_path / "a.xlsx")


def test_what_a_desktop_leaves_in_a_folder_is_passed_by_and_taken_when_it_is_named(tmp_path):
    for name in ("~$return.xlsx", "THUMBS.DB", "desktop.ini", ".DS_Store"):
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(BadArgument, match="holds no file"):
        files_in([tmp_path])
    (tmp_path / "return.xlsx").write_bytes(b"x")
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as lines:
        assert files_in([tmp_path]) == (tmp_path / "return.xlsx",)
        assert files_in([tmp_path / "~$return.xlsx"]) == (tmp_path / "~$return.xlsx",)
    assert lines == [{"event": "load.left_out", "files": 4, "log_level": "info"}]


def test_a_hidden_file_is_taken_when_it_is_named(tmp_path):
    (tmp_path / ".hidden.xlsx").write_bytes(b"x")
    assert files_in([tmp_path / ".hidden.xlsx"]) == (tmp_path / ".hidden.xlsx",)


def test_a_missing_path_and_an_empty_folder_are_said(tmp_path):
    with pytest.raises(BadArgument, match=r"there is no file or folder .*nowhere"):
        files_in([tmp_path / "nowhere"])
    with pytest.raises(BadArgument, match="holds no file"):
        files_in([tmp_path])


def test_a_link_is_found_and_then_refused(tmp_path):
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "gone.xlsx")
    (refusal,) = take_all(files_in([tmp_path / "link.xlsx"]))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "NOT_REGULAR"


def test_files_that_cannot_be_taken_do_not_stop_the_others(tmp_path):
    (tmp_path / "empty.xlsx").touch()
    (tmp_path / "good.xlsx").write_bytes(b"PK")
    os.mkfifo(tmp_path / "pipe.xlsx")
    taken = list(take_all(files_in([tmp_path])))
    assert [getattr(item, "code", "taken") for item in taken] == ["EMPTY", "taken", "NOT_REGULAR"]


def test_what_is_no_workbook_is_refused_and_counted():
    steps: list[Progress] = []
    files = [TakenFile(f"{n}.xlsx", str(n) * 64, b"%PDF-1.7") for n in range(3)]
    refused = understand_all(files, source=None, today=TODAY, on_progress=steps.append)
    assert [(item.name, item.code) for item in refused] == [(f"{n}.xlsx", "NOT_XLSX") for n in range(3)]
    assert [(step.done, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)]


def test_an_unknown_source_names_the_known_ones():
    for known in (None, "chs_sitrep"):
        require_source(known)
    with pytest.raises(BadArgument, match="chs_sitrep"):
        require_source("chs")


def test_text_is_read_as_text_whatever_it_is_called():
    (refused,) = understand_all(
        [TakenFile("return.xlsx", "0" * 64, b"a,b\n1,2\n")], source=None, today=TODAY, on_progress=lambda _: None
    )
    assert isinstance(refused, Refusal)
    assert refused.code == "UNKNOWN_SOURCE"


@pytest.mark.parametrize(("today", "code"), [(TODAY, None), (SUNDAY, "FUTURE"), (date(2026, 11, 9), "FUTURE")])
def test_i06_a_week_that_has_not_ended_refuses_the_file(today: date, code: str | None):
    """On its Sunday a week still goes on."""
    file = TakenFile("return.csv", "0" * 64, as_csv(waiting(week=SUNDAY.isoformat())))
    (item,) = understand_all([file], source=None, today=today, on_progress=lambda _: None)
    assert getattr(item, "code", None) == code
    if isinstance(item, Refusal):
        assert item.reason == (
            "the period ending 15 November 2026 has not ended yet; correct the date, or send it when it is over"
        )


def test_what_the_reader_decided_is_a_finding():
    rows = [*waiting(), ("checked by Zo\u00eb",)]
    file = TakenFile("return.csv", "0" * 64, as_csv(rows).decode().encode("cp1252"))
    (item,) = understand_all([file], source=None, today=TODAY, on_progress=lambda _: None)
    assert isinstance(item, Understood)
    (finding,) = [f for f in item.delivery.findings if f.code == "read_with_care"]
    assert "Windows-1252" in finding.sentence


@pytest.mark.parametrize(("end", "said"), [(b"", ["last_line_unended"]), (b"\n", [])])
def test_a_last_line_without_its_end_is_a_note(end: bytes, said: list[str]):
    file = TakenFile("return.csv", "0" * 64, as_csv(waiting()) + end)
    (item,) = understand_all([file], source=None, today=TODAY, on_progress=lambda _: None)
    assert isinstance(item, Understood)
    assert [f.code for f in item.delivery.findings if f.code == "last_line_unended"] == said
