"""The copy on which a week is rehearsed: the same figures and numbers, its own writing, and nothing left of it."""

import fcntl
import os
import resource
import signal
import stat
import tempfile
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from structlog.testing import capture_logs

from tests.functional.jobs.kit import book, content_hash, load_files, put
from waitlists.errors import DatabaseUnavailable, DiskFull
from waitlists.store import tables, write
from waitlists.store.numbers import VintageOf, newest_number, numbers_after
from waitlists.store.rehearsal import LEFT_OUT, clear_copies, rehearsal
from waitlists.store.session import make_engine, reading, writing
from waitlists.store.tables import metadata

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


def copies(engine) -> list[Path]:
    file = Path(engine.url.database)
    return sorted(file.parent.glob(f"{file.name}.copy-*"))


def begin(engine, command):
    with writing(engine) as connection:
        return write.start_run(connection, command=command, as_of=None, now=NOW)


def rows(engine, table):
    with reading(engine) as connection:
        return sorted(map(repr, connection.execute(select(table))))


def test_a_copy_holds_what_the_original_does_but_what_is_left_out(database, tmp_path):
    load_files(database, put(tmp_path / "in", book(2025, 1)))
    with rehearsal(database) as copy:
        for name, table in metadata.tables.items():
            assert rows(copy, table) == ([] if name in LEFT_OUT else rows(database, table)), name


def test_what_is_stored_in_a_copy_gets_the_numbers_of_the_original_and_is_gone_with_it(database, tmp_path):
    first, second = put(tmp_path / "in", book(2025, 1), book(2025, 2))
    load_files(database, [first])
    with database.connect() as connection, connection.begin() as lost:
        # PostgreSQL gives the number of what is taken back to nobody else.
        write.start_run(connection, command="lost", as_of=None, now=NOW)
        lost.rollback()
    before = content_hash(database)
    with rehearsal(database) as copy:
        tried = load_files(copy, [second])
        assert content_hash(copy) != before
    assert content_hash(database) == before
    stored = load_files(database, [second])
    assert (tried.run_id, tried.dataset_version, tried.files) == (stored.run_id, stored.dataset_version, stored.files)


def test_neither_waits_for_the_other(database):
    with rehearsal(database) as copy, writing(copy) as tried, writing(database) as stored:
        numbers = [write.start_run(one, command="both", as_of=None, now=NOW) for one in (tried, stored)]
    assert numbers == [1, 1]


def test_vintages_are_found_again_by_what_they_are_of(database, tmp_path):
    first, second = put(tmp_path / "in", book(2025, 1), book(2025, 2))
    load_files(database, [first])
    with reading(database) as connection:
        newest = newest_number(connection)
        every = numbers_after(connection, 0)
    (outcome,) = load_files(database, [second]).files
    with reading(database) as connection:
        new = numbers_after(connection, newest)
    assert max(every.values()) == newest < min(new.values())
    assert VintageOf(outcome.sha256, "chs_sitrep", "", date(2025, 2, 28)) in new
    assert {of.sha256 for of in new} == {outcome.sha256}


def test_nothing_is_left_of_a_copy_whatever_ends_it(database):
    with pytest.raises(KeyError), rehearsal(database):
        raise KeyError
    if database.dialect.name == "sqlite":
        assert copies(database) == []
    else:
        with reading(database) as connection:
            left = "SELECT relname FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'"
            assert connection.execute(text(left)).scalars().all() == []


def test_a_copy_of_a_file_is_for_its_owner_alone(sqlite_database):
    with rehearsal(sqlite_database) as copy:
        begin(copy, "tried")
        (folder,) = copies(sqlite_database)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert (stat.S_IMODE(folder.stat().st_mode), modes) == (0o700, {0o600})


def killed_at_work(url) -> None:
    with rehearsal(make_engine(url)):
        signal.raise_signal(signal.SIGKILL)


def test_a_copy_whose_process_was_killed_is_cleared_and_one_at_work_is_not(sqlite_database):
    url = sqlite_database.url.render_as_string()
    process = get_context("spawn").Process(target=killed_at_work, args=(url,))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    (left,) = copies(sqlite_database)
    with rehearsal(sqlite_database) as copy:
        (mine,) = {*copies(sqlite_database)} - {left}
        clear_copies(sqlite_database)
        assert copies(sqlite_database) == [mine]
        assert begin(copy, "tried") == 1
    assert copies(sqlite_database) == []


def test_what_lies_beside_the_database_is_no_copy(sqlite_database, tmp_path):
    (tmp_path / "waitlists.db.copy-of-mine").write_text("a file")
    (tmp_path / "other.db.copy-1").mkdir()
    clear_copies(sqlite_database)
    assert (tmp_path / "other.db.copy-1").is_dir()
    assert (tmp_path / "waitlists.db.copy-of-mine").exists()


