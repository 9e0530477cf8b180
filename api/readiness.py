"""Whether this process should be sent requests: the database answers, has the right schema, and no end has begun.

A database that is down is no reason to stop: the next question after a short pause tries it again, so the service comes
back by itself. Pauses double up to two seconds, so a struggling database is not asked by every probe.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Engine

from waitlists.errors import DatabaseUnavailable, SchemaMismatch
from waitlists.logs import logger
from waitlists.store.session import check_schema

FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 2.0
_GOOD_FOR_SECONDS = 1.0

_log = logger("api")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether requests are welcome, and in one word why not."""

    is_ready: bool
    reason: str


READY = Verdict(is_ready=True, reason="ready")
DRAINING = Verdict(is_ready=False, reason="draining")
UNAVAILABLE = Verdict(is_ready=False, reason="database")
WRONG_SCHEMA = Verdict(is_ready=False, reason="schema")


class Readiness:
    """The last verdict on the database and when to ask again; safe to share between threads."""

    def __init__(
        self,
        engine: Engine,
        *,
        check: Callable[[Engine], None] = check_schema,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._check = check
        self._seconds = seconds
        self._lock = Lock()
        self._verdict = UNAVAILABLE
        self._ask_after = float("-inf")
        self._pause = FIRST_PAUSE_SECONDS
        self.is_draining = False

    def begin(self) -> None:
        """Welcome requests as far as the database does; an application may be started again after its end."""
        self.is_draining = False

    def drain(self) -> None:
        """Say from now on that no request is welcome; those under way are finished."""
        self.is_draining = True

    def verdict(self) -> Verdict:
        """Whether to send requests here, as of now or of a moment ago."""
        if self.is_draining:
            return DRAINING
        with self._lock:
            if self._seconds() >= self._ask_after:
                self._ask()
            return self._verdict

    def _ask(self) -> None:
        before = self._verdict
        self._verdict = self._checked()
        if self._verdict.is_ready:
            self._pause = FIRST_PAUSE_SECONDS
            self._ask_after = self._seconds() + _GOOD_FOR_SECONDS
        else:
            self._ask_after = self._seconds() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)
        if self._verdict != before:
            _log.info("api.readiness", reason=self._verdict.reason)

    def _checked(self) -> Verdict:
        try:
            self._check(self._engine)
        except DatabaseUnavailable:
            return UNAVAILABLE
        except SchemaMismatch:
            return WRONG_SCHEMA
        return READY
