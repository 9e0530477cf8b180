"""Forecasts: what may happen next to one measure of one list, as a range, or why nothing is said."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples, words
from api.about import About
from api.answers import Body, Build, Question, Table, answer
from api.dependencies import Ask, Asked, AskedList, Basis, Horizon, MeasurePath, StandardRequired
from api.disclosure.edge import Exact, hidden_in
from api.disclosure.forecasts import AskedForecast, exact_forecast
from api.found import asked_source, found_list, newest_list
from api.names import about, standard_of
from api.openapi import responses
from api.problems import NotWorkedOut
from api.schemas.forecasts import Forecast
from api.views.forecasts import forecast_body
from forecasting.results import LEVELS, level_text
from forecasting.store import StoredForecast, load_forecast
from waitlists.domain import Measure
from waitlists.errors import BadArgument
from waitlists.store.newer import is_newer, worked
from waitlists.store.read import DatasetVersion, StoredList
from waitlists.store.seen import past_sight

router = APIRouter(prefix="/v1", tags=["forecasts"])

HORIZONS: Final[Mapping[str, tuple[int, str]]] = {"M": (12, "months"), "W": (26, "weeks")}
"""How far ahead a forecast goes, by the step of its figures."""

_IDENTITY = ("service", "org", "measure", "source", "as_of", "forecast_as_of", "dataset_version", "synthetic")


def _rows(body: Body) -> list[csv.Row]:
    """One row a point; without numbers there still is one, which says why."""
    points: list[csv.Row] = body["points"] or [{}]
    return [{**body, **point, "suppressed": hidden_in(body, f"points/{at}")} for at, point in enumerate(points)]


_TABLE = Table(
    (
        *map(csv.field, (*_IDENTITY, "status", "model", "trained_until", "fallback_reason")),
        *(csv.optional(name, name) for name in ("target_end_date", "horizon", "past")),
        *(csv.whole(f"q{level_text(level)}", "quantiles", level_text(level)) for level in LEVELS),
        csv.joined("suppressed"),
    ),
    _rows,
)


@router.get(
    "/forecasts/{service}/{org}/share_within_standard",
    summary="The share within a standard, ahead",
    response_model=Forecast,
    responses=responses(examples.FORECAST, has_csv=True),
)
def share_forecast(
    ask: Ask,
    asked: AskedList,
    standard: StandardRequired,
    basis: Basis = "waiting",
    horizon: Horizon = None,
) -> Response:
    """The share within a standard is not forecast yet: 404 says so, once the names are known."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        on = about(connection, asked, version)
        chosen = standard_of(on.service, standard)
        with past_sight(connection):
            found_list(connection, on, source=asked.source, freq=asked.freq)
        what = f"the next {horizon or 12} steps of the share of those {basis} within {chosen.id}"
        raise NotWorkedOut(words.not_forecast(on, what))

    return answer(ask, build, table=_TABLE)


@router.get(
    "/forecasts/{service}/{org}/{measure}",
    summary="What may happen next",
    response_model=Forecast,
    responses=responses(examples.FORECAST, has_csv=True),
)
def one_forecast(ask: Ask, asked: AskedList, measure: MeasurePath, horizon: Horizon = None) -> Response:
    """Quantiles by date, the model, until when its figures go, and how it did on past targets. Never a promise."""
    return answer(ask, forecast_build(ask, asked, Measure(measure), horizon), table=_TABLE)


def forecast_build(ask: Question, asked: Asked, measure: Measure, horizon: int | None = None) -> Build:
    """How the answer about one forecast is made."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        on = about(connection, asked, version)

        def read_forecast() -> Exact:
            return _forecast(connection, on, measure, horizon, asked_source(connection, on, asked))

        return ask.edge.one(connection, on.organisation.code, read_forecast)

    return build


def _forecast(connection: Connection, on: About, measure: Measure, horizon: int | None, source: str | None) -> Exact:
    stored = load_forecast(
        connection,
        service=on.service.code,
        org=on.organisation.code,
        measure=measure,
        as_of=on.as_of,
        source=source,
    )
    if stored is None:
        found_list(connection, on, source=source)
        raise NotWorkedOut(words.not_forecast(on, words.measured(measure, on.service)))
    _check_horizon(horizon, stored.freq)
    newest = newest_list(connection, on, source=stored.source)
    is_behind = newest is not None and _is_behind(connection, stored, newest)
    body = forecast_body(stored, on, horizon=horizon, newest=newest, is_behind=is_behind)
    return exact_forecast(AskedForecast(stored, on, newest, is_behind), body)


def _is_behind(connection: Connection, stored: StoredForecast, newest: StoredList) -> bool:
    """Whether the forecast has not seen the latest figure: one of a later date, or one that came after it."""
    is_later = stored.trained_until is not None and newest.period_end > stored.trained_until
    return is_later or is_newer(
        connection, newest.vintage, worked(connection, run_id=stored.run_id, as_of=stored.as_of)
    )


def _check_horizon(horizon: int | None, freq: str) -> None:
    most, steps = HORIZONS[freq]
    if horizon is not None and horizon > most:
        raise BadArgument(f"this forecast goes {most} {steps} ahead, at most", field="horizon")
