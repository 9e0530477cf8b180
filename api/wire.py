"""How the server listens to one connection: a client that takes too long, or reads nothing, loses its connection.

uvicorn itself waits without end for the rest of a request and for a client to take its answer. Here both have the same
number of seconds, and so many connections at a time are held. The lifespan hands the number over (`PATIENCE`).
"""

import asyncio
import socket
import struct
from typing import Any

import h11
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

PATIENCE = "patience_seconds"
PATIENCE_SECONDS = 30.0
MOST_CONNECTIONS = 500
"""At a time in one process: well below the 1,024 open files that a process commonly may have."""

_ARRIVING = frozenset({h11.IDLE, h11.SEND_BODY})
"""States of the other side in which a request, once begun, is not whole yet."""


class Patient(H11Protocol):
    """uvicorn's own protocol, with a time for a request to arrive and for an answer to be taken."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._patience = float(app_state.get(PATIENCE, PATIENCE_SECONDS))
        self._arrival: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Hold the connection, unless there are too many; its first request is due."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._cut_off()
            return
        self._expect_request()

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request; the time for all of them runs from the first."""
        self._expect_request()
        super().data_received(data)
        if self.conn.their_state not in _ARRIVING:
            self._stop(self._arrival)
            self._arrival = None

    def on_response_complete(self) -> None:
        """Go on to the next request; what was sent behind this one may have begun it already."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY:
            self._expect_request()

    def pause_writing(self) -> None:
        """Start the time for the client to take what is written."""
        super().pause_writing()
        self._taking = self.loop.call_later(self._patience, self._cut_off)

    def resume_writing(self) -> None:
        """The client takes its answer."""
        super().resume_writing()
        self._stop(self._taking)

    def timeout_keep_alive_handler(self) -> None:
        """End an idle connection; what its client has not read by now is dropped with it."""
        if self.transport.get_write_buffer_size():
            self._cut_off()
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection and its times."""
        self._stop(self._arrival)
        super().connection_lost(exc)
        self._stop(self._taking)

    def _expect_request(self) -> None:
        if self._arrival is None and self.conn.their_state in _ARRIVING:
            self._arrival = self.loop.call_later(self._patience, self._cut_off)

    def _cut_off(self) -> None:
        # Without this the system itself would go on offering what the client does not take.
        opened = self.transport.get_extra_info("socket")
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _stop(self, timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()
