"""Forecasts and clearance answers in the database: saved under their run, read as published on a day.

A reader sees only what a dataset version has published, of the latest knowledge date not after the one asked for. What
is stored is complete: nothing is computed when it is read, so this module needs neither numpy nor pandas.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, insert, select

from forecasting.results import Clearance, Forecast
from waitlists.domain import Measure
from waitlists.store import tables
from waitlists.store.in_force import source_rank
from waitlists.store.seen import is_seen


@dataclass(frozen=True, slots=True)
class StoredForecast:
    """A forecast as stored; points, scores and breaks are in the form the API shows."""

    source: str
    service: str
    org: str
    measure: Measure
    as_of: date
    freq: str
    status: str
    model: str | None
    trained_until: date | None
    points: Sequence[Mapping[str, Any]]
    scores: Mapping[str, Mapping[str, Any]]
    reason: str | None
    breaks: Sequence[Mapping[str, str]]
    run_id: int
    dataset_version: int


@dataclass(frozen=True, slots=True)
class StoredClearance:
    """The clearance answers of one list as stored, in the form the API shows."""

    source: str
    service: str
    org: str
    as_of: date
    answer: Mapping[str, Any]
    run_id: int
    dataset_version: int


def save(
    connection: Connection, run_id: int, forecasts: Iterable[Forecast], clearances: Iterable[Clearance]
) -> tuple[int, int]:
    """Add what a run worked out, in the caller's transaction; how many forecasts and how many clearance answers.

    Nothing earlier is changed: a later run of the same knowledge date stands beside the first and is read instead.
    """
    forecast_rows = [_forecast_row(forecast, run_id) for forecast in forecasts]
    clearance_rows = [_clearance_row(clearance, run_id) for clearance in clearances]
    if forecast_rows:
        connection.execute(insert(tables.forecast), forecast_rows)
    if clearance_rows:
        connection.execute(insert(tables.clearance), clearance_rows)
    return len(forecast_rows), len(clearance_rows)


def digest(forecasts: Iterable[Forecast], clearances: Iterable[Clearance]) -> str:
    """A checksum of what `save` would store, whatever the run: equal answers have equal ones."""
    rows = [_forecast_row(forecast, 0) for forecast in forecasts]
    rows += [_clearance_row(clearance, 0) for clearance in clearances]
    texts = (json.dumps(row, sort_keys=True, default=str) for row in rows)
    return sha256("\n".join(sorted(texts)).encode()).hexdigest()


def load_forecast(
    connection: Connection, *, service: str, org: str, measure: str, as_of: date, source: str | None = None
) -> StoredForecast | None:
    """The published forecast of a series as known on `as_of`, or None where there was none by then.

    Parameters
    ----------
    source
        One source; without it the one that comes first in the order of sources, within the latest run that has any.
    """
    table = tables.forecast
    row = _latest(
        connection, table, [table.c.service == service, table.c.org == org, table.c.measure == measure], as_of, source
    )
    if row is None:
        return None
    return StoredForecast(
        source=row.source,
        service=row.service,
        org=row.org,
        measure=Measure(row.measure),
        as_of=row.as_of,
        freq=row.freq,
        status=row.status,
        model=row.model,
        trained_until=row.trained_until,
        points=row.points,
        scores=row.scores,
        reason=row.reason,
        breaks=row.breaks,
        run_id=row.run_id,
        dataset_version=row.version,
    )


def load_clearance(
    connection: Connection, *, service: str, org: str, as_of: date, source: str | None = None
) -> StoredClearance | None:
    """The published clearance answers of a list as known on `as_of`, or None; sources as in `load_forecast`."""
    table = tables.clearance
    row = _latest(connection, table, [table.c.service == service, table.c.org == org], as_of, source)
    if row is None:
        return None
    return StoredClearance(row.source, row.service, row.org, row.as_of, row.answer, row.run_id, row.version)


def _latest(
    connection: Connection, table: Table, wanted: list[ColumnElement[bool]], as_of: date, source: str | None
) -> Row[Any] | None:
    """The newest published row: latest knowledge date, then latest run, then the source that answers first."""
    version = tables.dataset_version
    query = (
        select(table, version.c.version)
        .join(version, version.c.run_id == table.c.run_id)
        .where(*wanted, table.c.as_of <= as_of, is_seen(connection, table.c.source, table.c.org))
        .order_by(table.c.as_of.desc(), table.c.run_id.desc(), source_rank(table.c.source), version.c.version.desc())
        .limit(1)
    )
    if source is not None:
        query = query.where(table.c.source == source)
    return connection.execute(query).first()


def _forecast_row(forecast: Forecast, run_id: int) -> dict[str, Any]:
    key = forecast.key
    return {
        "run_id": run_id,
        "as_of": forecast.as_of,
        "source": key.source,
        "service": key.service,
        "org": key.org,
        "measure": key.measure.value,
        "freq": forecast.freq,
        "status": forecast.status,
        "model": forecast.model,
        "trained_until": forecast.trained_until,
        "points": forecast.points_as_json(),
        "scores": forecast.scores_as_json(),
        "reason": forecast.reason,
        "breaks": forecast.breaks_as_json(),
    }


def _clearance_row(clearance: Clearance, run_id: int) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "as_of": clearance.as_of,
        "source": clearance.source,
        "service": clearance.service,
        "org": clearance.org,
        "answer": clearance.as_json(),
    }
