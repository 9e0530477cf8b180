"""F05, F17, F19, F22, F25 and A10 for the API: it waits for its database, says no in time, and shows one version."""

import shutil
import signal
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text

from api.app import create_app
from tests.databases import sqlite_template
from tests.functional.api.conftest import NOW, Client, kent_file, postgresql_url, settings_of, sqlite_database
from tests.functional.api.server import serving, started
from waitlists.errors import DatabaseUnavailable, SchemaMismatch
from waitlists.settings import Settings
from waitlists.store import write
from waitlists.store.session import make_engine, writing

__all__ = ["kent_file", "postgresql_url", "sqlite_database"]


@pytest.mark.postgres
def test_a_database_down_at_start_is_waited_for(postgresql_url):
    """F17: the process lives, is not ready, and comes back by itself."""
    name = make_engine(postgresql_url).url.database
    away = f"{name}_away"
    _rename(postgresql_url, name, away)
    try:
        with serving(postgresql_url) as server:
            assert server.get("/health/live").status_code == 200
            not_ready = server.get("/health/ready")
            assert (not_ready.status_code, not_ready.json()["reason"]) == (503, "database")
            asked = server.get("/v1/services")
            assert (asked.status_code, asked.headers["retry-after"]) == (503, "5")
            assert asked.json()["type"].endswith("unavailable")
            assert "waitlists_ready 0.0" in server.get("/metrics").text
            assert name not in asked.text
            _rename(postgresql_url, away, name)
            assert server.comes_to("/health/ready", 200).json()["status"] == "ready"
            assert server.get("/v1/services").status_code == 200
    finally:
        if server.process.poll() is None:
            server.end()


def _rename(url: str, old: str, new: str) -> None:
    engine = make_engine(url)
    admin = make_engine(engine.url.set(database="postgres").render_as_string(hide_password=False))
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"), {"n": old}
        )
        connection.execute(text(f"ALTER DATABASE {old} RENAME TO {new}"))
    admin.dispose()


def test_all_connections_in_use_is_503_in_time(kent_file):
    """F19: no question hangs for longer than the pool waits."""
    app = create_app(settings_of(kent_file), clock=lambda: NOW)
    engine = make_engine(app.state.running.engine.url.render_as_string(), pool_timeout=0.2, pool_size=1, max_overflow=0)
    object.__setattr__(app.state.running, "engine", engine)
    with Client(app) as client, engine.connect():
        began = time.monotonic()
        answer = client.get("/v1/services")
        assert time.monotonic() - began < 5
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert client.get("/health/live").status_code == 200


def test_a_wrong_revision_refuses_to_start(tmp_path):
    """F22: with one line that says what to do."""
    file = tmp_path / "old.db"
    shutil.copy(sqlite_template(), file)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'older'")
    connection.close()
    app = create_app(Settings(database_url=f"sqlite:///{file}"), clock=lambda: NOW)
    with pytest.raises(SchemaMismatch), Client(app):
        pass
    server = started(f"sqlite:///{file}")
    try:
        assert server.process.wait(timeout=60) != 0
        assert "SchemaMismatch" in server.log()
    finally:
        server.end()


def test_a_revision_that_turns_wrong_later_is_not_ready(kent_file):
    with Client(create_app(settings_of(kent_file), clock=lambda: NOW)) as client:
        with writing(kent_file) as connection:
            connection.execute(text("DROP TABLE alembic_version"))
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()["reason"]) == (503, "schema")


def test_a_lost_table_is_503_and_no_fault(kent_file):
    with Client(create_app(settings_of(kent_file), clock=lambda: NOW)) as client:
        with writing(kent_file) as connection:
            connection.execute(text("DROP TABLE clearance"))
        answer = client.get("/v1/clearance/SALT/QKS")
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:waitlists:problem:schema")


def test_a_damaged_file_refuses_to_start(tmp_path):
    """F25: flipped bytes are found before the first answer."""
    file = tmp_path / "damaged.db"
    content = bytearray(Path(sqlite_template()).read_bytes())
    content[4096:12288] = b"\xff" * 8192
    file.write_bytes(content)
    app = create_app(Settings(database_url=f"sqlite:///{file}"), clock=lambda: NOW)
    with pytest.raises(DatabaseUnavailable, match="damaged"), Client(app):
        pass


def test_sigterm_says_not_ready_before_it_ends(kent_file):
    """F05: readiness goes false first, open requests are answered, then the process ends."""
    with serving(kent_file.url.render_as_string()) as server:
        server.comes_to("/health/ready", 200)
        server.process.send_signal(signal.SIGTERM)
        assert server.comes_to("/health/ready", 503).json()["reason"] == "draining"
        assert server.get("/v1/services").status_code == 200
        server.process.wait(timeout=30)
        assert "api.stopped" in server.log()


def test_reads_during_publishing_are_of_one_version(kent_file):
    """A10: whatever is published meanwhile, an answer's ETag, number and rows belong together."""
    stop = threading.Event()

    def publish():
        while not stop.is_set():
            with writing(kent_file) as connection:
                run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
                write.publish(connection, run_id=run_id, now=NOW)

    with Client(create_app(settings_of(kent_file), clock=lambda: NOW)) as client:
        thread = threading.Thread(target=publish)
        thread.start()
        try:
            answers = [client.get("/v1/services?limit=1") for _ in range(40)]
        finally:
            stop.set()
            thread.join()
    versions = {answer.headers["etag"]: answer.json()["dataset_version"] for answer in answers}
    assert len(set(versions.values())) == len(versions) > 1
    assert all(versions[answer.headers["etag"]] == answer.json()["dataset_version"] for answer in answers)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": "1000000000"}, 413),
        ({"Content-Length": "x"}, 413),
        ({f"X-{number}": "1" for number in range(101)}, 431),
    ],
)
def test_what_no_honest_client_sends_is_refused_unread(kent_file, headers, status):
    """A07: by its size alone."""
    with Client(create_app(settings_of(kent_file), clock=lambda: NOW)) as client:
        answer = client.get("/v1/services", headers=headers)
        assert answer.status_code == status
        assert answer.headers["connection"] == "close"
        assert client.get("/v1/" + "x" * 3000).status_code == 414


def test_an_unforeseen_error_tells_nothing(kent_file):
    """A12: 500 with an id that the log has too, and nothing else."""
    app = create_app(settings_of(kent_file), clock=lambda: NOW)

    def broken():
        raise RuntimeError("secret 943 476 5919")

    # In place of a page that needs no key: an undeclared route is answered to nobody.
    app.router.routes.insert(0, APIRoute("/docs", broken))
    with Client(app) as client:
        answer = client.get("/docs")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert answer.json()["instance"] == f"urn:request:{answer.headers['x-request-id']}"
