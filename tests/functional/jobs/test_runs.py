"""What others see of a run while it works, when it breaks off and when its connection is lost."""

from datetime import timedelta
from itertools import count as counting

import pytest
import structlog
from sqlalchemy import text

import jobs.load
from jobs.load import Moment, load
from jobs.runs import concluded, running
from tests.databases import administer
from tests.functional.jobs.kit import NOW, book, count, load_files, put
from waitlists.errors import DatabaseUnavailable
from waitlists.logs import logger
from waitlists.store import read, tables, write
from waitlists.store.session import make_engine, reading, writing


def runs(engine):
    with reading(engine) as connection:
        return read.runs(connection, limit=9)


def test_a_load_is_seen_while_it_works_and_its_figures_are_not(database, tmp_path):
    seen = []

    def look(progress):
        if (progress.step, progress.done) == ("storing", 1):
            return
        with reading(database) as connection:
            (run,) = read.runs(connection, status="running", limit=9)
            seen.append((progress.step, run.finished_at, read.deliveries(connection, limit=9)))
            assert read.latest_version(connection) is None

    moments = counting()
    moment = Moment(lambda: NOW + timedelta(minutes=next(moments)))
    load(
        database,
        put(tmp_path / "in", book(2025, 1)),
        moment=moment,
        source=None,
        on_progress=look,
    )
    assert seen == [("reading", None, []), ("storing", None, [])]
    (run,) = runs(database)
    assert (run.status, run.started_at) == ("done", NOW)
    assert run.finished_at > run.started_at


def test_a_run_that_breaks_off_has_failed_with_the_kind_of_its_reason(database):
    with pytest.raises(DatabaseUnavailable), running(database, command="load", as_of=None, clock=lambda: NOW):
        raise DatabaseUnavailable("host 1234")
    with pytest.raises(KeyboardInterrupt), running(database, command="load", as_of=None, clock=lambda: NOW):
        raise KeyboardInterrupt
    assert [(run.status, run.summary) for run in runs(database)] == [
        ("failed", {"reason": "DatabaseUnavailable"}),
        ("failed", {"reason": "KeyboardInterrupt"}),
    ]


def test_a_run_whose_end_cannot_be_written_stands_as_running_and_says_why(sqlite_database, monkeypatch):
    def away(*_, **__):
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(write, "finish_run", away)
    run = running(sqlite_database, command="load", as_of=None, clock=lambda: NOW)
    with pytest.raises(ValueError, match="the first reason"), run:
        raise ValueError("the first reason")
    assert [run.status for run in runs(sqlite_database)] == ["running"]


def test_every_line_of_a_run_names_it(sqlite_database):
    structlog.reset_defaults()
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        with running(sqlite_database, command="load", as_of=None, clock=lambda: NOW) as run_id:
            logger().info("load.looked")
        logger().info("load.after")
    assert [line.get("run_id") for line in lines] == [run_id, None]


def lose(connection):
    administer(f"SELECT pg_terminate_backend({connection.execute(text('SELECT pg_backend_pid()')).scalar()})")


@pytest.mark.postgres
@pytest.mark.parametrize("step", ["_added", "judge_again", "_finish"])
def test_f18_a_load_whose_connection_is_lost_is_stored_once_all_the_same(postgresql_url, tmp_path, monkeypatch, step):
    engine, lost = make_engine(postgresql_url), []
    whole = getattr(jobs.load, step)

    def once_lost(connection, *others):
        if not lost:
            lost.append(step)
            lose(connection)
        return whole(connection, *others)

    monkeypatch.setattr(jobs.load, step, once_lost)
    outcome = load_files(engine, put(tmp_path / "in", book(2025, 1)))
    assert (lost, outcome.dataset_version, len(outcome.with_status("loaded"))) == ([step], 1, 1)
    assert [run.status for run in runs(engine)] == ["done"]
    assert (count(engine, tables.delivery), count(engine, tables.dataset_version)) == (1, 1)
    engine.dispose()


def test_f18_what_was_committed_before_the_connection_was_lost_is_not_done_again(sqlite_database, monkeypatch):
    done = []

    def work(connection):
        done.append(write.publish(connection, run_id=run_id, now=NOW))
        write.finish_run(connection, run_id, status="done", summary={}, now=NOW)
        return done[-1]

    def twice(engine, once):
        for _ in range(2):
            with writing(engine) as connection:
                answer = once(connection)
        return answer

    monkeypatch.setattr("jobs.runs.transact", twice)
    with running(sqlite_database, command="load", as_of=None, clock=lambda: NOW) as run_id:
        assert concluded(sqlite_database, run_id, work) == 1
    assert done == [1]
