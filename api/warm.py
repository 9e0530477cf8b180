"""The short way to an answer that was given before: no routing, no parameters, no database, none of the other layers.

It is taken only where everything is certain: the question is written as before and to the same host, with nothing in it
that a layer before the routes looks at, by a caller whose key is usable and of the same scope, on the same day and of
the same dataset version, and the caller may ask now. In every other case, and whenever something is to be refused, the
request goes the long way. Rate, audit, measurements and headers are the same.
"""

import time
from typing import Final, NamedTuple

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import Running, asked_as
from api.cache import Known, is_any, is_match
from api.callers import NotKnown, View
from api.middleware import RequestIds
from api.security import MAX_HEADERS, RawHeaders
from api.trail import Trace
from waitlists.errors import WaitlistsError
from waitlists.periods import london_date

_LOOKED_AT: Final = frozenset({b"origin", b"content-encoding", b"transfer-encoding", b"content-length"})
"""Headers by which the layers in between let a request pass, refuse it or answer otherwise."""


class _Found(NamedTuple):
    """What is known of a question, to whom it is answered, and the answer."""

    known: Known
    view: View
    status: int
    headers: RawHeaders
    body: bytes


class Warm:
    """Answers at once what was answered before."""

    def __init__(self, app: ASGIApp, running: Running, ids: RequestIds) -> None:
        self.app = app
        self.running = running
        self.ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer if that is certain; else pass the request on."""
        started = time.perf_counter()
        found = await self._found(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        headers = (*found.headers, (b"x-request-id", self.ids.next().encode()))
        try:
            await send({"type": "http.response.start", "status": found.status, "headers": headers})
            await send({"type": "http.response.body", "body": found.body})
        finally:
            self._note(found, time.perf_counter() - started)

    async def _found(self, scope: Scope) -> _Found | None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        # A header that stands twice is for the long way to read, and so are more than anybody sends.
        if len(headers) != len(scope["headers"]) or len(headers) > MAX_HEADERS or not _LOOKED_AT.isdisjoint(headers):
            return None
        by_scope = self.running.questions.get(asked_as(scope, headers))
        if not by_scope:
            return None
        try:
            view = await self.running.caller.view_of(Request(scope))
            version = await self.running.published.value()
        except (NotKnown, WaitlistsError):
            return None
        known = by_scope.get(view.scope.key)
        if known is None or (known.version, known.today) != (version, london_date(self.running.clock())):
            return None
        found = self._kept(headers.get(b"if-none-match"), view, known)
        return found if found is not None and known.view == view.label and self._may_ask(view) else None

    def _kept(self, held: bytes | None, view: View, known: Known) -> _Found | None:
        said = None if held is None else held.decode("latin-1")
        if is_match(said, known.tag):
            return _Found(known, view, 304, known.unchanged, b"")
        stored = self.running.cache.get(known.tag)
        if stored is None or known.whole is None:
            return None
        if is_any(said):
            return _Found(known, view, 304, known.unchanged, b"")
        return _Found(known, view, 200, known.whole, stored.body)

    def _may_ask(self, view: View) -> bool:
        if self.running.trail.is_full:
            return False
        return not view.is_limited or self.running.limits.wait(view.actor) <= 0

    def _note(self, found: _Found, seconds: float) -> None:
        known, view, route = found.known, found.view, found.known.route
        if view.is_use_due:
            self.running.trail.used(view.actor)
        trace = Trace(known.is_traced, view.actor, view.scope.role, known.service, known.org)
        self.running.trail.answered(trace, route, found.status)
        self.running.metrics.answered(route, "GET", found.status, seconds)
