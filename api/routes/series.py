"""Series: one list step by step; gaps stay gaps, breaks are marked, missing providers are made good beside it."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.about import About
from api.answers import Body, Build, Table, answer
from api.dependencies import Ask, Asked, AskedList, Basis, MeasurePath, StandardRequired
from api.disclosure.edge import Exact, hidden_in
from api.disclosure.series import AskedSeries, exact_series
from api.found import found_list
from api.names import about, standard_of
from api.openapi import responses
from api.problems import NoPublishedFigure
from api.schemas.lists import Series
from api.views.series import EXACT_WAITS, is_published, series_body, series_of
from api.views.series import Exact as ExactByVintage
from waitlists.domain import Measure, SeriesKey
from waitlists.standards import Standard
from waitlists.store.details import exact_waits
from waitlists.store.read import DatasetVersion, list_history

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
    """The share of those waiting whose wait is within a standard. Of those seen (`completed`) nothing is published."""
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


def _builder(ask: Ask, asked: Asked, measure: Measure, standard_id: str | None, basis: str) -> Build:
    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        on = about(connection, asked, version)
        standard = standard_of(on.service, standard_id) if standard_id is not None else None

        def read_series() -> Exact:
            stored = found_list(connection, on, source=asked.source, freq=asked.freq)
            _check_measure(measure, standard, basis, is_given=is_published(measure, stored))
            # Other measures than the list's size are made good from the cells of whoever is missing: all are needed.
            orgs = (stored.org,) if measure == Measure.LIST_SIZE else None
            history = list_history(connection, source=stored.source, service=stored.service, as_of=on.as_of, orgs=orgs)
            key = SeriesKey(stored.source, stored.service, stored.org, measure)
            exact = _exact_waits(connection, key, on)
            series = series_of(history, key, as_of=on.as_of, standard=standard, exact=exact)
            body = series_body(series, on, standard=standard, stored=stored)
            return exact_series(AskedSeries(series, on, stored, standard), body)

        return ask.edge.one(connection, on.organisation.code, read_series)

    return build


def _exact_waits(connection: Connection, key: SeriesKey, on: About) -> ExactByVintage:
    if key.measure not in EXACT_WAITS:
        return {}
    return exact_waits(connection, source=key.source, service=key.service, org=key.org, as_of=on.as_of)


def _check_measure(measure: Measure, standard: Standard | None, basis: str, *, is_given: bool) -> None:
    if not is_given:
        raise NoPublishedFigure(f"No published figure: this source does not give {measure.replace('_', ' ')}.")
    if standard and basis not in standard.applies_to:
        raise NoPublishedFigure(f"{standard.id} is not measured on those {basis}.")
    if basis == "completed":
        raise NoPublishedFigure("No published figure: this source counts those waiting, not those seen.")
