"""What happens to every request besides security: an id, a log line, a measurement, a trace; and HEAD like GET."""

import time
from itertools import count
from secrets import token_hex
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.trail import Trace, Trail
from waitlists.logs import bind_request, logger, unbind_request

_log = logger("api")


class RequestIds:
    """Ids of requests: random for each process and counted within it, as asking the system each time costs more."""

    def __init__(self) -> None:
        self._process, self._number = token_hex(8), count()

    def next(self) -> str:
        """An id that no other request has."""
        return f"{self._process}{next(self._number):016x}"


class Observed:
    """Gives a request its id, counts and times its answer by route, and logs one that did not go well.

    What went well is in the measurements and, under /v1, in the audit; a line for each would cost more than the answer.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, trail: Trail, ids: RequestIds) -> None:
        self.app = app
        self.metrics = metrics
        self.trail = trail
        self.ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it was answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["request_id"], scope["trace"] = self.ids.next(), Trace()
        started = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                said = message.get("headers", [])
                if status >= 400:  # a problem names its request itself
                    said = [one for one in said if one[0] != b"x-request-id"]
                message = {**message, "headers": [*said, (b"x-request-id", scope["request_id"].encode())]}
            await send(message)

        bound = bind_request(scope["request_id"])
        try:
            await self.app(scope, receive, noting)
        finally:
            self._note(scope, status, time.perf_counter() - started)
            unbind_request(bound)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = route_of(scope), _method(scope)
        self.metrics.answered(route, method, status, seconds)
        self.trail.answered(scope["trace"], route, status)
        if status >= 400:
            _log.info("api.answered", route=route, method=method, status=status, ms=round(seconds * 1000, 1))


def route_of(scope: Scope) -> str:
    """The route's pattern, such as /v1/runs/{id}; `unmatched` for an address that is none of ours."""
    return str(getattr(scope.get("route"), "path", "unmatched"))


def _method(scope: Scope) -> str:
    """The method if it is a usual one: an invented one must not become a new series of measurements."""
    method = scope["method"]
    return method if method in {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"} else "other"


class HeadAsGet:
    """Answers HEAD as GET would be, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a HEAD request as GET; any other as it is."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # The server keeps the request as it came: it must know that no body may follow. The outer layers read the
        # route from the original scope, so the copy's findings are handed back.
        as_get: dict[str, Any] = {**scope, "method": "GET"}
        try:
            await self.app(as_get, receive, without_body)
        finally:
            scope["route"] = as_get.get("route")
