"""From paths to understood files: found, taken under their checksum, read in child processes, parsed and checked.

Nothing is stored here. A file that breaks its contract, or this program, comes back as a refusal, never as an error:
the other files of the command go on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from jobs.outcomes import Progress
from waitlists.deliveries.unread import UNKNOWN, Sender
from waitlists.domain import Finding, ParsedDelivery
from waitlists.errors import BadArgument, FileRefused, IdentifiersFound
from waitlists.ingest import SOURCES, delimited, recognise, workbook
from waitlists.ingest.fetch import TakenFile, printable_name, take
from waitlists.ingest.fetch.web import Web, fetch, name_in
from waitlists.ingest.looks import is_parquet, is_text
from waitlists.ingest.remarks import UNENDED, read_with_care
from waitlists.ingest.sheets import Workbook
from waitlists.ingest.weekly_return_named import named_in
from waitlists.logs import logger
from waitlists.quality import check_delivery, require_past

MAX_BYTES = 64 * 1024 * 1024
"""Ten times the largest real delivery; a bigger file is refused unread."""

READERS = 2
"""Child processes that read at a time: each may use 300 MiB, and two keep the parser busy."""


LEFTOVER_STARTS = (".", "~$")
"""How names of hidden files begin, such as .DS_Store, and of the locks that an office program lays beside a file."""

LEFTOVERS = frozenset({"thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r"})
"""What desktops leave in a shared folder, in lower case."""

FAULT = "FAULT"
"""The word of a refusal that is this program's mistake."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that is not loaded: the stable word, the sentence that says where it broke its contract, whose it is."""

    name: str
    sha256: str | None
    code: str
    reason: str
    has_identifiers: bool = False
    sender: Sender = UNKNOWN


@dataclass(frozen=True, slots=True)
class Understood:
    """A file parsed and checked by itself, and whose it is; findings of the check stand with those of the parser."""

    file: TakenFile
    delivery: ParsedDelivery
    sender: Sender


def files_in(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Every file named, and the files of every folder named, in order of name.

    Raises
    ------
    BadArgument
        When a path does not exist or a folder holds no file.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            lying = [item for item in path.iterdir() if not item.is_dir()]
            inside = sorted(item for item in lying if not is_leftover(item.name))
            if len(inside) < len(lying):
                logger().info("load.left_out", files=len(lying) - len(inside))
            if not inside:
                raise BadArgument(f"the folder {printable_name(str(path))} holds no file to load", field="PATH")
            found += inside
        elif path.exists() or path.is_symlink():
            found.append(path)
        else:
            raise BadArgument(f"there is no file or folder {printable_name(str(path))}", field="PATH")
    return tuple(dict.fromkeys(found))


def is_leftover(name: str) -> bool:
    """Whether a file is no delivery by its name: a partial download, or what an office program or a desktop left.

    It is taken only when it is named.
    """
    return name.startswith(LEFTOVER_STARTS) or name.lower() in LEFTOVERS


def require_source(name: str | None) -> None:
    """Refuse the name of a source that nobody knows.

    Raises
    ------
    BadArgument
        When no source has that name; the message lists the ones there are.
    """
    if name is not None and name not in SOURCES:
        raise BadArgument(f"{name} is no source; there are {', '.join(sorted(SOURCES))}", field="--source")


def take_all(paths: Sequence[Path]) -> Iterator[TakenFile | Refusal]:
    """Each file's bytes and checksum, or why it cannot be taken."""
    for path in paths:
        try:
            yield take(path, max_bytes=MAX_BYTES)
        except FileRefused as error:
            yield refusal(printable_name(path.name), None, error)


def fetch_all(urls: Sequence[str], web: Web) -> Iterator[TakenFile | Refusal]:
    """The file at each web address, or why it is not fetched."""
    for url in urls:
        try:
            yield fetch(url, web, max_bytes=MAX_BYTES)
        except FileRefused as error:
            yield refusal(name_in(url), None, error)


def understand_all(
    files: Sequence[TakenFile], *, source: str | None, today: date, on_progress: Callable[[Progress], None]
) -> list[Understood | Refusal]:
    """Every file parsed and checked, or refused, in the order given; two are read at a time.

    `today` is the last day that figures can be about.
    """
    readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
    try:
        # A context each, so that the lines of these threads name the run as well.
        pending = {
            readers.submit(copy_context().run, _understand, file, source, today): n for n, file in enumerate(files)
        }
        results = dict(_as_they_end(pending, files, on_progress))
    finally:
        # A person who stops the command waits for two files, not for all that are left.
        readers.shutdown(cancel_futures=True)
    return [results[number] for number in range(len(files))]


def _as_they_end(
    pending: Mapping[Future[Understood | Refusal], int],
    files: Sequence[TakenFile],
    on_progress: Callable[[Progress], None],
) -> Iterator[tuple[int, Understood | Refusal]]:
    for done, future in enumerate(as_completed(pending), start=1):
        number = pending[future]
        on_progress(Progress("reading", done, len(files), files[number].name))
        yield number, future.result()


def _understand(file: TakenFile, source: str | None, today: date) -> Understood | Refusal:
    stage, sender = "reading", UNKNOWN
    try:
        book = read_table(file.content)
        stage = "parsing"
        kind = recognise(book, name=source)
        sender = Sender(kind.name, *named_in(book))
        parsed = kind.parse(book)
        stage = "checking"
        require_past(parsed, today)
        findings = (*_notes(book, parsed), *parsed.findings, *check_delivery(parsed))
        return Understood(file, replace(parsed, findings=findings), sender)
    except FileRefused as error:
        return replace(refusal(file.name, file.sha256, error), sender=sender)
    except Exception as error:  # noqa: BLE001 - the one edge where a mistake of ours must not stop the other files
        return replace(fault(file.name, file.sha256, stage, error), sender=sender)


def read_table(content: bytes) -> Workbook:
    """A file's sheets by what is in it, whatever its name: text is read here, all else by the child for workbooks.

    Raises
    ------
    FileRefused
        When it is neither, with the kind it looks like, or when it is damaged or too large; UNKNOWN_SOURCE for Parquet,
        which holds referral records or nothing that is known.
    """
    if is_parquet(content):
        text = "expected referral records in a Parquet file; its columns are neither ours nor those of a mapping"
        raise FileRefused(text, code="UNKNOWN_SOURCE")
    return delimited.read(content) if is_text(content) else workbook.read(content)


def _notes(book: Workbook, parsed: ParsedDelivery) -> Iterator[Finding]:
    """What the reader had to decide, as findings of the delivery."""
    known_from = parsed.published_on or parsed.period_end
    remarks = [read_with_care(sentence) for sentence in book.notes]
    for remark in remarks if book.is_ended else [*remarks, UNENDED]:
        yield remark.finding(period_end=parsed.period_end, known_from=known_from)


def fault(name: str, sha256: str | None, stage: str, error: Exception) -> Refusal:
    """A refusal that is our mistake, not the file's; what the exception says may hold a value, so only its kind."""
    kind = type(error).__name__
    logger().error("load.fault", kind=kind, stage=stage, sha256=sha256)
    reason = f"{stage} the file broke this program ({kind}); the file may be right: report it with its checksum"
    return Refusal(name, sha256, FAULT, reason)


def refusal(name: str, sha256: str | None, error: FileRefused) -> Refusal:
    """Why a file is refused, in the words of the one who refused it."""
    return Refusal(name, sha256, error.code, str(error), has_identifiers=isinstance(error, IdentifiersFound))
