"""Which role may ask which route. What is not in the table is answered to nobody."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from waitlists.security.access import Role


class Reach(StrEnum):
    """What a route tells of figures nobody has published; published ones are told to every role that may ask."""

    NOTHING = "none"
    DISCLOSED = "own exactly; others' rounded, small ones hidden"
    OWN = "own alone; others' are as if they were not there"


NOBODY: Final = frozenset[Role]()
EVERY_ROLE: Final = frozenset(Role)
OPERATORS: Final = frozenset({Role.COMMISSIONER, Role.ADMIN})
TAKERS: Final = frozenset({Role.COMMISSIONER, Role.PROVIDER, Role.ADMIN})
"""Roles that may take a breach warning: of their own organisations, the service's own team of any."""

ROUTES: Final[Mapping[str, frozenset[Role] | None]] = {
    "/": EVERY_ROLE,
    "/lists/{service}/{org}": EVERY_ROLE,
    "/lists/{service}/{org}/list.csv": EVERY_ROLE,
    "/lists/{service}/{org}/share_within_standard.csv": EVERY_ROLE,
    "/lists/{service}/{org}/{measure}.csv": EVERY_ROLE,
    "/sign-in": None,
    "/sign-out": None,
    "/docs": None,
    "/health/live": None,
    "/health/ready": None,
    "/health/freshness": EVERY_ROLE,
    "/metrics": OPERATORS,
    "/v1/services": EVERY_ROLE,
    "/v1/organisations": EVERY_ROLE,
    "/v1/standards": EVERY_ROLE,
    "/v1/waiting-lists": EVERY_ROLE,
    "/v1/waiting-lists/{service}/{org}": EVERY_ROLE,
    "/v1/waiting-lists/{service}/{org}/groups/{cut}": EVERY_ROLE,
    "/v1/series/{service}/{org}/share_within_standard": EVERY_ROLE,
    "/v1/series/{service}/{org}/{measure}": EVERY_ROLE,
    "/v1/trends/summary": EVERY_ROLE,
    "/v1/trends/funnel": EVERY_ROLE,
    "/v1/trends/{service}/{org}/share_within_standard": EVERY_ROLE,
    "/v1/trends/{service}/{org}/{measure}": EVERY_ROLE,
    "/v1/forecasts/{service}/{org}/share_within_standard": EVERY_ROLE,
    "/v1/forecasts/{service}/{org}/{measure}": EVERY_ROLE,
    "/v1/clearance/{service}/{org}": EVERY_ROLE,
    "/v1/breaches": EVERY_ROLE,
    "/v1/breaches/{id}": EVERY_ROLE,
    "/v1/breaches/{id}/acknowledgement": TAKERS,
    "/breaches/{id}": EVERY_ROLE,
    "/v1/referrals/due": frozenset({Role.PROVIDER}),
    "/v1/deliveries": EVERY_ROLE,
    "/v1/deliveries/{id}": EVERY_ROLE,
    "/v1/deliveries/{id}/cells": EVERY_ROLE,
    "/v1/findings": OPERATORS,
    "/v1/runs": OPERATORS,
    "/v1/runs/{id}": OPERATORS,
}
"""Roles by the route's pattern; None asks for no key, and such a route holds no figure. Refused and
held files (`/v1/deliveries?status=refused`, `status=held`) are for `OPERATORS` alone. Beside these, /openapi.json and
/static ask for no key."""

_FIGURES: Final = tuple(route for route in ROUTES if route == "/" or route.startswith(("/lists/", "/breaches/")))

PAGES: Final = frozenset({*_FIGURES, "/sign-in", "/sign-out"})
"""Routes for people: asked without a key they lead to /sign-in, and what goes wrong is said on a page."""

REACH: Final[Mapping[str, Reach]] = {
    **{route: Reach.NOTHING for route, roles in ROUTES.items() if roles is not None},
    **dict.fromkeys(_FIGURES, Reach.DISCLOSED),
    "/v1/waiting-lists": Reach.DISCLOSED,
    "/v1/waiting-lists/{service}/{org}": Reach.DISCLOSED,
    "/v1/waiting-lists/{service}/{org}/groups/{cut}": Reach.DISCLOSED,
    "/v1/series/{service}/{org}/share_within_standard": Reach.DISCLOSED,
    "/v1/series/{service}/{org}/{measure}": Reach.DISCLOSED,
    "/v1/trends/summary": Reach.DISCLOSED,
    "/v1/trends/funnel": Reach.DISCLOSED,
    "/v1/trends/{service}/{org}/share_within_standard": Reach.DISCLOSED,
    "/v1/trends/{service}/{org}/{measure}": Reach.DISCLOSED,
    "/v1/forecasts/{service}/{org}/{measure}": Reach.DISCLOSED,
    "/v1/clearance/{service}/{org}": Reach.DISCLOSED,
    "/v1/breaches": Reach.DISCLOSED,
    "/v1/breaches/{id}": Reach.DISCLOSED,
    "/health/freshness": Reach.OWN,
    "/v1/referrals/due": Reach.OWN,
    "/v1/deliveries": Reach.OWN,
    "/v1/deliveries/{id}": Reach.OWN,
    "/v1/deliveries/{id}/cells": Reach.OWN,
    "/v1/findings": Reach.OWN,
}
"""By route that asks for a key. Own figures are those about the key's organisations and, for a commissioner, about
whoever is counted in them. The table in docs/api.md is made from this one and tests hold both to the answers."""

_LINKED: Final = {"findings": "/v1/findings", "run": "/v1/runs/{id}"}


def within_reach(links: Mapping[str, str | None], role: Role) -> dict[str, str | None]:
    """Links by name, null where the role does not reach what they lead to.

    >>> within_reach({"self": "/v1/deliveries/1", "run": "/v1/runs/2"}, Role.PROVIDER)
    {'self': '/v1/deliveries/1', 'run': None}
    """
    closed = {name for name, route in _LINKED.items() if role not in (ROUTES[route] or EVERY_ROLE)}
    return {name: None if name in closed else link for name, link in links.items()}
