"""From a question to the bytes of its answer: form, dataset version, ETag, cache, and only then the work.

Every answer is built within one transaction, so all of it is of one dataset version, and is kept under the ETag that
names this version, the caller's scope and the question. Rows go straight to JSON or CSV; the pydantic models of
`schemas` describe them and are checked against them in the tests, not row by row at run time.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api import csv, paging
from api.cache import Asked, ByteCache, Known, Questions, Stored, etag, is_any, is_match
from api.callers import Caller, View
from api.disclosure.edge import Edge
from api.disclosure.sheets import Sheets
from api.fresh import Fresh
from api.limits import Limits
from api.metrics import Metrics
from api.problems import NotAcceptable
from api.readiness import Readiness
from api.security import VIEW_HEADER, RawHeaders, protected
from api.shelf import Shelf
from api.trail import Trail
from waitlists.errors import BadArgument
from waitlists.security.access import Sight, sight_of
from waitlists.security.warned import sight_of_warnings
from waitlists.settings import Settings
from waitlists.store.read import DatasetVersion, latest_version
from waitlists.store.seen import look_with
from waitlists.store.session import Engine, reading
from waitlists.suppression import Rule

JSON = "application/json"
VARY = "Accept, Authorization, Cookie"

Body = Mapping[str, Any]
Build = Callable[[Connection, DatasetVersion | None], Body]


@dataclass(frozen=True, slots=True)
class Running:
    """What one application is made of; made once, shared by all requests."""

    settings: Settings
    engine: Engine
    clock: Callable[[], datetime]
    caller: Caller
    limits: Limits
    strangers: Limits
    trail: Trail
    cache: ByteCache
    questions: Questions
    published: Fresh[DatasetVersion | None]
    metrics: Metrics
    readiness: Readiness
    protection: RawHeaders
    sheets: Sheets = field(default_factory=Sheets)
    shelf: Shelf = field(default_factory=Shelf)


@dataclass(frozen=True, slots=True)
class Question:
    """One request to the data: who asks, on which day, and the running service that answers."""

    request: Request
    running: Running
    view: View
    today: date

    @property
    def sight(self) -> Sight:
        """Whose unpublished figures the caller may see."""
        return sight_of(self.view.scope, self.today)

    @property
    def rule(self) -> Rule:
        """By which small numbers are hidden."""
        return Rule(self.running.settings.suppression)

    @property
    def given(self) -> Sight:
        """Whose unpublished lists the caller is given the warnings of."""
        return sight_of_warnings(self.view.scope.role, self.sight, self.rule)

    @property
    def edge(self) -> Edge:
        """The way out for answers with figures."""
        return Edge(self.sight, self.rule, self.running.sheets)

    def day(self, as_of: date | None) -> date:
        """The day asked about: today where none is named.

        Raises
        ------
        BadArgument
            A day to come, on which nobody knows yet what will be known.
        """
        if as_of is not None and as_of > self.today:
            raise BadArgument(
                "as_of is a day to come, and nobody knows what will be known then: leave it out for today; what is"
                " likely to come is under /v1/forecasts",
                field="as_of",
            )
        return as_of or self.today

    @property
    def path(self) -> str:
        """The path as asked, for links back to it."""
        return self.request.url.path


@dataclass(frozen=True, slots=True)
class Table:
    """How an answer reads as CSV: its columns, and its rows (the items of a list unless said otherwise)."""

    columns: Sequence[csv.Column]
    rows: Callable[[Body], Sequence[csv.Row]] = lambda body: body["items"]


def answer(
    ask: Question,
    build: Build,
    *,
    table: Table | None = None,
    is_kept: bool = True,
    is_final: Callable[[Body], bool] = lambda _: True,
) -> Response:
    """The response to a question, in the form the caller accepts.

    Parameters
    ----------
    build
        Makes the body from a connection and the newest dataset version; not called where a 304 will do.
    table
        How the body reads as CSV; without it there is only JSON.
    is_kept
        False for what can change within one dataset version, such as a running command: no ETag, nothing kept.
    is_final
        Whether a body is all that can be said; one that is not is named by its bytes, and nothing of it is kept.

    Raises
    ------
    NotAcceptable
        The caller accepts no form in which this is given.
    """
    media_type = accepted(ask.request.headers.get("accept"), (JSON, csv.MEDIA_TYPE) if table else (JSON,))
    held, began = ask.request.headers.get("if-none-match"), time.monotonic()
    with reading(ask.running.engine) as connection:
        look_with(connection, ask.sight)
        version = latest_version(connection)
        if not is_kept:
            return whole(ask.view, _rendered(ask, build(connection, version), media_type, table), tag=None)
        ask.running.published.note(version, read_at=began)
        tag = _tag(ask, version, media_type)
        stored = ask.running.cache.get(tag)
        if stored is None and not is_match(held, tag):
            stored = _rendered(ask, body := build(connection, version), media_type, table)
            if not is_final(body):
                return _tagged(ask, stored, held, etag(tag, hashlib.sha256(stored.body).hexdigest()))
            ask.running.cache.put(tag, stored)
    _remember(ask, version, tag, stored)
    return _tagged(ask, stored, held, tag)


def _tagged(ask: Question, stored: Stored | None, held: str | None, tag: str) -> Response:
    if stored is None or is_match(held, tag) or is_any(held):
        return unchanged(ask.view, tag)
    return whole(ask.view, stored, tag=tag)


def by_bytes(ask: Question, made: Response) -> Response:
    """An answer that is not kept, under the ETag of its bytes, or the word that the caller holds them."""
    tag = etag(bytes(made.body), ask.view.scope.key)
    held = ask.request.headers.get("if-none-match")
    if is_match(held, tag) or is_any(held):
        return unchanged(ask.view, tag)
    made.headers["ETag"], made.headers["Cache-Control"] = tag, "private, no-cache"
    return made


def accepted(accept: str | None, offered: Sequence[str]) -> str:
    """The offered form the caller likes best, the first of equals; RFC 9110, section 12.5.1.

    >>> accepted("text/csv;q=0.9, */*;q=0.1", ("application/json", "text/csv"))
    'text/csv'
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = [_media_range(text) for text in accept.split(",")]
    best = max(offered, key=lambda form: _liking(form, ranges))
    if _liking(best, ranges) <= 0:
        raise NotAcceptable(f"This is given as {' or '.join(offered)}.")
    return best


