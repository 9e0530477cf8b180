"""Files that came and are in no figure, refused or held for a person, in words for those who read their lists.

What is said follows from the kind of fault alone. A refusal's own words are for who runs the service: they may repeat a
file's name or heading, and those of a held file count its children.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from waitlists.domain import Level
from waitlists.organisations import ORGANISATIONS, board_of
from waitlists.quality.words import names_of
from waitlists.sources import PUBLISHED_SOURCES, SOURCES

_UNREADABLE = "it is damaged, or no table that can be read"
_HEADINGS = "its headings are not those that were agreed"
_NO_ROWS = "no row of it can be used"
_EMPTY = "nothing is filled in"
_PART = "it is not whole"
_DAYS = "the days that it is about are unclear, or have not come yet"

WHY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "IDENTIFIERS": "it names children, which nothing here may hold",
        **dict.fromkeys(("COLUMNS", "CONTRACT", "HEADER", "UNKNOWN_SOURCE"), _HEADINGS),
        **dict.fromkeys(("NOTHING_USABLE", "ALL_ROWS_BAD", "TOO_MANY_FAULTS"), _NO_ROWS),
        **dict.fromkeys(("EMPTY", "NOT_FILLED_IN"), _EMPTY),
        **dict.fromkeys(("CUT_OFF", "CHANGING"), _PART),
        **dict.fromkeys(("SNAPSHOT", "FUTURE", "PERIOD_UNCLEAR"), _DAYS),
        **dict.fromkeys(("DELIMITER", "ENCODING", "NOT_XLSX", "NUL", "OLD_XLS"), _UNREADABLE),
        **dict.fromkeys(("NOT_READABLE", "NOT_REGULAR", "QUOTES", "TIMEOUT", "UNREADABLE"), _UNREADABLE),
        "SHEETS": "it is not clear which of its sheets holds the records",
        "ENCRYPTED": "it is locked with a password",
        "TOO_LARGE": "it is too large",
        "NO_LIST": "it holds changes of a list that never came whole",
    }
)
"""In plain words, by the word of a refusal: what its sender can mend."""

_OURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "FAULT": "this service broke over it, and it may be right",
        "MAPPING": "it is not clear how it is to be read",
        "OUT_OF_ORDER": "newer records are loaded already",
        "SAME_MOMENT": "another one of the same week or day differs from it, and nothing tells which is newer",
    }
)
"""Of these whoever runs the service has to make something, and nobody else."""


_SENDS: Final = frozenset({Level.PROVIDER, Level.LOCAL_AUTHORITY})
_OWN: Final[Mapping[str, str]] = MappingProxyType(
    {"weekly_return": "A weekly return", "referral_extract": "A file of referral records"}
)


class Sender(NamedTuple):
    """What a file is of and whose it is, as far as anybody knows: registered codes, and the last day it is about."""

    source: str | None = None
    providers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    until: date | None = None


UNKNOWN: Final = Sender()


def registered(codes: Iterable[str]) -> tuple[str, ...]:
    """Those of some words that are codes of organisations which send lists."""
    return tuple(sorted({code for code in codes if code in ORGANISATIONS and ORGANISATIONS[code].level in _SENDS}))


def senders_named(file_name: str) -> tuple[str, ...]:
    """Who stands in a file's name: codes of senders as words of their own, in capitals.

    >>> senders_named("RYY-SALT 2026-11-15.csv"), senders_named("their list.csv")
    (('RYY',), ())
    """
    return registered(re.findall(r"[A-Z0-9]+", file_name))


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """A file that is in no figure.

    Attributes
    ----------
    sender
        Whose it is.
    day
        When a refused file came; what a held one is about.
    code
        The word of its refusal; None of one that is held.
    """

    sender: Sender
    day: date
    code: str | None

    def concerns(self, service: str, org: str, *, source: str | None, lists: Mapping[str, Collection[str]]) -> bool:
        """Whether it may tell of a list: its source's, its provider's own, or that of its provider's board.

        Parameters
        ----------
        source
            Where the list is read from, None where there is none yet.
        lists
            By provider the services of which it has a list; of one that never had any, any may have come.
        """
        if self.sender.source in PUBLISHED_SOURCES:
            return self.sender.source == source
        return any(
            org in {one, board_of(one, service, self.day)} and service in self._services(lists.get(one), service)
            for one in self.sender.providers
        )

    def _services(self, kept: Collection[str] | None, asked: str) -> Collection[str]:
        return self.sender.services or kept or {asked}

    @property
    def is_own(self) -> bool:
        """Whether a provider sent it: of what is published, the figures that are there stand without another file."""
        return bool(self.sender.providers) and self.sender.source not in PUBLISHED_SOURCES

    @property
    def sentence(self) -> str:
        """Whose file of what kind and day it is, why it was not taken, and what to do."""
        whose = f" of {names_of(self.sender.providers)}" if self.sender.providers else ""
        about = f"{_kind(self.sender.source)}{whose}"
        if self.code is None:
            return (
                f"{about} for {_day(self.day)} is held and not in these figures: it differs from their last one by "
                "so much, or in its columns or systems, that a person has to look first. Whoever runs the service lets "
                "it in with `waitlists load --approve`, or asks for another."
            )
        came = f"{about} that came on {_day(self.day)} was refused and is not in these figures"
        if self.code in _OURS:
            return f"{came}: {_OURS[self.code]}. Whoever runs the service has to look at it (`waitlists status`)."
        why = WHY.get(self.code, "it breaks what was agreed for such files")
        return f"{came}: {why}. Ask for a corrected one; whoever runs the service knows more (`waitlists status`)."


def _kind(source: str | None) -> str:
    facts = SOURCES.get(source or "")
    if facts is not None and facts.is_published:
        return f"A file of {facts.label}"
    return _OWN.get(source or "", "A file")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
