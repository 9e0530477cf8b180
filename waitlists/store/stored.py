"""What the store answers with: frozen records of what is kept, in the words of the tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from waitlists.bands import WaitBands
from waitlists.details import Detail, Stage
from waitlists.domain import Coverage, Finding, Marker, cell_address


class DatasetVersion(NamedTuple):
    """A published state of the data: readers see the newest one, whole.

    `aside` grows with each file that is refused or held meanwhile: its figures change nothing, and what is said of
    lists that wait for it does.
    """

    version: int
    published_at: datetime
    run_id: int
    aside: int = 0


@dataclass(frozen=True, slots=True)
class StoredVintage:
    """What one file says of one source and period, and the file it stands in.

    `delivery_source` is the source the whole file was recognised as: a workbook's earlier months of England are a
    source of their own, and yet what was found in that workbook concerns both.
    """

    id: int
    delivery_id: int
    delivery_source: str
    source: str
    scope: str
    period_end: date
    known_from: date
    sha256: str
    file_name: str
    is_synthetic: bool
    is_reconstructed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFinding(Finding):
    """A finding with its number and the delivery it was found in; `vintage_id` is None where no vintage is meant."""

    id: int
    delivery_id: int
    vintage_id: int | None

    @property
    def is_delivery_wide(self) -> bool:
        """Whether it is about the whole delivery and not about this list in particular."""
        return self.service is None and self.org is None


@dataclass(frozen=True, slots=True)
class StoredList:
    """The latest figure of one list as known on a day.

    `period_end` is the latest period in which this list has a figure; `latest_period_of_source` may be later, and then
    the list is missing from it. `findings` are those about this list in this period and since, and those about its
    whole delivery. `flows` has referrals, removals and treated where the source gives them, `removals` who left by
    reason, `weeks` those waiting by single weeks where somebody sent these, `stages` those who wait for a later stage
    by wait band, `details` what is known beyond the bands: the list itself, then the lists of its other stages.
    `opening` is the list a week earlier, where no detail tells the balance. `behind` are the deliveries that a board's
    sum or a count from records was made from; any other list stands in the file of its vintage.
    """

    source: str
    service: str
    org: str
    vintage: StoredVintage
    period_end: date
    bands: WaitBands
    coverage: Coverage
    findings: tuple[StoredFinding, ...]
    is_synthetic: bool
    latest_period_of_source: date
    flows: Mapping[str, int | None] = field(default_factory=dict[str, int | None])
    removals: Mapping[str, int | None] = field(default_factory=dict[str, int | None])
    weeks: Mapping[str, int | None] = field(default_factory=dict[str, int | None])
    details: tuple[Detail, ...] = ()
    stages: Mapping[Stage, Mapping[str, int | None]] = field(default_factory=dict[Stage, Mapping[str, int | None]])
    opening: int | None = None
    behind: tuple[int, ...] = ()

    @property
    def own(self) -> Detail | None:
        """What is known beyond the bands of those whose clock runs."""
        return next((one for one in self.details if one.stage == "list"), None)


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """A file taken in and kept whole."""

    id: int
    sha256: str
    source: str
    file_name: str
    size_bytes: int
    received_at: datetime
    published_on: date | None
    known_from: date
    period_end: date
    layout: str
    is_synthetic: bool
    counts: Mapping[str, int]
    notes: list[str]
    providers_in_scope: int | None
    run_id: int


@dataclass(frozen=True, slots=True)
class StoredRefusal:
    """A file refused whole."""

    id: int
    sha256: str | None
    file_name: str
    received_at: datetime
    code: str
    reason: str
    run_id: int


@dataclass(frozen=True, slots=True)
class StoredHeld:
    """A file that waits for a person to let it in; why it does, its counts among it, stays on its machine."""

    id: int
    sha256: str
    source: str
    file_name: str
    received_at: datetime
    period_end: date
    sentence: str
    run_id: int


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One command that changed or tried to change the data."""

    id: int
    command: str
    as_of: date | None
    started_at: datetime
    finished_at: datetime | None
    status: str
    summary: Mapping[str, object]


class StoredCell(NamedTuple):
    """One printed cell of one list, traced to its file, sheet and place."""

    vintage_id: int
    source: str
    period_end: date
    service: str
    org: str
    kind: str
    band: str
    value: int | None
    marker: Marker
    sheet: str
    row: int
    column: int
    delivery_id: int
    sha256: str
    file_name: str

    @property
    def cell(self) -> str:
        """The spreadsheet address of the cell, such as `AK12`."""
        return cell_address(self.row, self.column)
