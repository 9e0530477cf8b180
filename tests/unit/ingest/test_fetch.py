"""Files are taken whole and once; what is no ordinary file, too large or still growing is refused by name."""

import hashlib
import os
import socket
from pathlib import Path

import pytest

from waitlists.errors import FileRefused
from waitlists.ingest import fetch


def refusal(path: Path, *, max_bytes: int = 1000) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        fetch.take(path, max_bytes=max_bytes)
    return refused.value


def test_a_file_is_taken_whole_with_its_checksum_and_without_its_path(tmp_path: Path):
    path = tmp_path / "March.xlsx"
    path.write_bytes(b"figures")

    taken = fetch.take(path, max_bytes=7)

    written = (tmp_path / "March.xlsx").stat().st_mtime_ns
    assert taken == fetch.TakenFile("March.xlsx", hashlib.sha256(b"figures").hexdigest(), b"figures", written)


def test_a_path_that_leads_elsewhere_keeps_only_its_last_part(tmp_path: Path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "x.xlsx").write_bytes(b"x")

    assert fetch.take(tmp_path / "inbox" / ".." / "x.xlsx", max_bytes=10).name == "x.xlsx"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda _: None, "NOT_FOUND"),
        (lambda path: path.write_bytes(b""), "EMPTY"),
        (lambda path: path.write_bytes(b"x" * 1001), "TOO_LARGE"),
        (lambda path: path.mkdir(), "NOT_REGULAR"),
        (os.mkfifo, "NOT_REGULAR"),
        (lambda path: path.symlink_to(__file__), "NOT_REGULAR"),
    ],
)
def test_what_is_no_file_of_figures_is_refused(tmp_path: Path, made, code: str):
    path = tmp_path / "given.xlsx"
    made(path)

    refused = refusal(path)

    assert refused.code == code
    assert "given.xlsx" in str(refused)
    assert str(tmp_path) not in str(refused)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)  # a socket's address is short
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("s.xlsx")
        assert refusal(Path("s.xlsx")).code == "NOT_REGULAR"


@pytest.mark.parametrize("name", ["\0.xlsx", "x" * 300 + ".xlsx", "file.xlsx/inside"])
def test_a_name_that_cannot_be_a_file_is_not_found(tmp_path: Path, name: str):
    (tmp_path / "file.xlsx").write_bytes(b"x")

    assert refusal(tmp_path / name).code == "NOT_FOUND"


def test_a_device_is_refused_unread():
    assert refusal(Path("/dev/zero")).code == "NOT_REGULAR"


def test_a_file_one_may_not_read_says_why():
    refused = fetch._refusal(PermissionError(13, "Permission denied"), "secret.xlsx")

    assert (refused.code, str(refused)) == ("NOT_READABLE", "secret.xlsx cannot be opened: Permission denied")


@pytest.mark.parametrize("added", [b"y", b""])
def test_a_file_that_was_written_while_it_was_read_is_left_for_later(tmp_path: Path, added: bytes):
    path = tmp_path / "growing.xlsx"
    path.write_bytes(b"x")
    before = path.stat()
    with path.open("ab") as file:
        file.write(added)
    os.utime(path, (1, 1))

    with pytest.raises(FileRefused, match="still being written") as refused:
        fetch._check_settled("growing.xlsx", 1, before, path.stat())

    assert refused.value.code == "CHANGING"


def test_a_file_shorter_than_it_said_is_left_for_later(tmp_path: Path):
    (tmp_path / "cut.xlsx").write_bytes(b"xy")
    found = (tmp_path / "cut.xlsx").stat()

    with pytest.raises(FileRefused, match="still being written"):
        fetch._check_settled("cut.xlsx", 1, found, found)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a\nb\x1b[31m.xlsx", "a_b_[31m.xlsx"),
        ("x" * 300 + ".xlsx", "x" * 250 + ".xlsx"),
        ("", "unnamed"),
        ("  März 2025.xlsx ", "März 2025.xlsx"),
        ("943 476 5919 waiting.xlsx", "[redacted] waiting.xlsx"),
        ("20250331_9434765919.csv", "20250331_[redacted].csv"),
        ("2025-03-31 ann.parent@example.org.csv", "2025-03-31 [redacted]"),
    ],
)
def test_a_name_is_kept_printable_and_short(name: str, kept: str):
    assert fetch.printable_name(name) == kept


def test_a_file_is_read_in_parts_with_its_checksum(tmp_path: Path):
    path = tmp_path / "records.csv"
    path.write_bytes(b"a,b\n1,2\n")
    with fetch.streamed(path, max_bytes=100) as file:
        assert (file.name, file.sha256, file.size) == ("records.csv", hashlib.sha256(b"a,b\n1,2\n").hexdigest(), 8)
        assert file.content.read() == b"a,b\n1,2\n"


def test_a_file_that_was_written_while_it_was_read_in_parts_is_left_for_later(tmp_path: Path):
    path = tmp_path / "records.csv"
    path.write_bytes(b"a,b\n")
    with pytest.raises(FileRefused) as refused, fetch.streamed(path, max_bytes=100):
        path.write_bytes(b"a,b\n1,2\n")
    assert refused.value.code == "CHANGING"
