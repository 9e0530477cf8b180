"""Whose lists a page shows: the organisation asked for, else the caller's own, else Kent and Medway; and the others."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from waitlists.domain import ENGLAND, Level
from waitlists.organisations import ORGANISATIONS, Organisation, parent_of, providers_of
from waitlists.security.access import Scope

KENT_AND_MEDWAY: Final = "QKS"


@dataclass(frozen=True, slots=True)
class Choice:
    """The organisation shown, and those to go on to: a code and a name each."""

    chosen: Organisation
    boards: tuple[tuple[str, str], ...]
    providers: tuple[tuple[str, str], ...]


def usual_org(scope: Scope) -> str:
    """Where a caller begins."""
    return next((code for code in scope.organisations if code != ENGLAND), KENT_AND_MEDWAY)


def choice_of(chosen: Organisation, on: date) -> Choice:
    """England, regions and boards; and the providers counted in the chosen one, or beside it in its board."""
    board = chosen.code if chosen.level is not Level.PROVIDER else parent_of(chosen.code, on)
    near = providers_of(board, on) if board not in {None, ENGLAND} else ()
    wide = [one for one in ORGANISATIONS.values() if one.level in {Level.ENGLAND, Level.REGION, Level.ICB}]
    ordered = sorted(wide, key=lambda one: (one.level is Level.ICB, one.level is Level.REGION, short_name(one)))
    return Choice(chosen, tuple(map(_named, ordered)), tuple(_named(ORGANISATIONS[code]) for code in near))


def short_name(organisation: Organisation) -> str:
    """A name without what every board's begins and ends with."""
    return organisation.name.removeprefix("NHS ").removesuffix(" Integrated Care Board")


def _named(organisation: Organisation) -> tuple[str, str]:
    return organisation.code, short_name(organisation)
