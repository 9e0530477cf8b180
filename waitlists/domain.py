"""What a waiting list is made of: frozen types that are valid once made, or are not made at all.

No input or output, no framework and no rule of a source lives here. Words are those of GLOSSARY.md; units are days for
a wait, persons for a count and shares from 0 to 1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from waitlists.details import Detail
from waitlists.errors import BadArgument

ENGLAND = "ENG"
"""The organisation code of England as a whole; the workbooks print none."""

TOTAL = "total"
"""The band label of a whole list."""


class Level(StrEnum):
    """Where an organisation stands: a parent is never one more child of a sum."""

    ENGLAND = "england"
    REGION = "region"
    ICB = "icb"
    SUB_ICB = "sub_icb"
    PROVIDER = "provider"
    LOCAL_AUTHORITY = "local_authority"


class Measure(StrEnum):
    """What is measured on a list; names are those of the API and are fixed."""

    LIST_SIZE = "list_size"
    REFERRALS = "referrals"
    REMOVALS = "removals"
    TREATED = "treated"
    OVER_18_WEEKS = "over_18_weeks"
    OVER_52_WEEKS = "over_52_weeks"
    OVER_104_WEEKS = "over_104_weeks"
    OVER_156_WEEKS = "over_156_weeks"
    OVER_208_WEEKS = "over_208_weeks"
    SHARE_WITHIN_STANDARD = "share_within_standard"
    MEDIAN_WAIT = "median_wait"
    P92_WAIT = "p92_wait"


class Marker(StrEnum):
    """What stood in a cell. Nothing at all is `not_submitted` and is counted, not stored."""

    NUMBER = "number"
    SUPPRESSED = "suppressed"
    NOT_SUBMITTED = "not_submitted"


class Severity(StrEnum):
    """How much a finding matters: `error`, do not use the figure; `warning`, read it with care; `info`, a note."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, order=True)
class SeriesKey:
    """What one series is about: a source's figures of one measure for one service and organisation."""

    source: str
    service: str
    org: str
    measure: Measure

    def __post_init__(self) -> None:
        for name in ("source", "service", "org"):
            if not getattr(self, name):
                raise BadArgument(f"a series needs a {name}", field=name)

    def __str__(self) -> str:
        return f"{self.source}|{self.service}|{self.org}|{self.measure}"


class Figure(NamedTuple):
    """One printed cell: who, which line, which band, what stood there and where (row and column count from 1).

    `kind` is `waiting` for a count of those waiting; flows are `referrals`, `removals`, `treated`, with band `total`.
    """

    service: str
    org: str
    band: str
    value: int | None
    marker: Marker
    sheet: str
    row: int
    column: int
    kind: str = "waiting"

    @property
    def cell(self) -> str:
        """The spreadsheet address of the cell, such as `AK12`."""
        return cell_address(self.row, self.column)


def cell_address(row: int, column: int) -> str:
    """Spreadsheet address of a row and column that count from 1: (12, 37) is `AK12`."""
    if row < 1 or column < 1:
        raise BadArgument(f"rows and columns count from 1, not {row}, {column}", field="cell")
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader must know about a figure: a stable code, a severity and one plain sentence.

    `service` and `org` are None where the finding is about the whole delivery; `known_from` is the first day on which
    it could be known (the later publication of the figures compared), `known_until` the first on which a correction of
    another figure takes it back, None while it stands.
    """

    code: str
    severity: Severity
    sentence: str
    period_end: date
    known_from: date
    service: str | None = None
    org: str | None = None
    sheet: str | None = None
    cell: str | None = None
    details: Mapping[str, object] = field(default_factory=dict[str, object])
    known_until: date | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.code):
            raise BadArgument("a finding's code is one lower-case word", field="code")
        if not self.sentence.endswith("."):
            raise BadArgument("a finding says one whole sentence", field="sentence")

    def stands_on(self, day: date) -> bool:
        """Whether it could be known on a day and no correction of another figure had taken it back."""
        return self.known_from <= day and (self.known_until is None or day < self.known_until)


@dataclass(frozen=True, slots=True)
class ParsedVintage:
    """What one file says of one period of one source.

    `scope` is the provider whose own figures these are, with `/SERVICE` where it may send each service in a file of its
    own; empty where a file speaks for everyone. A later file of the same scope and period takes the place of this one.
    `known_from` is given where its figures count as known on another day than the file, as those of a week that was
    reconstructed from referral dates do. `details` are what is known beyond the bands, `digest`
    a checksum of all it says where it was counted by us, to tell whether counting again gave anything new. Where it
    `is_part`, it says what is new of some services, and what stands of the others is true of its period too. `rows` are
    those of a return that it was taken from.
    """

    source: str
    period_end: date
    figures: tuple[Figure, ...]
    scope: str = ""
    known_from: date | None = None
    is_reconstructed: bool = False
    details: tuple[Detail, ...] = ()
    digest: str | None = None
    is_part: bool = False
    rows: int = 0


class PrintedOrganisation(NamedTuple):
    """An organisation as a file prints it; `code` is `NAME:<normalised name>` where no code is printed or known."""

    code: str
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class NonSubmission:
    """How many providers in an organisation's area sent nothing for a month, as printed."""

    org: str
    period_end: date
    not_submitting: int


@dataclass(frozen=True, slots=True)
class ParsedDelivery:
    """A file understood: its vintages, what it says of itself, and what was odd in it.

    `counts` adds up: cells_read = numbers + suppressed + not_submitted + quarantined. `notes` are the publisher's
    own words on coverage. `published_on` is the later of the Published and Revised dates printed, None if neither. The
    file itself is not kept where something stands in it that nobody asked for (`is_kept`).
    """

    source: str
    layout: str
    period_end: date
    published_on: date | None
    vintages: tuple[ParsedVintage, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    organisations: tuple[PrintedOrganisation, ...] = ()
    notes: tuple[str, ...] = ()
    non_submissions: tuple[NonSubmission, ...] = ()
    providers_in_scope: int | None = None
    is_synthetic: bool = False
    is_kept: bool = True


class Vintage(NamedTuple):
    """A stored vintage: which source and period it is about and from which day its figures count as known.

    The order of vintages is that in which they became known. A tuple, as a history has thousands.
    """

    known_from: date
    id: int
    source: str
    period_end: date
    scope: str = ""
    is_reconstructed: bool = False

    @property
    def sender(self) -> str:
        """The provider whose own figures these are; empty where they are everyone's."""
        return self.scope.partition("/")[0]


@dataclass(frozen=True, slots=True)
class LineTotals:
    """List sizes of one vintage, by (service, organisation); None where suppressed, absent where nobody submitted."""

    vintage: Vintage
    totals: Mapping[tuple[str, str], int | None]


@dataclass(frozen=True, slots=True)
class MissingProvider:
    """A provider that reported a line before and is absent: its last known list size and when that was."""

    org: str
    last_period: date
    last_list_size: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a line is there: the share, by last known list size, of expected providers that are present."""

    service: str
    org: str
    share: float
    missing: tuple[MissingProvider, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise BadArgument("coverage is a share from 0 to 1", field="share")

    @property
    def last_known_missing(self) -> int:
        """Children on the last known lists of the missing providers; raw figure plus this is the adjusted one."""
        return sum(provider.last_list_size for provider in self.missing)
