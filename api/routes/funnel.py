"""The funnel: providers or boards beside one another, with limits that narrow as lists grow longer."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.about import About
from api.answers import Table, answer
from api.dependencies import Ask, AsOf, Basis, ServiceRequired, SourceFilter, StandardRequired
from api.found_lists import exact_lists
from api.funnels import Compared, funnel_body, source_of_most
from api.names import every_organisation, standard_of
from api.openapi import responses
from api.paging import MAX_LIMIT, Page
from api.problems import NoPublishedFigure
from api.schemas.funnel import FunnelPlot
from waitlists.domain import Level
from waitlists.services import find_service
from waitlists.store.read import DatasetVersion, stored_lists
from waitlists.store.seen import past_sight

router = APIRouter(prefix="/v1", tags=["trends"])

Beside = Annotated[
    Literal["provider", "icb"],
    Query(description="Who is compared: providers with one another, or boards (integrated care boards)."),
]

_TABLE = Table((
    *map(csv.field, ("service", "standard_id", "basis", "level", "source", "as_of", "dataset_version", "period_end")),
    *map(csv.field, ("org", "org_name", "share", "of", "low", "high", "alarm_low", "alarm_high", "position")),
    *map(csv.field, ("vintage_id", "coverage", "provisional")),
), lambda body: [{**body, **item} for item in body["items"]])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is compared, and among whom."""

    service: ServiceRequired
    standard: StandardRequired
    basis: Basis = "waiting"
    level: Beside = "provider"
    source: SourceFilter = None
    as_of: AsOf = None

    @property
    def compared(self) -> Compared:
        """The service, the standard and the basis, each checked.

        Raises
        ------
        NoPublishedFigure
            The standard is not measured on this basis.
        """
        service = find_service(self.service)
        standard = standard_of(service, self.standard)
        if self.basis not in standard.applies_to:
            raise NoPublishedFigure(f"{standard.id} is not measured on those {self.basis}.")
        return Compared(service, standard, self.basis)


@router.get(
    "/trends/funnel",
    summary="Who differs by more than chance",
    response_model=FunnelPlot,
    responses=responses(examples.FUNNEL, has_csv=True),
)
def funnel(ask: Ask, wanted: Annotated[Wanted, Depends()]) -> Response:
    """Shares within a standard, of one source and its newest period, between limits of 95% and 99.8%.

    A small list differs more by chance, so it has wider limits; nobody is ranked. Part of a list has no share: who is
    left out is named with the reason.
    """
    day = ask.day(wanted.as_of)

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        asked = wanted.compared
        known = {one.code: one for one in every_organisation(connection)}
        orgs = [code for code, one in known.items() if one.level == Level(wanted.level)]
        of: dict[str, Any] = {"as_of": day, "service": asked.service.code, "orgs": orgs, "limit": MAX_LIMIT}
        with past_sight(connection):
            # Which source most are in, and nothing of what it says.
            best = wanted.source or source_of_most(stored_lists(connection, **of))

        def read_lists() -> Page:
            rows = stored_lists(connection, source=best, **of) if best else []
            pairs = [(ask.edge.within_sight(row), About(asked.service, known[row.org], day, version)) for row in rows]
            return Page(tuple(exact_lists(connection, pairs, as_of=day)), None)

        shown = ask.edge.page(connection, read_lists, source=best)
        return {
            "service": asked.service.code,
            "standard_id": asked.standard.id,
            "basis": wanted.basis,
            "level": wanted.level,
            "source": best,
            "as_of": day,
            "dataset_version": version.version if version else None,
            **funnel_body(shown.items, asked),
        }

    return answer(ask, build, table=_TABLE)
