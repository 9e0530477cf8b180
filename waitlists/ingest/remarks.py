"""What a parser says while it reads: remarks that become findings, and the count of what was made of each cell."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from waitlists.domain import Figure, Finding, Marker, Severity
from waitlists.masks import masked

MOST_REMARKS = 200
"""Remarks of one kind that are kept; a file with more of a kind says how many were left out."""


class Remark(NamedTuple):
    """A finding in the making: a parser meets it before the delivery's month and publication day are known."""

    code: str
    severity: Severity
    sentence: str
    service: str | None = None
    org: str | None = None
    sheet: str | None = None
    cell: str | None = None
    period_end: date | None = None
    details: Mapping[str, object] = {}

    def finding(self, *, period_end: date, known_from: date) -> Finding:
        """The finding, about the delivery's month unless it is about another."""
        return Finding(
            self.code,
            self.severity,
            masked(self.sentence),
            self.period_end or period_end,
            known_from,
            self.service,
            self.org,
            self.sheet,
            self.cell,
            self.details,
        )


def read_with_care(sentence: str) -> Remark:
    """What a reader had to decide before anything could be parsed, such as the encoding of a text."""
    return Remark("read_with_care", Severity.WARNING, sentence)


UNENDED = Remark(
    "last_line_unended",
    Severity.INFO,
    "The last line has no line end, as all others have: see that the file was not cut off in its last value.",
)
"""What is said of a text that may have been cut off where its last row seems whole."""


@dataclass(slots=True)
class Tally:
    """Cells of a table by what was made of them; `cells_read` is their sum."""

    numbers: int = 0
    suppressed: int = 0
    not_submitted: int = 0
    quarantined: int = 0
    remarks: list[Remark] = field(default_factory=list[Remark])

    def count(self, marker: Marker | None) -> None:
        """Count one cell."""
        if marker is Marker.NUMBER:
            self.numbers += 1
        elif marker is Marker.SUPPRESSED:
            self.suppressed += 1
        elif marker is Marker.NOT_SUBMITTED:
            self.not_submitted += 1
        else:
            self.quarantined += 1

    def remark(self, code: str, severity: Severity, sentence: str, figure: Figure) -> None:
        """Remark on a figure, at its place."""
        self.remarks.append(
            Remark(code, severity, sentence, figure.service, figure.org, sheet=figure.sheet, cell=figure.cell)
        )

    def counts(self) -> dict[str, int]:
        """The counts by name; `cells_read` is the sum of the other four."""
        parts = {
            "numbers": self.numbers,
            "suppressed": self.suppressed,
            "not_submitted": self.not_submitted,
            "quarantined": self.quarantined,
        }
        return {"cells_read": sum(parts.values()), **parts}


def capped(remarks: Iterable[Remark]) -> Iterator[Remark]:
    """The first remarks of each kind, and a word on how many more there are."""
    counts: Counter[str] = Counter()
    for remark in remarks:
        counts[remark.code] += 1
        if counts[remark.code] <= MOST_REMARKS:
            yield remark
    for code, count in counts.items():
        if count > MOST_REMARKS:
            sentence = f"{count - MOST_REMARKS:,} more findings of the kind {code} are not listed."
            yield Remark(code, Severity.WARNING, sentence, details={"not_listed": count - MOST_REMARKS})
