"""The lists a question is about, as a small table to join: both engines then look each of them up in an index.

They travel as one JSON text, so that a question about one list and about a thousand is the same statement, which is put
together once. SQLite would read the whole table for `(service, org) IN (...)`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import CTE, Connection, Integer, String, TextClause, text
from sqlalchemy.types import TypeEngine

Pair = tuple[str, str]
"""Service and organisation."""

Place = tuple[int, str, str]
"""Vintage, service and organisation: one list in one vintage."""

Said = tuple[str, str, int]
"""A provider, a word that it uses, and a version of a referral in which it does."""

Replacement = tuple[int, int]
"""A vintage, and the one whose place it takes."""

_FROM = {
    "sqlite": "FROM json_each(:asked)",
    "postgresql": "FROM json_array_elements(CAST(:asked AS json))",
}
_COLUMNS: Mapping[str, tuple[str, TypeEngine[Any]]] = {
    "vintage_id": ("integer", Integer()),
    "instead_of": ("integer", Integer()),
    "service": ("varchar", String()),
    "org": ("varchar", String()),
    "provider": ("varchar", String()),
    "word": ("varchar", String()),
    "version_id": ("integer", Integer()),
}
_ITEM = {"sqlite": "json_extract(value, '$[{}]')", "postgresql": "value ->> {}"}


def asked_lists(connection: Connection, pairs: Iterable[Pair]) -> CTE:
    """Lists, as columns `service` and `org`."""
    return _asked(connection, pairs, ("service", "org"))


def lists_to_ask(engine: str) -> CTE:
    """The same for a statement that is kept, by engine; the lists are given by `asked_now` when it is executed."""
    return _table(engine, ("service", "org"), text)


def places_to_ask(engine: str) -> CTE:
    """As `lists_to_ask`, of lists in vintages."""
    return _table(engine, ("vintage_id", "service", "org"), text)


def asked_now(rows: Iterable[Pair | Place]) -> dict[str, str]:
    """The parameter that names the lists of `lists_to_ask` or `places_to_ask`."""
    return {"asked": json.dumps(list(rows))}


def asked_replacements(connection: Connection, rows: Iterable[Replacement]) -> CTE:
    """Vintages and those whose place they take, as columns `vintage_id` and `instead_of`."""
    return _asked(connection, rows, ("vintage_id", "instead_of"))


def asked_words(connection: Connection, rows: Iterable[Said]) -> CTE:
    """Words that providers use, as columns `provider`, `word` and `version_id`."""
    return _asked(connection, rows, ("provider", "word", "version_id"))


def _asked(connection: Connection, rows: Iterable[Pair | Place | Said | Replacement], names: Sequence[str]) -> CTE:
    given = json.dumps(list(rows))
    return _table(connection.dialect.name, names, lambda statement: text(statement).bindparams(asked=given))


def _table(engine: str, names: Sequence[str], made: Callable[[str], TextClause]) -> CTE:
    items = ((_ITEM[engine].format(place), name) for place, name in enumerate(names))
    selected = ", ".join(f"CAST({item} AS {_COLUMNS[name][0]}) AS {name}" for item, name in items)
    query = made(f"SELECT {selected} {_FROM[engine]}")
    return query.columns(**{name: _COLUMNS[name][1] for name in names}).cte("asked")
