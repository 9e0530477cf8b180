"""A load that is killed, runs out of disk or loses its database: the old state stands, and a rerun completes it."""

import time
from datetime import date

import pytest
from sqlalchemy import event, text

from tests.functional.jobs.kit import book, books, content_hash, count, load_files, put
from waitlists.errors import DatabaseUnavailable
from waitlists.store import read, tables
from waitlists.store.session import reading, writing

pytestmark = pytest.mark.no_cover

NEXT = books()[1:7]
FIRST = books()[0]


def state(engine):
    with reading(engine) as connection:
        version = read.latest_version(connection)
    return version.version if version else 0, count(engine, tables.delivery), content_hash(engine)


def last_run(engine):
    with reading(engine) as connection:
        run = read.runs(connection, limit=99)[-1]
    return run.status, run.summary, run.started_at, run.finished_at


def url_of(engine):
    return engine.url.render_as_string(hide_password=False)


@pytest.mark.slow
def test_a_load_killed_at_any_moment_leaves_old_or_new_and_a_rerun_completes_it(waitlists, database, sqlite_database):
    """F01, F02: SIGKILL while reading, while writing, and about when it commits; the runs killed stand as running."""
    load_files(sqlite_database, put(waitlists.folder / "in", FIRST))
    load_files(database, put(waitlists.folder / "in", FIRST))
    old = state(database)
    files = put(waitlists.folder / "in", *NEXT)
    load_files(sqlite_database, files)
    new = state(sqlite_database)
    for wait in (0.4, 1.0, 1.8):
        process = waitlists.start("load", "in", "--json", DATABASE_URL=url_of(database))
        time.sleep(wait)
        process.kill()
        process.communicate()
        assert state(database) in (old, new)
    ended = waitlists("load", "in", "--json", DATABASE_URL=url_of(database))
    assert ended.code == 0
    assert state(database) == new
    with reading(database) as connection:
        runs = read.runs(connection, command="load", limit=9)
    assert [run.status for run in runs].count("done") == 2
    assert {run.status for run in runs} <= {"done", "running"}


@pytest.mark.parametrize("moment", ["figure", "finding", "dataset_version"])
def test_a_load_that_dies_while_writing_leaves_no_row(sqlite_database, tmp_path, moment):
    """F18: the connection is lost in the middle of the transaction, at three of its steps."""
    load_files(sqlite_database, put(tmp_path / "in", FIRST))
    old = state(sqlite_database)

    def lose(_connection, cursor, statement, *_):
        if f'into "{moment}"' in statement.lower() or f"into {moment}" in statement.lower():
            cursor.connection.close()
        return statement, _[0]

    event.listen(sqlite_database, "before_cursor_execute", lose, retval=True)
    with pytest.raises(Exception, match="closed database"):
        load_files(sqlite_database, put(tmp_path / "in", *NEXT))
    event.remove(sqlite_database, "before_cursor_execute", lose)
    assert state(sqlite_database) == old
    assert last_run(sqlite_database)[:2] == ("failed", {"reason": "ProgrammingError"})
    load_files(sqlite_database, [tmp_path / "in"])
    assert state(sqlite_database)[:2] == (2, 7)
    assert last_run(sqlite_database)[0] == "done"


def test_a_full_disk_ends_the_load_plainly_and_the_old_figures_stay(sqlite_database, tmp_path):
    """F20: SQLite is given no more pages, as on a full disk."""
    load_files(sqlite_database, put(tmp_path / "in", FIRST))
    old = state(sqlite_database)

    @event.listens_for(sqlite_database, "begin")
    def no_more_pages(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")

    with pytest.raises(DatabaseUnavailable, match="no space left"):
        load_files(sqlite_database, put(tmp_path / "in", *NEXT))
    event.remove(sqlite_database, "begin", no_more_pages)
    assert state(sqlite_database) == old
    with reading(sqlite_database) as connection:
        assert read.stored_list(connection, service="SALT", org="QKS", as_of=date(2026, 1, 1)) is not None
    with writing(sqlite_database) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    load_files(sqlite_database, [tmp_path / "in"])
    assert state(sqlite_database)[:2] == (2, 7)


@pytest.mark.parametrize("words", [("status",), ("load", "in"), ("forecast", "--as-of", "2025-05-31"), ("migrate",)])
def test_a_database_that_is_down_is_one_line(waitlists, words):
    """F17: a command says so and ends; it is run again when the database is back."""
    put(waitlists.folder / "in", FIRST)
    ended = waitlists(*words, DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:9/none")
    assert ended.code == 12
    assert ended.err.count("\n") == 1
    assert "cannot be reached" in ended.err


@pytest.mark.parametrize("words", [("status",), ("load", "in"), ("forecast", "--as-of", "2025-05-31"), ("serve",)])
def test_another_schema_revision_is_refused_before_anything_is_done(waitlists, database, words):
    """F22: older or newer than this code, the database stays as it is."""
    put(waitlists.folder / "in", FIRST)
    with writing(database) as connection:
        connection.execute(text("update alembic_version set version_num = 'unknown'"))
    ended = waitlists(*words, DATABASE_URL=url_of(database))
    assert ended.code == 13
    assert "newer version of this software" in ended.err
    assert count(database, tables.delivery) == 0


def test_files_of_a_folder_that_vanish_meanwhile_are_refused_not_fatal(sqlite_database, tmp_path):
    """A file between being listed and being opened."""
    files = put(tmp_path / "in", FIRST, book(2024, 5))
    (tmp_path / "gone.xlsx").symlink_to(tmp_path / "nowhere")
    outcome = load_files(sqlite_database, [*files, tmp_path / "gone.xlsx"])
    assert (len(outcome.with_status("loaded")), len(outcome.with_status("refused"))) == (2, 1)


def test_two_loads_of_the_same_file_at_once_store_it_once(database, tmp_path):
    """The second writer finds, in its own transaction, that the first was faster."""
    from concurrent.futures import ThreadPoolExecutor

    files = put(tmp_path / "in", FIRST)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: load_files(database, files), range(2)))
    assert sorted(item.status for outcome in outcomes for item in outcome.files) == ["already_loaded", "loaded"]
    assert count(database, tables.delivery) == 1
    assert count(database, tables.dataset_version) == 1
