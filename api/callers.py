"""Who asks: the one place where a request becomes a scope. Keys today; OIDC can join behind the same protocol.

A caller without a known key is told nothing but that: not whether the key was garbled, expired, revoked or never there.
While no key exists at all, whoever asks from this machine itself has the commissioner's view, and is told so.
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine
from starlette.requests import Request

from api.fresh import Fresh
from waitlists.domain import ENGLAND
from waitlists.logs import logger
from waitlists.security.access import Role, Scope
from waitlists.security.keys import Key, StoredKey, is_same_hash, keyed_hash, parse_key
from waitlists.security.sessions import holder_of, new_session
from waitlists.store.keys import USED_AGAIN_AFTER, stored_keys
from waitlists.store.session import reading

KEEP_SECONDS = 1.0
"""How long keys once read are used: a revoked one is refused a second later, and not every request reads them."""

_IN_PROCESS = "testclient"
"""Where Starlette's own client says it is: in this very process. No socket's peer has a name that is no address."""

COOKIE, COOKIE_HERE = "__Host-waitlists", "waitlists"
"""The session's cookie; browsers take a name that begins with __Host- over TLS alone, which loopback does without."""

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_NOBODYS = Key("0" * 8, "0" * 64)

_log = logger("api")


@dataclass(frozen=True, slots=True)
class View:
    """What a caller may see, how that is said to them, and how the audit names them."""

    scope: Scope
    label: str
    actor: str
    is_limited: bool = True
    is_use_due: bool = False
    is_signed_in: bool = False


OPEN_VIEW = View(
    Scope(Role.COMMISSIONER, (ENGLAND,)), "commissioner (no key exists)", actor="loopback", is_limited=False
)


class NotKnown(Exception):
    """The caller has no key that opens anything."""


class Caller(Protocol):
    """Finds out who asks."""

    async def view_of(self, request: Request) -> View:
        """What this request's caller may see, or `NotKnown`."""
        ...

    async def sign_in(self, key: str) -> tuple[View, str]:
        """The view of whoever holds a key, and the session that stands for it in a browser; or `NotKnown`."""
        ...

    def look(self) -> None:
        """Read what is needed from the database, if it is there."""
        ...


class KeyHolders:
    """Knows callers by the key they send as `Authorization: Bearer KEY`, or by the session of one in a cookie."""

    def __init__(
        self, engine: Engine, *, pepper: str, clock: Callable[[], datetime], keep_seconds: float = KEEP_SECONDS
    ) -> None:
        self.keys = Fresh(self._stored, keep_seconds=keep_seconds)
        self._engine = engine
        self._pepper = pepper
        self._clock = clock

    async def view_of(self, request: Request) -> View:
        """The view of the key sent; without any key in the database that of this machine.

        Raises
        ------
        NotKnown
            There is no key, or none that is usable.
        """
        keys = await self.keys.value()
        sent = request.headers.getlist("authorization")
        if not sent and not keys and is_this_machine(request):
            return OPEN_VIEW
        session = None if sent else session_in(request)
        if session is not None:
            return self._view(self._signed_in(session, keys), is_signed_in=True)
        return self._view(self._found(sent, keys))

    async def sign_in(self, key: str) -> tuple[View, str]:
        """The view of a key, and a session that stands for it.

        Raises
        ------
        NotKnown
            The key opens nothing.
        """
        stored = self._found([f"Bearer {key}"], await self.keys.value())
        return self._view(stored), new_session(stored, pepper=self._pepper, now=self._clock())

    def look(self) -> None:
        """Read the keys now, whether or not they were."""
        self.keys.look()

    def _stored(self) -> Mapping[str, StoredKey]:
        """All keys by prefix; the log says when there are none, once."""
        with reading(self._engine) as connection:
            found = {key.prefix: key for key in stored_keys(connection)}
        if not found and self.keys.last != {}:
            _log.warning("api.open_view", view=OPEN_VIEW.label)
        return found

    def _found(self, sent: list[str], keys: Mapping[str, StoredKey]) -> StoredKey:
        scheme, _, text = sent[0].partition(" ") if len(sent) == 1 else ("", "", "")
        key = parse_key(text.strip()) if scheme.lower() == "bearer" else None
        stored = keys.get(key.prefix) if key else None
        # The same work is done for a key that nobody has, so that the time taken does not tell which prefixes exist.
        is_it = is_same_hash(keyed_hash(key or _NOBODYS, self._pepper), stored.hash if stored else "")
        if stored is None or not is_it or stored.state(self._clock()) != "usable":
            raise NotKnown
        return stored

    def _signed_in(self, session: str, keys: Mapping[str, StoredKey]) -> StoredKey:
        stored = holder_of(session, keys, pepper=self._pepper, now=self._clock())
        if stored is None or stored.state(self._clock()) != "usable":
            raise NotKnown
        return stored

    def _view(self, key: StoredKey, *, is_signed_in: bool = False) -> View:
        orgs = " ".join(key.scope.organisations)
        is_due = key.last_used_at is None or self._clock() - key.last_used_at >= USED_AGAIN_AFTER
        label = f"{key.scope.role} {orgs}".strip()
        return View(key.scope, label, key.prefix, is_use_due=is_due, is_signed_in=is_signed_in)


def session_in(request: Request) -> str | None:
    """The session a browser sent; on this machine alone by a name that another host of the domain could set too."""
    found = request.cookies.get(COOKIE)
    return request.cookies.get(COOKIE_HERE) if found is None and is_this_machine(request) else found


def is_this_machine(request: Request) -> bool:
    """Whether a request comes from this machine itself and was not passed on by a proxy."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    if request.client.host == _IN_PROCESS:
        return True
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
