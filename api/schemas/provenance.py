"""Shapes of where figures come from: deliveries, refusals, cells, findings and runs."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.schemas.base import Finding, Paged, Shape


class DeliveryVintage(Shape):
    """What a file says of one source and period."""

    id: int
    """The vintage's number."""
    source: str
    """The source."""
    period_end: date
    """The period."""
    known_from: date
    """The first day on which it counts as known."""


class Delivery(Shape):
    """A file taken in and kept whole."""

    status: str = Field(examples=["taken"])
    """taken; refused files are listed with ?status=refused, those that wait for a person with ?status=held."""
    id: int
    """The delivery's number."""
    sha256: str
    """Checksum of the file."""
    source: str
    """The source it was recognised as."""
    file_name: str
    """The file's name as delivered."""
    size_bytes: int
    """Size of the file."""
    received_at: datetime
    """When it was taken in."""
    published_on: date | None
    """The later of the Published and Revised dates printed in it; null where it prints none."""
    known_from: date
    """The first day on which its figures count as known."""
    period_end: date
    """The period it is about."""
    layout: str
    """Which layout of the source it has."""
    synthetic: bool
    """Whether it is invented, for demonstration."""
    counts: dict[str, int]
    """Cells read: numbers, suppressed, not submitted, quarantined."""
    notes: list[str]
    """The publisher's own words on coverage."""
    providers_in_scope: int | None
    """Providers in scope as printed; null where not printed."""
    run_id: int
    """The run that took it in."""
    links: dict[str, str | None]
    """Addresses of what belongs with it; null for roles that do not reach it."""


class DeliveryPage(Paged):
    """Deliveries in order of number."""

    items: list[Delivery]
    """The deliveries."""


class DeliveryDetail(Delivery):
    """A delivery with its vintages."""

    vintages: list[DeliveryVintage]
    """What it says of each source and period."""
    dataset_version: int | None
    """Which published state of the data this is."""


class Refusal(Shape):
    """A file refused whole; nothing of it is kept but checksum and reason."""

    status: str = Field(examples=["refused"])
    """refused."""
    id: int
    """The refusal's number."""
    sha256: str | None
    """Checksum of the file; null where it could not be read."""
    file_name: str
    """The file's name."""
    received_at: datetime
    """When it was refused."""
    code: str
    """A stable word."""
    reason: str
    """What is wrong with it."""
    run_id: int
    """The run that refused it."""


class RefusalPage(Paged):
    """Refusals in order of number."""

    items: list[Refusal]
    """The refusals."""


class Held(Shape):
    """A file that waits for a person to let it in; no figure of it is known yet."""

    status: str = Field(examples=["held"])
    """held."""
    id: int
    """Its number among held files."""
    sha256: str
    """Checksum of the file."""
    source: str
    """The source it was recognised as."""
    file_name: str
    """The file's name as delivered."""
    received_at: datetime
    """When it came."""
    period_end: date
    """The day it is about."""
    sentence: str
    """Whose it is, that it is held, and what lets it in; `waitlists status` says why, with its counts."""
    run_id: int
    """The run that held it."""


class HeldPage(Paged):
    """Held files in order of number."""

    items: list[Held]
    """The files."""


class Cell(Shape):
    """One printed number and where it stands."""

    vintage_id: int
    """The vintage it belongs to."""
    source: str
    """The source."""
    period_end: date
    """The period."""
    service: str
    """The service's code."""
    org: str
    """The organisation's code."""
    kind: str
    """waiting, or a flow."""
    band: str
    """The wait band; total for the whole list."""
    value: int | None
    """The number; null where suppressed."""
    marker: str
    """number or suppressed."""
    sheet: str
    """The sheet of the file."""
    cell: str = Field(examples=["AK12"])
    """The cell's address."""


class Cells(Paged):
    """Every number of one list in one file, with its cell."""

    items: list[Cell]
    """The cells."""
    delivery_id: int
    """The file's delivery."""
    sha256: str
    """Checksum of the file."""
    file_name: str
    """The file's name."""


class StoredFinding(Finding):
    """A finding with what it is about."""

    id: int
    """The finding's number."""
    service: str | None
    """The service; null where it is about the whole file."""
    org: str | None
    """The organisation; null where it is about the whole file."""
    delivery_id: int
    """The delivery it was found in."""
    vintage_id: int | None
    """The vintage it was found in; null where it is about the whole file."""
    details: dict[str, Any]
    """Numbers behind the sentence."""


class FindingPage(Paged):
    """Findings in order of number."""

    items: list[StoredFinding]
    """The findings."""
    as_of: date
    """Knowledge date."""


class Run(Shape):
    """One command that changed or tried to change the data."""

    id: int
    """The run's number."""
    command: str
    """The command."""
    as_of: date | None
    """The knowledge date it worked with; null where it has none."""
    started_at: datetime
    """When it began."""
    finished_at: datetime | None
    """When it ended; null while it runs."""
    status: str
    """running, done, partial or failed."""
    summary: dict[str, Any]
    """What it did, in counts of files or series; counts of children are null."""


class RunPage(Paged):
    """Runs in order of number."""

    items: list[Run]
    """The runs."""
