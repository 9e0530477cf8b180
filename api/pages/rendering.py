"""Templates to pages: everything escaped, and headers under which a page loads nothing but our own style."""

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from api.callers import View
from api.pages.choice import short_name
from api.security import PAGE_HEADERS
from waitlists.organisations import find_organisation

HTML: Final = "text/html"
MEDIA_TYPE: Final = f"{HTML}; charset=utf-8"

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def viewer(view: View) -> str:
    """Who looks, by role and by the names of the organisations it is held for."""
    codes = view.scope.organisations
    names = ", ".join(short_name(find_organisation(code)) for code in codes)
    return view.label.replace(f" {' '.join(codes)}", f", {names}") if codes else view.label


def rendered(template: str, view: View | None, **said: Any) -> bytes:
    """A page as bytes; `view` is whose it is, None of a page that holds no figure.

    Every template extends base.html, which shows the view and how to sign out.
    """
    return _TEMPLATES.get_template(template).render(view=view, viewer=viewer(view) if view else "", **said).encode()


def page(
    template: str, view: View | None, *, status: int = 200, headers: dict[str, str] | None = None, **said: Any
) -> Response:
    """The response of a page that is made for one request."""
    return html(rendered(template, view, **said), status=status, headers=headers)


def html(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A response of a page's bytes; nobody on the way and no browser keeps it."""
    return Response(body, status, {**PAGE_HEADERS, **(headers or {}), "Content-Type": MEDIA_TYPE})
