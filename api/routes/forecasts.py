"""Forecasts: what may happen next to one measure of one list, as a range, or why nothing is said."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples, words
from api.answers import Table, answer
from api.dependencies import (
    Ask,
    AsOf,
    Basis,
    Horizon,
    MeasurePath,
    OrgPath,
    Plain,
    ServicePath,
    SourceFilter,
    StandardRequired,
)
from api.names import place, standard_of
from api.openapi import responses
from api.problems import NotWorkedOut
from api.routes.waiting_lists import found_list
from api.schemas.forecasts import Forecast
from api.views.forecasts import About, forecast_body
from forecasting.results import LEVELS, level_text
from forecasting.store import load_forecast
from waitlists.domain import Measure
from waitlists.store.read import DatasetVersion, stored_list

router = APIRouter(prefix="/v1", tags=["forecasts"])

_TABLE = Table(
    (
        *map(csv.field, ("target_end_date", "horizon")),
        *(csv.optional(f"q{level_text(level)}", "quantiles", level_text(level)) for level in LEVELS),
    ),
    lambda body: body["points"],
)


@router.get(
    "/forecasts/{service}/{org}/share_within_standard",
    summary="The share within a standard, ahead",
    response_model=Forecast,
    responses=responses(examples.FORECAST, has_csv=True),
)
def share_forecast(
    ask: Ask,
    service: ServicePath,
    org: OrgPath,
    standard: StandardRequired,
    basis: Basis = "waiting",
    horizon: Horizon = None,
    as_of: AsOf = None,
    source: SourceFilter = None,
) -> Response:
    """The share within a standard is not forecast yet: 404 says so, once the names are known."""
    day = as_of or ask.today

    def build(connection: Connection, _: DatasetVersion | None) -> dict[str, Any]:
        known, organisation = place(connection, service, org)
        chosen = standard_of(known, standard)
        found_list(connection, known, organisation, as_of=day, source=source)
        what = f"the next {horizon or 12} steps of the share of those {basis} within {chosen.id}"
        raise NotWorkedOut(words.not_forecast(known, organisation, what, day))

    return answer(ask, build, table=_TABLE)


@router.get(
    "/forecasts/{service}/{org}/{measure}",
    summary="What may happen next",
    response_model=Forecast,
    responses=responses(examples.FORECAST, has_csv=True),
)
def one_forecast(
    ask: Ask,
    service: ServicePath,
    org: OrgPath,
    measure: MeasurePath,
    horizon: Horizon = None,
    as_of: AsOf = None,
    source: SourceFilter = None,
) -> Response:
    """Quantiles by date, the model, until when its figures go, and how it did on past targets. Never a promise."""
    asked = Plain(service, org, Measure(measure), as_of or ask.today, source)

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        return _forecast(connection, version, asked, horizon)

    return answer(ask, build, table=_TABLE)


def _forecast(
    connection: Connection, version: DatasetVersion | None, asked: Plain, horizon: int | None
) -> dict[str, Any]:
    service, organisation = place(connection, asked.service, asked.org)
    day = asked.as_of
    stored = load_forecast(
        connection, service=service.code, org=organisation.code, measure=asked.measure, as_of=day, source=asked.source
    )
    if stored is None:
        found_list(connection, service, organisation, as_of=day, source=asked.source)
        raise NotWorkedOut(words.not_forecast(service, organisation, asked.measure.replace("_", " "), day))
    newest = stored_list(connection, service=service.code, org=organisation.code, as_of=day, source=stored.source)
    return forecast_body(stored, About(service, organisation, day, version), horizon=horizon, newest=newest)
