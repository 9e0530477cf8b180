"""A load of referral records that is killed or dies half-way: nothing of it is seen, and a rerun completes it."""

import shutil
import time

import pytest
from sqlalchemy import event

from tests.databases import sqlite_template
from tests.extracts import csv_of
from tests.functional.jobs.kit import NOW, content_hash, count, load_files
from tests.functional.jobs.test_records import DAY, WEEK, children
from waitlists.store import tables
from waitlists.store.session import make_engine

FIRST = children(3_000, on=DAY - WEEK)
SECOND = [*children(3_000, age_band="11-15"), *children(1, service="NOPE", service_request_identifier="ref-x")]


def state(engine):
    return count(engine, tables.referral), count(engine, tables.quarantine), content_hash(engine)


@pytest.fixture
def files(waitlists):
    for name, rows in (("first.csv", FIRST), ("second.csv", SECOND)):
        (waitlists.folder / name).write_bytes(csv_of(rows))
    return waitlists.folder / "first.csv", waitlists.folder / "second.csv"


@pytest.fixture
def reference(tmp_path):
    """A database of the other name, that nothing is killed under."""
    shutil.copy(sqlite_template(), tmp_path / "reference.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'reference.db'}")
    yield engine
    engine.dispose()


@pytest.mark.slow
def test_a_load_of_records_killed_at_any_moment_leaves_old_or_new(waitlists, database, reference, files):
    """F02: SIGKILL while reading, while merging and about when it commits."""
    first, second = files
    for engine in (database, reference):
        load_files(engine, [first])
    old = state(database)
    assert old == state(reference)
    load_files(reference, [second])
    new = state(reference)
    url = database.url.render_as_string(hide_password=False)
    for wait in (1.0, 1.6, 2.4):
        process = waitlists.start("load", second, "--as-of", NOW.date(), DATABASE_URL=url)
        time.sleep(wait)
        process.kill()
        process.communicate()
        assert state(database) in (old, new)
    assert waitlists("load", second, "--as-of", NOW.date(), DATABASE_URL=url).code == 0
    assert state(database) == new


@pytest.mark.parametrize("moment", ["update referral", "insert into quarantine", "insert into dataset_version"])
def test_a_load_of_records_that_dies_while_writing_leaves_no_row(sqlite_database, files, moment):
    """F18: the connection is lost at three steps of the transaction."""
    first, second = files
    load_files(sqlite_database, [first])
    old = state(sqlite_database)

    def lose(_connection, cursor, statement, *_):
        if moment in statement.lower():
            cursor.connection.close()
        return statement, _[0]

    event.listen(sqlite_database, "before_cursor_execute", lose, retval=True)
    with pytest.raises(Exception, match="closed database"):
        load_files(sqlite_database, [second])
    event.remove(sqlite_database, "before_cursor_execute", lose)
    assert state(sqlite_database) == old
    load_files(sqlite_database, [second])
    assert state(sqlite_database)[:2] == (6_000, 1)
