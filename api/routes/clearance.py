"""Clearance: when a list may be cleared, and what that would take, or why nobody can say."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from api import examples, words
from api.answers import answer
from api.dependencies import NONE, Ask, AsOf, Confidence, Day, OrgPath, ServicePath, SourceFilter, StandardFilter
from api.names import place, standard_of, usual_standard
from api.openapi import responses
from api.problems import NotWorkedOut
from api.routes.waiting_lists import found_list
from api.schemas.forecasts import Clearance
from api.views.forecasts import About, Target, clearance_body, next_31_march
from forecasting.store import load_clearance
from waitlists.services import Service
from waitlists.store.read import DatasetVersion, stored_list

router = APIRouter(prefix="/v1", tags=["forecasts"])

CONFIDENCE = 0.8

By = Annotated[Day | NONE, Query(description="Day to reach the standard by; without it the next 31 March.")]


@router.get(
    "/clearance/{service}/{org}",
    summary="When a list may be cleared",
    response_model=Clearance,
    responses=responses(examples.CLEARANCE),
)
def clearance(
    ask: Ask,
    service: ServicePath,
    org: OrgPath,
    standard: StandardFilter = None,
    by: By = None,
    confidence: Confidence = CONFIDENCE,
    as_of: AsOf = None,
    source: SourceFilter = None,
) -> Response:
    """Three questions with their chances: when today's list is gone, when nobody waits too long, when it can be held.

    Where flows are not published the answer says so: a clearance time guessed from list sizes would be a guess.
    """
    day = as_of or ask.today

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        asked, organisation = place(connection, service, org)
        target = target_of(asked, standard, by, confidence, as_of=day)
        stored = load_clearance(connection, service=asked.code, org=organisation.code, as_of=day, source=source)
        if stored is None:
            found_list(connection, asked, organisation, as_of=day, source=source)
            raise NotWorkedOut(words.not_cleared(asked, organisation, day))
        newest = stored_list(connection, service=asked.code, org=organisation.code, as_of=day, source=stored.source)
        return clearance_body(stored, About(asked, organisation, day, version), target, newest=newest)

    return answer(ask, build)


def target_of(service: Service, standard_id: str | None, by: date | None, confidence: float, *, as_of: date) -> Target:
    """What the list is to reach, filled in where the caller left it open."""
    usual, usual_day = usual_standard(service), next_31_march(as_of)
    standard = standard_of(service, standard_id) if standard_id is not None else usual
    asked = (standard, by or usual_day, confidence)
    return Target(*asked, is_default=asked == (usual, usual_day, CONFIDENCE))
