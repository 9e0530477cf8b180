"""The lists a question is about, as a small table to join: both engines then look each of them up in an index.

SQLite reads the whole table for `(service, org) IN (...)`.
"""

from collections.abc import Iterable

from sqlalchemy import CTE, Integer, String, column, values

Pair = tuple[str, str]
"""Service and organisation."""

Place = tuple[int, str, str]
"""Vintage, service and organisation: one list in one vintage."""


def asked_lists(pairs: Iterable[Pair]) -> CTE:
    """Lists, as columns `service` and `org`."""
    return values(column("service", String), column("org", String), name="asked").data(list(pairs)).cte("asked")


def asked_places(places: Iterable[Place]) -> CTE:
    """Lists in vintages, as columns `vintage_id`, `service` and `org`."""
    columns = (column("vintage_id", Integer), column("service", String), column("org", String))
    return values(*columns, name="asked").data(list(places)).cte("asked")
