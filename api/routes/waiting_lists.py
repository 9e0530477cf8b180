"""Waiting lists: the latest figure of every list, and one list with all that belongs to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.about import About
from api.answers import Build, Question, Table, answer
from api.dependencies import (
    NONE,
    Ask,
    Asked,
    AskedList,
    LevelFilter,
    Limit,
    NextPage,
    Searched,
)
from api.disclosure.edge import Exact, pointers
from api.found import found_list
from api.found_lists import exact_lists
from api.names import about, checked_filters, every_organisation
from api.openapi import responses
from api.paging import DEFAULT_LIMIT, NameCursor, Page, page
from api.roles import within_reach
from api.schemas.lists import WaitingList, WaitingListPage
from api.views.flows import ALL
from waitlists.bands import CHS_BANDS, OVER_52
from waitlists.domain import Level
from waitlists.organisations import Organisation
from waitlists.record.fields import REASONS
from waitlists.services import SERVICES
from waitlists.standards import STANDARDS
from waitlists.store.read import DatasetVersion, StoredList, stored_lists

router = APIRouter(prefix="/v1", tags=["waiting lists"])

CURSOR = NameCursor("w")

_COLUMNS = (
    *map(
        csv.field, ("service", "service_label", "org", "org_name", "org_level", "as_of", "period_end", "source", "freq")
    ),
    *map(csv.field, ("reconstructed", "dataset_version", "list_size")),
    *(
        csv.field(f"adjusted_{name}", "adjusted", name)
        for name in ("list_size", "over_18_weeks", "over_52_weeks", "over_104_weeks")
    ),
    *map(csv.field, ("coverage", "provisional")),
    csv.joined("missing_providers", of="org"),
    *(
        csv.entry_of(f"waiting {label} weeks", "bands", value="count", label=label)
        for label in (*(band.label for band in CHS_BANDS), OVER_52)
    ),
    csv.field("unbanded"),
    csv.field("referrals"),
    *(csv.optional(f"removals_{reason}", "removals", reason) for reason in (ALL, *REASONS)),
    *map(csv.field, ("treated", "residual", "balanced")),
    *map(csv.field, ("median_wait", "median_wait_at_least_weeks", "p92_wait", "p92_wait_at_least_weeks")),
    *(csv.field(f"over_{weeks}_weeks") for weeks in (18, 52, 104, 156, 208)),
    csv.field("longest_wait"),
    *(csv.entry_of(f"waiting_{stage}", "stages", value="list_size", stage=stage) for stage in ("next", "review")),
    *(
        csv.entry_of(f"share_within_{one.id}", "shares", value="share", standard_id=one.id, basis="waiting")
        for one in STANDARDS.values()
        if "waiting" in one.applies_to
    ),
    *(
        csv.entry_of(f"waiting_over_{one.id}", "shares", value="over", standard_id=one.id, basis="waiting")
        for one in STANDARDS.values()
        if "waiting" in one.applies_to
    ),
    *(
        csv.entry_of(f"share_completed_within_{one.id}", "shares", value="share", standard_id=one.id, basis="completed")
        for one in STANDARDS.values()
        if "completed" in one.applies_to
    ),
    csv.joined("findings", of="code"),
    csv.joined("suppressed"),
    *map(csv.field, ("is_proxy", "synthetic", "sentence")),
    *(csv.field(f"vintage_{name}", "vintage", name) for name in ("id", "known_from", "sha256", "file_name")),
)


@dataclass(frozen=True, slots=True)
class Wanted(Searched):
    """Which lists are asked for, by the level of their organisations too."""

    level: LevelFilter = None


@router.get(
    "/waiting-lists",
    summary="The latest figure of each list",
    response_model=WaitingListPage,
    responses=responses(examples.WAITING_LISTS, has_csv=True),
)
def lists(
    ask: Ask,
    wanted: Annotated[Wanted, Depends()],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[Annotated[str, Field(pattern=CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """Each list with the latest figure known on the day asked about, in order of service and organisation."""
    return answer(ask, lists_build(ask, wanted, limit, cursor), table=Table(_COLUMNS))


def lists_build(ask: Question, wanted: Wanted, limit: int, cursor: str | None = None) -> Build:
    """How a page of lists is answered."""
    day = ask.day(wanted.as_of)

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        checked_filters(connection, wanted.service, wanted.org)
        known = {one.code: one for one in every_organisation(connection)}

        def read_page() -> Page:
            rows = stored_lists(
                connection,
                as_of=day,
                service=wanted.service,
                org=wanted.org,
                orgs=_at_level(known.values(), wanted.level),
                source=wanted.source,
                freq=wanted.freq,
                after=CURSOR.read(cursor),
                limit=limit + 1,
            )
            found = page(map(ask.edge.within_sight, rows), limit=limit, cursor=_cursor)
            pairs = [(row, About(SERVICES[row.service], known[row.org], day, version)) for row in found.items]
            return replace(found, items=tuple(exact_lists(connection, pairs, as_of=day)))

        shown = ask.edge.page(connection, read_page, source=wanted.source)
        shown = replace(shown, items=tuple(_linked(one, ask) for one in shown.items))
        return shown.body(dataset_version=version, as_of=day, suppressed=pointers(shown.items))

    return build


def _at_level(known: Iterable[Organisation], level: Level | None) -> list[str] | None:
    return None if level is None else [one.code for one in known if one.level == level]


def _cursor(row: StoredList) -> str:
    return CURSOR.write(row.service, row.org)


@router.get(
    "/waiting-lists/{service}/{org}",
    summary="One waiting list",
    response_model=WaitingList,
    responses=responses(examples.WAITING_LIST, has_csv=True),
)
def one_list(ask: Ask, asked: AskedList) -> Response:
    """How many wait how long on one list, what is missing from the figure, and where each number stands in its file."""
    return answer(ask, list_build(ask, asked), table=ONE_LIST)


ONE_LIST: Final = Table(_COLUMNS, lambda body: [body])
"""One list as a row."""


def list_build(ask: Question, asked: Asked) -> Build:
    """How the answer about one list is made."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        on = about(connection, asked, version)

        def read_one() -> Exact:
            stored = found_list(connection, on, source=asked.source, freq=asked.freq)
            return next(exact_lists(connection, [(stored, on)], as_of=on.as_of))

        return _linked(ask.edge.one(connection, on.organisation.code, read_one), ask)

    return build


def _linked(body: Mapping[str, Any], ask: Question) -> dict[str, Any]:
    return {**body, "links": within_reach(body["links"], ask.view.scope.role)}
