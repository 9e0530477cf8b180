"""The application behind a real server, in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import httpx

_CODE = """
import socket, sys, uvicorn
config = uvicorn.Config("api.app:from_environment", factory=True, log_config=None, server_header=False)
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""


class Server:
    """A running server: its address, its process and what it logs."""

    def __init__(self, port: int, process: subprocess.Popen, log: IO[str]) -> None:
        self.process, self._log = process, log
        self.url = f"http://127.0.0.1:{port}"

    def get(self, path: str, **options) -> httpx.Response:
        return httpx.get(self.url + path, timeout=30, **options)

    def log(self) -> str:
        """Everything logged so far."""
        self._log.seek(0)
        return self._log.read()

    def end(self) -> None:
        """Take the process away, however it is."""
        self.process.kill()
        self.process.wait()
        self._log.close()

    def comes_to(self, path: str, status: int, *, within: float = 30) -> httpx.Response:
        """The first answer with this status."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            try:
                answer = self.get(path)
                if answer.status_code == status:
                    return answer
            except httpx.TransportError:
                if self.process.poll() is not None:
                    break
            time.sleep(0.05)
        raise AssertionError(f"{path} did not come to {status}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def started(database_url: str) -> Server:
    """A server that was told to start; whether it does is the test's question."""
    environment = {**os.environ, "WAITLISTS_DATABASE_URL": database_url, "WAITLISTS_LOG_FORMAT": "json"}
    # A file and not a pipe: a pipe that nobody empties would stop the server.
    log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed with the server's object
    # Its port is taken here and handed over: one that was only looked up may be somebody else's by the time it starts.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        words = [sys.executable, "-c", _CODE, str(taken.fileno())]
        process = subprocess.Popen(words, env=environment, stderr=log, pass_fds=[taken.fileno()])
        return Server(taken.getsockname()[1], process, log)


@contextmanager
def serving(database_url: str) -> Iterator[Server]:
    """A server that answers, ended with SIGTERM."""
    server = started(database_url)
    try:
        server.comes_to("/health/live", 200)
        yield server
    finally:
        server.process.send_signal(signal.SIGTERM)
        try:
            server.process.wait(timeout=30)
        finally:
            server.end()
