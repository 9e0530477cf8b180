"""`python -m tests.reach`: writes what each role reaches, route by route, into docs/api.md."""

import re
import sys
from pathlib import Path

from api.roles import REACH, ROUTES
from waitlists.security.access import Role

PAGE = Path(__file__).parents[1] / "docs/api.md"
SECTION = re.compile(r"(?<=<!-- reach -->\n).*?(?=<!-- /reach -->)", re.DOTALL)
ROLES = (Role.PUBLIC, Role.BOARD, Role.PROVIDER, Role.COMMISSIONER, Role.ADMIN)


def table() -> str:
    """The table as Markdown: who may ask a route, and what it tells of figures that nobody has published."""
    head = f"| route | {' | '.join(ROLES)} | unpublished figures |\n|---|{'---|' * len(ROLES)}---|\n"
    return head + "".join(f"{_row(route)}\n" for route, roles in ROUTES.items() if roles is not None)


def _row(route: str) -> str:
    asks = ("yes" if role in (ROUTES[route] or ()) else "no" for role in ROLES)
    return f"| `{route}` | {' | '.join(asks)} | {REACH[route]} |"


def written(text: str) -> str:
    """The page with the table as it is now."""
    return SECTION.sub(lambda _: table(), text)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)
