"""Who may see which figures: roles, the organisations of a key, and what follows for figures nobody has published.

What is published may be repeated to everyone with its source. Anything else is seen exactly by those alone whose
organisation it is about: a provider itself, a commissioner all that is counted in it. Everyone else sees it after
disclosure control, or not at all.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from waitlists.domain import ENGLAND
from waitlists.errors import BadArgument
from waitlists.organisations import (
    ORGANISATIONS,
    SUCCESSIONS_IN_ORDER,
    Succession,
    boards_served_by,
    find_organisation,
)
from waitlists.sources import PUBLISHED_SOURCES


class Role(StrEnum):
    """What a key is for."""

    PUBLIC = "public"
    BOARD = "board"
    COMMISSIONER = "commissioner"
    PROVIDER = "provider"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Scope:
    """A role and the organisations it is held for; two callers of one scope see the same."""

    role: Role
    organisations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if tuple(sorted(set(self.organisations))) != self.organisations:
            raise BadArgument("the organisations of a scope are sorted and named once", field="org")
        for code in self.organisations:
            find_organisation(code)

    @property
    def key(self) -> str:
        """How the scope is written in cache keys and ETags."""
        return f"{self.role}:{','.join(self.organisations)}"


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose unpublished figures may be seen exactly; None stands for everyone's."""

    organisations: frozenset[str] | None

    def owns(self, org: str | None) -> bool:
        """Whether every figure about an organisation may be seen, whoever counted it."""
        return self.organisations is None or org in self.organisations

    def covers(self, source: str, org: str | None) -> bool:
        """Whether a figure of this source about this organisation may be seen; None is none in particular."""
        return source in PUBLISHED_SOURCES or self.owns(org)

    def of(self, source: str, organisations: Collection[str] | None) -> Collection[str] | None:
        """Those of some organisations about which figures of this source may be seen; None stands for every one.

        >>> Sight(frozenset({"RYY"})).of("weekly_return", ["RYY", "NQ7"])
        frozenset({'RYY'})
        """
        if source in PUBLISHED_SOURCES or self.organisations is None:
            return organisations
        return self.organisations if organisations is None else self.organisations & frozenset(organisations)


EVERYTHING = Sight(None)
"""What this service's own commands see."""

NOTHING_UNPUBLISHED = Sight(frozenset())


@lru_cache(maxsize=1024)
def sight_of(scope: Scope, on: date) -> Sight:
    """What a scope may see on a day.

    Notes
    -----
    Who is counted in a commissioner is taken from the dated register on the day of the look, not on the day the caller
    asks about: a provider that has moved to another board is no longer seen by the one it left. One that ended, and
    whose list another within the same board carries on, stays seen: else the other would look new in the figures.
    """
    if scope.role is Role.PROVIDER:
        return Sight(frozenset(scope.organisations))
    if scope.role is not Role.COMMISSIONER:
        return NOTHING_UNPUBLISHED
    if ENGLAND in scope.organisations:
        return EVERYTHING
    return Sight(frozenset(code for code in ORGANISATIONS if _is_within(code, scope.organisations, on)))


def _is_within(code: str, wholes: tuple[str, ...], on: date) -> bool:
    """Whether it is one of the wholes, is counted in one, or keeps a list for one."""
    boards = boards_served_by(code, on)
    if code in wholes or any(_is_within(board, wholes, on) for board in boards):
        return True
    passed = (one for one in SUCCESSIONS_IN_ORDER if one.code == code and one.since <= on)
    return not boards and any(_stayed_within(one, wholes, on) for one in passed)


def _stayed_within(one: Succession, wholes: tuple[str, ...], on: date) -> bool:
    """Whether a list was kept within the wholes on its last day, and who carries it on is within them."""
    last_day = one.since - timedelta(days=1)
    was_within = any(_is_within(board, wholes, last_day) for board in boards_served_by(one.code, last_day))
    return was_within and _is_within(one.successor, wholes, on)
