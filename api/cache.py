"""Bytes of answers, kept by dataset version, scope and question; nothing is ever out of date, only no longer asked for.

The caller's scope is part of every key and every ETag, so no answer can reach a caller it was not built for. Beside the
bytes stands what was found out about questions that were answered, so that the same one need not be looked at again.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from api.security import RawHeaders
from waitlists.store.read import DatasetVersion

MAX_BYTES = 32 * 1024 * 1024
MOST_QUESTIONS = 10_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A finished answer: its bytes and the headers that go with them."""

    body: bytes
    media_type: str
    headers: tuple[tuple[str, str], ...] = ()


class ByteCache:
    """The most recently asked answers, up to a number of bytes; safe to share between threads."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[str, Stored] = OrderedDict()
        self._lock = Lock()

    def get(self, tag: str) -> Stored | None:
        """The answer kept under this ETag, if it still is."""
        with self._lock:
            found = self._kept.get(tag)
            if found is not None:
                self._kept.move_to_end(tag)
            return found

    def put(self, tag: str, answer: Stored) -> None:
        """Keep an answer; the ones not asked for longest make room."""
        with self._lock:
            replaced = self._kept.pop(tag, None)
            self._bytes += len(answer.body) - (len(replaced.body) if replaced else 0)
            self._kept[tag] = answer
            while self._bytes > self._max_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= len(dropped.body)


Asked = tuple[bytes, bytes, bytes, bytes | None]
"""A question as it was written: host, path, query and Accept header."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a question led to that was answered with 200 or 304: its tag, what that holds for, and what is traced.

    `whole` are the headers of the answer, None where its bytes were not there, and `unchanged` those of the 304 that
    says so, to the one whose view is called `view`.
    """

    tag: str
    version: DatasetVersion | None
    today: date
    route: str
    service: str | None
    org: str | None
    is_traced: bool
    view: str
    unchanged: RawHeaders
    whole: RawHeaders | None


class Questions:
    """What is known of the questions asked most recently, each for every scope it was answered to."""

    def __init__(self, most: int = MOST_QUESTIONS) -> None:
        self._most = most
        self._known: OrderedDict[Asked, dict[str, Known]] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Asked) -> Mapping[str, Known]:
        """What is known of a question, by scope."""
        with self._lock:
            known = self._known.get(asked)
            if known is None:
                return {}
            self._known.move_to_end(asked)
            return known

    def put(self, asked: Asked, scope: str, known: Known) -> None:
        """Remember a question for a scope; the ones not asked for longest make room."""
        with self._lock:
            self._known.setdefault(asked, {})[scope] = known
            self._known.move_to_end(asked)
            if len(self._known) > self._most:
                self._known.popitem(last=False)


def etag(*parts: object) -> str:
    """A strong ETag of everything an answer depends on: version, scope, question, form and day."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode())
    return f'"{digest.hexdigest()[:32]}"'


def is_match(if_none_match: str | None, tag: str) -> bool:
    """Whether the caller already holds the answer with this ETag (weak comparison, RFC 9110)."""
    if if_none_match is None:
        return False
    return tag in {one.strip().removeprefix("W/") for one in if_none_match.split(",")}


def is_any(if_none_match: str | None) -> bool:
    """Whether the caller holds any answer at all: only once there is one can that be so."""
    return if_none_match is not None and "*" in {one.strip() for one in if_none_match.split(",")}
