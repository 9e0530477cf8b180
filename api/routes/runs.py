"""Runs: which commands changed the data, when, and how they ended."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.answers import Table, answer
from api.dependencies import NONE, Ask, IdPath, Limit, NextPage
from api.disclosure import said
from api.openapi import responses
from api.paging import DEFAULT_LIMIT, IdCursor, page
from api.problems import NoSuchRecord
from api.schemas.provenance import Run, RunPage
from waitlists.store import read
from waitlists.store.read import DatasetVersion, StoredRun

router = APIRouter(prefix="/v1", tags=["provenance"])

CURSOR = IdCursor("r")

_TABLE = Table(tuple(map(csv.field, ("id", "command", "as_of", "started_at", "finished_at", "status"))))
_Status = Literal["running", "done", "partial", "failed"]


@router.get(
    "/runs",
    summary="Commands that changed the data",
    response_model=RunPage,
    responses=responses(examples.RUNS, has_csv=True),
)
def runs(
    ask: Ask,
    status: Annotated[_Status | NONE, Query(description="Only runs in this state.")] = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[Annotated[str, Field(pattern=CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """Every command that loaded, forecast or published, in order of start, with what it did in counts."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        rows = read.runs(connection, status=status, after=CURSOR.read(cursor), limit=limit + 1)
        found = page(map(_run, rows), limit=limit, cursor=lambda row: CURSOR.write(row["id"]))
        return found.body(dataset_version=version)

    return answer(ask, build, table=_TABLE, is_kept=False)


@router.get("/runs/{id}", summary="One command", response_model=Run, responses=responses(examples.RUN))
def one_run(ask: Ask, id: IdPath) -> Response:  # noqa: A002 - the name stands in the address
    """One run: its command, when it began and ended, how, and what it did in counts."""

    def build(connection: Connection, _: DatasetVersion | None) -> dict[str, Any]:
        found = read.runs(connection, after=id - 1, limit=1)
        if not found or found[0].id != id:
            raise NoSuchRecord("There is no run of this number.")
        return _run(found[0])

    return answer(ask, build, is_kept=False)


def _run(run: StoredRun) -> dict[str, Any]:
    return {**asdict(run), "summary": said.run_summary(run.summary)}
