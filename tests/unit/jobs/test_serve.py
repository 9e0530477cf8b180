"""Where the service listens, and what it says when it cannot."""

import socket
from datetime import UTC, datetime

import pytest

from jobs.serve import Address, listening, serve
from waitlists.alerts import MissingGrants
from waitlists.errors import BadArgument

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("db", False)],
)
def test_only_this_machine_is_loopback(host, is_loopback):
    assert Address(host, 8000).is_loopback is is_loopback


def test_a_port_in_use_is_said_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadArgument, match=rf"cannot listen on 127.0.0.1:{port}: Address already in use") as caught:
            listening(Address("127.0.0.1", port))
    assert caught.value.field == "--port"


def test_a_host_that_is_not_ours_is_said():
    with pytest.raises(BadArgument, match="cannot listen on"):
        listening(Address("203.0.113.7", 0))


def test_a_free_port_is_found():
    with listening(Address("127.0.0.1", 0)) as listener:
        assert listener.getsockname()[1] > 0


def test_who_comes_once_the_port_is_taken_is_not_turned_away():
    with listening(Address("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname(), timeout=5).close()


def test_beyond_this_machine_a_database_that_is_away_is_not_said_to_have_keys(monkeypatch):
    told: list[str] = []
    monkeypatch.setattr("jobs.serve.can_start_serving", lambda _: "It is away")
    monkeypatch.setattr("jobs.serve._run", lambda _, listener, *__: listener.close())
    serve(Address("0.0.0.0", 0), database_url="postgresql://db/waitlists", now=NOW, tell=told.append)
    assert told[1].startswith("Whether anybody holds a key could not be looked at")
    assert told[2].startswith("Serving on http://0.0.0.0:")


def test_ipv6_is_written_in_brackets():
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadArgument, match=rf"\[::1\]:{port}"):
            listening(Address("::1", port))


@pytest.mark.parametrize(
    ("down", "begins"), [(None, "The database user waits lacks SELECT on run"), ("It is away", "It")]
)
def test_rights_that_are_missing_are_told_before_anything_is_served(monkeypatch, down, begins):
    told: list[str] = []
    monkeypatch.setattr("jobs.serve.can_start_serving", lambda _: down)
    monkeypatch.setattr("jobs.serve.lacking", lambda _: (MissingGrants("waits", (("run", "SELECT"),)),))
    monkeypatch.setattr("jobs.serve._run", lambda _, listener, *__: listener.close())
    serve(Address("127.0.0.1", 0), database_url="postgresql://db/waitlists", now=NOW, tell=told.append)
    assert told[0].startswith(begins)
    assert told[1].startswith("Serving on http://127.0.0.1:")
    assert len(told) == 2
