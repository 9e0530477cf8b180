"""What both engines promise alike: one moment a reader, one writer at a time, times in UTC, checked values."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from threading import Event

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from tests.deliveries import APRIL, MARCH, NOW, finding, load, parsed
from waitlists.errors import DatabaseUnavailable
from waitlists.store import read, tables, write
from waitlists.store.session import check_integrity, reading, writing

SUMMER = timezone(timedelta(hours=1))


def versions(engine) -> list[int]:
    with reading(engine) as connection:
        return list(connection.execute(select(tables.dataset_version.c.version)).scalars())


def publish_one(engine, now: datetime = NOW) -> int:
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=now)
        return write.publish(connection, run_id=run_id, now=now)


def publish_and_fail(engine) -> None:
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
        write.publish(connection, run_id=run_id, now=NOW)
        raise ZeroDivisionError


def test_a_reader_sees_one_moment(database):
    publish_one(database)
    with reading(database) as connection:
        before = read.latest_version(connection)
        publish_one(database)
        assert read.latest_version(connection) == before
    assert versions(database) == [1, 2]


def test_a_reader_cannot_write(database):
    with pytest.raises(DatabaseUnavailable, match="cannot be written to"), reading(database) as connection:
        write.start_run(connection, command="load", as_of=None, now=NOW)


def test_a_writer_after_a_reader_can_write_on_the_same_connection(database):
    with reading(database) as connection:
        connection.execute(select(tables.run))
    assert publish_one(database) == 1


def test_a_reader_after_readers_and_writers_cannot_write_on_the_same_connection(database):
    for done in (versions, publish_one, versions, versions):
        done(database)
        test_a_reader_cannot_write(database)
    assert versions(database) == [1]


def test_an_error_takes_everything_back(database):
    with pytest.raises(ZeroDivisionError):
        publish_and_fail(database)
    with reading(database) as connection:
        assert read.runs(connection, limit=9) == []


def test_a_second_writer_waits_for_the_first(database):
    may_end, order = Event(), []

    def slow():
        with writing(database) as connection:
            started.set()
            may_end.wait(60)
            write.start_run(connection, command="load", as_of=None, now=NOW)
            order.append("first")

    def quick():
        started.wait(60)
        with writing(database):
            order.append("second")

    started = Event()
    with ThreadPoolExecutor(2) as pool:
        works = [pool.submit(slow), pool.submit(quick)]
        started.wait(60)
        may_end.set()
        for work in works:
            work.result(timeout=60)
    assert order == ["first", "second"]


def test_versions_are_numbered_without_gaps(database):
    publish_one(database)
    with pytest.raises(ZeroDivisionError):
        publish_and_fail(database)
    publish_one(database)
    assert versions(database) == [1, 2]


def test_a_summer_time_comes_back_as_the_same_moment_in_utc(database):
    nine = datetime(2025, 7, 1, 9, tzinfo=SUMMER)
    publish_one(database, now=nine)
    with reading(database) as connection:
        found = read.latest_version(connection).published_at
    assert found == nine
    assert found.utcoffset() == timedelta(0)
    assert found.hour == 8


def test_a_time_without_a_zone_is_refused(database):
    with pytest.raises(StatementError, match="zone"):
        publish_one(database, now=datetime(2025, 7, 1, 9))  # noqa: DTZ001


def test_no_time_is_no_time(database):
    with writing(database) as connection:
        run_id = write.start_run(connection, command="load", as_of=date(2025, 5, 31), now=NOW)
    with reading(database) as connection:
        (run,) = read.runs(connection, limit=9)
    assert (run.id, run.as_of, run.finished_at, run.status) == (run_id, date(2025, 5, 31), None, "running")


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("run", {"command": "x" * 21}),
        ("run", {"status": "odd"}),
        ("run", {"status": "done", "finished_at": None}),
        ("delivery", {"sha256": "short"}),
        ("delivery", {"file_name": "x" * 256}),
        ("delivery", {"size_bytes": 0}),
        ("vintage", {"source": "x" * 41}),
        ("series", {"org": "x" * 121}),
        ("series", {"band": "x" * 21}),
        ("figure", {"value": -1}),
        ("figure", {"marker": "blank"}),
        ("figure", {"marker": "suppressed", "value": 7}),
        ("figure", {"value": None}),
        ("finding", {"severity": "odd"}),
        ("finding", {"cell": "x" * 13}),
        ("organisation", {"code": "x" * 121}),
    ],
)
def test_a_value_that_breaks_a_rule_is_refused_by_both_engines(database, table, values):
    noted = finding("odd", MARCH, "SALT", "QKS")
    load(database, parsed(MARCH, {("SALT", "QKS"): 7}, published_on=APRIL, findings=(noted,)))
    with pytest.raises(DBAPIError):
        write_anyhow(database, update(tables.metadata.tables[table]).values(values))


def write_anyhow(engine, statement):
    with writing(engine) as connection:
        assert connection.execute(statement).rowcount == 1


def test_a_number_that_is_none_is_refused_by_both_engines(database):
    load(database, parsed(MARCH, {("SALT", "QKS"): 7}))
    with pytest.raises((StatementError, ValueError), match="JSON compliant"):
        write_anyhow(database, update(tables.run).values(summary={"share": float("nan")}))


def test_a_reference_to_nothing_is_refused_by_both_engines(database):
    with pytest.raises(IntegrityError), writing(database) as connection:
        write.publish(connection, run_id=99, now=NOW)


def test_a_whole_database_is_whole(database):
    check_integrity(database)
