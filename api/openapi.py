"""The description of the API for programs: examples, CSV beside JSON, and problems on every route."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from api import csv, problems
from api.answers import JSON
from api.roles import ROUTES
from api.schemas.base import FieldError, Problem

VERSION = "1"
"""Of the routes under /v1: fields may be added, names stay."""

TITLE = "Waiting lists of children in Kent and Medway"
DESCRIPTION = """\
How many children wait for NHS help, how long, and what may happen next.

Every figure says what it is about (`period_end`), what it is known from (`as_of`, `vintage`), how much of it is there
(`coverage`) and what to be careful of (`findings`, `sentence`). What is not known is null with a note, never left out
and never zero. A number hidden so that no small one is known is null, and its JSON pointer stands in `suppressed`: who
may not see an unpublished figure exactly sees it rounded to the nearest 5 or not at all. Lists are paged by `cursor`;
`Accept: text/csv` gives the same rows as CSV. Errors are RFC 9457 problems.
"""
TAGS = [
    {"name": "waiting lists", "description": "How many wait how long, now, week by week and month by month."},
    {"name": "trends", "description": "Whether a change is real, and whether a target will be met."},
    {"name": "forecasts", "description": "What may happen next, as ranges, and when a list may be cleared."},
    {"name": "breach warnings", "description": "Which lists have, or soon have, children past a standard."},
    {"name": "registers", "description": "Services, organisations and standards."},
    {"name": "provenance", "description": "Where figures come from: deliveries, cells, findings and runs."},
    {"name": "operations", "description": "Whether the service runs, and how old its figures are."},
]
_REF = "#/components/schemas/{model}"
_PROBLEM_TEXTS = {
    400: "A request that changes something without an Idempotency-Key.",
    409: "The first request with this Idempotency-Key has not ended.",
    411: "A body of a length not said before it.",
    413: "A body that is too large.",
    415: "A body that is packed.",
    401: "No key, or none that opens anything.",
    403: "A key whose role may not ask this.",
    429: "Asked too often with one key; Retry-After says when to ask again.",
    404: "A name that is not known, with near ones, or nothing published for it.",
    406: "The Accept header names no form in which this is given.",
    422: "A parameter that cannot be used; `errors` names it.",
    503: "The database cannot be asked at the moment; Retry-After says when to ask again.",
}
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key from `waitlists keys create`. While no key exists, this machine needs none.",
}
_HEADERS = {
    "ETag": {
        "description": "Send it back as If-None-Match: 304 means that nothing changed.",
        "schema": {"type": "string"},
    },
    "Link": {"description": "The next page, rel=next.", "schema": {"type": "string"}},
    "X-Waitlists-View": {"description": "Whose view this answer is.", "schema": {"type": "string"}},
}


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Descriptions of the problems a route may answer with."""
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}}
    return {status: {"description": _PROBLEM_TEXTS[status], "content": content} for status in statuses}


def responses(example: Mapping[str, Any], *, has_csv: bool = False) -> dict[int | str, dict[str, Any]]:
    """Descriptions of all answers of a route that asks the data: the good one with its example, and the problems."""
    content: dict[str, Any] = {JSON: {"example": example}}
    if has_csv:
        content[csv.MEDIA_TYPE] = {"schema": {"type": "string"}}
    good = {"description": "The answer.", "content": content, "headers": _HEADERS}
    return {200: good, **problem_responses(401, 403, 404, 406, 422, 429, 503)}


def acted(example: Mapping[str, Any]) -> dict[int | str, dict[str, Any]]:
    """Descriptions of all answers of a route that changes something: done, or why not."""
    good = {"description": "It is done.", "content": {JSON: {"example": example}}}
    return {201: good, **problem_responses(400, 401, 403, 404, 409, 411, 413, 415, 422, 429, 503)}


def install(app: FastAPI) -> None:
    """Let the application describe itself with the shape of a problem among its schemas."""

    def described() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described


def _described(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes, tags=TAGS
    )
    _, shared = models_json_schema([(Problem, "serialization"), (FieldError, "serialization")], ref_template=_REF)
    schema["components"]["schemas"].update(shared["$defs"])
    schema["components"]["securitySchemes"] = {"key": _KEY}
    for path, operations in schema["paths"].items():
        if ROUTES[path] is not None:
            # Without a key too: that is the view of this machine while no key exists.
            for operation in operations.values():
                operation["security"] = [{"key": []}, {}]
        for operation in operations.values():
            _require_key_of_request(operation)
    return schema


def _require_key_of_request(operation: Mapping[str, Any]) -> None:
    """Say of an Idempotency-Key what is accepted: without one the answer is a problem of its own, not a bad form."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "idempotency-key":
            parameter |= {"name": "Idempotency-Key", "required": True}
            parameter["schema"] = {"type": "string", "pattern": "^[!-~]{1,255}$"}


def operation_id(route: APIRoute) -> str:
    """The name a generated client gives to a route: that of its function."""
    return route.name
