"""The page of one list: every measure with its chart, the bands, what balances them, and what to mind; and its CSV."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api import csv
from api.answers import Body, Build, Question, Table, answer
from api.dependencies import Ask, Asked, AskedList, MeasurePath, StandardRequired
from api.names import organisation
from api.pages.ahead import Outlook, outlook
from api.pages.cards import standing, warned
from api.pages.choice import choice_of
from api.pages.kept import kept_page
from api.pages.moving import moving
from api.problems import NoPublishedFigure, NotWorkedOut
from api.routes.breaches import Wanted, breaches_build
from api.routes.clearance import clearance_build
from api.routes.forecasts import forecast_build
from api.routes.trends import ONE_TREND, trend_build
from api.routes.waiting_lists import ONE_LIST, list_build
from api.trends import Rules
from waitlists.domain import Measure
from waitlists.standards import Basis, standards_for
from waitlists.store.read import DatasetVersion

router = APIRouter(prefix="/lists", include_in_schema=False)

MEASURES: Final = (
    Measure.OVER_18_WEEKS,
    Measure.OVER_52_WEEKS,
    Measure.OVER_104_WEEKS,
    Measure.LIST_SIZE,
    Measure.REFERRALS,
    Measure.TREATED,
    Measure.MEDIAN_WAIT,
)
"""In the order of the page: the longest waits first, then how many, then who comes and who is seen."""


@router.get("/{service}/{org}")
def one(ask: Ask, asked: AskedList) -> Response:
    """One list, measure by measure."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        listed = list_build(ask, asked)(connection, version)
        same = replace(asked, source=listed["source"])
        trends = dict(_trends(ask, same, connection, version))
        about = Wanted(service=asked.service, org=asked.org, as_of=asked.as_of)
        breaches = breaches_build(ask, about)(connection, version)
        return {
            "one": standing(listed),
            "charts": [moving(body, has_beside=True) for body in trends.values()],
            "outlook": _outlook(ask, same, trends.get(Measure.LIST_SIZE), connection, version),
            "warnings": warned(breaches).get(asked.service, []),
            "left_out": breaches["left_out"],
            "choice": choice_of(organisation(connection, asked.org), asked.as_of),
            "day": asked.as_of,
        }

    return kept_page(ask, "list.html", build)


@router.get("/{service}/{org}/list.csv")
def list_csv(ask: Ask, asked: AskedList) -> Response:
    """The list as the API gives it to who accepts CSV."""
    return _csv(ask, list_build(ask, asked), ONE_LIST, name=f"{asked.service}-{asked.org}.csv")


@router.get("/{service}/{org}/share_within_standard.csv")
def share_csv(ask: Ask, asked: AskedList, standard: StandardRequired) -> Response:
    """The trend of a share as CSV."""
    build = trend_build(ask, asked, Rules(), Measure.SHARE_WITHIN_STANDARD, (standard, "waiting"))
    return _csv(ask, build, ONE_TREND, name=f"{asked.service}-{asked.org}-{standard}.csv")


@router.get("/{service}/{org}/{measure}.csv")
def trend_csv(ask: Ask, asked: AskedList, measure: MeasurePath) -> Response:
    """The trend of a measure as CSV."""
    build = trend_build(ask, asked, Rules(), Measure(measure), None)
    return _csv(ask, build, ONE_TREND, name=f"{asked.service}-{asked.org}-{measure}.csv")


def _trends(
    ask: Question, asked: Asked, connection: Connection, version: DatasetVersion | None
) -> Iterator[tuple[str, Body]]:
    """A trend for each measure that the list's source gives: shares within each standard, then counts and waits."""
    standards = [one.id for one in standards_for(asked.service) if "waiting" in one.applies_to]
    wanted: list[tuple[Measure, tuple[str, Basis] | None]] = [(measure, None) for measure in MEASURES]
    wanted[:0] = [(Measure.SHARE_WITHIN_STANDARD, (standard, "waiting")) for standard in standards]
    for measure, share in wanted:
        try:
            body = trend_build(ask, asked, Rules(), measure, share)(connection, version)
        except NoPublishedFigure:
            continue
        yield share[0] if share else measure, body


def _outlook(
    ask: Question, asked: Asked, sizes: Body | None, connection: Connection, version: DatasetVersion | None
) -> Outlook:
    """What may come of the list: of the answers about it, or of why there is none."""
    return outlook(
        _said(forecast_build(ask, asked, Measure.LIST_SIZE), connection, version),
        _said(clearance_build(ask, asked), connection, version),
        sizes,
    )


def _said(build: Build, connection: Connection, version: DatasetVersion | None) -> Body | str:
    try:
        return build(connection, version)
    except NotWorkedOut as error:
        return str(error)


def _csv(ask: Question, build: Build, table: Table, *, name: str) -> Response:
    """An answer as who accepts CSV gets it; a link in a page cannot say what it accepts."""
    scope = ask.request.scope
    others = [(key, value) for key, value in scope["headers"] if key != b"accept"]
    request = Request({**scope, "headers": [*others, (b"accept", csv.MEDIA_TYPE.encode())]})
    response = answer(replace(ask, request=request), build, table=table)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
