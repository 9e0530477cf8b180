"""Serving the API: the database is looked at, the port taken, then uvicorn starts the app by its import string.

SIGTERM lets open requests end and exits 0; a database that is merely down does not stop the start, readiness shows it.
"""

import ipaddress
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import FrameType

import uvicorn

from jobs.database import can_start_serving, closing, ready_engine
from jobs.keys import listed, usable
from waitlists.alerts import MissingGrants
from waitlists.errors import BadArgument
from waitlists.settings import PREFIX
from waitlists.store.grants import missing_grants
from waitlists.store.session import reading

APP = "api.app:from_environment"
PROTOCOL = "api.wire:Patient"

KEEP_ALIVE_SECONDS = 5
MOST_HEADER_BYTES = 32 * 1024
"""Of the first line and the headers of a request together."""

BACKLOG = 2048
"""Callers who wait, while it starts or is busy; more are turned away."""

GRACE_SECONDS = 20
"""How long open requests may take to end after SIGTERM; the platform kills after 30."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen and with how many processes; port 0 takes a free one."""

    host: str
    port: int
    workers: int = 1

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def serve(
    address: Address, *, database_url: str, now: datetime, tell: Callable[[str], None], proxies: str = ""
) -> None:
    """Serve until told to stop.

    Parameters
    ----------
    now : by which moment a key must be usable
    tell : shows one line to the person who started it
    proxies : whose word about the caller's address is believed; nobody's unless named

    Raises
    ------
    BadArgument
        When the address cannot be listened on, or is beyond this machine while no key exists.
    DatabaseUnavailable, SchemaMismatch
        When the database needs a person first.
    """
    down = can_start_serving(database_url)
    if not (address.is_loopback or down):
        check_keys(address, database_url, now)
    ungranted = () if down else lacking(database_url)
    listener = listening(address)
    port = int(listener.getsockname()[1])
    for one in ungranted:
        tell(one.sentence)
    if down:
        tell(f"{down}. Starting anyway; /health/ready says when it is back")
        if not address.is_loopback:
            tell("Whether anybody holds a key could not be looked at; without one every question is answered 401")
    tell(f"Serving on http://{_printed(address.host)}:{port}, documentation at /docs; Ctrl-C stops it")
    _run(address, listener, database_url, proxies)


def check_keys(address: Address, database_url: str, now: datetime) -> None:
    """Return quietly when somebody holds a key that opens something.

    Raises
    ------
    BadArgument
        Nobody does: beyond this machine there is no view without a key.
    """
    with closing(ready_engine(database_url)) as engine:
        if usable(listed(engine), now):
            return
    where = _printed(address.host)
    raise BadArgument(
        f"will not serve on {where} without keys: make one with `waitlists keys create`, or listen on 127.0.0.1",
        field="--host",
    )


def lacking(database_url: str) -> tuple[MissingGrants, ...]:
    """What users lack who serve: the one of these settings, or where that is the owner all who were granted serving."""
    with closing(ready_engine(database_url)) as engine, reading(engine) as connection:
        return missing_grants(connection)


def listening(address: Address) -> socket.socket:
    """A socket that takes callers, so that a port in use is found before anything starts and nobody is turned away."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address.host, address.port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        why = getattr(error, "strerror", None) or "there is no such port or host"
        where = f"{_printed(address.host)}:{address.port}"
        raise BadArgument(f"cannot listen on {where}: {why}; choose another --port or --host", field="--port") from None
    listener.set_inheritable(True)
    return listener


def configuration(address: Address, *, app: str = APP, proxies: str = "") -> uvicorn.Config:
    """How uvicorn serves an application that is made by the function of this name."""
    return uvicorn.Config(
        app,
        factory=True,
        http=PROTOCOL,
        ws="none",
        host=address.host,
        port=address.port,
        workers=address.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        h11_max_incomplete_event_size=MOST_HEADER_BYTES,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or "",
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
    )


def _run(address: Address, listener: socket.socket, database_url: str, proxies: str) -> None:
    # Worker processes read their settings themselves; this is how they learn which database was meant.
    os.environ[f"{PREFIX}DATABASE_URL"] = database_url
    config = configuration(address, proxies=proxies)
    server = uvicorn.Server(config)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn repeats the signal once it has shut down, which would end this process with an error.
    before = {name: signal.signal(name, stop) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        if address.workers > 1:
            from uvicorn.supervisors import Multiprocess

            Multiprocess(config, sockets=[listener]).run()
        else:
            server.run(sockets=[listener])
    finally:
        listener.close()
        for name, handler in before.items():
            signal.signal(name, handler)


def _printed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
