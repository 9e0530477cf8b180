"""A waiting list by groups of children: district, age, sex, ethnic group or deprivation of the home area."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.answers import Body, Table, answer
from api.dependencies import Ask, AskedList
from api.disclosure.edge import Exact, hidden_in
from api.disclosure.groups import exact_groups
from api.found import found_list
from api.names import about
from api.openapi import responses
from api.problems import NoPublishedFigure
from api.schemas.groups import Groups
from api.views.groups import ShownGroups, groups_body, why_no_groups
from waitlists.counts.groups import BANDS, grouped
from waitlists.details import CUTS
from waitlists.store.details import details_of
from waitlists.store.read import DatasetVersion

router = APIRouter(prefix="/v1", tags=["waiting lists"])

CutPath = Annotated[
    str,
    Path(
        pattern=f"^({'|'.join(CUTS)})$",
        json_schema_extra={"enum": list(CUTS)},
        description="By what the list is divided; no two divisions are crossed.",
        examples=["district"],
    ),
]


def _rows(body: Body) -> list[csv.Row]:
    """One row a group, with the names of what is hidden in it."""
    every = enumerate(body["groups"])
    return [{**body, **one, "suppressed": hidden_in(body, f"groups/{at}")} for at, one in every]


_TABLE = Table(
    (
        *map(csv.field, ("service", "org", "cut", "as_of", "period_end", "source", "freq", "dataset_version")),
        *map(csv.field, ("provisional", "synthetic", "group", "label", "list_size")),
        *(csv.entry_of(f"waiting {band.label} weeks", "bands", value="count", label=band.label) for band in BANDS),
        *map(csv.field, ("over_18_weeks", "over_52_weeks", "median_wait")),
        csv.joined("suppressed"),
    ),
    _rows,
)


@router.get(
    "/waiting-lists/{service}/{org}/groups/{cut}",
    summary="One waiting list by groups of children",
    response_model=Groups,
    responses=responses(examples.GROUPS, has_csv=True),
)
def list_groups(ask: Ask, asked: AskedList, cut: CutPath) -> Response:
    """How many of each group wait how long, on the list of a board. Every child is in one group of a division.

    Known only where we count the list from referral records; a 404 says why where nobody knows.
    """

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        on = about(connection, asked, version)

        def read_groups() -> Exact:
            stored = found_list(connection, on, source=asked.source, freq=asked.freq)
            place = (stored.vintage.id, stored.service, stored.org)
            details = details_of(connection, [place], cuts=CUTS).get(place, ())
            if not details and stored.bands.total != 0:
                raise NoPublishedFigure(why_no_groups(stored, on))
            shown = ShownGroups(stored, on, cut, {name: grouped(details, name) for name in CUTS})
            return exact_groups(shown, groups_body(shown))

        return ask.edge.one(connection, on.organisation.code, read_groups)

    return answer(ask, build, table=_TABLE)
