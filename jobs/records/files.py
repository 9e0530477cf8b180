"""Files of referral records: told from others, matched with a mapping, and read whole before anything is stored."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from jobs.files import MAX_BYTES as MAX_FIGURES
from jobs.files import Refusal, Understood, fault, refusal
from jobs.outcomes import FileOutcome, Progress
from jobs.records.mappings import OWN_WORDS, NamedMapping, fitting, fitting_workbook, refuse_low_header
from jobs.records.senders import sent_under
from waitlists.errors import BadArgument, FileRefused
from waitlists.ingest import delimited, workbook
from waitlists.ingest.fetch import StreamedFile, TakenFile, printable_name, start_of, streamed
from waitlists.ingest.looks import is_parquet, is_text
from waitlists.ingest.referral_delivery import Extract
from waitlists.ingest.referral_extract import read_extract
from waitlists.ingest.referral_sheet import EXTRACT_WORKBOOKS
from waitlists.ingest.unknown_files import refuse_in_unknown
from waitlists.store import write
from waitlists.store.referral_deliveries import SOURCE

MAX_BYTES = 4 * 2**30
"""Ten times a million rows; a bigger file is refused unread."""


_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Approval:
    """Which role approves a held delivery, and why."""

    by: str
    reason: str

    @classmethod
    def of(cls, by: str, reason: str) -> Self:
        """The approval, if it says enough.

        Raises
        ------
        BadArgument
            No reason is given, or the role is no short word: what stands here is kept for good.
        """
        if not reason.strip() or len(reason) > _LONGEST_REASON:
            raise BadArgument("say why, in a sentence or two, with --reason", field="--reason")
        if not re.fullmatch(r"[a-z_ ]{1,20}", by):
            raise BadArgument("a role is a word or two in small letters, such as data manager", field="--by")
        return cls(by, reason.strip())


@dataclass(frozen=True, slots=True)
class Asked:
    """How the records of a load are to be read: one mapping for all files, those to choose from, an approval."""

    mapping: NamedMapping | None = None
    mappings: tuple[NamedMapping, ...] = (OWN_WORDS,)
    approval: Approval | None = None


_NO_FIGURES = {"UNKNOWN_SOURCE", "TOO_LARGE", "QUOTES", "DELIMITER", "ENCODING", "NUL", "CUT_OFF"}
"""Why a file is refused by the readers of figures before anybody knows what it is of."""

PLAINLY = Asked()
"""Files in our own words alone, nothing approved."""


@dataclass(frozen=True, slots=True)
class ReadExtract:
    """An extract that was read and not refused, with the mapping it was read under and when its file was written."""

    name: str
    sha256: str
    size: int
    mapping: str
    extract: Extract
    written_ns: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file of referral records and the mapping it is to be read under."""

    path: Path
    named: NamedMapping


def records_among(paths: Sequence[Path], asked: Asked) -> tuple[list[Chosen], list[tuple[Path, Refusal]]]:
    """Which of some files hold referral records, and those that are refused at once, with why.

    They fit several mappings; or fit none, name children, and are too large to be looked at as figures.
    """
    chosen: list[Chosen] = []
    refused: list[tuple[Path, Refusal]] = []
    for path in paths:
        try:
            named = asked.mapping or fitting(path, asked.mappings)
            if named is None:
                _refuse_large(path)
        except FileRefused as error:
            refused.append((path, refusal(printable_name(path.name), None, error)))
            continue
        if named is not None:
            chosen.append(Chosen(path, named))
    return chosen, refused


def _refuse_large(path: Path) -> None:
    start = start_of(path, size=64)
    if (is_text(start) or is_parquet(start)) and path.stat().st_size > MAX_FIGURES:
        with streamed(path, max_bytes=MAX_BYTES) as file:
            refuse_in_unknown(file.content)


