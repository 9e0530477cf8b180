"""Live, ready, measured, and calm at the end."""

import asyncio
import os
import signal
from contextlib import suppress

import pytest

from api.app import create_app
from api.readiness import Readiness
from api.shutdown import drained_on_sigterm
from tests.functional.api.conftest import NOW, Client, settings_of
from waitlists.settings import Settings


def test_live_and_ready_while_the_database_answers(client):
    assert client.json("/health/live") == {"status": "live"}
    assert client.json("/health/ready") == {"status": "ready", "reason": "ready"}


def test_measurements_name_routes_and_never_values(client_on_file):
    client_on_file.get("/v1/waiting-lists/COMM_PAEDS/QKS")
    client_on_file.get("/v1/nothing/secret")
    client_on_file.request("BREW", "/v1/services")
    client_on_file.request("HEAD", "/v1/services")
    text = client_on_file.get("/metrics").text
    asked = 'waitlists_requests_total{method="GET",route="/v1/waiting-lists/{service}/{org}",status="200"} 1.0'
    assert asked in text
    assert 'method="HEAD",route="/v1/services"' in text
    assert 'method="other"' in text
    assert 'route="unmatched"' in text
    assert "waitlists_dataset_version 2.0" in text
    assert "waitlists_dataset_age_seconds 0.0" in text
    assert "waitlists_ready 1.0" in text
    for value in ("COMM_PAEDS", "QKS", "8718", "secret", "BREW"):
        assert value not in text


def test_nothing_published_yet_is_an_empty_page_and_no_fault(sqlite_database):
    with Client(create_app(settings_of(sqlite_database), clock=lambda: NOW)) as client:
        page = client.json("/v1/waiting-lists")
        assert (page["items"], page["next_cursor"], page["dataset_version"]) == ([], None, None)
        assert client.get("/v1/waiting-lists/SALT/QKS").status_code == 404
        assert client.json("/health/freshness")["sources"] == []
        assert "waitlists_dataset_version 0.0" in client.get("/metrics").text
        tag = client.get("/v1/services").headers["etag"]
        assert client.get("/v1/services", headers={"If-None-Match": tag}).status_code == 304


def test_an_https_address_is_kept_to_https(kent_file):
    settings = settings_of(kent_file, base_url="https://waits.example")
    with Client(create_app(settings, clock=lambda: NOW)) as client:
        answer = client.get("/health/live", headers={"Host": "waits.example"})
        assert answer.status_code == 200
        assert "max-age=" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("LOCALHOST", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("", 400),
    ],
)
def test_only_our_own_names_are_answered(client, host, status):
    answer = client.get("/v1/services", headers={"Host": host, "X-Forwarded-Host": "evil.example"})
    assert answer.status_code == status
    assert "evil" not in answer.text


def test_an_ipv6_address_may_be_our_own():
    from api.security import trusted_hosts

    assert "[2001:db8::1]" in trusted_hosts("http://[2001:db8::1]:8000")


def test_no_other_origin_is_let_in(client):
    answer = client.get("/v1/services", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


class Signals:
    """A server's own handler, and what it was called with."""

    def __init__(self):
        self.calls = []

    def __call__(self, number, _frame):
        self.calls.append(number)


def test_sigterm_makes_it_unready_first_and_ends_it_after_a_pause():
    server, readiness = Signals(), Readiness(None)

    async def life():
        before = signal.signal(signal.SIGTERM, server)
        try:
            with drained_on_sigterm(readiness, seconds=0.05):
                os.kill(os.getpid(), signal.SIGTERM)
                await asyncio.sleep(0.01)
                first = (readiness.verdict().reason, list(server.calls))
                await asyncio.sleep(0.2)
            return first, signal.getsignal(signal.SIGTERM)
        finally:
            signal.signal(signal.SIGTERM, before)

    first, after = asyncio.run(life())
    assert first == ("draining", [])
    assert server.calls == [signal.SIGTERM]
    assert after is server


def test_a_second_sigterm_goes_through_at_once():
    server = Signals()

    async def life():
        before = signal.signal(signal.SIGTERM, server)
        try:
            with drained_on_sigterm(Readiness(None), seconds=60):
                for _ in range(2):
                    os.kill(os.getpid(), signal.SIGTERM)
                    await asyncio.sleep(0.01)
        finally:
            signal.signal(signal.SIGTERM, before)

    asyncio.run(life())
    assert server.calls == [signal.SIGTERM]


def test_without_a_server_of_its_own_handler_the_usual_end_comes():
    code = (
        "import asyncio, os, signal\n"
        "from api.readiness import Readiness\n"
        "from api.shutdown import drained_on_sigterm\n"
        "async def life():\n"
        "    with drained_on_sigterm(Readiness(None), seconds=0.01):\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        await asyncio.sleep(5)\n"
        "asyncio.run(life())\n"
    )
    import subprocess
    import sys

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == -signal.SIGTERM


def test_off_the_main_thread_signals_are_left_alone():
    import threading

    before = signal.getsignal(signal.SIGTERM)

    async def life():
        with drained_on_sigterm(Readiness(None), seconds=0), suppress(ValueError):
            assert signal.getsignal(signal.SIGTERM) is before

    thread = threading.Thread(target=lambda: asyncio.run(life()))
    thread.start()
    thread.join()


def test_the_application_is_made_from_the_environment(kent_file, monkeypatch):
    import logging

    import structlog

    from api.app import from_environment

    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    monkeypatch.setenv("WAITLISTS_DATABASE_URL", kent_file.url.render_as_string())
    try:
        with Client(from_environment()) as client:
            assert client.json("/health/ready")["status"] == "ready"
            assert client.json("/v1/waiting-lists/SALT/QKS")["as_of"] >= "2025-06-02"
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)


def test_a_server_without_its_database_starts_and_is_not_ready():
    settings = Settings(database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with Client(create_app(settings, clock=lambda: NOW)) as client:
        assert client.json("/health/live") == {"status": "live"}
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()["reason"], answer.headers["retry-after"]) == (503, "database", "5")
        assert client.get("/v1/services").status_code == 503
        assert "waitlists_ready 0.0" in client.get("/metrics").text


def test_two_host_headers_are_none(client):
    answer = client.get("/v1/services", headers=[("Host", "127.0.0.1"), ("Host", "localhost")])
    assert answer.status_code == 400
