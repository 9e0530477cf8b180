"""Errors as RFC 9457 `application/problem+json`: what is wrong, which field, which names come near.

A problem never repeats what the caller sent, so neither a key nor an identifier typed by mistake comes back or is
logged. `instance` is the request's id, the same as in the log line and in the X-Request-ID header.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from waitlists.errors import BadArgument, DatabaseUnavailable, NotFound, SchemaMismatch, WaitlistsError
from waitlists.logs import logger

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5
_TYPE = "urn:waitlists:problem:"
_METHODS = "GET, HEAD, OPTIONS"
_WHAT_TO_DO = {
    401: "Send a key that is in force as `Authorization: Bearer KEY`; whoever runs this service makes one.",
    403: "The role of this key does not reach that. Ask whoever runs this service for a key of a role that does.",
    404: "There is nothing at this address.",
}

_log = logger("api")


class NoPublishedFigure(NotFound):
    """A known service and organisation for which nothing was published or delivered by that day."""


class NotApplicable(NotFound):
    """A known standard that is none of this service's; `near` holds those that are."""


class NotWorkedOut(NotFound):
    """A known list with figures from which nothing was computed by that day."""


class NoSuchRecord(NotFound):
    """A delivery or run of that number is not there."""


class NotAcceptable(BadArgument):
    """The Accept header names no form in which this answer is given."""


class KeyMissing(BadArgument):
    """A POST without an Idempotency-Key, or with one that is none."""


class KeyReused(BadArgument):
    """An Idempotency-Key that was used for another request."""


class NamesSomeone(BadArgument):
    """Words that look as if they named one child or person; nothing of them is kept or repeated."""


class FirstAtWork(WaitlistsError):
    """The first request with this Idempotency-Key has not ended, or the caller sent another in the same moment."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one field, named as the caller wrote it."""

    field: str
    message: str

    def as_dict(self) -> dict[str, str]:
        """The JSON form of one entry of `errors`."""
        return {"field": self.field, "message": self.message}


@dataclass(frozen=True, slots=True)
class Problem:
    """The parts of a problem answer; `slug` is the stable word its type ends with."""

    status: int
    slug: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    near: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def response(self, scope: Scope) -> Response:
        """The HTTP response, with the request's id as its instance."""
        body = {
            "type": _TYPE + self.slug,
            "title": _TITLES.get(self.slug, HTTPStatus(self.status).phrase),
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:request:{request_id(scope)}",
            "errors": [error.as_dict() for error in self.errors],
            "near": list(self.near),
        }
        # The answer to an unforeseen error is given outside the layers that put these headers on every other one.
        fixed = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Request-ID": request_id(scope)}
        headers = {**fixed, **self.headers}
        return Response(orjson.dumps(body), self.status, headers, MEDIA_TYPE)


_TITLES = {
    "bad-parameter": "A parameter cannot be used",
    "no-published-figure": "No published figure",
    "not-applicable": "A standard of other services",
    "not-worked-out": "Nothing was worked out",
    "unknown-name": "An unknown name",
    "unavailable": "The database cannot be asked at the moment",
    "schema": "The database is at another schema revision",
}


def request_id(scope: Scope) -> str:
    """The id given to this request, empty where it has none yet."""
    return str(scope.get("request_id", ""))


def install(app: FastAPI) -> None:
    """Turn every error of the application into a problem answer."""
    app.add_exception_handler(WaitlistsError, _own_error)
    app.add_exception_handler(RequestValidationError, _bad_parameters)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _fault)


def problem_of(error: WaitlistsError) -> Problem:
    """The problem that an error of the project's tree becomes."""
    if isinstance(error, NotFound):
        return _not_found(error)
    if isinstance(error, NotAcceptable):
        return Problem(406, "not-acceptable", str(error))
    if isinstance(error, KeyMissing | KeyReused | FirstAtWork):
        return _not_once(error)
    if isinstance(error, BadArgument):
        return Problem(422, "bad-parameter", str(error), _field_errors(error))
    if isinstance(error, DatabaseUnavailable | SchemaMismatch):
        return _unavailable(error)
    return Problem(500, "fault", "Something went wrong on our side; the log holds the cause under this instance.")