def locked_to(monkeypatch, folder: Path) -> None:
    """The same for a superuser, whom no mode of a folder keeps out."""
    opened = os.open

    def refused(path, *others, **named):
        if Path(path) == folder:
            raise PermissionError(13, "Permission denied")
        return opened(path, *others, **named)

    monkeypatch.setattr("waitlists.store.rehearsal.os.open", refused)


def test_a_copy_of_another_user_is_told_and_keeps_no_week(sqlite_database, tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / f"waitlists.db.copy-{name}").mkdir()
    left = tmp_path / "waitlists.db.copy-a"
    locked_to(monkeypatch, left)
    with capture_logs() as lines:
        assert clear_copies(sqlite_database) == [left]
    assert copies(sqlite_database) == [left]
    assert [line["event"] for line in lines] == ["rehearsal.not_cleared", "rehearsal.cleared"]


def test_a_copy_that_cannot_be_deleted_is_not_said_to_be(sqlite_database, tmp_path, monkeypatch):
    (left := tmp_path / "waitlists.db.copy-a").mkdir()
    monkeypatch.setattr("waitlists.store.rehearsal.shutil.rmtree", lambda *_, **__: None)
    assert clear_copies(sqlite_database) == [left]


@pytest.mark.parametrize("moment", ["opened", "locked"])
def test_a_copy_that_is_cleared_before_it_is_locked_is_made_anew(sqlite_database, monkeypatch, moment):
    """Somebody erases records just when a week begins."""
    made, locked, cleared = tempfile.mkdtemp, fcntl.flock, []

    def clear(folder):
        if not cleared:
            Path(folder).rmdir()
            cleared.append(folder)

    def making(**named):
        folder = made(**named)
        if moment == "opened":
            clear(folder)
        return folder

    def locking(opened, how):
        clear(copies(sqlite_database)[0])
        locked(opened, how)

    monkeypatch.setattr("waitlists.store.rehearsal.mkdtemp", making)
    if moment == "locked":
        monkeypatch.setattr("waitlists.store.rehearsal.fcntl.flock", locking)
    with rehearsal(sqlite_database) as copy:
        assert begin(copy, "tried") == 1
    assert (len(cleared), copies(sqlite_database)) == (1, [])


def test_f20_a_full_disk_says_so_and_leaves_no_half_copy(sqlite_database):
    with writing(sqlite_database) as connection:
        run = {"command": "x", "started_at": NOW, "finished_at": NOW, "status": "done", "summary": {"x": "y" * 4096}}
        connection.execute(insert(tables.run), [run] * 300)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, hard))
    try:
        with pytest.raises(DatabaseUnavailable, match=r"disk|space"), rehearsal(sqlite_database):
            pytest.fail("there was room")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert copies(sqlite_database) == []


def test_f20_a_folder_that_takes_no_copy_is_named(sqlite_database, monkeypatch):
    def full(**_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("waitlists.store.rehearsal.mkdtemp", full)
    told = r"no copy of the database can be made in .*: No space left on device"
    with pytest.raises(DiskFull, match=told), rehearsal(sqlite_database):
        pytest.fail("there was room")


def test_f20_a_copy_that_cannot_be_begun_says_so_and_leaves_nothing(sqlite_database, monkeypatch):
    opened = os.open

    def full(path, *others, **named):
        if Path(path).name == "copy.db":
            raise OSError(28, "No space left on device")
        return opened(path, *others, **named)

    with monkeypatch.context() as patched:
        patched.setattr("waitlists.store.rehearsal.os.open", full)
        with pytest.raises(DiskFull, match="no copy of the database can be made"), rehearsal(sqlite_database):
            pytest.fail("there was room")
    assert copies(sqlite_database) == []


@pytest.mark.postgres
def test_a_connection_that_is_lost_takes_its_copy_with_it_and_never_finds_the_original(postgresql_url):
    engine = make_engine(postgresql_url)
    with rehearsal(engine) as copy:
        with reading(copy) as connection:
            number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
        with pytest.raises(DatabaseUnavailable, match="dropped the connection that held a copy"):
            begin(copy, "tried")
    assert rows(engine, tables.run) == []
    engine.dispose()


@pytest.mark.postgres
def test_a_user_who_may_make_no_temporary_tables_is_told(postgresql_url):
    engine = make_engine(postgresql_url)
    with engine.begin() as connection:
        database, role = engine.url.database, f"untemporary_{engine.url.database}"[:60]
        connection.execute(text(f"CREATE ROLE {role}"))
        connection.execute(text(f"GRANT {role} TO current_user"))
        connection.execute(text(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"))
    other = make_engine(f"{postgresql_url}{'&' if '?' in postgresql_url else '?'}options=-c%20role%3D{role}")
    try:
        with pytest.raises(DatabaseUnavailable, match="GRANT TEMPORARY ON DATABASE"), rehearsal(other):
            pytest.fail("it may")
    finally:
        other.dispose()
        with engine.begin() as connection:
            connection.execute(text(f"DROP ROLE {role}"))
        engine.dispose()
