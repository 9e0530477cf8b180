"""A page of figures: built within one transaction, kept by dataset version and scope, and by no browser.

It is kept packed, to a seventh of its bytes: a phone on a ward loads it so, and the cache holds seven times as many.
Nothing that a stranger can choose stands in such a page beside anything secret, so its length tells nobody more.
"""

import gzip
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection
from starlette.responses import Response

from api.answers import VARY, Question
from api.cache import Stored, etag
from api.pages.rendering import MEDIA_TYPE, html, rendered
from api.security import VIEW_HEADER
from waitlists.store.read import DatasetVersion, latest_version
from waitlists.store.seen import look_with
from waitlists.store.session import reading

_NEVER: Final = re.compile(r";q=0(\.0*)?$")
"""A form that is named to be refused."""

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
            whole = rendered(template, ask.view, **build(connection, version))
            stored = Stored(gzip.compress(whole, mtime=0), MEDIA_TYPE)
            ask.running.cache.put(tag, stored)
    return _sent(ask, stored.body)


def takes_packed(accept: str) -> bool:
    """Whether a browser unpacks; RFC 9110, section 12.5.3.

    >>> takes_packed("gzip, deflate"), takes_packed("br, gzip;q=0"), takes_packed("")
    (True, False, False)
    """
    forms = {form.replace(" ", "").lower() for form in accept.split(",")}
    return any(form.partition(";")[0] == "gzip" and not _NEVER.search(form) for form in forms)


def _sent(ask: Question, packed: bytes) -> Response:
    headers = {"Vary": f"{VARY}, Accept-Encoding", VIEW_HEADER: ask.view.label}
    if takes_packed(ask.request.headers.get("accept-encoding", "")):
        return html(packed, headers={**headers, "Content-Encoding": "gzip"})
    return html(gzip.decompress(packed), headers=headers)


def _tag(ask: Question, version: DatasetVersion | None) -> str:
    """The name of a page: that of an answer, and what its header says of whoever looks."""
    shown = (version.version, version.published_at, version.aside) if version else ("none",)
    query = sorted(ask.request.query_params.multi_items())
    who = (ask.view.scope.key, ask.view.label, ask.view.is_signed_in, ask.edge.rule)
    return etag(*shown, *who, ask.path, query, MEDIA_TYPE, ask.today)
