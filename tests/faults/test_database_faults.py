"""Faults of the database (F01, F02, F17 to F22, F25): one plain sentence, nothing half-written, nothing lost."""

import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from tests.databases import administer
from tests.deliveries import MARCH, NOW, load, parsed
from waitlists.errors import DatabaseUnavailable, SchemaMismatch
from waitlists.store import read, write
from waitlists.store.fingerprint import content_hash
from waitlists.store.migrate import migrate
from waitlists.store.session import check_integrity, check_schema, make_engine, reading, transact, writing

ROOT = Path(__file__).parents[2]
IN_MAY = date(2025, 5, 15)
LISTS = {(f"CYP_{number:02}", org): number for number in range(40) for org in ("QKS", "RYY", "NQ7")}


def refused(engine) -> DatabaseUnavailable:
    with pytest.raises(DatabaseUnavailable) as caught, reading(engine) as connection:
        connection.execute(text("SELECT 1"))
    return caught.value


def test_f17_a_database_that_is_down_is_said_in_one_line_without_its_password():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        engine = make_engine(f"postgresql://ann:secret@127.0.0.1:{nobody.getsockname()[1]}/waitlists")
        sentence = str(refused(engine))
    assert "cannot be reached" in sentence
    assert "secret" not in sentence
    assert "\n" not in sentence


@pytest.mark.postgres
def test_f17_a_database_that_does_not_exist_is_named(postgresql_url):
    url = make_url(postgresql_url).set(database="nowhere").render_as_string(hide_password=False)
    assert "the PostgreSQL database nowhere" in str(refused(make_engine(url)))


@pytest.mark.postgres
def test_f18_a_connection_lost_in_a_transaction_takes_it_back_and_the_next_one_works(postgresql_url):
    engine = make_engine(postgresql_url)
    with pytest.raises(DatabaseUnavailable, match="cannot be reached"):
        write_and_lose(engine)
    with reading(engine) as connection:
        assert read.runs(connection, limit=9) == []
    load(engine, parsed(MARCH, LISTS))
    engine.dispose()


def write_and_lose(engine) -> None:
    with writing(engine) as connection:
        write.start_run(connection, command="load", as_of=None, now=NOW)
        process = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        administer(f"SELECT pg_terminate_backend({process})")
        connection.execute(text("SELECT 1"))


@pytest.mark.postgres
def test_f18_work_whose_connection_was_lost_is_done_once_more(postgresql_url):
    engine, attempts = make_engine(postgresql_url), []

    def work(connection) -> int:
        attempts.append(write.start_run(connection, command="load", as_of=None, now=NOW))
        if len(attempts) == 1:
            administer(f"SELECT pg_terminate_backend({connection.execute(text('SELECT pg_backend_pid()')).scalar()})")
        return write.publish(connection, run_id=attempts[-1], now=NOW)

    assert transact(engine, work) == 1
    with reading(engine) as connection:
        assert len(read.runs(connection, limit=9)) == 1
    engine.dispose()


def test_f18_work_that_fails_for_another_reason_is_not_repeated(sqlite_database):
    attempts = []

    def work(_connection) -> None:
        attempts.append(1)
        raise DatabaseUnavailable("full")

    with pytest.raises(DatabaseUnavailable):
        transact(sqlite_database, work)
    assert transact(sqlite_database, lambda _: 7) == 7
    assert len(attempts) == 1


def test_f19_a_used_up_pool_answers_within_its_time_and_does_not_hang(database_url):
    engine = make_engine(database_url, pool_size=1, max_overflow=0, pool_timeout=0.2)
    started = time.monotonic()
    with reading(engine):
        assert "in use" in str(refused(engine))
    assert time.monotonic() - started < 5
    with reading(engine) as connection:
        assert read.latest_version(connection) is None
    engine.dispose()


def test_f20_a_full_disk_stops_the_load_and_leaves_what_was_there(sqlite_database):
    load(sqlite_database, parsed(MARCH, {("SALT", "QKS"): 100}, published_on=IN_MAY))
    before = fingerprint(sqlite_database)
    with pytest.raises(DatabaseUnavailable, match="no space left"):
        load_onto_a_full_disk(sqlite_database)
    assert fingerprint(sqlite_database) == before
    with reading(sqlite_database) as connection:
        assert read.latest_version(connection).version == 1
    check_integrity(sqlite_database)
    load(sqlite_database, parsed(date(2025, 4, 30), LISTS))


def load_onto_a_full_disk(engine) -> None:
    big = parsed(date(2025, 4, 30), LISTS, notes=("word " * 100_000,))
    with writing(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 5}")
    try:
        load(engine, big)
    finally:
        engine.dispose()


def fingerprint(engine) -> str:
    with reading(engine) as connection:
        return content_hash(connection)


