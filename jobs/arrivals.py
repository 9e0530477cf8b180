"""Files on their way in: which of them are new, and what they say. Nothing is stored here."""

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from jobs.files import Refusal, Understood, files_in, take_all, understand_all
from jobs.in_order import figures_in_order, records_in_order
from jobs.outcomes import FileOutcome, Progress
from jobs.records.files import Asked, Chosen, ReadExtract, fresh_records, looked_at_again, read_all, records_among
from jobs.records.senders import sent_by, with_sender
from waitlists.deliveries.unread import Sender
from waitlists.ingest.fetch import TakenFile
from waitlists.store import write
from waitlists.store.session import reading


@dataclass(frozen=True, slots=True)
class Fresh:
    """Files that were never stored, unread yet or refused by the look of them; `already` are those that were."""

    taken: Sequence[TakenFile]
    records: Sequence[Chosen]
    refused: Sequence[Refusal]
    already: Sequence[FileOutcome]

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to read and nothing to record."""
        return not (self.taken or self.records or self.refused)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What files say, in an order that is theirs, or why they are refused."""

    understood: Sequence[Understood] = ()
    extracts: Sequence[ReadExtract] = ()
    refused: Sequence[Refusal] = ()
    already: Sequence[FileOutcome] = ()

    @property
    def has_any(self) -> bool:
        """Whether anything of them is to be stored: figures, or that a list waits for a file that was refused."""
        return bool(self.understood or self.extracts or self.refused)

    def each(self) -> Iterator[tuple[str, str, Sender, "Arrived"]]:
        """Every file that is not refused, by itself, with its name, its checksum and whose it is."""
        for one in self.understood:
            yield one.file.name, one.file.sha256, one.sender, Arrived(understood=[one])
        for one in self.extracts:
            yield one.name, one.sha256, sent_by(one.extract.facts), Arrived(extracts=[one])


def fresh_files(
    engine: Engine, paths: Sequence[Path], records: Asked, *, fetched: Sequence[TakenFile | Refusal] = ()
) -> Fresh:
    """What is new among the files of `paths` (folders: their files) and some that were `fetched` from the web.

    Raises
    ------
    BadArgument
        For a path that does not exist, or an empty folder.
    """
    found = files_in(paths)
    chosen, refused = records_among(found, records)
    is_other = {*found} - {one.path for one in chosen} - {path for path, _ in refused}
    taken = [*fetched, *take_all([path for path in found if path in is_other])]
    fresh, already = _sorted_out(engine, [item for item in taken if isinstance(item, TakenFile)])
    with reading(engine) as connection:
        chosen, known = fresh_records(connection, chosen)
    refusals = [*(refusal for _, refusal in refused), *(item for item in taken if isinstance(item, Refusal))]
    return Fresh(fresh, chosen, refusals, [*already, *known])


def read_files(
    fresh: Fresh, records: Asked, *, source: str | None, on: date, on_progress: Callable[[Progress], None]
) -> Arrived:
    """What new files say; a day after `on` is not believed."""
    with no_collections():
        read = understand_all(fresh.taken, source=source, today=on, on_progress=on_progress)
        figures = looked_at_again(fresh.taken, read, records, on=on)
        items = [*figures, *read_all(fresh.records, on=on, on_progress=on_progress), *fresh.refused]
    understood, unclear = figures_in_order(item for item in items if isinstance(item, Understood))
    extracts, unclear_records = records_in_order(item for item in items if isinstance(item, ReadExtract))
    refused = [with_sender(item, records.mappings) for item in items if isinstance(item, Refusal)]
    return Arrived(understood, extracts, [*refused, *unclear, *unclear_records], fresh.already)


def already_there(file: TakenFile, delivery_id: int) -> FileOutcome:
    """What becomes of a file that is stored."""
    return _already(file, delivery_id, f"The same file is stored as delivery {delivery_id}.")


@contextmanager
def no_collections() -> Generator[None]:
    """A load makes a million tuples and no cycles: looking for cycles among them would cost a sixth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _sorted_out(engine: Engine, files: Sequence[TakenFile]) -> tuple[list[TakenFile], list[FileOutcome]]:
    """Files that are new, and those that are stored already or came twice in this command."""
    fresh: dict[str, TakenFile] = {}
    already: list[FileOutcome] = []
    with reading(engine) as connection:
        for file in files:
            delivery_id = write.known_delivery(connection, file.sha256)
            if delivery_id is not None:
                already.append(already_there(file, delivery_id))
            elif file.sha256 in fresh:
                already.append(_already(file, None, f"The same file as {fresh[file.sha256].name} in this command."))
            else:
                fresh[file.sha256] = file
    return list(fresh.values()), already


def _already(file: TakenFile, delivery_id: int | None, reason: str) -> FileOutcome:
    return FileOutcome(file.name, FileOutcome.ALREADY, sha256=file.sha256, delivery_id=delivery_id, reason=reason)
