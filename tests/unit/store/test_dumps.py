"""The copy of an SQLite file: what kept it from being written, and what is wrong with the file itself."""

import sqlite3
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url

from waitlists.errors import DatabaseUnavailable
from waitlists.store.dumps import sqlite_moment


def copied(folder, code):
    """A copy of a database whose driver ends it with this code."""

    def fails(*_, **__):
        error = sqlite3.OperationalError("as the driver says")
        error.sqlite_errorcode = code
        raise error

    raw = SimpleNamespace(driver_connection=SimpleNamespace(backup=fails), close=lambda: None)
    engine = SimpleNamespace(url=make_url("sqlite:///some.db"), raw_connection=lambda: raw)
    with sqlite_moment(engine, folder / "copy"):
        pytest.fail("there is no copy")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (sqlite3.SQLITE_FULL, "No space left on device"),
        (sqlite3.SQLITE_IOERR_WRITE, "Input/output error"),
        (sqlite3.SQLITE_IOERR_FSYNC, "Input/output error"),
    ],
)
def test_f20_a_copy_that_cannot_be_written_is_no_fault_of_the_database(tmp_path, code, says):
    with pytest.raises(OSError, match=says):
        copied(tmp_path, code)


@pytest.mark.parametrize(
    ("code", "says"), [(sqlite3.SQLITE_IOERR_READ, "check the disk"), (sqlite3.SQLITE_BUSY, "is busy")]
)
def test_a_database_that_cannot_be_read_is_one(tmp_path, code, says):
    with pytest.raises(DatabaseUnavailable, match=says):
        copied(tmp_path, code)
