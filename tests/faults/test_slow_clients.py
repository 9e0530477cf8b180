"""A07 behind the real server: who is slow, sends too much or takes nothing loses the connection; memory stays flat."""

import os
import re
import select
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.databases import sqlite_template

ROOT = Path(__file__).parents[2]
PATIENCE = 1.0
WITHIN = 60.0
"""Seconds, many more than the server's patience: a machine may be busy."""

FLAT = 24 * 2**20
HELLO = b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Server:
    """`waitlists serve` as a process, with little patience."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        for line in process.stderr:
            if found := re.search(r"Serving on http://127.0.0.1:(\d+),", line):
                self.port = int(found[1])
                return
        raise AssertionError("it did not start")

    @contextmanager
    def connected(self, first: bytes = b"", *, buffer: int = 0):
        with socket.socket() as client:
            if buffer:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            client.settimeout(WITHIN)
            client.connect(("127.0.0.1", self.port))
            client.sendall(first)
            yield client

    def wait(self) -> None:
        """Until it listens: it says where before the application is made."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(ConnectionRefusedError):
                assert self.is_answering()
                return
            assert self.process.poll() is None
            time.sleep(0.05)
        raise AssertionError("it did not listen")

    def is_answering(self) -> bool:
        with self.connected(HELLO) as client:
            return client.recv(4096).startswith(b"HTTP/1.1 200 ")

    def memory(self) -> int:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WAITLISTS_")}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "WAITLISTS_DATABASE_URL": f"sqlite:///{sqlite_template()}",
        "WAITLISTS_PATIENCE_SECONDS": str(PATIENCE),
        "WAITLISTS_LOG_LEVEL": "error",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs", "serve", "--port", "0"],
        cwd=tmp_path_factory.mktemp("serve"), env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        server = Server(process)
        server.wait()
        yield server
    finally:
        process.kill()
        process.communicate()


def everything(client: socket.socket) -> bytes:
    """All that comes until the server ends the connection, in whichever way."""
    got = b""
    with suppress(ConnectionError):
        while part := client.recv(1 << 16):
            got += part
    return got


def dribbled(client: socket.socket) -> bytes:
    """What comes while a byte is sent every now and then, until the server ends the connection."""
    got, until = b"", time.monotonic() + WITHIN
    with suppress(ConnectionError):
        while time.monotonic() < until:
            client.sendall(b"x")
            if select.select([client], [], [], PATIENCE / 10)[0]:
                part = client.recv(1 << 16)
                if not part:
                    return got
                got += part
        raise AssertionError("the server went on listening")
    return got


def test_a_request_that_never_ends_is_cut_off(server):
    with server.connected(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ") as client:
        assert everything(client) == b""


def test_headers_byte_by_byte_are_cut_off_however_lively(server):
    with server.connected(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ") as client:
        assert dribbled(client) == b""


def test_a_connection_that_says_nothing_is_cut_off(server):
    with server.connected() as client:
        assert everything(client) == b""


def test_the_second_request_of_a_connection_has_no_more_time_than_the_first(server):
    with server.connected(HELLO) as client:
        got = b""
        while b'"live"}' not in got:
            got += client.recv(4096)
        client.sendall(b"GET /health/live HTTP/1.1\r\nX-Slow: ")
        assert dribbled(client) == b""


def test_a_body_byte_by_byte_is_cut_off(server):
    head = b"POST /v1/services HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n"
    with server.connected(head) as client:
        assert dribbled(client).startswith(b"HTTP/1.1 405 ")


def test_many_slow_clients_keep_nobody_from_being_answered(server):
    with_each = [server.connected(b"GET / HTTP/1.1\r\nX-Slow: ") for _ in range(100)]
    held = [one.__enter__() for one in with_each]
    try:
        assert server.is_answering()
        assert [everything(client) for client in held] == [b""] * 100
    finally:
        for one in with_each:
            one.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Content-Length: 1000000000", b"413"),
        ("Content-Length: 00000000000000000000999999999", b"400"),
        ("Transfer-Encoding: chunked", b"411"),
        ("Content-Length: 500\r\nContent-Encoding: gzip", b"415"),
    ],
)
def test_a_body_that_is_too_much_is_refused_unread_and_memory_stays_flat(server, header, status):
    before = server.memory()
    head = f"POST /v1/services HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\n\r\n".encode()
    block = b"10000\r\n" + b"\x1f\x8b" * 32_768 + b"\r\n"
    with server.connected(head) as client:
        assert client.recv(1 << 16).split()[1] == status
        with suppress(ConnectionError):
            for _ in range(1_000):
                client.sendall(block)
            raise AssertionError("65 MB were taken after the refusal")
    assert server.memory() - before < FLAT
    assert server.is_answering()


@pytest.mark.parametrize("number", [10_000, 200_000])
def test_ten_thousand_headers_are_refused_and_memory_stays_flat(server, number):
    before = server.memory()
    with server.connected() as client, suppress(ConnectionError):
        client.sendall(b"GET /v1/services HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        for _ in range(number // 1_000):
            client.sendall(b"X-Many: 1\r\n" * 1_000)
        client.sendall(b"\r\n")
        assert everything(client)[9:12] in {b"", b"400", b"431"}
    assert server.memory() - before < FLAT
    assert server.is_answering()


def test_a_megabyte_of_query_is_refused_and_memory_stays_flat(server):
    """A06: before it is even a request."""
    before = server.memory()
    with server.connected() as client, suppress(ConnectionError):
        client.sendall(b"GET /v1/services?q=")
        for _ in range(16):
            client.sendall(b"x" * 65_536)
        client.sendall(b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert everything(client)[9:12] in {b"", b"400", b"422"}
    assert server.memory() - before < FLAT
    assert server.is_answering()


def test_who_takes_nothing_of_the_answers_loses_the_connection(server):
    """Asked for again and again and never read, an answer would wait in memory for ever."""
    before = server.memory()
    ask = b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with server.connected(ask * 500, buffer=4096) as client:
        poll = select.poll()
        poll.register(client, 0)  # nothing but that the connection is gone
        assert poll.poll(WITHIN * 1000)
    assert server.memory() - before < FLAT
    assert server.is_answering()
