"""API keys: how one is written, and the keyed hash that is all this service remembers of it.

A key is `wl_PREFIX_SECRET`. The prefix names it in lists, logs and the audit; the secret is 256 random bits, so a slow
hash would protect nothing that guessing could reach, and one HMAC a request keeps the API fast.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from waitlists.errors import BadArgument
from waitlists.security.access import Scope

PREFIX_BYTES, SECRET_BYTES = 4, 32
_KEY = re.compile(r"wl_([0-9a-f]{8})_([0-9a-f]{64})")
_NO_PEPPER = b"waitlists"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its holder has it; never stored, never logged."""

    prefix: str
    secret: str

    def __repr__(self) -> str:
        return f"Key({self.prefix!r})"

    def __str__(self) -> str:
        return f"wl_{self.prefix}_{self.secret}"


@dataclass(frozen=True, slots=True)
class StoredKey:
    """What is kept of a key: whose it is, what for, until when, and its hash."""

    prefix: str
    hash: str
    scope: Scope
    name: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def state(self, now: datetime) -> str:
        """`usable`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if now >= self.expires_at else "usable"


def new_key(random: bytes) -> Key:
    """The key of 36 random bytes."""
    if len(random) != PREFIX_BYTES + SECRET_BYTES:
        raise BadArgument(f"a key is made of {PREFIX_BYTES + SECRET_BYTES} random bytes")
    return Key(random[:PREFIX_BYTES].hex(), random[PREFIX_BYTES:].hex())


def parse_key(text: str) -> Key | None:
    """The key a text is, None for anything else."""
    found = _KEY.fullmatch(text)
    return Key(found[1], found[2]) if found else None


def keyed_hash(key: Key, pepper: str) -> str:
    """HMAC-SHA256 of the whole key under the installation's pepper, 64 hexadecimal digits."""
    return hmac.digest(pepper.encode() or _NO_PEPPER, str(key).encode(), "sha256").hex()


def is_same_hash(one: str, other: str) -> bool:
    """Whether two hashes are equal, in a time that tells nothing of where they differ."""
    return hmac.compare_digest(one, other)
