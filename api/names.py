"""The service, organisation and standard a question names, or the names that come near."""

from sqlalchemy import Connection

from api.about import About
from api.dependencies import Asked
from api.problems import NotApplicable
from waitlists.domain import Level
from waitlists.errors import NotFound
from waitlists.organisations import ORGANISATIONS, Organisation, find_organisation
from waitlists.services import Service, find_service
from waitlists.standards import Standard, find_standard, standards_for
from waitlists.store.read import DatasetVersion, known_organisations


def organisation(connection: Connection, code: str) -> Organisation:
    """The organisation of a code: of the register, else as a file printed it.

    Raises
    ------
    NotFound
        Neither knows the code.
    """
    try:
        return find_organisation(code)
    except NotFound:
        for met in known_organisations(connection):
            if met.code == code:
                return as_organisation(met.code, met.name, met.level)
        raise


def as_organisation(code: str, name: str, level: str) -> Organisation:
    """An organisation met in a file, in the form of the register."""
    return Organisation(code, name, Level(level))


def every_organisation(connection: Connection) -> list[Organisation]:
    """The register and, after it, what only files name."""
    met = [
        as_organisation(one.code, one.name, one.level)
        for one in known_organisations(connection)
        if one.code not in ORGANISATIONS
    ]
    return [*ORGANISATIONS.values(), *met]


def place(connection: Connection, service: str, org: str) -> tuple[Service, Organisation]:
    """The service and the organisation of a question, each checked."""
    return find_service(service), organisation(connection, org)


def about(connection: Connection, asked: Asked, version: DatasetVersion | None) -> About:
    """What a question is about, its service and its organisation checked."""
    return About(*place(connection, asked.service, asked.org), asked.as_of, version)


def checked_filters(connection: Connection, service: str | None, org: str | None) -> None:
    """Refuse a filter that names nothing known: it would look like a list with nothing on it."""
    if service is not None:
        find_service(service)
    if org is not None:
        organisation(connection, org)


def standard_of(service: Service, standard_id: str) -> Standard:
    """The standard asked for.

    Raises
    ------
    NotFound
        It is unknown.
    NotApplicable
        It is none of this service's; `near` lists those that are.
    """
    own = standards_for(service.code)
    standard = find_standard(standard_id)
    if standard not in own:
        near = tuple(one.id for one in own)
        hint = f": these are {', '.join(near)}" if near else ", which has none"
        raise NotApplicable(
            f"{standard.id} is none of the standards of {service.code}{hint}.", field="standard", near=near
        )
    return standard
