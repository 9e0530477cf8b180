"""What a command did, as frozen facts: what each file became, what was found in it, and how the command ended.

How it is shown is in `screens`; what it does is in the job's own file.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from waitlists.deliveries.gate import is_in_part
from waitlists.domain import Finding, Severity
from waitlists.errors import FileRefused, FinishedInPart, HeldForApproval, IdentifiersFound
from waitlists.quality.late import turned_week
from waitlists.running.ledger import State

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)
"""Most serious first, as findings are shown."""


TAKEN = ("numbers", "suppressed", "taken", "changed", "unchanged", "superseded")
"""Counts of what a file said and was kept, figures or rows."""

RETURNS = "weekly_return"
"""The source whose rows a person filled in and can mend: each counts; a little dirt in an extract is expected."""

RECORDS = "referral_extract"

STATUSES = ("loaded", "already_loaded", "refused", "held")
"""What becomes of a file, as it is counted."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long step is: `done` of `total`, and what was just finished."""

    step: str
    done: int
    total: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What one file became: loaded as new, already there, refused, or held until a person approves it.

    `counts` are those of the delivery (cells_read = numbers + suppressed + not_submitted + quarantined; of referral
    records read = taken + changed + unchanged + superseded + quarantined + excluded + duplicates); `findings` are its
    own and those that came from comparing it with other months; `unknown_columns` are those of records nobody took,
    `broken` tells which rows of records broke a rule, kind by kind. `left` are rows of a return that could be used and
    are in no figure, because the earlier return of their service and week stands.
    """

    LOADED: ClassVar[str] = "loaded"
    ALREADY: ClassVar[str] = "already_loaded"
    REFUSED: ClassVar[str] = "refused"
    HELD: ClassVar[str] = "held"

    name: str
    status: str
    sha256: str | None = None
    source: str | None = None
    period_end: date | None = None
    published_on: date | None = None
    known_from: date | None = None
    delivery_id: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    left: int = 0
    findings: tuple[Finding, ...] = ()
    code: str | None = None
    reason: str | None = None
    has_identifiers: bool = False
    unknown_columns: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def put_aside(self) -> int:
        """Rows of a file that was loaded and of which nothing was taken: any of a return, very many of an extract."""
        rows = self.counts.get("quarantined", 0) if self.status == self.LOADED else 0
        if self.source == RECORDS and not is_in_part(self.rows_taken + rows, rows):
            return 0
        return rows if self.source in {RETURNS, RECORDS} else 0

    @property
    def how_to_mend(self) -> str:
        """What to do about rows that were put aside."""
        if self.source == RETURNS:
            return (
                "`waitlists quarantine list` names each with what to write instead; correct them and send the return "
                "again"
            )
        return (
            "`waitlists quarantine list` counts them by rule and column; mend the mapping and `waitlists quarantine "
            "release` them, or have the extract mended and load it"
        )

    @property
    def rows_taken(self) -> int:
        """Figures or rows of the file that were kept."""
        return sum(self.counts.get(name, 0) for name in TAKEN) - self.left

    @property
    def told_of_left(self) -> str:
        """How many rows were left where the earlier return stands, to go on with; nothing where none was."""
        stands = "because the earlier return of their service and week stands"
        return f", rows left {stands}: {self.left:,}" if self.left else ""

    def by_severity(self) -> dict[str, int]:
        """How many findings of each severity, the most serious first."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity.value: counted[severity] for severity in SEVERITIES}

    def as_json(self) -> dict[str, Any]:
        """Every fact, findings in full, dates in ISO form."""
        dates = {"period_end": self.period_end, "published_on": self.published_on, "known_from": self.known_from}
        return {
            "file": self.name,
            "status": self.status,
            "sha256": self.sha256,
            "source": self.source,
            **{key: day.isoformat() if day else None for key, day in dates.items()},
            "delivery_id": self.delivery_id,
            "rows_taken": self.rows_taken,
            "rows_left": self.left,
            "rows_quarantined": self.counts.get("quarantined", 0),
            "counts": dict(self.counts),
            "unknown_columns": list(self.unknown_columns),
            "broken": list(self.broken),
            "findings_by_severity": self.by_severity(),
            "findings": [finding_as_json(finding) for finding in self.findings],
            "refusal": {"code": self.code, "reason": self.reason} if self.status == self.REFUSED else None,
            "held_because": self.reason if self.status == self.HELD else None,
        }


