"""What goes wrong, said on a page: the same words as the problem an API caller gets, and what to do."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.pages.access import sign_in_address
from api.pages.rendering import HTML, page
from api.roles import PAGES
from waitlists.errors import WaitlistsError

Handler = Callable[[Request, Any], Awaitable[Response]]

_KEPT: Final = ("retry-after", "x-request-id")


def install(app: FastAPI) -> None:
    """Say on a page what the handlers already installed say as a problem."""
    for kind in (WaitlistsError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _on_a_page(cast("Handler", app.exception_handlers[kind])))


def _on_a_page(handler: Handler) -> Handler:
    async def on_a_page(request: Request, error: Exception) -> Response:
        answer = await handler(request, error)
        if not _is_page(request):
            return answer
        return RedirectResponse(sign_in_address(request), 303) if answer.status_code == 401 else _page(answer, request)

    return on_a_page


def _is_page(request: Request) -> bool:
    """Whether a page was asked for: by its address or, where that is none of ours, by a browser."""
    route = request.scope.get("route")
    if route is not None:
        return str(getattr(route, "path", "")) in PAGES
    return HTML in request.headers.get("accept", "")


def _page(answer: Response, request: Request) -> Response:
    """A problem as a page; what has no body, such as the answer to OPTIONS, stays as it is."""
    if not answer.body:
        return answer
    headers = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
    problem = orjson.loads(answer.body)
    view = request.scope.get("view")
    return page("error.html", view, status=answer.status_code, headers=headers, problem=problem)
