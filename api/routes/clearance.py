"""Clearance: when a list may be cleared, and what that would take, or why nobody can say."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from api import examples, words
from api.about import About
from api.answers import Build, Question, answer
from api.dependencies import NONE, Ask, Asked, AskedList, Confidence, Day, StandardFilter
from api.disclosure.edge import Exact
from api.disclosure.forecasts import AskedClearance, exact_clearance
from api.found import asked_source, found_list, newest_list
from api.names import about, standard_of
from api.openapi import responses
from api.problems import NotWorkedOut
from api.schemas.forecasts import Clearance
from api.views.forecasts import Target, clearance_body
from forecasting.store import load_clearance
from waitlists.services import Service
from waitlists.standards import usual_target
from waitlists.store.newer import is_newer, worked
from waitlists.store.read import DatasetVersion

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
    asked: AskedList,
    standard: StandardFilter = None,
    by: By = None,
    confidence: Confidence = CONFIDENCE,
) -> Response:
    """Three questions with their chances: when today's list is gone, when nobody waits too long, when it can be held.

    Where flows are not published the answer says so: a clearance time guessed from list sizes would be a guess.
    """
    return answer(ask, clearance_build(ask, asked, standard, by, confidence))


def clearance_build(
    ask: Question, asked: Asked, standard: str | None = None, by: date | None = None, confidence: float = CONFIDENCE
) -> Build:
    """How the clearance answers about one list are made; without a standard for its first."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        on = about(connection, asked, version)
        target = target_of(on.service, standard, by, confidence, as_of=on.as_of)

        def read_clearance() -> Exact:
            return _clearance(connection, on, target, asked_source(connection, on, asked))

        return ask.edge.one(connection, on.organisation.code, read_clearance)

    return build


def _clearance(connection: Connection, on: About, target: Target, source: str | None) -> Exact:
    stored = load_clearance(
        connection, service=on.service.code, org=on.organisation.code, as_of=on.as_of, source=source
    )
    if stored is None:
        found_list(connection, on, source=source)
        raise NotWorkedOut(words.not_cleared(on))
    newest = newest_list(connection, on, source=stored.source)
    than = worked(connection, run_id=stored.run_id, as_of=stored.as_of)
    is_behind = newest is not None and is_newer(connection, newest.vintage, than)
    body = clearance_body(stored, on, target, newest=newest, is_behind=is_behind)
    return exact_clearance(AskedClearance(stored, on, newest, is_behind), body)


def target_of(service: Service, standard_id: str | None, by: date | None, confidence: float, *, as_of: date) -> Target:
    """What the list is to reach, filled in where the caller left it open."""
    usual = usual_target(service.code, as_of)
    standard = standard_of(service, standard_id) if standard_id is not None else usual.standard
    asked = (standard, by or usual.by, confidence)
    return Target(*asked, is_default=asked == (usual.standard, usual.by, CONFIDENCE))