@dataclass(frozen=True, slots=True)
class LoadOutcome:
    """What a load did with every file, and the dataset version readers now see (None: nothing new was published)."""

    files: tuple[FileOutcome, ...]
    dataset_version: int | None = None
    run_id: int | None = None
    notes: tuple[str, ...] = ()

    def with_status(self, status: str) -> tuple[FileOutcome, ...]:
        """The files that ended with a status."""
        return tuple(item for item in self.files if item.status == status)

    @property
    def exit_code(self) -> int:
        """0; 11 when a file could identify a child, 15 when one is held, 10 when all were refused, 14 when some.

        14 also when rows of a return were put aside, or a fifth of an extract.
        """
        refused = self.with_status(FileOutcome.REFUSED)
        if any(item.has_identifiers for item in refused):
            return IdentifiersFound.exit_code
        if self.with_status(FileOutcome.HELD):
            return HeldForApproval.exit_code
        if refused:
            return FileRefused.exit_code if len(refused) == len(self.files) else FinishedInPart.exit_code
        return FinishedInPart.exit_code if any(item.put_aside for item in self.files) else 0

    def as_json(self) -> dict[str, Any]:
        """Every fact of every file."""
        return {
            **{status: len(self.with_status(status)) for status in STATUSES},
            "dataset_version": self.dataset_version,
            "run_id": self.run_id,
            "exit_code": self.exit_code,
            "notes": list(self.notes),
            "files": [item.as_json() for item in self.files],
        }


@dataclass(frozen=True, slots=True)
class WeekOutcome:
    """What a week came to: files, forecasts and warnings by what became of them, and how many mails were queued.

    `is_same` when it had been done before and came to the same answers, `is_old_news` when nobody is written to about
    it, because people were about a newer week.
    """

    as_of: date
    run_id: int
    dataset_version: int | None
    files: Mapping[str, int]
    forecasts: Mapping[str, int]
    warnings: Mapping[str, int]
    mails: int
    is_same: bool
    problems: tuple[str, ...]
    is_old_news: bool = False

    @property
    def state(self) -> State:
        """Done, or done in part."""
        return State.PARTIAL if self.problems else State.DONE

    @property
    def exit_code(self) -> int:
        """14 when a file or a series failed, or was loaded in part, and the rest is published."""
        return FinishedInPart.exit_code if self.problems else 0

    def as_json(self) -> dict[str, Any]:
        """Every fact."""
        return {
            "as_of": self.as_of.isoformat(),
            "state": self.state.value,
            "run_id": self.run_id,
            "dataset_version": self.dataset_version,
            "files": dict(self.files),
            "forecasts": dict(self.forecasts),
            "warnings": dict(self.warnings),
            "mails_queued": self.mails,
            "is_old_news": self.is_old_news,
            "is_same": self.is_same,
            "problems": list(self.problems),
            "exit_code": self.exit_code,
        }


def notes_on(files: Sequence[FileOutcome], *, today: date) -> tuple[str, ...]:
    """What is odd about when figures count as known, and what was not taken of a return or of records."""
    late = (
        f"{item.name}: its figures count as known from {item.known_from:%d %B %Y} only, which is after today."
        for item in files
        if item.known_from is not None and item.known_from > today
    )
    old = (
        f"{item.name}: its newest week ended on {item.period_end:%d %B %Y}, and with day and month the other way round "
        f"on {turned:%d %B %Y}: see which is meant."
        for item in files
        if item.source == RETURNS and item.period_end and (turned := turned_week(item.period_end, today))
    )
    aside = (
        f"{item.name}: loaded in part, rows taken: {item.rows_taken:,}, rows put aside: {item.put_aside:,}"
        f"{item.told_of_left}. "
        f"{item.how_to_mend}."
        for item in files
        if item.put_aside
    )
    unknown = (
        f"{item.name}: columns that are no field of the record were not taken: {', '.join(item.unknown_columns)}. "
        "Map them, or name them under `ignore` in the mapping."
        for item in files
        if item.unknown_columns
    )
    broken = (f"{item.name}: {sentence}" for item in files for sentence in item.broken)
    return (*late, *old, *aside, *unknown, *broken)


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """A finding with every field, dates in ISO form."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "sentence": finding.sentence,
        "service": finding.service,
        "org": finding.org,
        "period_end": finding.period_end.isoformat(),
        "known_from": finding.known_from.isoformat(),
        "sheet": finding.sheet,
        "cell": finding.cell,
        "details": dict(finding.details),
    }
