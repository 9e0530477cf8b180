"""Log lines on standard error: a stable event word with ids and counts, never a row, a pseudonym or an address.

`ingest.parsed source=chs_sitrep rows=912` is the pattern. What a secret or a child could be known by is taken out here,
by the key's name and by the look of the text, whoever wrote the line; lines of other libraries pass the same gate.
"""

import logging
import re
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import lru_cache
from typing import Any, Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

from waitlists.masks import REDACTED, masked

_SECRET_WORDS = (
    "nhs_number", "pseudonym", "address", "token", "secret", "authorization", "password", "passwd", "api_key", "cookie",
    "birth", "postcode", "recipient", "patient", "smtp_url", "database_url",
)  # fmt: skip
_request: ContextVar[str] = ContextVar("request")
_EVENT_WORD = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


class _StandardError:
    """Standard error as it is when a line is written: it may have been changed or closed since the start."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(*, level: str, form: Literal["console", "json"], stream: TextIO | None = None) -> None:
    """Send every log line of this process to `stream` (standard error) in one form; safe to call again."""
    stream = stream or cast(TextIO, _StandardError())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        of_request,
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Our own lines do not pass through `logging`: a line for each request would cost more than most answers.
    structlog.configure(
        processors=[stable_event, *shared, _renderer(form)],
        logger_factory=structlog.WriteLoggerFactory(stream),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_foreign_event, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def logger(name: str = "waitlists") -> FilteringBoundLogger:
    """A logger whose lines begin with an event word: `logger().info("ingest.parsed", rows=912)`."""
    return structlog.get_logger(name)


@contextmanager
def run_bound(run_id: int) -> Generator[None]:
    """Put `run_id` on every line written within, so that one run can be read out of a shared log."""
    with structlog.contextvars.bound_contextvars(run_id=run_id):
        yield


@contextmanager
def slot_bound(job: str, slot: str) -> Generator[None]:
    """Put a job of the clock and its slot on every line written within, beside the numbers of the runs it makes."""
    with structlog.contextvars.bound_contextvars(job=job, slot=slot):
        yield


@contextmanager
def rehearsal_bound() -> Generator[None]:
    """Put `is_rehearsal` on every line written within: what it tells of is tried on a copy, and not stored."""
    with structlog.contextvars.bound_contextvars(is_rehearsal=True):
        yield


def bind_request(request: str) -> Token[str]:
    """Put a request's id on every line written from now on, until `unbind_request`, whoever writes it.

    By itself and not as `run_bound` does: that would cost a tenth of an answer that is known already.
    """
    return _request.set(request)


def unbind_request(bound: Token[str]) -> None:
    """End what `bind_request` began."""
    _request.reset(bound)


def of_request(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """The same line with the id of the request that it is written for, if it is for one."""
    request = _request.get(None)
    return event if request is None else {"request": request, **event}


def redact(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """The same line without values under a telling key or what looks like a secret, an address or an NHS number.

    >>> redact(None, "info", {"event": "api.refused", "token": "abc", "note": "for 943 476 5919"})
    {'event': 'api.refused', 'token': '[redacted]', 'note': 'for [redacted]'}
    """
    return {key: _clean(key, value) for key, value in event.items()}


def stable_event(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """Refuse a line whose event is a sentence: only words such as `ingest.parsed` can be counted and searched for.

    Raises
    ------
    ValueError
        The event is not lower-case words joined by dots.
    """
    if not _EVENT_WORD.fullmatch(str(event.get("event", ""))):
        raise ValueError("a log line begins with an event word such as ingest.parsed; the rest goes into keys")
    return event


def _clean(key: str, value: Any) -> Any:
    # Keys that structlog passes along for its own use begin with an underscore and are never printed.
    if key.startswith("_") or value is None:
        return value
    if _is_telling(key):
        return REDACTED
    if isinstance(value, Mapping):
        return {str(name): _clean(str(name), item) for name, item in cast(Mapping[Any, Any], value).items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_clean(key, item) for item in cast(Sequence[Any], value)]
    return value if isinstance(value, bool | int | float) else masked(str(value))


@lru_cache(maxsize=1024)
def _is_telling(key: str) -> bool:
    return any(word in key.lower() for word in _SECRET_WORDS)


def _foreign_event(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    record: logging.LogRecord = event["_record"]
    return {**event, "event": "library.logged", "logger": record.name, "message": event["event"]}


def _renderer(form: Literal["console", "json"]) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(sort_keys=True)
    return structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False)