def _not_once(error: KeyMissing | KeyReused | FirstAtWork) -> Problem:
    if isinstance(error, FirstAtWork):
        return Problem(409, "first-at-work", str(error), headers={"Retry-After": "1"})
    if isinstance(error, KeyReused):
        return Problem(422, "key-reused", str(error), (FieldError("Idempotency-Key", str(error)),))
    return Problem(400, "key-missing", str(error), (FieldError("Idempotency-Key", str(error)),))


def _field_errors(error: BadArgument) -> tuple[FieldError, ...]:
    return (FieldError(error.field, str(error)),) if error.field else ()


def _unavailable(error: WaitlistsError) -> Problem:
    # The error's own words name the database's file or host: they are for the log, not for the caller.
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    if isinstance(error, SchemaMismatch):
        return Problem(
            503, "schema", "The database and this version of the service do not fit together.", headers=headers
        )
    return Problem(503, "unavailable", f"Ask again in {RETRY_AFTER_SECONDS} seconds.", headers=headers)


def _not_found(error: NotFound) -> Problem:
    if isinstance(error, NoPublishedFigure):
        return Problem(404, "no-published-figure", str(error), near=error.near)
    if isinstance(error, NotWorkedOut):
        return Problem(404, "not-worked-out", str(error))
    if isinstance(error, NotApplicable):
        return Problem(404, "not-applicable", str(error), _field_errors(error), error.near)
    if isinstance(error, NoSuchRecord):
        return Problem(404, "not-found", str(error))
    name = {"org": "organisation"}.get(error.field or "", error.field or "name")
    detail = f"No {name} of that name is known."
    if error.near:
        detail += f" The nearest: {', '.join(error.near)}."
    errors = (FieldError(error.field, detail),) if error.field else ()
    return Problem(404, "unknown-name", detail, errors, error.near)


async def _own_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, WaitlistsError)  # noqa: S101 - what this handler is registered for
    problem = problem_of(error)
    if problem.status >= 500:
        _log.error("api.failed", kind=type(error).__name__, reason=str(error), request=request_id(request.scope))
    return problem.response(request.scope)


async def _bad_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what this handler is registered for
    # Where a field may be left out, a second error says only that it is not None: the first of each field is the one.
    found = {_field(one): _in_words(one) for one in reversed(error.errors())}
    errors = tuple(FieldError(name, message) for name, message in reversed(found.items()))
    why = "; ".join(f"{one.field} ({one.message})" for one in errors)
    problem = Problem(422, "bad-parameter", f"Cannot be used as given: {why}.", errors)
    return problem.response(request.scope)


def _field(one: Mapping[str, Any]) -> str:
    """The field as the caller wrote it; a body that is no JSON object at all is the field."""
    where = one["loc"]
    return str(where[1]) if len(where) > 1 and isinstance(where[1], str) else str(where[0])


_NAMES: Final = re.compile(r"\^\(([a-z0-9_]+(?:\|[a-z0-9_]+)+)\)\$")
"""The pattern of a field that takes one of some names."""


def _in_words(one: Mapping[str, Any]) -> str:
    """What is wrong with a field, for people: patterns are for programs."""
    if one["type"] != "string_pattern_mismatch":
        return str(one["msg"]).removeprefix("Value error, ")
    if _field(one) == "cursor":
        return "expected the `next_cursor` of the page before, as it came"
    names = _NAMES.fullmatch(one["ctx"]["pattern"])
    if names is not None:
        return f"expected one of {names[1].replace('|', ', ')}"
    return "expected another form; /docs shows examples"


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what this handler is registered for
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # The router knows the path but not the method: the one place where OPTIONS on a known path arrives. Of an
        # address that takes POST alone it says so.
        allow = _METHODS if "POST" not in (error.headers or {}).get("Allow", "") else "POST, OPTIONS"
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allow})
        detail = "Only reading is possible here." if allow == _METHODS else "This address takes POST alone."
        return Problem(405, "method-not-allowed", detail, headers={"Allow": allow}).response(request.scope)
    phrase = HTTPStatus(error.status_code).phrase
    slug = phrase.lower().replace(" ", "-")
    detail = _WHAT_TO_DO.get(error.status_code, f"{phrase}.")
    return Problem(error.status_code, slug, detail, headers=error.headers or {}).response(request.scope)


async def _fault(request: Request, error: Exception) -> Response:
    """The answer to an error nobody foresaw; the server logs its traceback."""
    _log.error("api.fault", kind=type(error).__name__, request=request_id(request.scope))
    return problem_of(WaitlistsError()).response(request.scope)
