"""A client that asks one question over and over on kept-alive connections, with next to no work of its own.

Every answer to the same question is as long as the first one, so only bytes are counted; the first bytes of each must
be the status wanted.
"""

import re
import selectors
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass

from tests.benchmarks.rows import Failed

_SCHEDULED = 2
"""Which clock of a process, as Linux writes it in the number of a clock."""


@dataclass(frozen=True)
class Asked:
    """How often a question was answered, in which time, how long each took, and the server's CPU time for all."""

    answers: int
    seconds: float
    waits: tuple[float, ...]
    cpu_seconds: float

    @property
    def each(self) -> float:
        """Microseconds of wall clock an answer: the inverse of answers a second."""
        return self.seconds / self.answers * 1e6

    @property
    def cpu_each(self) -> float:
        """Microseconds of the server's CPU time an answer."""
        return self.cpu_seconds / self.answers * 1e6

    def wait(self, share: float) -> float:
        """The wait, in milliseconds, that this share of answers did not exceed."""
        return sorted(self.waits)[min(int(len(self.waits) * share), len(self.waits) - 1)] * 1000


@dataclass(frozen=True)
class Question:
    """A GET with its headers, and the status it must be answered with."""

    path: str
    status: int = 200
    headers: Mapping[str, str] | None = None

    def request(self, port: int) -> bytes:
        """The bytes that ask it."""
        lines = [f"GET {self.path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept: application/json"]
        lines += [f"{name}: {value}" for name, value in (self.headers or {}).items()]
        return "\r\n".join([*lines, "", ""]).encode()


class _Connection:
    """One kept-alive connection, and how much of its answer is still to come."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = request
        self.left = 0
        self.since = 0.0

    def ask(self, length: int) -> None:
        self.left, self.since = length, time.perf_counter()
        self.socket.sendall(self.request)


def ask(port: int, pid: int, question: Question, *, clients: int, seconds: float) -> Asked:
    """The question asked by so many clients at once, each as soon as it is answered, for so many seconds."""
    request = question.request(port)
    length = answer_length(port, question)
    start = f"HTTP/1.1 {question.status} ".encode()
    connections = [_Connection(port, request) for _ in range(clients)]
    waits: list[float] = []
    cpu, began = cpu_seconds(pid), time.perf_counter()
    try:
        with selectors.EpollSelector() as selector:
            for connection in connections:
                selector.register(connection.socket, selectors.EVENT_READ, connection)
                connection.ask(length)
            _go_on(selector, length, start, began + seconds, waits)
    finally:
        for connection in connections:
            connection.socket.close()
    ended = time.perf_counter()
    settle(pid)
    return Asked(len(waits), ended - began, tuple(waits), cpu_seconds(pid) - cpu)


def _go_on(selector: selectors.EpollSelector, length: int, start: bytes, until: float, waits: list[float]) -> None:
    buffer = memoryview(bytearray(1 << 20))
    while (now := time.perf_counter()) < until:
        for key, _ in selector.select(timeout=until - now):
            connection: _Connection = key.data
            got = connection.socket.recv_into(buffer)
            if connection.left == length and buffer[: len(start)] != start:
                raise Failed(f"answered with {bytes(buffer[:60])!r}")
            connection.left -= got
            if connection.left < 0 or not got:
                raise Failed("an answer was longer or shorter than the first one")
            if connection.left == 0:
                waits.append(time.perf_counter() - connection.since)
                connection.ask(length)


def answer_length(port: int, question: Question) -> int:
    """How many bytes the answer has, headers and all; `Failed` where the status is another."""
    return len(answer_of(port, question))


def answer_of(port: int, question: Question) -> bytes:
    """The bytes of one answer, its headers first."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(question.request(port))
        got = b""
        while b"\r\n\r\n" not in got:
            got += connection.recv(1 << 20)
        start, _, _ = got.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^content-length: (\d+)", start)
        whole = len(start) + 4 + (int(length[1]) if length else 0)
        while len(got) < whole:
            got += connection.recv(1 << 20)
    if not got.startswith(f"HTTP/1.1 {question.status} ".encode()):
        raise Failed(f"{question.path} is answered with {got[:300]!r}")
    return got


def cpu_seconds(pid: int) -> float:
    """CPU time a process and its threads have used, to the nanosecond: /proc counts in hundredths of a second."""
    return time.clock_gettime((~pid << 3) | _SCHEDULED)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until a server listens; `Failed` when it ends instead."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise Failed("a server did not start")


def settle(pid: int) -> None:
    """Wait until a server has done what it does after its answers: the audit is written a second later."""
    for _ in range(20):
        before = cpu_seconds(pid)
        time.sleep(1.2)
        if cpu_seconds(pid) - before < 0.02:
            return
