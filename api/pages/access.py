"""Signing in and out in a browser: a key is pasted once, and a session stands for it for 12 hours.

The key is in no address, page, log or cookie. Signing in is refused like any request without a good key: slowed down by
address, kept in the audit, and with no word of why. Neither form changes what is stored, so neither needs an
Idempotency-Key: sent twice it does the same.
"""

import re
from typing import Annotated, Final, Literal
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.admission import slow_down
from api.callers import COOKIE, COOKIE_HERE, NotKnown, is_this_machine, session_in
from api.dependencies import NONE, running_of
from api.pages.rendering import page
from api.trail import Trace

router = APIRouter(include_in_schema=False)

FIRST: Final = "/"
_OWN_ADDRESS: Final = re.compile(r"/([A-Za-z0-9_.~%-][A-Za-z0-9_.~%/-]*)?(\?[A-Za-z0-9_.~%=&+-]*)?")
"""Never two strokes at the beginning: browsers take those for another host."""

Next = Annotated[str, Query(max_length=500)]


Ended = Annotated[Literal["yes"] | NONE, Query()]


@router.get("/sign-in")
def form(next: Next = FIRST, ended: Ended = None) -> Response:  # noqa: A002 - what the address calls it
    """The form to sign in with; `next` is where to go on to, `ended` says that a session opens nothing any more."""
    return _form(next, status=200, has_ended=ended is not None)


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """A session for whoever pasted a good key, and on to where they wanted; else the form again."""
    running, trace = running_of(request), request.scope.setdefault("trace", Trace())
    fields = parse_qs((await request.body()).decode("latin-1"))
    wanted = fields.get("next", [FIRST])[0]
    try:
        view, session = await running.caller.sign_in(fields.get("key", [""])[0].strip())
    except NotKnown:
        slow_down(running, trace, request)
        return _form(wanted, status=401, is_wrong=True)
    trace.actor, trace.role, trace.is_kept = view.actor, view.scope.role, True
    running.trail.used(view.actor)
    answer = _on_to(own_address(wanted))
    name, is_secure = _cookie(request)
    answer.set_cookie(name, session, httponly=True, samesite="lax", secure=is_secure, path="/")
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    """The session is forgotten by the browser."""
    answer = _on_to("/sign-in")
    name, is_secure = _cookie(request)
    answer.delete_cookie(name, httponly=True, samesite="lax", secure=is_secure, path="/")
    return answer


def sign_in_address(request: Request) -> str:
    """Where to sign in, to come back to what was asked; a browser that sent a session is told that it has ended."""
    query = request.url.query
    ended = "" if session_in(request) is None else "&ended=yes"
    return f"/sign-in?next={quote(request.url.path + (f'?{query}' if query else ''), safe='')}{ended}"


def own_address(wanted: str) -> str:
    """An address of this service; whatever else was asked for leads to the first page."""
    return wanted if _OWN_ADDRESS.fullmatch(wanted) else FIRST


def _form(wanted: str, *, status: int, is_wrong: bool = False, has_ended: bool = False) -> Response:
    headers = {"WWW-Authenticate": 'Bearer realm="waitlists"'} if is_wrong else None
    said = {"next": own_address(wanted), "is_wrong": is_wrong, "has_ended": has_ended}
    return page("sign_in.html", None, status=status, headers=headers, **said)


def _cookie(request: Request) -> tuple[str, bool]:
    """The cookie's name, and whether it travels over TLS alone: everywhere but on this machine."""
    is_here = is_this_machine(request) and not running_of(request).settings.base_url.startswith("https://")
    return (COOKIE_HERE, False) if is_here else (COOKIE, True)


def _on_to(address: str) -> Response:
    return RedirectResponse(address, 303)
