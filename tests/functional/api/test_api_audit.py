"""Every look leaves a trace: who, what, about whom, when, how answered; never a figure, a secret or what was typed."""

import io
import logging
import threading

import pytest
import structlog

from api.app import create_app
from api.trail import Trace, Trail
from tests.functional.api.conftest import NOW, Client, kent_file, settings_of, sqlite_database
from tests.functional.api.keyed import PEPPER, bearer
from waitlists.errors import DatabaseUnavailable
from waitlists.logs import configure
from waitlists.store import audit
from waitlists.store.keys import stored_keys
from waitlists.store.session import reading, writing

__all__ = ["kent_file", "sqlite_database"]

CANARIES = ("943 476 5919", "9434765919", "Zebedee-Canary", "TN23 9ZZ")


@pytest.fixture
def app(kent_file, keys):  # noqa: ARG001 - the keys are there before it starts
    return create_app(settings_of(kent_file, key_pepper=PEPPER), clock=lambda: NOW)


def entries(engine):
    with reading(engine) as connection:
        assert audit.verified(connection).broken is None
        return [one.look for one in audit.last_entries(connection, limit=10_000) if one.look.actor != "command"]


def test_each_look_is_written_once_with_who_what_and_how(app, kent_file, keys):
    with Client(app) as client:
        path = "/v1/waiting-lists/SALT/QKS"
        tag = client.get(path, headers=bearer(keys["provider"])).headers["etag"]
        client.get(path, headers=bearer(keys["provider"]) | {"If-None-Match": tag})
        client.get("/v1/waiting-lists?org=RYY", headers=bearer(keys["board"]))
        client.get("/v1/waiting-lists/SALT/QSK", headers=bearer(keys["board"]))
        client.get("/v1/runs", headers=bearer(keys["public"]))
        client.get("/v1/services")
        client.get("/metrics")
        client.get("/health/live")
        client.get("/docs")
    provider, board, public = (keys[name][3:11] for name in ("provider", "board", "public"))
    one, lists = "/v1/waiting-lists/{service}/{org}", "/v1/waiting-lists"
    found = [(look.actor, look.role, look.action, look.service, look.org, look.result) for look in entries(kent_file)]
    assert found == [
        (provider, "provider", one, "SALT", "QKS", 200),
        (provider, "provider", one, "SALT", "QKS", 304),
        (board, "board", lists, None, "RYY", 200),
        (board, "board", one, "SALT", "other", 404),
        (public, "public", "/v1/runs", None, None, 403),
        ("unknown", "none", "/v1/services", None, None, 401),
        ("unknown", "none", "/metrics", None, None, 401),
    ]
    assert {look.at for look in entries(kent_file)} == {NOW}


def test_this_machines_looks_without_a_key_leave_a_trace_too(kent_file):
    with Client(create_app(settings_of(kent_file), clock=lambda: NOW)) as client:
        client.get("/v1/services")
    assert [(look.actor, look.role, look.result) for look in entries(kent_file)] == [("loopback", "commissioner", 200)]


def test_looks_are_written_soon_and_not_only_at_the_end(app, kent_file, keys):
    app.state.running.trail._delay = 0.01
    with Client(app) as client:
        client.get("/v1/services", headers=bearer(keys["admin"]))
        for _ in range(200):
            if entries(kent_file):
                break
            threading.Event().wait(0.02)
        assert len(entries(kent_file)) == 1
        client.get("/v1/services", headers=bearer(keys["admin"]))
    assert len(entries(kent_file)) == 2


def test_two_processes_keep_one_chain(kent_file, keys):
    apps = [create_app(settings_of(kent_file, key_pepper=PEPPER), clock=lambda: NOW) for _ in range(2)]
    for app in apps:
        app.state.running.trail._delay = 0
    with Client(apps[0]) as one, Client(apps[1]) as other:
        for _ in range(20):
            one.get("/v1/services", headers=bearer(keys["public"]))
            other.get("/v1/standards", headers=bearer(keys["board"]))
    assert len(entries(kent_file)) == 40


