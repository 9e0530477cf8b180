"""A page of figures: built within one transaction, kept by dataset version and scope, and by no browser."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.responses import Response

from api.answers import VARY, Question
from api.cache import Stored, etag
from api.pages.rendering import MEDIA_TYPE, html, rendered
from api.security import VIEW_HEADER
from waitlists.store.read import DatasetVersion, latest_version
from waitlists.store.seen import look_with
from waitlists.store.session import reading

Build = Callable[[Connection, DatasetVersion | None], Mapping[str, Any]]


def kept_page(ask: Question, template: str, build: Build) -> Response:
    """The page of what `build` finds, made anew only for a new dataset version, scope, day or question.

    On a shared machine the next person must not find it, so it goes out as not to be stored.
    """
    with reading(ask.running.engine) as connection:
        look_with(connection, ask.sight)
        version = latest_version(connection)
        tag = _tag(ask, version)
        stored = ask.running.cache.get(tag)
        if stored is None:
            stored = Stored(rendered(template, ask.view, **build(connection, version)), MEDIA_TYPE)
            ask.running.cache.put(tag, stored)
    return html(stored.body, headers={"Vary": VARY, VIEW_HEADER: ask.view.label})


def _tag(ask: Question, version: DatasetVersion | None) -> str:
    """The name of a page: that of an answer, and what its header says of whoever looks."""
    shown = (version.version, version.published_at) if version else ("none",)
    query = sorted(ask.request.query_params.multi_items())
    who = (ask.view.scope.key, ask.view.label, ask.view.is_signed_in, ask.edge.rule)
    return etag(*shown, *who, ask.path, query, MEDIA_TYPE, ask.today)
