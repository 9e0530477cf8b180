"""A request that is sent twice is done once: what becomes of one that comes with a key, from what is kept of the first.

The caller names each thing to be done with a key of its own choosing. The first answer under a key is kept for a day
and given again; the same key with other parameters is a mistake of the caller's that must not pass for done.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

KEPT_FOR = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(minutes=2)
"""A first request that has not ended by then was killed: the next one with its key is done in its place."""

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing to be done, as one caller asks for it; of the key itself only a hash, since anything may be typed."""

    caller: str
    key_hash: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Done:
    """The first answer, as it was given."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class First:
    """What is kept of the first request under a key; `done` is None while it is at work."""

    fingerprint: str
    started_at: datetime
    done: Done | None


class Fate(StrEnum):
    """What becomes of a request."""

    DO = "do"
    REPLAY = "replay"
    WAIT = "wait"
    REFUSE = "refuse"


def is_key(text: str) -> bool:
    """Whether a text can be a key: 1 to 255 visible ASCII characters."""
    return _KEY.fullmatch(text) is not None


def claimed(caller: str, key: str, *, route: str, parameters: bytes, body: bytes) -> Claim:
    """The claim of a request; `parameters` are those of its path and query."""
    asked = sha256()
    for part in (route.encode(), parameters, body):
        # The length before each part: no two requests run together into the same bytes.
        asked.update(len(part).to_bytes(8, "big") + part)
    return Claim(caller, sha256(key.encode()).hexdigest(), asked.hexdigest())


def fate(claim: Claim, first: First | None, *, now: datetime) -> Fate:
    """What becomes of a request, given the first one under its key."""
    if first is None or now - first.started_at >= KEPT_FOR:
        return Fate.DO
    if first.fingerprint != claim.fingerprint:
        return Fate.REFUSE
    if first.done is not None:
        return Fate.REPLAY
    return Fate.DO if now - first.started_at >= GIVEN_UP_AFTER else Fate.WAIT