def test_the_last_use_of_a_key_is_noted(app, kent_file, keys):
    with Client(app) as client:
        client.get("/metrics", headers=bearer(keys["admin"]))
    with reading(kent_file) as connection:
        used = {key.prefix: key.last_used_at for key in stored_keys(connection)}
    assert {prefix for prefix, at in used.items() if at} == {keys["admin"][3:11]}
    assert used[keys["admin"][3:11]] == NOW


def test_no_look_without_a_trace(app, keys):
    trail = Trail(app.state.running.engine, lambda: NOW, most=2, delay=3600)
    with Client(app) as client:
        object.__setattr__(app.state.running, "trail", trail)
        for _ in range(2):
            trail.answered(Trace(is_kept=True), "/v1/services", 200)
        answer = client.get("/v1/services", headers=bearer(keys["admin"]))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert client.get("/health/live").status_code == 200
        trail.flush()
        assert client.get("/v1/services", headers=bearer(keys["admin"])).status_code == 200
        trail.stop()


class Down:
    """A database that is away: every connection fails until told otherwise."""

    is_down = True


def test_what_cannot_be_written_waits_and_is_written_later(kent_file, monkeypatch):
    from contextlib import contextmanager

    from api import trail as module

    @contextmanager
    def unreliable(engine):
        if Down.is_down:
            raise DatabaseUnavailable("away")
        with writing(engine) as connection:
            yield connection

    monkeypatch.setattr(module, "writing", unreliable)
    trail = Trail(kent_file, lambda: NOW, delay=0.01)
    trail.answered(Trace(is_kept=True, actor="a"), "/v1/services", 200)
    threading.Event().wait(0.1)
    Down.is_down = False
    trail.answered(Trace(is_kept=True, actor="b"), "/v1/services", 200)
    trail.stop()
    assert [look.actor for look in entries(kent_file)] == ["a", "b"]


def test_what_is_lost_at_the_end_is_said(kent_file, monkeypatch):
    from api import trail as module

    def away(_engine):
        raise DatabaseUnavailable("away")

    monkeypatch.setattr(module, "writing", away)
    trail = Trail(kent_file, lambda: NOW, delay=0.01)
    trail.answered(Trace(is_kept=True), "/v1/services", 200)
    with structlog.testing.capture_logs() as lines:
        trail.stop()
    assert [(line["event"], line["looks"]) for line in lines if line["event"] == "audit.lost"] == [("audit.lost", 1)]


@pytest.mark.parametrize("level", ["info", "debug"])
def test_nothing_typed_and_no_secret_is_written_anywhere(app, kent_file, keys, level, caplog):
    """A12: canaries in paths, queries, headers and keys are searched for in the log, the audit, errors and metrics."""
    handlers, before = logging.root.handlers[:], logging.root.level
    log = io.StringIO()
    configure(level=level, form="json", stream=log)
    # The client of this test is no part of the service, and logs what it asks.
    caplog.set_level(logging.WARNING, logger="httpx")
    caplog.set_level(logging.WARNING, logger="httpcore")
    secrets = [key[12:] for key in keys.values()]
    said = []
    try:
        with Client(app) as client:
            for canary in CANARIES:
                for path in (f"/v1/waiting-lists/SALT/{canary}", f"/v1/waiting-lists/{canary}/QKS", f"/v1/{canary}",
                             f"/v1/findings?code={canary}", f"/v1/services?{canary}=1",
                             f"/v1/waiting-lists?org={canary}", f"/v1/deliveries/{canary}"):  # fmt: skip
                    for headers in (bearer(keys["commissioner"]), bearer(canary), {"X-Note": canary}, {}):
                        answer = client.get(path, headers=headers)
                        assert answer.status_code < 500
                        # The caller alone is told which parameter of theirs is unknown, by its name.
                        said.append("" if "=1" in path else answer.text + str(answer.headers))
            said.append(client.get("/metrics", headers=bearer(keys["admin"])).text)
    finally:
        logging.root.handlers[:] = handlers
        logging.root.setLevel(before)
        structlog.reset_defaults()
    assert "api.answered" in log.getvalue()
    written = [log.getvalue(), *said, *map(str, entries(kent_file))]
    found = [secret for text in written for secret in (*secrets, PEPPER, *CANARIES) if secret in text]
    assert found == []