def fresh_records(connection: Connection, chosen: Sequence[Chosen]) -> tuple[list[Chosen], list[FileOutcome]]:
    """Files that are new, and those that are stored already or came twice in this command."""
    fresh: dict[str, Chosen] = {}
    already: list[FileOutcome] = []
    for one in chosen:
        try:
            with streamed(one.path, max_bytes=MAX_BYTES) as file:
                name, sha256 = file.name, file.sha256
        except FileRefused:
            fresh[str(one.path)] = one  # reading it says why it cannot be taken
            continue
        known = write.known_delivery(connection, sha256)
        if known is not None:
            already.append(already_stored(name, sha256, known))
        elif sha256 in fresh:
            reason = f"The same file as {printable_name(fresh[sha256].path.name)} in this command."
            already.append(FileOutcome(name, FileOutcome.ALREADY, sha256=sha256, source=SOURCE, reason=reason))
        else:
            fresh[sha256] = one
    return list(fresh.values()), already


def already_stored(name: str, sha256: str, known: int) -> FileOutcome:
    """What becomes of a file that was loaded before."""
    reason = f"The same file is stored as delivery {known}."
    return FileOutcome(name, FileOutcome.ALREADY, sha256=sha256, source=SOURCE, delivery_id=known, reason=reason)


def read_all(
    chosen: Sequence[Chosen], *, on: date, on_progress: Callable[[Progress], None]
) -> Iterator[ReadExtract | Refusal]:
    """The extract in each file, one after the other, as each may take half a gigabyte."""
    for done, one in enumerate(chosen, start=1):
        yield read_records(one, on=on)
        on_progress(Progress("records", done, len(chosen), one.path.name))


def read_records(chosen: Chosen, *, on: date) -> ReadExtract | Refusal:
    """The extract in a file, or why it is refused; a day after `on` is not believed."""
    name, sha256 = printable_name(chosen.path.name), None
    try:
        with streamed(chosen.path, max_bytes=MAX_BYTES) as file:
            sha256 = file.sha256
            extract = _extract(file, chosen.named, on)
        return ReadExtract(name, file.sha256, file.size, chosen.named.name, extract, file.written_ns)
    except FileRefused as error:
        return replace(refusal(name, sha256, error), sender=sent_under(chosen.named))
    except Exception as error:  # noqa: BLE001 - the edge where a mistake of ours must not stop the other files
        return fault(name, sha256, "reading", error)


def _extract(file: StreamedFile, named: NamedMapping, on: date) -> Extract:
    start = file.content.read(64)
    file.content.seek(0)
    if is_text(start) or is_parquet(start):
        return read_extract(file.content, mapping=named.mapping, on=on)
    book = workbook.read(file.content.read(), limits=EXTRACT_WORKBOOKS)
    return read_extract(book, mapping=named.mapping, on=on)


def looked_at_again(
    files: Sequence[TakenFile], found: Sequence[Understood | Refusal], asked: Asked, *, on: date
) -> list[Understood | ReadExtract | Refusal]:
    """What files are: of those without figures of any source, workbooks of records are read, and children looked for.

    A workbook holds records where a header says so; a file that names children is refused for that and no other reason.
    """
    return [
        _second_look(file, one, asked, on) if isinstance(one, Refusal) and one.code in _NO_FIGURES else one
        for file, one in zip(files, found, strict=True)
    ]


def _second_look(file: TakenFile, why: Refusal, asked: Asked, on: date) -> ReadExtract | Refusal:
    try:
        if is_text(file.content) or is_parquet(file.content):
            refuse_in_unknown(BytesIO(file.content))
            if why.code == "UNKNOWN_SOURCE" and is_text(file.content):
                refuse_low_header(delimited.read(file.content), asked.mappings)
            return why
        book = workbook.read(file.content, limits=EXTRACT_WORKBOOKS)
        named = fitting_workbook(book, file.name, asked.mappings)
        if named is None:
            refuse_in_unknown(book)
            refuse_low_header(book, asked.mappings)
            return why
        extract = read_extract(book, mapping=named.mapping, on=on)
        return ReadExtract(file.name, file.sha256, len(file.content), named.name, extract, file.written_ns)
    except FileRefused as error:
        return refusal(file.name, file.sha256, error)
    except Exception as error:  # noqa: BLE001 - the edge where a mistake of ours must not stop the other files
        return fault(file.name, file.sha256, "reading", error)
