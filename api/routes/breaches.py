"""Breach warnings: which lists have, or soon have, children past a standard, and who has taken which warning.

A warning can be taken at any time, within one dataset version too, so no answer is kept here; its ETag is that of its
bytes, and a caller who holds them is told so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from pydantic import Field
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from starlette.responses import Response

from api import examples
from api.answers import Build, Question, Table, answer, by_bytes
from api.dependencies import NONE, Ask, AsOf, Limit, NextPage, OrgFilter, ServiceFilter
from api.disclosure.breaches import exact_warning
from api.disclosure.edge import Exact, pointers
from api.names import checked_filters
from api.once import FirstTime
from api.openapi import acted, responses
from api.paging import DEFAULT_LIMIT, NameCursor, Page, page
from api.problems import FirstAtWork, NoSuchRecord
from api.reasons import reason_of
from api.schemas.breaches import Acknowledged, Acknowledging, Breach, BreachPage
from api.views.breaches import AskedWarning
from api.views.breaches_table import COLUMNS, COLUMNS_OF_PAGE, rows_of_one, rows_of_page
from forecasting.warnings.kept import taken_of, warning_of
from forecasting.warnings.life import LONGEST_TAKEN, stands_on
from forecasting.warnings.warning import Acknowledgement
from forecasting.warnings.words import stands
from waitlists.errors import BadArgument
from waitlists.security.access import Role, Sight
from waitlists.security.warned import left_out
from waitlists.standards import find_standard
from waitlists.store.newer import Shown, shown_beside
from waitlists.store.read import DatasetVersion
from waitlists.store.warnings import (
    Assessed,
    KeptWarning,
    Place,
    Taken,
    add_taken,
    kept_warnings,
    last_kept,
    lists_warned_of,
    newest_assessment,
    taken_until,
)

router = APIRouter(prefix="/v1", tags=["breach warnings"])

CURSOR: Final = NameCursor("b")
WarningId = Annotated[
    str, Path(pattern="^[0-9a-f]{16}$", description="The warning's id.", examples=["83c7e2a1f4b09d56"])
]
StandardOnly = Annotated[
    Annotated[str, Field(max_length=60)] | NONE, Query(description="Only this standard.", examples=["CHS_18W"])
]

_ONE = Table(COLUMNS, rows_of_one)
_PAGE = Table(COLUMNS_OF_PAGE, rows_of_page)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which warnings are asked for."""

    service: ServiceFilter = None
    org: OrgFilter = None
    standard: StandardOnly = None
    as_of: AsOf = None

    @property
    def columns(self) -> dict[str, str]:
        """The filters that were given, by column."""
        given = {"service": self.service, "org": self.org, "standard_id": self.standard}
        return {name: value for name, value in given.items() if value is not None}


