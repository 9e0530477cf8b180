"""The register of organisations: codes, names as printed, who is counted in whom, and who took over whose lists.

Names never identify, codes do; a name is turned into a code only when it is exactly a known one, letter case, blanks
and a few spellings apart. Membership and succession are dated. The facts are in `organisation_facts` and
`provider_facts`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from waitlists.domain import ENGLAND, Level
from waitlists.errors import BadArgument, NotFound
from waitlists.near import near_codes
from waitlists.organisations.facts import (
    ICBS,
    KEEPS,
    KENT_BODIES,
    MAY_HAVE_MOVED,
    REGIONS,
    SERVES_ELSEWHERE,
    SUCCESSIONS,
)
from waitlists.organisations.providers import PROVIDERS
from waitlists.services import CHS_SERVICES, SERVICES

_WORKBOOKS: Final = "NHS England, Community Health Services Waiting Times, January 2023 to March 2025"
_ONS: Final = "Office for National Statistics, sub-ICB locations to ICBs to regions, July 2022"
_KENT: Final = "NHS Kent and Medway's published papers"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation: its code, present name, level, other names it was printed under, and the source of the facts."""

    code: str
    name: str
    level: Level
    aliases: tuple[str, ...] = ()
    note: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if not self.code or not self.name:
            raise BadArgument("an organisation has a code and a name", field="org")


@dataclass(frozen=True, slots=True)
class Membership:
    """The organisation a figure is counted in from a day on; None once it is counted nowhere."""

    since: date
    parent: str | None


@dataclass(frozen=True, slots=True)
class Succession:
    """A code whose lists another code carries from a day on; `services` are the lists that moved."""

    code: str
    successor: str
    services: frozenset[str]
    since: date
    note: str
    source: str

    def __post_init__(self) -> None:
        if self.code == self.successor:
            raise BadArgument("an organisation does not succeed itself", field="org")


def find_organisation(code: str) -> Organisation:
    """The organisation of a code.

    Raises
    ------
    NotFound
        When the code is in no register; `near` lists known codes that are spelt or named alike, best first.
    """
    organisation = ORGANISATIONS.get(code)
    if organisation is None:
        near = near_codes(code, _LABELS)
        hint = f"; near: {', '.join(near)}" if near else ""
        raise NotFound(f"no organisation has this code{hint}", field="org", near=near)
    return organisation


def organisation_for_name(name: str, level: Level) -> str | None:
    """Code of the organisation printed under exactly this name at this level, None when no known name matches.

    Notes
    -----
    Letter case, blanks, commas, full stops, apostrophes, "&" for "and", "Ltd" for "Limited" and, for an ICB, the words
    NHS, STP and Integrated Care Board do not count. Nothing else is forgiven: a name that is nearly another is unknown.

    Examples
    --------
    >>> organisation_for_name("KENT AND MEDWAY STP", Level.ICB)
    'QKS'
    """
    return _BY_NAME.get((level, normal_name(name, level)))


def normal_name(name: str, level: Level | None = None) -> str:
    """A name as it is compared: lower case, single blanks, no punctuation, the usual short forms written out."""
    words = [_SPELLINGS.get(word, word) for word in name.lower().translate(_PUNCTUATION).split()]
    text = " ".join(words).replace("nhs ft", "nhs foundation trust")
    if level is Level.ICB:
        text = text.removeprefix("nhs ")
        for ending in (" integrated care board", " icb", " stp"):
            text = text.removesuffix(ending)
    return text


def parent_of(code: str, on: date) -> str | None:
    """Code of the organisation in whose figures this one's are counted on a day: provider, ICB, region, England.

    None for England, for a council, for an unknown code, and on days outside the membership.
    """
    held = [membership for membership in _MEMBERSHIPS.get(code, ()) if membership.since <= on]
    return held[-1].parent if held else None


def is_settled(after: date, until: date) -> bool:
    """Whether nobody came to be counted in another organisation after a day, up to another."""
    return not any(after < one.since <= until for several in _MEMBERSHIPS.values() for one in several)


def board_of(code: str, service: str, on: date) -> str | None:
    """The board for whose children an organisation keeps a list of a service, in its own returns and records.

    It is the one its published figures are counted in, but for the few in `SERVES_ELSEWHERE`: the Kent children of a
    London trust are on a list of Kent and Medway.
    """
    return _SERVES_ELSEWHERE.get((code, service)) or parent_of(code, on)


def boards_served_by(code: str, on: date) -> frozenset[str]:
    """Every board that an organisation keeps a list for on a day, in its own returns and records."""
    elsewhere = {board for (other, _), board in _SERVES_ELSEWHERE.items() if other == code}
    parent = parent_of(code, on)
    return frozenset(elsewhere or ({parent} if parent else ()))


@lru_cache(maxsize=1024)
def keepers_of(service: str, board: str, on: date) -> tuple[str, ...]:
    """Who is registered to keep a part of a board's list of a service on a day, in order; nobody where it is not known.

    It is whom the board's own returns and records are to come from; who sends besides is no less in its list.
    """
    held = {(code, each) for code, _, services, _ in _rows(KEEPS) for each in services.split(", ")}
    codes = {current_code(code, service, on) for code, each in (*held, *_SERVES_ELSEWHERE) if each == service}
    return tuple(sorted(code for code in codes if board_of(code, service, on) == board))


