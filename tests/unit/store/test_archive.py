"""The file a backup is: private, whole or not there, and never damaged without a word."""

import os
import resource
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.test_backups import MANIFEST
from waitlists.errors import BadArgument, DatabaseUnavailable, FileRefused
from waitlists.running.backups import Manifest
from waitlists.store import archive

ROOT = Path(__file__).parents[3]


def described(parts) -> Manifest:
    return replace(MANIFEST, parts=dict(parts))


def written(folder: Path, *chunks: bytes, name: str = "one.backup") -> Path:
    path = folder / name
    archive.write_archive(path, [("waitlists.db", chunks)], described)
    return path


def read(path: Path) -> bytes:
    return b"".join(archive.part(path, "waitlists.db", archive.checked_manifest(path)))


@given(chunks=st.lists(st.binary(max_size=2000), max_size=4))
@settings(max_examples=20)
def test_a_part_is_read_as_it_was_written(tmp_path_factory, chunks):
    assert read(written(tmp_path_factory.mktemp("any"), *chunks)) == b"".join(chunks)


def test_its_owner_alone_may_read_it_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        path = written(tmp_path, b"rows")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_backup_is_never_written_over(tmp_path):
    path = written(tmp_path, b"rows")
    with pytest.raises(BadArgument, match="never written over"):
        written(tmp_path, b"other rows")
    assert read(path) == b"rows"


def test_nothing_is_left_of_a_backup_that_broke_off(tmp_path):
    def breaking():
        yield b"rows"
        raise DatabaseUnavailable("gone")

    with pytest.raises(DatabaseUnavailable):
        archive.write_archive(tmp_path / "one.backup", [("waitlists.db", breaking())], described)
    assert list(tmp_path.iterdir()) == []


def test_any_byte_that_flips_is_noticed_or_changes_nothing(tmp_path):
    path = written(tmp_path, b"rows of children " * 20)
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x5A]) + content[place + 1 :])
        try:
            assert read(path) == b"rows of children " * 20
        except (FileRefused, BadArgument):
            continue


@pytest.mark.parametrize("cut", [0, 10, 200, -1])
def test_a_file_cut_short_is_refused(tmp_path, cut):
    path = written(tmp_path, os.urandom(400))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(FileRefused):
        archive.checked_manifest(path)


def test_a_part_that_is_not_the_one_written_is_refused(tmp_path):
    path = written(tmp_path, b"rows")
    other = tmp_path / "other.backup"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        new.writestr("waitlists.db", b"other")
        new.writestr(archive.MANIFEST, old.read(archive.MANIFEST))
        new.comment = old.comment
    with pytest.raises(FileRefused, match=r"waitlists\.db has another checksum"):
        archive.checked_manifest(other)


def test_a_part_that_is_gone_is_named(tmp_path):
    path, other = written(tmp_path, b"rows"), tmp_path / "other.backup"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        new.writestr(archive.MANIFEST, old.read(archive.MANIFEST))
        new.comment = old.comment
    with pytest.raises(FileRefused, match=r"lost its part waitlists\.db"):
        archive.checked_manifest(other)


def test_another_archive_is_no_backup(tmp_path):
    path = tmp_path / "some.backup"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("letter.txt", b"hello")
    with pytest.raises(FileRefused, match="some other archive"):
        archive.manifest_of(path)


def test_a_list_of_parts_beyond_measure_is_not_read(tmp_path):
    path = tmp_path / "bomb.backup"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as other:
        other.writestr(archive.MANIFEST, bytes(65 << 20))
    with pytest.raises(FileRefused, match="larger than any"):
        archive.manifest_of(path)


def test_a_file_that_is_not_there_is_an_argument_to_mend(tmp_path):
    with pytest.raises(BadArgument, match="cannot be read"):
        archive.manifest_of(tmp_path / "none.backup")


def test_a_backup_is_told_from_what_only_has_its_name(tmp_path):
    path = written(tmp_path, b"rows")
    (tmp_path / "empty.backup").touch()
    assert [archive.is_backup(tmp_path / f"{name}.backup") for name in ("one", "empty", "none")] == [True, False, False]
    path.write_bytes(path.read_bytes()[:-1])
    assert not archive.is_backup(path)


def test_one_backup_at_a_time_and_what_a_kill_left_goes_first(tmp_path):
    (tmp_path / ".old.backup.part").write_bytes(b"half")
    kept = written(tmp_path, b"rows")
    with archive.alone_in(tmp_path):
        assert list(tmp_path.iterdir()) == [kept]
        with pytest.raises(BadArgument, match="another backup"), archive.alone_in(tmp_path):
            pass
    with archive.alone_in(tmp_path):
        pass
    with pytest.raises(BadArgument, match="does not exist"), archive.alone_in(tmp_path / "none"):
        pass


FILLING = """
import os, resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
from tests.unit.store.test_archive import written
try:
    written(Path(sys.argv[1]), os.urandom(500_000))
except OSError as error:
    print(error.strerror)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system limits no file's size")
def test_a_disk_that_takes_no_more_leaves_no_file_and_is_said(tmp_path):
    # A compiled module is a file too (-B), and would be cut short with the rest.
    words = [sys.executable, "-B", "-W", "ignore", "-c", FILLING, str(tmp_path)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout == "File too large\n"
    assert list(tmp_path.iterdir()) == []
