"""Bytes of answers, kept by dataset version, scope and question; nothing is ever out of date, only no longer asked for.

The caller's scope is part of every key and every ETag, so no answer can reach a caller it was not built for.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

MAX_BYTES = 32 * 1024 * 1024


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
