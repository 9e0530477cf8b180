"""Templates to pages: everything escaped, and headers under which a page loads nothing but our own style."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from api.callers import View
from api.security import PAGE_HEADERS

MEDIA_TYPE: Final = "text/html; charset=utf-8"

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def rendered(template: str, view: View | None, **said: Any) -> bytes:
    """A page as bytes; `view` is whose it is, None of a page that holds no figure.

    Every template extends base.html, which shows the view and how to sign out.
    """
    return _TEMPLATES.get_template(template).render(view=view, **said).encode()


def page(
    template: str, view: View | None, *, status: int = 200, headers: dict[str, str] | None = None, **said: Any
) -> Response:
    """The response of a page that is made for one request."""
    return html(rendered(template, view, **said), status=status, headers=headers)


def html(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A response of a page's bytes; nobody on the way and no browser keeps it."""
    return Response(body, status, {**PAGE_HEADERS, **(headers or {}), "Content-Type": MEDIA_TYPE})
