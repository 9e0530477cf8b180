"""The registers: services, organisations and standards."""

from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import Response

from api import csv, examples
from api.answers import Table, answer
from api.dependencies import NONE, Ask, AsOf, LevelFilter, Limit, NextPage
from api.names import every_organisation
from api.openapi import responses
from api.paging import DEFAULT_LIMIT, NameCursor, page_of_register
from api.schemas.registers import OrganisationPage, ServicePage, StandardPage
from waitlists.organisations import SUCCESSIONS_IN_ORDER, Organisation, Succession, parent_of
from waitlists.services import SERVICES, Service
from waitlists.standards import STANDARDS, Standard, standards_for, target_share
from waitlists.store.read import DatasetVersion

router = APIRouter(prefix="/v1", tags=["registers"])

SERVICES_CURSOR = NameCursor("s")
ORGANISATIONS_CURSOR = NameCursor("o")
STANDARDS_CURSOR = NameCursor("t")

_SERVICES = Table(
    (
        *map(csv.field, ("code", "label", "age_group", "line")),
        csv.joined("is_proxy_for"),
        *map(csv.field, ("proxy_note", "note")),
        csv.joined("standards"),
    )
)
_ORGANISATIONS = Table(
    (
        *map(csv.field, ("code", "name", "level", "parent")),
        csv.joined("aliases"),
        csv.joined("successions", of="note"),
        *map(csv.field, ("note", "source")),
    )
)
_STANDARDS = Table(
    (
        csv.field("id"),
        csv.joined("services"),
        *map(csv.field, ("label", "authority", "kind", "mandatory", "threshold_days", "within", "target_share")),
        csv.joined("applies_to"),
        *map(csv.field, ("clock_start", "clock_stop", "confidence", "note")),
    )
)


@router.get(
    "/services",
    summary="The register of services",
    response_model=ServicePage,
    responses=responses(examples.SERVICES, has_csv=True),
)
def services(
    ask: Ask,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[Annotated[str, Field(pattern=SERVICES_CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """Every kind of list: its code, name, printed line, what it is a proxy for, and the standards that apply to it."""

    def build(_: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        entries = [service_entry(service) for service in SERVICES.values()]
        found = page_of_register(
            entries, name=lambda one: one["code"], cursor=SERVICES_CURSOR, after=cursor, limit=limit
        )
        return found.body(dataset_version=version)

    return answer(ask, build, table=_SERVICES)


@router.get(
    "/organisations",
    summary="The register of organisations",
    response_model=OrganisationPage,
    responses=responses(examples.ORGANISATIONS, has_csv=True),
)
def organisations(
    ask: Ask,
    level: LevelFilter = None,
    as_of: AsOf = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[Annotated[str, Field(pattern=ORGANISATIONS_CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """England, regions, ICBs, providers and local bodies: in whose figures each is counted, who took over from whom."""
    day = ask.day(as_of)

    def build(connection: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        entries = [
            organisation_entry(one, on=day)
            for one in every_organisation(connection)
            if level is None or one.level == level
        ]
        found = page_of_register(
            entries, name=lambda one: one["code"], cursor=ORGANISATIONS_CURSOR, after=cursor, limit=limit
        )
        return found.body(dataset_version=version, as_of=day)

    return answer(ask, build, table=_ORGANISATIONS)


@router.get(
    "/standards",
    summary="The register of standards",
    response_model=StandardPage,
    responses=responses(examples.STANDARDS, has_csv=True),
)
def standards(
    ask: Ask,
    as_of: AsOf = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[Annotated[str, Field(pattern=STANDARDS_CURSOR.pattern)] | NONE, NextPage] = None,
) -> Response:
    """Every waiting-time standard: how long, from what to what, for which share, who set it, and how sure that is."""
    day = ask.day(as_of)

    def build(_: Connection, version: DatasetVersion | None) -> dict[str, Any]:
        entries = [standard_entry(standard, on=day) for standard in STANDARDS.values()]
        found = page_of_register(
            entries, name=lambda one: one["id"], cursor=STANDARDS_CURSOR, after=cursor, limit=limit
        )
        return found.body(dataset_version=version, as_of=day)

    return answer(ask, build, table=_STANDARDS)


def service_entry(service: Service) -> dict[str, Any]:
    """One service as the register shows it."""
    return {
        "code": service.code,
        "label": service.label,
        "age_group": service.age_group,
        "line": service.line,
        "is_proxy_for": list(service.is_proxy_for),
        "proxy_note": service.proxy_note or None,
        "note": service.note or None,
        "standards": [standard.id for standard in standards_for(service.code)],
        "links": {"waiting_lists": f"/v1/waiting-lists?service={service.code}"},
    }


def organisation_entry(organisation: Organisation, *, on: date) -> dict[str, Any]:
    """One organisation as the register shows it, with its parent on a day."""
    code = organisation.code
    return {
        "code": code,
        "name": organisation.name,
        "level": organisation.level,
        "aliases": list(organisation.aliases),
        "parent": parent_of(code, on),
        "successions": [_succession(one) for one in SUCCESSIONS_IN_ORDER if code in {one.code, one.successor}],
        "note": organisation.note or None,
        "source": organisation.source or None,
        "links": {"waiting_lists": f"/v1/waiting-lists?{urlencode({'org': code})}"},
    }


def _succession(one: Succession) -> dict[str, Any]:
    return {
        "code": one.code,
        "successor": one.successor,
        "since": one.since,
        "services": sorted(one.services),
        "note": one.note,
    }


def standard_entry(standard: Standard, *, on: date) -> dict[str, Any]:
    """One standard as the register shows it, with the share that holds on a day."""
    return {
        "id": standard.id,
        "services": [code for code in SERVICES if standard in standards_for(code)],
        "label": standard.label,
        "authority": standard.authority,
        "kind": standard.kind,
        "mandatory": standard.mandatory,
        "threshold_days": standard.threshold_days,
        "within": standard.within,
        "target_share": target_share(standard, on),
        "applies_to": list(standard.applies_to),
        "clock_start": standard.clock_start,
        "clock_stop": standard.clock_stop,
        "confidence": standard.confidence,
        "note": standard.note or None,
    }
