"""Checks a provider's mapping, alone or on a sample of its extract; nothing is stored and no row is shown."""

import io
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from waitlists.errors import FileRefused
from waitlists.ingest import workbook
from waitlists.ingest.fetch import TakenFile, take
from waitlists.ingest.mapping import Problem, ProviderMapping
from waitlists.ingest.mapping_check import check_mapping
from waitlists.ingest.referral_delivery import FileFacts
from waitlists.ingest.referral_extract import Source, header_of, read_extract
from waitlists.ingest.referral_sheet import EXTRACT_WORKBOOKS

MAX_MAPPING_BYTES = 1024 * 1024
MAX_SAMPLE_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a mapping, and what a sample gave under it."""

    mapping: str
    problems: tuple[Problem, ...]
    sample: FileFacts | None = None

    @property
    def exit_code(self) -> int:
        """0 for a mapping that can be used, 2 for one that cannot."""
        return 2 if self.problems else 0

    def lines(self) -> list[str]:
        """The answer for a person."""
        if self.problems:
            return [f"{self.mapping} cannot be used:", *(f"  {problem}" for problem in self.problems)]
        found = [f"{self.mapping} can be used."]
        return found if self.sample is None else [*found, *_sample_lines(self.sample)]

    def as_json(self) -> dict[str, Any]:
        """The answer for a program."""
        sample = None
        if (facts := self.sample) is not None:
            counts = ("read", "accepted", "quarantined", "excluded", "duplicates")
            sample = {
                **{name: getattr(facts, name) for name in counts},
                "kind": facts.kind,
                "snapshot_date": facts.snapshot_date.isoformat(),
                "providers": list(facts.providers),
                "by_rule": dict(facts.by_rule),
                "broken": list(facts.broken),
                "unknown_columns": list(facts.unknown_columns),
                "remarks": [asdict(remark) for remark in facts.remarks],
            }
        return {"mapping": self.mapping, "problems": [asdict(one) for one in self.problems], "sample": sample}


def check(path: Path, sample: Path | None, *, on: date) -> Checked:
    """Check the mapping in a file, and read a sample under it if there is one.

    Raises
    ------
    FileRefused
        The mapping is no text, or the sample is refused for a reason that lies in the sample.
    """
    file = take(path, max_bytes=MAX_MAPPING_BYTES)
    text = _text(file)
    found = check_mapping(text)
    if not isinstance(found, ProviderMapping):
        return Checked(file.name, found)
    if sample is None:
        return Checked(file.name, ())
    source = _source(take(sample, max_bytes=MAX_SAMPLE_BYTES))
    try:
        header = header_of(source, found)
    except FileRefused as error:
        if error.code != "DELIMITER":
            raise
        return Checked(file.name, (Problem("delimiter", str(error)),))
    misfits = check_mapping(text, header=header)
    if not isinstance(misfits, ProviderMapping):
        return Checked(file.name, misfits)
    return Checked(file.name, (), read_extract(source, mapping=found, on=on).facts)


def _text(file: TakenFile) -> str:
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(f"{file.name} is not UTF-8 text; save it as UTF-8", code="ENCODING") from None


def _source(file: TakenFile) -> Source:
    if file.content.startswith(b"PK"):
        return workbook.read(file.content, limits=EXTRACT_WORKBOOKS)
    return io.BytesIO(file.content)


def _sample_lines(facts: FileFacts) -> list[str]:
    counts = (
        f"The sample holds {facts.read:,} rows of {', '.join(facts.providers)} as of {facts.snapshot_date}:"
        f" {facts.accepted:,} can be taken, {facts.quarantined:,} would be quarantined, {facts.excluded:,} left out,"
        f" {facts.duplicates:,} stand there twice."
    )
    lines = [counts, *(f"  {sentence}" for sentence in facts.broken)]
    lines += [f"  {remark.code} {remark.rows:,}, {remark.field}: {remark.sentence}" for remark in facts.remarks]
    if facts.unknown_columns:
        lines.append(f"  Columns that are neither mapped nor ignored: {', '.join(facts.unknown_columns)}")
    return lines
