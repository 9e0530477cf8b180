"""Findings: what a reader must know about the quality of figures."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.answers import Table, answer
from api.dependencies import (
    NONE,
    Ask,
    AsOf,
    Id,
    Limit,
    NextPage,
    OrgFilter,
    ServiceFilter,
    SeverityFilter,
)
from api.names import checked_filters
from api.openapi import responses
from api.paging import DEFAULT_LIMIT, IdCursor, page
from api.schemas.provenance import FindingPage
from api.views.lists import finding
from waitlists.store import read
from waitlists.store.read import DatasetVersion, StoredFinding

router = APIRouter(prefix="/v1", tags=["provenance"])

CURSOR = IdCursor("f")

_TABLE = Table(
    tuple(
        map(
            csv.field,
            (
                "id",
                "code",
                "severity",
                "service",
                "org",
                "period_end",
                "known_from",
                "sentence",
                "sheet",
                "cell",
                "delivery_id",
            ),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are asked for."""

    service: ServiceFilter = None
    org: OrgFilter = None
    code: Annotated[
        Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")] | NONE,
        Query(description="Only findings of this code.", examples=["copied_number"]),
    ] = None
    severity: SeverityFilter = None
    delivery: Annotated[Id | NONE, Query(description="Only findings of this delivery.")] = None
    as_of: AsOf = None


@router.get(
    "/findings",
    summary="What to know about the quality of figures",
    response_model=FindingPage,
    responses=responses(examples.FINDINGS, has_csv=True),
)
def findings(
    ask: Ask,
    wanted: Annotated[Wanted, Depends()],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[Annotated[str, Field(pattern=CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """Missing providers, copied numbers, sums that do not agree, and whatever else was found, as known on a day."""
    day = ask.day(wanted.as_of)

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        checked_filters(connection, wanted.service, wanted.org)
        rows = read.findings(
            connection,
            as_of=day,
            service=wanted.service,
            org=wanted.org,
            code=wanted.code,
            severity=wanted.severity,
            delivery_id=wanted.delivery,
            after=CURSOR.read(cursor),
            limit=limit + 1,
        )
        found = page(map(_entry, rows), limit=limit, cursor=lambda row: CURSOR.write(row["id"]))
        return found.body(dataset_version=version, as_of=day)

    return answer(ask, build, table=_TABLE)


def _entry(one: StoredFinding) -> dict[str, Any]:
    about = {"id": one.id, "service": one.service, "org": one.org}
    return {
        **about,
        **finding(one),
        "delivery_id": one.delivery_id,
        "vintage_id": one.vintage_id,
        "details": dict(one.details),
    }