def _media_range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((part.removeprefix("q=") for part in parameters if part.startswith("q=")), "1")
    try:
        return name, float(quality)
    except ValueError:
        return name, 0.0


def _liking(form: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality given to a form by the most specific range that covers it, 0 where none does."""
    for wanted in (form, f"{form.partition('/')[0]}/*", "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0


def _tag(ask: Question, version: DatasetVersion | None, media_type: str) -> str:
    query = sorted(ask.request.query_params.multi_items())
    # The time of publication tells apart two databases with equal counts; the day is the as_of where none is asked for.
    shown = (version.version, version.published_at, version.aside) if version else ("none",)
    return etag(*shown, ask.view.scope.key, ask.edge.rule, ask.path, query, media_type, ask.today)


def _rendered(ask: Question, body: Body, media_type: str, table: Table | None) -> Stored:
    cursor = body.get("next_cursor")
    headers: tuple[tuple[str, str], ...] = ()
    if cursor:
        link = paging.next_link(ask.path, ask.request.query_params.multi_items(), cursor)
        headers = (("Link", f'<{link}>; rel="next"'),)
    if table is not None and media_type == csv.MEDIA_TYPE:
        return Stored(
            csv.render(table.columns, table.rows(body)), f"{media_type}; charset=utf-8; header=present", headers
        )
    return Stored(orjson.dumps(body, option=orjson.OPT_UTC_Z), media_type, headers)


def asked_as(scope: Scope, headers: Mapping[bytes, bytes]) -> Asked:
    """The question as it is written."""
    path = scope.get("raw_path") or scope["path"].encode()
    return headers.get(b"host", b""), path, scope["query_string"], headers.get(b"accept")


def _remember(ask: Question, version: DatasetVersion | None, tag: str, stored: Stored | None) -> None:
    scope, trace = ask.request.scope, ask.request.scope["trace"]
    full = None if stored is None else whole(ask.view, stored, tag=tag).raw_headers
    known = Known(
        tag,
        version,
        ask.today,
        scope["route"].path,
        trace.service,
        trace.org,
        is_traced=trace.is_kept,
        view=ask.view.label,
        unchanged=tuple(unchanged(ask.view, tag).raw_headers),
        whole=None if full is None else protected(full, ask.running.protection),
    )
    ask.running.questions.put(asked_as(scope, dict(reversed(scope["headers"]))), ask.view.scope.key, known)


def whole(view: View, stored: Stored, *, tag: str | None) -> Response:
    """The response with all bytes of an answer."""
    headers = {**_headers(view, tag), **dict(stored.headers), "Content-Type": stored.media_type}
    return Response(stored.body, headers=headers)


def unchanged(view: View, tag: str) -> Response:
    """The response that says the caller holds the answer already."""
    return Response(status_code=304, headers=_headers(view, tag))


def _headers(view: View, tag: str | None) -> dict[str, str]:
    shared = {"Vary": VARY, VIEW_HEADER: view.label}
    # no-cache lets the caller keep the answer but ask each time whether it still holds, which costs us next to nothing.
    return {**shared, "Cache-Control": "private, no-cache", "ETag": tag} if tag else shared
