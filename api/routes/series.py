"""Series: one list step by step; gaps stay gaps, breaks are marked, missing providers are made good beside it."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.answers import Body, Build, Table, answer
from api.dependencies import Ask, Asked, AskedList, Basis, MeasurePath, StandardRequired
from api.disclosure.edge import hidden_in
from api.found_series import read_series
from api.names import about, standard_of
from api.openapi import responses
from api.schemas.lists import Series
from api.views.series import Wanted
from waitlists.domain import Measure
from waitlists.standards import Basis as WaitBasis
from waitlists.store.read import DatasetVersion

router = APIRouter(prefix="/v1", tags=["waiting lists"])


def _rows(body: Body) -> list[csv.Row]:
    """One row a step, with the names of what is hidden in it."""
    return [{**body, **point, "suppressed": hidden_in(body, f"points/{at}")} for at, point in enumerate(body["points"])]


_TABLE = Table(
    (
        *map(
            csv.field, ("service", "org", "measure", "standard_id", "source", "as_of", "dataset_version", "synthetic")
        ),
        *map(csv.field, ("period_end", "value", "adjusted", "coverage", "known_from", "vintage_id", "provisional")),
        csv.field("reconstructed"),
        *(csv.field("note"), csv.joined("suppressed")),
    ),
    _rows,
)


@router.get(
    "/series/{service}/{org}/share_within_standard",
    summary="The share within a standard, step by step",
    response_model=Series,
    responses=responses(examples.SERIES, has_csv=True),
)
def share_series(
    ask: Ask,
    asked: AskedList,
    standard: StandardRequired,
    basis: Basis = "waiting",
) -> Response:
    """The share within a standard of those waiting or, where a source counts them by wait, of those seen."""
    return answer(ask, _builder(ask, asked, Measure.SHARE_WITHIN_STANDARD, standard, basis), table=_TABLE)


@router.get(
    "/series/{service}/{org}/{measure}",
    summary="One list week by week or month by month",
    response_model=Series,
    responses=responses(examples.SERIES, has_csv=True),
)
def one_series(ask: Ask, asked: AskedList, measure: MeasurePath) -> Response:
    """A measure of one list as known on a day. Waits are in weeks; `adjusted` makes missing providers good."""
    return answer(ask, _builder(ask, asked, Measure(measure), None, "waiting"), table=_TABLE)


def _builder(ask: Ask, asked: Asked, measure: Measure, standard_id: str | None, basis: WaitBasis) -> Build:
    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        on = about(connection, asked, version)
        wanted = Wanted(measure, standard_of(on.service, standard_id) if standard_id is not None else None, basis)
        return ask.edge.one(
            connection,
            on.organisation.code,
            lambda: read_series(connection, on, wanted, source=asked.source, freq=asked.freq),
        )

    return build
