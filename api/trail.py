"""Traces of looks on their way to the audit: collected while requests are answered, written soon after by one thread.

No look without a trace: when too many wait because the database takes no writes, nothing more is answered until they
are written. A process that is killed outright loses at most the looks of its last second; docs/adr/0011.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Lock, Thread

from sqlalchemy import Engine

from waitlists.errors import WaitlistsError
from waitlists.logs import logger
from waitlists.security.audit import Look
from waitlists.store import audit, keys
from waitlists.store.session import writing

DELAY_SECONDS = 1.0
MOST_WAITING = 10_000
_STOP_SECONDS = 15

_log = logger("audit")


@dataclass(slots=True)
class Trace:
    """What is known of a request for its trace; filled in on the way, `is_kept` once it is one to keep."""

    is_kept: bool = False
    actor: str = "unknown"
    role: str = "none"
    service: str | None = None
    org: str | None = None


class Trail:
    """The looks of one process that wait to be written."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime],
        *,
        delay: float = DELAY_SECONDS,
        most: int = MOST_WAITING,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._delay = delay
        self._most = most
        self._waiting: deque[Look] = deque()
        self._used: set[str] = set()
        self._wake, self._stopping = Event(), Event()
        self._flushing = Lock()
        self._thread: Thread | None = None

    @property
    def is_full(self) -> bool:
        """Whether no further look may be given until some are written."""
        return len(self._waiting) >= self._most

    def answered(self, trace: Trace, action: str, result: int) -> None:
        """Take in a request that was answered, if it is one to keep."""
        if not trace.is_kept:
            return
        look = Look(self._clock(), trace.actor, trace.role, action, trace.service, trace.org, result)
        self._waiting.append(look)
        self._write_soon()

    def used(self, prefix: str) -> None:
        """Note that a key was used and that this is worth keeping."""
        self._used.add(prefix)
        self._write_soon()

    def flush(self) -> None:
        """Write all that waits, now; what cannot be written goes on waiting."""
        with self._flushing:
            looks, used = list(self._waiting), set(self._used)
            if not looks and not used:
                return
            with writing(self._engine) as connection:
                audit.append(connection, looks)
                keys.mark_used(connection, used, now=self._clock())
            self._used -= used
            for _ in looks:
                self._waiting.popleft()

    def stop(self) -> None:
        """Write what is left and end the thread; the log says how many looks could not be written."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)
        if self._waiting:
            _log.error("audit.lost", looks=len(self._waiting))

    def _write_soon(self) -> None:
        if not self._wake.is_set():
            self._wake.set()
        if self._thread is None:
            self._thread = Thread(target=self._run, name="audit", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.wait()
            # A moment to let more looks come in: one commit then serves them all.
            self._stopping.wait(self._delay)
            self._wake.clear()
            self._try_to_flush()
        # Looks may have come in while the last ones were being written.
        self._try_to_flush()

    def _try_to_flush(self) -> None:
        try:
            self.flush()
        except WaitlistsError as error:
            self._wake.set()
            _log.warning("audit.waiting", looks=len(self._waiting), reason=str(error))
