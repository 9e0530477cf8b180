"""Series: one list month by month; gaps stay gaps, breaks are marked, missing providers are made good beside it."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.answers import Table, answer
from api.dependencies import Ask, AsOf, Basis, MeasurePath, OrgPath, Plain, ServicePath, SourceFilter, StandardRequired
from api.names import place, standard_of
from api.openapi import responses
from api.problems import NoPublishedFigure
from api.routes.waiting_lists import found_list
from api.schemas.lists import Series
from api.views.series import is_published, series_body, series_of
from waitlists.domain import Measure, SeriesKey
from waitlists.standards import Standard
from waitlists.store.read import DatasetVersion, list_history

router = APIRouter(prefix="/v1", tags=["waiting lists"])

_TABLE = Table(
    tuple(
        map(
            csv.field,
            ("period_end", "value", "adjusted", "coverage", "known_from", "vintage_id", "provisional", "note"),
        )
    ),
    lambda body: body["points"],
)


@router.get(
    "/series/{service}/{org}/share_within_standard",
    summary="The share within a standard, month by month",
    response_model=Series,
    responses=responses(examples.SERIES, has_csv=True),
)
def share_series(
    ask: Ask,
    service: ServicePath,
    org: OrgPath,
    standard: StandardRequired,
    basis: Basis = "waiting",
    as_of: AsOf = None,
    source: SourceFilter = None,
) -> Response:
    """The share of those waiting whose wait is within a standard. Of those seen (`completed`) nothing is published."""
    plain = Plain(service, org, Measure.SHARE_WITHIN_STANDARD, as_of or ask.today, source)
    return answer(ask, _builder(plain, standard, basis), table=_TABLE)


@router.get(
    "/series/{service}/{org}/{measure}",
    summary="One list month by month",
    response_model=Series,
    responses=responses(examples.SERIES, has_csv=True),
)
def one_series(
    ask: Ask, service: ServicePath, org: OrgPath, measure: MeasurePath, as_of: AsOf = None, source: SourceFilter = None
) -> Response:
    """A measure of one list as known on a day. Waits are in weeks; `adjusted` makes missing providers good."""
    plain = Plain(service, org, Measure(measure), as_of or ask.today, source)
    return answer(ask, _builder(plain, None, "waiting"), table=_TABLE)


def _builder(asked: Plain, standard_id: str | None, basis: str) -> Any:
    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        service, organisation = place(connection, asked.service, asked.org)
        standard = standard_of(service, standard_id) if standard_id is not None else None
        stored = found_list(connection, service, organisation, as_of=asked.as_of, source=asked.source)
        _check_measure(asked.measure, standard, basis, is_given=is_published(asked.measure, stored))
        # Other measures than the list's size are made good from the cells of whoever is missing, so all are needed.
        orgs = (organisation.code,) if asked.measure == Measure.LIST_SIZE else None
        history = list_history(connection, source=stored.source, service=service.code, as_of=asked.as_of, orgs=orgs)
        key = SeriesKey(stored.source, service.code, organisation.code, asked.measure)
        series = series_of(history, key, as_of=asked.as_of, standard=standard)
        return series_body(series, service, organisation, standard=standard, stored=stored, version=version)

    return build


def _check_measure(measure: Measure, standard: Standard | None, basis: str, *, is_given: bool) -> None:
    if not is_given:
        raise NoPublishedFigure(f"No published figure: this source does not give {measure.replace('_', ' ')}.")
    if standard and basis not in standard.applies_to:
        raise NoPublishedFigure(f"{standard.id} is not measured on those {basis}.")
    if basis == "completed":
        raise NoPublishedFigure("No published figure: this source counts those waiting, not those seen.")
