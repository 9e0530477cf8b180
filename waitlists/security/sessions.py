"""What a browser holds in place of a key: the key's prefix, until when, and a code that this service alone can make.

The key itself is nowhere in it, so a cookie that is read by somebody opens nothing after its few hours, and less than
the key would until then. It opens what the key opens: a revoked or expired key ends its sessions. Nothing is stored;
docs/adr/0018 says what that costs.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from waitlists.security.keys import StoredKey, is_same_hash

LASTS: Final = timedelta(hours=12)
"""A working day: a person signs in once."""

_SESSION: Final = re.compile(r"([0-9a-f]{8})\.([0-9]{1,12})\.([0-9a-f]{64})")


def new_session(key: StoredKey, *, pepper: str, now: datetime) -> str:
    """The session of a key's holder from now on."""
    until = int((now + LASTS).timestamp())
    return f"{key.prefix}.{until}.{_code(key, until, pepper)}"


def holder_of(session: str, keys: Mapping[str, StoredKey], *, pepper: str, now: datetime) -> StoredKey | None:
    """The key, by prefix among those stored, that a session stands for; None where it stands for none, or no longer."""
    found = _SESSION.fullmatch(session)
    key = keys.get(found[1]) if found else None
    if found is None or key is None or not is_same_hash(_code(key, int(found[2]), pepper), found[3]):
        return None
    return key if now < datetime.fromtimestamp(int(found[2]), UTC) else None


def _code(key: StoredKey, until: int, pepper: str) -> str:
    """HMAC-SHA256 under the pepper and the key's hash, so that a new key or pepper ends every session before it."""
    return hmac.digest(f"{pepper}:{key.hash}".encode(), f"session:{key.prefix}:{until}".encode(), "sha256").hex()
