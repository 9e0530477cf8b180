"""Which role may ask which route. What is not in the table is answered to nobody."""

from collections.abc import Mapping
from typing import Final

from waitlists.access import Role

NOBODY: Final = frozenset[Role]()
EVERY_ROLE: Final = frozenset(Role)
OPERATORS: Final = frozenset({Role.COMMISSIONER, Role.ADMIN})

ROUTES: Final[Mapping[str, frozenset[Role] | None]] = {
    "/": None,
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
    "/v1/series/{service}/{org}/share_within_standard": EVERY_ROLE,
    "/v1/series/{service}/{org}/{measure}": EVERY_ROLE,
    "/v1/forecasts/{service}/{org}/share_within_standard": EVERY_ROLE,
    "/v1/forecasts/{service}/{org}/{measure}": EVERY_ROLE,
    "/v1/clearance/{service}/{org}": EVERY_ROLE,
    "/v1/deliveries": EVERY_ROLE,
    "/v1/deliveries/{id}": EVERY_ROLE,
    "/v1/deliveries/{id}/cells": EVERY_ROLE,
    "/v1/findings": OPERATORS,
    "/v1/runs": OPERATORS,
    "/v1/runs/{id}": OPERATORS,
}
"""Roles by the route's pattern; None asks for no key, and such a route holds no figure. Refused files
(`/v1/deliveries?status=refused`) are for `OPERATORS` alone. Beside these, /openapi.json and /static ask for no key."""
