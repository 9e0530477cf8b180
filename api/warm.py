"""The short way to an answer that was given before: no routing, no parameters, no database.

It is taken only where everything is certain: the question is written as before, by a caller whose key is usable and of
the same scope, on the same day and of the same dataset version, and the caller may ask now. In every other case, and
whenever something is to be refused, the request goes the long way. Rate, audit, measurements and log are the same.
"""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import Running, asked_as, whole
from api.cache import Known, is_any, is_match
from api.callers import NotKnown, View
from api.trail import Trace
from waitlists.errors import WaitlistsError
from waitlists.periods import london_date


class Warm:
    """Answers at once what was answered before."""

    def __init__(self, app: ASGIApp, running: Running) -> None:
        self.app = app
        self.running = running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer if that is certain; else pass the request on."""
        answer = await self._answer(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self.app)(scope, receive, send)

    async def _answer(self, scope: Scope) -> ASGIApp | None:
        by_scope = self.running.questions.get(asked_as(scope))
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
        answer = self._kept(scope, view, known)
        if answer is None or known.view != view.label or not self._may_ask(view):
            return None
        self._trace(scope["trace"], view, known)
        scope["route"] = known.route
        return answer

    def _kept(self, scope: Scope, view: View, known: Known) -> ASGIApp | None:
        held = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"), None)
        if is_match(held, known.tag):
            return _Unchanged(known)
        stored = self.running.cache.get(known.tag)
        if stored is None:
            return None
        return _Unchanged(known) if is_any(held) else whole(view, stored, tag=known.tag)

    def _may_ask(self, view: View) -> bool:
        if self.running.trail.is_full:
            return False
        return not view.is_limited or self.running.limits.wait(view.actor) <= 0

    def _trace(self, trace: Trace, view: View, known: Known) -> None:
        if view.is_use_due:
            self.running.trail.used(view.actor)
        trace.actor, trace.role = view.actor, view.scope.role
        trace.service, trace.org = known.service, known.org
        trace.is_kept = known.is_traced


class _Unchanged:
    """The 304 of a known question, its headers made once."""

    def __init__(self, known: Known) -> None:
        self.headers = known.unchanged

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 304, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": b""})
