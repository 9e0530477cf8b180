"""Who crosses a threshold when: a provider's own referrals, told to that provider alone, without any score of a child.

Nothing of it is kept: no ETag, no stored answer here or on the way.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.answers import Body, Question, Table, answer
from api.dependencies import NONE, Ask, Limit, NextPage, ServiceFilter, digits, number_range
from api.names import checked_filters
from api.openapi import responses
from api.paging import DEFAULT_LIMIT, NameCursor, page
from api.schemas.due import DuePage
from api.views.due import due_referral
from waitlists.counts.crossings import LONGEST_LOOK_WEEKS
from waitlists.sources import RECORDS
from waitlists.store.due import Position, StoredDue, stored_due
from waitlists.store.read import DatasetVersion

router = APIRouter(prefix="/v1", tags=["waiting lists"])

CURSOR = NameCursor("t")
USUAL_WEEKS = 12

WithinWeeks = Annotated[
    int,
    BeforeValidator(digits),
    Field(ge=1, le=LONGEST_LOOK_WEEKS),
    WithJsonSchema(number_range("integer", 1, LONGEST_LOOK_WEEKS)),
    Query(description="How many weeks ahead of the provider's newest extract to look for a crossing."),
]

_FACTS = ("service_request_identifier", "provider", "service", "waiting_for", "counted_on", "weeks_waited")


def _rows(body: Body) -> list[csv.Row]:
    """One row a referral, with its next threshold; the others are in the JSON form."""
    return [{**one, **_next(one)} for one in body["items"]]


def _next(one: dict[str, Any]) -> dict[str, Any]:
    return next(found for found in one["thresholds"] if found["days_left"] > 0)


_TABLE = Table(
    (
        *map(csv.field, (*_FACTS, "waited_days", "adjusted_days", "is_booked", "booked_for")),
        *map(csv.field, ("next_crossing", "days_left_today", "standard_id", "is_long_wait", "over_days", "days_left")),
    ),
    _rows,
)


@router.get(
    "/referrals/due",
    summary="Who crosses a threshold when",
    response_model=DuePage,
    responses=responses(examples.DUE, has_csv=True),
)
def referrals_due(
    ask: Ask,
    service: ServiceFilter = None,
    within_weeks: WithinWeeks = USUAL_WEEKS,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[Annotated[str, Field(pattern=CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """The provider's own referrals that cross a threshold soon, by the day of crossing, then by their number.

    Weeks waited, booked or not, days to each threshold, as at the end of the provider's newest extract; only
    `days_left_today` is counted from today. It is a diary and no order of need: clinical priority is decided by
    clinicians, elsewhere.
    """
    _name_provider(ask)

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        checked_filters(connection, service, None)
        rows = stored_due(
            connection,
            providers=ask.view.scope.organisations,
            service=service,
            within_weeks=within_weeks,
            after=_position(cursor),
            limit=limit + 1,
        )
        found = page(rows, limit=limit, cursor=_cursor)
        shown = [due_referral(one, today=ask.today) for one in found.items]
        stands = {"source": RECORDS, "as_of": ask.today, "within_weeks": within_weeks}
        return {**found.body(dataset_version=version, **stands), "items": shown}

    return answer(ask, build, table=_TABLE, is_kept=False)


def _name_provider(ask: Question) -> None:
    """Let the trace of this look name whose rows were looked at."""
    every = ask.view.scope.organisations
    ask.request.scope["trace"].org = every[0] if len(every) == 1 else "several"


def _cursor(row: StoredDue) -> str:
    return CURSOR.write(row.position.next_crossing.isoformat(), row.position.referral, row.position.provider)


def _position(cursor: str | None) -> Position | None:
    """The position in a cursor; one that names no day goes on from the first."""
    found = CURSOR.read(cursor)
    if found is None:
        return None
    day, rest = found
    referral, _, provider = rest.partition("\x1f")
    try:
        return Position(date.fromisoformat(day), referral, provider)
    except ValueError:
        return None
