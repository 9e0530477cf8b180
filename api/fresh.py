"""What is read from the database once and good for a moment, so that not every request reads it."""

import asyncio
import time
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

Value = TypeVar("Value")


class Fresh(Generic[Value]):
    """A value no older than so many seconds, counted from before it was read; one request at a time reads it."""

    def __init__(
        self, read: Callable[[], Value], *, keep_seconds: float, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self.keep_seconds = keep_seconds
        self._read = read
        self._seconds = seconds
        self._kept: tuple[float, Value] | None = None
        self._noting = Lock()
        self._reading = asyncio.Lock()

    @property
    def last(self) -> Value | None:
        """The value as read last, however long ago; None before the first time."""
        return self._kept[1] if self._kept else None

    async def value(self) -> Value:
        """The value, read again if it is too old.

        Raises
        ------
        WaitlistsError
            It could not be read: what is too old is not used for want of a newer one.
        """
        kept = self._good()
        if kept is None:
            async with self._reading:
                # Whoever waited here finds what the one before has just read.
                kept = self._good() or await run_in_threadpool(self.look)
        return kept[1]

    def look(self) -> tuple[float, Value]:
        """Read it now; when that began, and the value."""
        began = self._seconds()
        return self.note(self._read(), read_at=began)

    def note(self, value: Value, *, read_at: float) -> tuple[float, Value]:
        """Take a value that was read elsewhere, unless a newer one is here; what is kept afterwards."""
        with self._noting:
            if self._kept is None or read_at >= self._kept[0]:
                self._kept = read_at, value
            return self._kept

    def _good(self) -> tuple[float, Value] | None:
        kept = self._kept
        return kept if kept and self._seconds() - kept[0] < self.keep_seconds else None