def test_f21_four_writers_wait_their_turn_and_none_is_locked_out(database_url):
    def write_often(name: str) -> int:
        engine = make_engine(database_url)
        for _ in range(25):
            with writing(engine) as connection:
                run_id = write.start_run(connection, command=name, as_of=None, now=NOW)
                write.publish(connection, run_id=run_id, now=NOW)
        engine.dispose()
        return 25

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(write_often, ["one", "two", "three", "four"])) == 100
    engine = make_engine(database_url)
    with reading(engine) as connection:
        assert read.latest_version(connection).version == 100
    engine.dispose()


def test_f21_an_sqlite_writer_that_waits_too_long_is_told_so(sqlite_database):
    impatient = make_engine(str(sqlite_database.url), busy_timeout=0.1)
    with writing(sqlite_database), pytest.raises(DatabaseUnavailable, match="is busy"), writing(impatient):
        pass
    impatient.dispose()


@pytest.mark.postgres
def test_f21_a_postgresql_writer_that_waits_too_long_is_told_so(postgresql_url):
    patient, impatient = make_engine(postgresql_url), make_engine(f"{postgresql_url}&options=-c%20lock_timeout=100ms")
    with writing(patient), pytest.raises(DatabaseUnavailable, match="is busy"), writing(impatient):
        pass
    patient.dispose()
    impatient.dispose()


@pytest.mark.postgres
def test_a_question_that_takes_too_long_is_stopped(postgresql_url):
    engine = make_engine(f"{postgresql_url}&options=-c%20statement_timeout=50ms")
    with pytest.raises(DatabaseUnavailable, match="took too long"), reading(engine) as connection:
        connection.execute(text("SELECT pg_sleep(5)"))
    engine.dispose()


MIGRATING = """
import sys
from waitlists.store.migrate import _run, migrating
from waitlists.store.session import make_engine
with migrating(make_engine(sys.argv[1])) as connection:
    _run(connection, "head")
    print("here", flush=True)
    sys.stdin.read()
"""


def test_f22_a_migration_that_is_killed_leaves_nothing_and_is_run_again(empty_database):
    kill_when_it_says_so(MIGRATING, empty_database.url.render_as_string(hide_password=False))
    with pytest.raises(SchemaMismatch, match="has no schema yet"):
        check_schema(empty_database)
    migrate(empty_database)
    check_schema(empty_database)


def kill_when_it_says_so(program: str, *arguments: str) -> None:
    words = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)


@pytest.mark.parametrize(
    "damaged", [slice(4 * 4096 + 3, 4 * 4096 + 5), slice(4096, None)], ids=["one page", "all pages"]
)
def test_f25_flipped_bytes_are_noticed(sqlite_database, damaged):
    load(sqlite_database, parsed(MARCH, LISTS))
    sqlite_database.dispose()
    file = Path(sqlite_database.url.database)
    content = bytearray(file.read_bytes())
    content[damaged] = bytes(byte ^ 0xFF for byte in content[damaged])
    file.write_bytes(content)
    with pytest.raises(DatabaseUnavailable, match="is damaged: restore the last backup"):
        check_integrity(sqlite_database)


def test_f25_a_file_that_is_no_database_is_noticed(tmp_path):
    (tmp_path / "waitlists.db").write_bytes(b"This is no database at all." * 200)
    engine = make_engine(f"sqlite:///{tmp_path / 'waitlists.db'}")
    with pytest.raises(DatabaseUnavailable, match="is damaged"):
        check_integrity(engine)


KILLED = """
import sys
from tests.deliveries import MARCH, NOW, add, figures, parsed
from waitlists.store import write
from waitlists.store.session import make_engine, writing
lists = {(f"CYP_{n:02}", org): n for n in range(40) for org in ("QKS", "RYY", "NQ7")}
with writing(make_engine(sys.argv[1])) as connection:
    run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
    if sys.argv[2] != "start": add(connection, parsed(MARCH, lists), run_id=run_id)
    if sys.argv[2] == "publish": write.publish(connection, run_id=run_id, now=NOW)
    print("here", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("step", ["start", "add", "publish"])
def test_f01_f02_a_load_that_is_killed_leaves_nothing_and_is_run_again(database_url, sqlite_database, step):
    engine = make_engine(database_url)
    load(engine, parsed(date(2025, 2, 28), LISTS))
    before = fingerprint(engine)
    kill_when_it_says_so(KILLED, database_url, step)
    assert fingerprint(engine) == before
    with reading(engine) as connection:
        assert read.latest_version(connection).version == 1
    load(engine, parsed(MARCH, LISTS))
    load(sqlite_database, parsed(date(2025, 2, 28), LISTS), parsed(MARCH, LISTS))
    assert fingerprint(engine) == fingerprint(sqlite_database)
    engine.dispose()
