"""The trace of every look: who asked what about whom, when, and how it was answered; never a figure or an address.

Each entry carries the hash of the one before it, so that an entry that is changed, taken out or put in between breaks
the chain where it happened.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

FIRST = "0" * 64
"""What the first entry says stood before it."""

_JSON = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Look:
    """One look, or one act of administration.

    `actor` is a key's prefix, `loopback`, `command` or `unknown`; `action` a route's pattern or a command; `result` an
    HTTP status or an exit code. `service` and `org` are codes of the registers, `other` where the name is none.
    """

    at: datetime
    actor: str
    role: str
    action: str
    service: str | None
    org: str | None
    result: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A look at its place in the chain, counted from 1."""

    number: int
    look: Look
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many entries there should be, and the hash of the last."""

    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was counted, and the first broken link in words, None where all hold."""

    entries: int
    head: str
    broken: str | None = None


def chained(looks: Iterable[Look], *, after: Tally) -> Iterator[Entry]:
    """The looks as entries that follow the last one."""
    number, previous = after.entries, after.head
    for look in looks:
        number += 1
        entry = Entry(number, look, previous, entry_hash(number, look, previous))
        previous = entry.hash
        yield entry


def entry_hash(number: int, look: Look, previous: str) -> str:
    """SHA-256 of everything an entry says and of the hash before it."""
    at = look.at.astimezone(UTC).isoformat()
    said = [number, at, look.actor, look.role, look.action, look.service, look.org, look.result, previous]
    return sha256(_JSON.encode(said).encode()).hexdigest()


def verify(entries: Iterable[Entry], tally: Tally) -> Verdict:
    """The chain looked over from its first entry to its last, and against the tally kept beside it."""
    number, head = 0, FIRST
    for entry in entries:
        fault = _fault(entry, number + 1, head)
        if fault:
            return Verdict(number, head, fault)
        number, head = entry.number, entry.hash
    if (number, head) != (tally.entries, tally.head):
        return Verdict(number, head, f"the last entry is {number}, but {tally.entries} were written")
    return Verdict(number, head)


def _fault(entry: Entry, number: int, head: str) -> str | None:
    if entry.number != number:
        return f"entry {number} is missing"
    if entry.previous != head:
        return f"entry {number} does not follow the entry before it"
    if entry.hash != entry_hash(entry.number, entry.look, entry.previous):
        return f"entry {number} was changed after it was written"
    return None
