"""Whether a request is let in: is the caller known, may this role ask this route, and not too often. Deny by default.

It stands before every route and before its parameters are looked at, so that nobody learns more than they may from how
a question is refused.
"""

import math
from collections.abc import Container
from typing import NoReturn

from fastapi import Request
from starlette.exceptions import HTTPException

from api.answers import Running
from api.callers import NotKnown, View, is_this_machine
from api.roles import NOBODY, PAGES, ROUTES
from api.trail import Trace
from waitlists.errors import DatabaseUnavailable, WaitlistsError
from waitlists.organisations import ORGANISATIONS
from waitlists.security.access import Role
from waitlists.services import SERVICES

_MEASUREMENTS = "/metrics"


async def admitted(request: Request) -> None:
    """Let the request go on, its view put into its scope, or answer 401, 403, 429 or 503."""
    if is_foreign(request):
        raise HTTPException(403)
    route: str = request.scope["route"].path
    roles = ROUTES.get(route, NOBODY)
    if roles is None:
        return
    running: Running = request.app.state.running
    trace = request.scope.setdefault("trace", Trace())
    _name_lists(trace, request)
    try:
        view = await running.caller.view_of(request)
    except NotKnown:
        _refuse_stranger(running, trace, request)
    except WaitlistsError:
        # Measurements hold no figure, and a database that is down is when they are looked at.
        if route == _MEASUREMENTS and is_this_machine(request):
            return
        raise
    _admit(running, trace, view, roles)
    trace.is_kept = trace.is_kept or route.startswith("/v1/") or route in PAGES
    request.scope["view"] = view


def is_foreign(request: Request) -> bool:
    """Whether a browser says that something other than our own page sends this, which could use somebody's session.

    Without a word of it no browser is asking: every one says whence a POST comes.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"} or "authorization" in request.headers:
        return False
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return True
    origin = request.headers.get("origin")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host")


def _refuse_stranger(running: Running, trace: Trace, request: Request) -> NoReturn:
    slow_down(running, trace, request)
    raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="waitlists"'})


def slow_down(running: Running, trace: Trace, request: Request) -> None:
    """Note a stranger for the audit; answer 429 to one who comes too often."""
    _wait(running.strangers.wait(request.client.host if request.client else ""))
    trace.is_kept = True


def _admit(running: Running, trace: Trace, view: View, roles: frozenset[Role]) -> None:
    trace.actor, trace.role = view.actor, view.scope.role
    if view.is_limited:
        _wait(running.limits.wait(view.actor))
    if running.trail.is_full:
        raise DatabaseUnavailable("the audit takes no entries, so nothing is answered")
    if view.is_use_due:
        running.trail.used(view.actor)
    refuse_unless(view, roles, trace)


def refuse_unless(view: View, roles: frozenset[Role], trace: Trace) -> None:
    """Answer 403 to a role that is none of these, and keep the trace of it."""
    if view.scope.role not in roles:
        trace.is_kept = True
        raise HTTPException(403)


def _wait(seconds: float) -> None:
    if seconds > 0:
        raise HTTPException(429, headers={"Retry-After": str(math.ceil(seconds))})


def _name_lists(trace: Trace, request: Request) -> None:
    """Codes of the registers alone: whatever else was typed might be anything, a child's number too."""
    trace.service = _code(request, "service", SERVICES)
    trace.org = _code(request, "org", ORGANISATIONS)


def _code(request: Request, name: str, known: Container[str]) -> str | None:
    value = request.path_params.get(name) or request.query_params.get(name)
    return value if value is None or value in known else "other"
