"""Children who were erased and stand in an extract again: their rows are passed by, counted, and told to the sender.

Who is erased is known by digests alone. What retention took out is not among them: a child may be referred anew.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from waitlists.domain import Finding, Severity
from waitlists.ingest.referral_delivery import Batch, Extract, FileFacts
from waitlists.running.backups import Erased, erased_among

SENTENCE = (
    "Records of children who were erased stand in it again and were not stored: have the sender leave them out, as "
    "its lists are longer by them; one of them who was referred anew has to come under a new pseudonym."
)


@dataclass(slots=True)
class Sieve:
    """Takes the rows of children who were erased out of an extract as it is read, and counts them.

    Attributes
    ----------
    records, rejected, children
        Rows passed by of those that could be taken and of those that broke a rule, and of how many children, in the
        last reading of the whole file.
    """

    erased: Collection[Erased]
    records: int = 0
    rejected: int = 0
    children: int = 0

    def of(self, extract: Extract) -> Extract:
        """The extract without them; as it is where nobody was ever erased."""
        if not self.erased:
            return extract
        gone = erased_among(_names(extract.sample), self.erased)
        sample = _without(extract.sample, gone)
        return Extract(extract.facts, lambda: self._sieved(extract.make_batches), sample)

    def left_out(self, facts: FileFacts) -> Mapping[str, int]:
        """What nothing became of, of all rows that were read."""
        return {
            "quarantined": facts.quarantined - self.rejected,
            "excluded": facts.excluded + self.records + self.rejected,
            "duplicates": facts.duplicates,
        }

    @property
    def told(self) -> str | None:
        """How many there were, for who loads the file."""
        if not self.children:
            return None
        rows = self.records + self.rejected
        return f"Not stored again, since they were erased: children {self.children:,}, rows {rows:,}."

    def findings(self, facts: FileFacts, *, known_from: date) -> Iterator[Finding]:
        """That there were any, for the sender; a count of rows may be one of children."""
        if self.children:
            org = facts.providers[0] if len(facts.providers) == 1 else None
            yield Finding("erased_again", Severity.WARNING, SENTENCE, facts.snapshot_date, known_from, org=org)

    def _sieved(self, make_batches: Callable[[], Iterator[Batch]]) -> Iterator[Batch]:
        records = rejected = 0
        seen: set[str] = set()
        for batch in make_batches():
            gone = self._gone(batch)
            kept = Batch(_without(batch.records, gone), _without(batch.rejected, gone))
            records += batch.records.num_rows - kept.records.num_rows
            rejected += batch.rejected.num_rows - kept.rejected.num_rows
            seen |= gone
            yield kept
        self.records, self.rejected, self.children = records, rejected, len(seen)

    def _gone(self, batch: Batch) -> set[str]:
        return set(erased_among({*_names(batch.records), *_names(batch.rejected)}, self.erased))


def _names(rows: pa.Table) -> set[str]:
    return {str(name) for name in rows["pseudonym_id"].unique().to_pylist() if name is not None}


def _without(rows: pa.Table, gone: Collection[str]) -> pa.Table:
    if not gone:
        return rows
    column = rows["pseudonym_id"].cast(pa.string())
    return rows.filter(pc.invert(pc.is_in(column, value_set=pa.array(sorted(gone), pa.string()))))