@router.get(
    "/breaches",
    summary="Breach warnings",
    response_model=BreachPage,
    responses=responses(examples.BREACHES, has_csv=True),
)
def breaches(
    ask: Ask,
    wanted: Annotated[Wanted, Depends()],
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[Annotated[str, Field(pattern=CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """Warnings as worked out last by a day, and where they stand on it, in order of service, organisation, standard.

    Under the rule `mhsds` those about lists that nobody publishes are given to those alone who may see the list
    exactly; `left_out` says so, whether or not one stands.
    """
    return by_bytes(ask, answer(ask, breaches_build(ask, wanted, limit, cursor), table=_PAGE, is_kept=False))


@router.get(
    "/breaches/{id}",
    summary="One breach warning",
    response_model=Breach,
    responses=responses(examples.BREACH, has_csv=True),
)
def breach(ask: Ask, id: WarningId, as_of: AsOf = None) -> Response:  # noqa: A002 - what the address calls it
    """One warning as last worked out by a day, standing or cleared, and where it stands on it."""
    return by_bytes(ask, answer(ask, breach_build(ask, id, ask.day(as_of)), table=_ONE, is_kept=False))


@router.post(
    "/breaches/{id}/acknowledgement",
    summary="Take a breach warning",
    status_code=201,
    response_model=Acknowledged,
    responses=acted(examples.ACKNOWLEDGED),
)
def acknowledge(ask: Ask, id: WarningId, said: Acknowledging, once: FirstTime) -> Response:  # noqa: A002
    """A role takes a warning of its own organisations: why, and until when; the last word counts.

    What is written is shown to those alone who may see the list exactly; name no child in it. What looks like an NHS
    number, a mail address, a phone number or a date of birth is refused. To correct what was written, take it again.
    """
    return once.answer(lambda connection: (201, taken(ask, connection, id, said)))


def breaches_build(ask: Question, wanted: Wanted, limit: int = DEFAULT_LIMIT, cursor: str | None = None) -> Build:
    """How a page of warnings is answered."""
    day, given = ask.day(wanted.as_of), ask.given

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        checked_filters(connection, wanted.service, wanted.org)
        if wanted.standard is not None:
            find_standard(wanted.standard)
        found = newest_assessment(connection, as_of=day)

        def make() -> Page:
            rows = _rows(connection, found, wanted, cursor, limit, given)
            every = page(rows, limit=limit, cursor=_cursor)
            words = taken_until(connection, day, warnings=[row.warning for row in every.items])
            shown = shown_beside(connection, found, every.items, as_of=day) if found else {}
            asked = (_asked(row, day, version, taken=words, shown=shown.get(row.warning)) for row in every.items)
            return Page(tuple(map(exact_warning, asked)), every.next_cursor)

        # However many are asked for at a time: what is shown of one does not depend on the page that it is on.
        lists = lists_warned_of(connection, found.id, wanted=wanted.columns, given=given) if found else ()
        shown = ask.edge.page_of(connection, make, is_mixed=ask.edge.mixes(lists))
        about = {"as_of": day, "warned_as_of": found.as_of if found else None}
        beside = {"left_out": left_out(given), "suppressed": pointers(shown.items)}
        return {**shown.body(dataset_version=version, **about), **beside}

    return build


def breach_build(ask: Question, warning: str, day: date) -> Any:
    """How one warning is answered."""

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        kept_in, row = _found(ask, connection, warning, day)
        name_list(ask, row)
        words = taken_until(connection, day, warnings=[row.warning])

        def make() -> Exact:
            shown = shown_beside(connection, kept_in, [row], as_of=day).get(row.warning)
            return exact_warning(_asked(row, day, version, taken=words, shown=shown))

        return ask.edge.one(connection, row.org, make)

    return build


def taken(ask: Question, connection: Connection, warning: str, said: Acknowledging) -> dict[str, Any]:
    """Keep an acknowledgement, in the caller's transaction.

    Raises
    ------
    BadArgument
        It begins in the past, reaches too far, the warning is cleared, or its reason is empty or may name somebody.
    FirstAtWork
        The same key took it in this very moment.
    NoSuchRecord
        There is no such warning.
    """
    today = ask.today
    _, row = _found(ask, connection, warning, today)
    name_list(ask, row)
    if ask.view.scope.role is not Role.ADMIN and not ask.sight.owns(row.org):
        raise HTTPException(403)
    if not today <= said.until <= today + LONGEST_TAKEN:
        raise BadArgument("until: expected today or a later day, at most 13 weeks ahead", field="until")
    before = _asked(row, today, None, taken=taken_until(connection, today, warnings=[row.warning])).life
    if before.state == "cleared":
        raise BadArgument("this warning is cleared: there is nothing to take", field="id")
    role, reason = ask.view.scope.role, reason_of(said.reason, today)
    _add(
        connection,
        Taken(warning, ask.running.clock(), today, said.until, ask.view.actor, role, before.severity, reason),
    )
    mine = Acknowledgement(today, role, reason, said.until, before.severity)
    life = stands_on(before, [mine], today)
    return {
        "id": warning,
        "state": life.state,
        "acknowledged_by": role,
        "acknowledged_on": today,
        "acknowledged_until": said.until,
        "standing": stands(life),
    }


def name_list(ask: Question, row: KeptWarning) -> None:
    """Let the trace of this look name the list that the warning is about."""
    trace = ask.request.scope["trace"]
    trace.service, trace.org = row.service, row.org


def _found(ask: Question, connection: Connection, warning: str, day: date) -> tuple[Assessed, KeptWarning]:
    found = last_kept(connection, warning, as_of=day, given=ask.given)
    if found is None:
        said = ("There is no such warning on this day.", left_out(ask.given))
        raise NoSuchRecord(" ".join(filter(None, said)))
    return found


def _asked(
    row: KeptWarning, day: date, version: DatasetVersion | None, *, taken: Sequence[Taken], shown: Shown | None = None
) -> AskedWarning:
    warning = warning_of(row.content)
    every = [
        taken_of(on=one.known_on, role=one.role, reason=one.reason, until=one.until, severity=one.severity)
        for one in taken
        if one.warning == row.warning
    ]
    return AskedWarning(warning, every, day, version, shown)


def _add(connection: Connection, taken: Taken) -> None:
    try:
        add_taken(connection, taken)
    except IntegrityError as error:
        raise FirstAtWork("this key took the warning in this very moment: look what it said, or send again") from error


def _rows(
    connection: Connection, found: Assessed | None, wanted: Wanted, cursor: str | None, limit: int, given: Sight
) -> Sequence[KeptWarning]:
    if found is None:
        return ()
    after, columns = _place(cursor), wanted.columns
    return kept_warnings(connection, found.id, wanted=columns, after=after, limit=limit + 1, given=given)


def _cursor(row: KeptWarning) -> str:
    return CURSOR.write(row.service, row.org, row.standard_id)


def _place(cursor: str | None) -> Place | None:
    found = CURSOR.read(cursor)
    if found is None:
        return None
    service, rest = found
    org, _, standard = rest.partition("\x1f")
    return service, org, standard
