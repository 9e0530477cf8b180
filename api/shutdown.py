"""A calm end: on SIGTERM say first that no more requests are welcome, finish those under way, then stop.

The server's own handler stops listening at once; a balancer that has not noticed yet would see refused connections. So
readiness goes false first, and the server's handler is called after a pause.
"""

import asyncio
import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

from api.readiness import Readiness
from waitlists.logs import logger

DRAIN_SECONDS = 1.0

_log = logger("api")


@contextmanager
def drained_on_sigterm(readiness: Readiness, *, seconds: float) -> Generator[None]:
    """Hold back SIGTERM for so many seconds within the block; a second one goes through at once."""
    if threading.current_thread() is not threading.main_thread():
        # Signals belong to the main thread; an application that runs elsewhere is ended by whoever runs it.
        yield
        return
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        if callable(before):
            before(number, frame)
            return
        signal.signal(number, before)
        signal.raise_signal(number)

    def begin(number: int, frame: FrameType | None) -> None:
        if readiness.is_draining:
            stop(number, frame)
            return
        readiness.drain()
        _log.info("api.draining", seconds=seconds)
        loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)

    signal.signal(signal.SIGTERM, begin)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
