"""Deliveries: files taken in or refused, and the sheet and cell in which each number of a file stands."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.admission import refuse_unless
from api.answers import Question, Table, answer
from api.dependencies import NONE, Ask, IdPath, Limit, NextPage, OrgRequired, ServiceRequired, SourceFilter
from api.names import place
from api.openapi import responses
from api.paging import DEFAULT_LIMIT, IdCursor, page
from api.problems import NoPublishedFigure, NoSuchRecord
from api.roles import OPERATORS, within_reach
from api.schemas.provenance import Cells, DeliveryDetail, DeliveryPage, HeldPage, RefusalPage
from waitlists.store import read
from waitlists.store.read import DatasetVersion, StoredCell, StoredDelivery, StoredRefusal, StoredVintage

router = APIRouter(prefix="/v1", tags=["provenance"])

CURSOR = IdCursor("d")

_COUNTS = ("cells_read", "numbers", "suppressed", "not_submitted", "quarantined")
_TAKEN = (
    *map(csv.field, ("status", "id", "source", "file_name", "sha256", "size_bytes", "received_at", "published_on")),
    *map(csv.field, ("known_from", "period_end", "layout", "synthetic", "providers_in_scope", "run_id")),
    *(csv.optional(name, "counts", name) for name in _COUNTS),
    csv.joined("notes"),
)
_REFUSED = tuple(map(csv.field, ("status", "id", "file_name", "sha256", "received_at", "code", "reason", "run_id")))
_HELD = map(
    csv.field, ("status", "id", "source", "file_name", "sha256", "received_at", "period_end", "sentence", "run_id")
)
_COLUMNS = {"taken": _TAKEN, "refused": _REFUSED, "held": tuple(_HELD)}
_CELLS = Table(
    tuple(
        map(
            csv.field,
            (
                "vintage_id",
                "source",
                "period_end",
                "service",
                "org",
                "kind",
                "band",
                "value",
                "marker",
                "sheet",
                "cell",
            ),
        )
    )
)


@router.get(
    "/deliveries",
    summary="Files taken in, refused, or held",
    response_model=DeliveryPage | RefusalPage | HeldPage,
    responses=responses(examples.DELIVERIES, has_csv=True),
)
def deliveries(
    ask: Ask,
    status: Annotated[
        Literal["taken", "refused", "held"],
        Query(description="Files taken in, files refused whole, or files that wait for a person to let them in."),
    ] = "taken",
    source: SourceFilter = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[Annotated[str, Field(pattern=CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """Every file in order of arrival: its checksum, what it is about, and from which day it counts as known.

    A refused file was recognised as no source, so `status=refused` with a `source` gives none. A held one is let in
    with `waitlists load --approve` on the machine, and stands among those taken in then.
    """
    if status != "taken":
        refuse_unless(ask.view, OPERATORS, ask.request.scope["trace"])

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        after = CURSOR.read(cursor)
        rows: Iterable[dict[str, Any]]
        if status == "taken":
            files = read.deliveries(connection, source=source, after=after, limit=limit + 1)
            rows = (_taken(one, ask) for one in files)
        elif status == "held":
            held = read.held_deliveries(connection, today=ask.today, source=source, after=after, limit=limit + 1)
            rows = ({"status": status, **asdict(one)} for one in held)
        else:
            rows = map(_refused, read.refusals(connection, after=after, limit=limit + 1) if source is None else [])
        return page(rows, limit=limit, cursor=lambda row: CURSOR.write(row["id"])).body(dataset_version=version)

    # Not every refusal publishes a new version of the data, so what was not taken in is never kept.
    return answer(ask, build, table=Table(_COLUMNS[status]), is_kept=status == "taken")


@router.get(
    "/deliveries/{id}",
    summary="One file taken in",
    response_model=DeliveryDetail,
    responses=responses(examples.DELIVERY),
)
def one_delivery(ask: Ask, id: IdPath) -> Response:  # noqa: A002 - the name stands in the address
    """A file with its vintages: what it says of each source and period, and from which day."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        vintages = [_vintage(one) for one in read.vintages_of(connection, id)]
        number = version.version if version else None
        return {**_taken(_found(connection, id), ask), "vintages": vintages, "dataset_version": number}

    return answer(ask, build)


@router.get(
    "/deliveries/{id}/cells",
    summary="Where each number of a list stands in its file",
    response_model=Cells,
    responses=responses(examples.CELLS, has_csv=True),
)
def cells(ask: Ask, id: IdPath, service: ServiceRequired, org: OrgRequired) -> Response:  # noqa: A002 - as above
    """Every printed number of one list in one file with its sheet and cell: open the file there and look."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        file = _found(connection, id)
        asked, organisation = place(connection, service, org)
        found = read.delivery_cells(connection, file.id, asked.code, organisation.code)
        if not found:
            raise NoPublishedFigure(f"No published figure: no cell has one for {asked.label}, {organisation.name}.")
        return {
            "items": [_cell(one) for one in found],
            "next_cursor": None,
            "dataset_version": version.version if version else None,
            "delivery_id": file.id,
            "sha256": file.sha256,
            "file_name": file.file_name,
        }

    return answer(ask, build, table=_CELLS)


def _found(connection: Connection, delivery_id: int) -> StoredDelivery:
    found = read.delivery(connection, delivery_id)
    if found is None:
        raise NoSuchRecord("There is no delivery of this number.")
    return found


def _taken(one: StoredDelivery, ask: Question) -> dict[str, Any]:
    links = {
        "self": f"/v1/deliveries/{one.id}",
        "findings": f"/v1/findings?delivery={one.id}",
        "run": f"/v1/runs/{one.run_id}",
    }
    body: Mapping[str, Any] = asdict(one)
    described = {("synthetic" if name == "is_synthetic" else name): value for name, value in body.items()}
    return {"status": "taken", **described, "links": within_reach(links, ask.view.scope.role)}


def _refused(one: StoredRefusal) -> dict[str, Any]:
    return {"status": "refused", **asdict(one)}


def _vintage(one: StoredVintage) -> dict[str, Any]:
    return {"id": one.id, "source": one.source, "period_end": one.period_end, "known_from": one.known_from}


def _cell(one: StoredCell) -> dict[str, Any]:
    return {
        "vintage_id": one.vintage_id,
        "source": one.source,
        "period_end": one.period_end,
        "service": one.service,
        "org": one.org,
        "kind": one.kind,
        "band": one.band,
        "value": one.value,
        "marker": one.marker,
        "sheet": one.sheet,
        "cell": one.cell,
    }
