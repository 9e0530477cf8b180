"""Whole columns of an answer at once, as one JSON text each: thousands of rows cost as little as one.

What a database hands over row by row is made into an object a row by the driver and again by SQLAlchemy, which costs
several times what it takes to find them.
"""

from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text, cast, func

_TOGETHER = {"sqlite": func.json_group_array, "postgresql": func.json_agg}


def together(engine: str, *columns: ColumnElement[Any]) -> tuple[ColumnElement[str | None], ...]:
    """Columns of all rows of a group, each as one value for `every`; all of them have the rows in the same order."""
    return tuple(cast(_TOGETHER[engine](column), Text) for column in columns)


def every(column: str | None) -> list[Any]:
    """The values of a column of `together`, days as ISO texts; none of a group without a row."""
    return orjson.loads(column) if column else []