def may_have_moved(code: str, service: str, on: date) -> bool:
    """Whether nobody knows if a registered keeper's part of a list is another's by a day."""
    moved = (
        (who, date.fromisoformat(since), services.split(", ")) for who, since, services, _ in _rows(MAY_HAVE_MOVED)
    )
    return any(who == code and service in services and since <= on for who, since, services in moved)


@lru_cache(maxsize=8192)
def providers_of(org: str, on: date) -> tuple[str, ...]:
    """Codes of the providers counted in an ICB, a region or England on a day, in order; empty for anything else."""
    return tuple(
        code
        for code, organisation in ORGANISATIONS.items()
        if organisation.level is Level.PROVIDER and org in _ancestors(code, on)
    )


def successor_of(code: str, service: str, on: date) -> str | None:
    """Code that carries this organisation's list of a service on a day, if it is another one.

    Successions are followed to the end: Barnet, Enfield and Haringey's community lists came by way of North Middlesex
    to Royal Free London.
    """
    carrier = current_code(code, service, on)
    return None if carrier == code else carrier


def current_code(code: str, service: str, on: date) -> str:
    """Code that carries this organisation's list of a service on a day: its own unless another took over."""
    for succession in SUCCESSIONS_IN_ORDER:
        if succession.code == code and service in succession.services and succession.since <= on:
            return current_code(succession.successor, service, on)
    return code


def predecessors_of(code: str, service: str, on: date) -> tuple[str, ...]:
    """Codes whose list of a service this organisation carries on a day, in order; its own code is not among them."""
    earlier = dict.fromkeys(succession.code for succession in SUCCESSIONS_IN_ORDER)
    return tuple(other for other in earlier if successor_of(other, service, on) == code)


def _ancestors(code: str, on: date) -> Iterator[str]:
    parent = parent_of(code, on)
    while parent is not None:
        yield parent
        parent = parent_of(parent, on)


def _rows(table: str) -> Iterator[list[str]]:
    for line in table.strip().splitlines():
        yield [field.strip() for field in line.split("|")]


def _memberships(text: str) -> tuple[Membership, ...]:
    """`QJG, QH8 from 2023-02-01` is QJG until 31 January 2023 and QH8 after; `-` is nowhere."""
    found: list[Membership] = []
    for part in text.split(","):
        parent, _, since = part.strip().partition(" from ")
        start = date.fromisoformat(since) if since else date.min
        found.append(Membership(start, None if parent == "-" else parent))
    return tuple(found)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(";") if name.strip())


def _facts() -> Iterator[tuple[Organisation, tuple[Membership, ...]]]:
    yield Organisation(ENGLAND, "England", Level.ENGLAND, source=_ONS), ()
    for code, name in _rows(REGIONS):
        yield Organisation(code, name, Level.REGION, source=_ONS), _memberships(ENGLAND)
    for code, region, name in _rows(ICBS):
        full_name = f"NHS {name} Integrated Care Board"
        yield Organisation(code, full_name, Level.ICB, (name,), source=_ONS), _memberships(region)
    for code, icb, name, *other in _rows(PROVIDERS):
        aliases = _names(other[0]) if other else ()
        yield Organisation(code, name, Level.PROVIDER, aliases, source=_WORKBOOKS), _memberships(icb)
    for code, level, parent, name, aliases, note in _rows(KENT_BODIES):
        yield Organisation(code, name, Level(level), _names(aliases), note, _KENT), _memberships(parent)


def _successions() -> Iterator[Succession]:
    scopes = {"all": frozenset(SERVICES), "community": frozenset(CHS_SERVICES)}
    for code, successor, services, since, note, source in _rows(SUCCESSIONS):
        moved = scopes.get(services) or frozenset(services.split(", "))
        yield Succession(code, successor, moved, date.fromisoformat(since), note, source)


_SPELLINGS: Final = {"&": "and", "ltd": "limited"}
_PUNCTUATION: Final = str.maketrans({",": " ", ".": "", "'": "", "\N{RIGHT SINGLE QUOTATION MARK}": "", "&": " & "})

_FACTS = tuple(_facts())

ORGANISATIONS: Mapping[str, Organisation] = MappingProxyType({fact.code: fact for fact, _ in _FACTS})
"""Every organisation by its code: England, regions, ICBs, providers, then Kent and Medway's other bodies."""

SUCCESSIONS_IN_ORDER: tuple[Succession, ...] = tuple(_successions())
"""Every known succession, each with its note and source."""

_SERVES_ELSEWHERE: Mapping[tuple[str, str], str] = {
    (code, service): board for code, board, services, _ in _rows(SERVES_ELSEWHERE) for service in services.split(", ")
}
_MEMBERSHIPS: Mapping[str, tuple[Membership, ...]] = {fact.code: memberships for fact, memberships in _FACTS}
_LABELS = {fact.code: " ; ".join((fact.name, *fact.aliases)) for fact, _ in _FACTS}
_BY_NAME = {
    (fact.level, normal_name(name, fact.level)): fact.code for fact, _ in _FACTS for name in (fact.name, *fact.aliases)
}
