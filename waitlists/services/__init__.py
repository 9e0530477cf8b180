"""The register of services: what each list is called, whose it is, which printed line it is, what it stands for.

The 47 lines are those of the NHS England community health services (CHS) workbooks, 2023 to March 2025, in the
spelling of 2024-25. Three of them carry the codes of the services this project is about (SALT, COMM_PAEDS,
WHEELCHAIR). The facts are in `service_facts`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from waitlists.errors import NotFound
from waitlists.near import near_codes
from waitlists.services.facts import ADULT_LINES, CHILDREN_LINES, DEFINITION_BREAKS, NAMED, DefinitionBreak, Service

__all__ = [
    "ADULT_SERVICES",
    "CHILDREN_SERVICES",
    "CHS_SERVICES",
    "DEFINITION_BREAKS",
    "SERVICES",
    "SUPPRESSED_BELOW_ENGLAND",
    "THERAPY_LINES",
    "DefinitionBreak",
    "Service",
    "breaks_of",
    "find_service",
    "proxies_for",
    "service_for_line",
]

SERVICES: Mapping[str, Service] = MappingProxyType(
    {service.code: service for service in (*NAMED, *CHILDREN_LINES, *ADULT_LINES)}
)
"""Every service by its code: the named ones first, then the other lines as printed."""

CHS_SERVICES: tuple[str, ...] = tuple(code for code, service in SERVICES.items() if service.line is not None)
"""Codes of the 47 lines of the CHS workbooks."""

CHILDREN_SERVICES: tuple[str, ...] = tuple(code for code in CHS_SERVICES if SERVICES[code].age_group == "children")
ADULT_SERVICES: tuple[str, ...] = tuple(code for code in CHS_SERVICES if SERVICES[code].age_group == "adults")

THERAPY_LINES: tuple[str, ...] = tuple(
    code for code in CHILDREN_SERVICES if (SERVICES[code].line or "").startswith("(CYP) Therapy interventions:")
)
"""Children's therapies: some providers print one pooled number under several of these."""

SUPPRESSED_BELOW_ENGLAND: frozenset[str] = frozenset({"ADULT_SAFEGUARDING", "CYP_SAFEGUARDING", "CYP_LOOKED_AFTER"})
"""Lines printed for England only: below it a blank or `*` means suppressed, so regions do not add up to England."""


def find_service(code: str) -> Service:
    """The service of a code, in capital letters as the register has it.

    Raises
    ------
    NotFound
        When no service has the code; `near` lists codes whose code or name is close, best first.
    """
    service = SERVICES.get(code)
    if service is None:
        near = near_codes(code, {service.code: service.label for service in SERVICES.values()})
        hint = f"; near: {', '.join(near)}" if near else ""
        raise NotFound(f"no service has this code{hint}", field="service", near=near)
    return service


def service_for_line(printed: str) -> str | None:
    """Code of the service a printed line is about, None for an unknown line.

    Letter case and blanks do not count; the prefix (A) or (CYP) does, since the same words name two lists.

    Examples
    --------
    >>> service_for_line("(CYP) Therapy interventions: speech and language")
    'SALT'
    """
    return _BY_LINE.get(_folded(printed))


def proxies_for(service: str) -> tuple[Service, ...]:
    """Services whose published figures stand in for this one, and must be called a proxy wherever they are shown."""
    return tuple(candidate for candidate in SERVICES.values() if service in candidate.is_proxy_for)


def breaks_of(service: str) -> tuple[DefinitionBreak, ...]:
    """Known days on which the service's figures changed their meaning, oldest first."""
    return tuple(found for found in DEFINITION_BREAKS if found.service == service)


def _folded(printed: str) -> str:
    """Blanks beside a slash or a bracket come and go between files ("Continence/ colostomy"), so they are dropped."""
    return "".join(printed.lower().split())


_BY_LINE = {_folded(service.line): code for code, service in SERVICES.items() if service.line is not None}
