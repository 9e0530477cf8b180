"""What lies whole in the inbox: plain files that nobody is still writing, loaded where they lie and never moved.

A file counts as whole when two looks find it unchanged, or at once when the sender puts an empty `NAME.done` beside it.
Links, pipes, folders, names of unfinished transfers and what desktops leave behind are passed by. What was loaded or
refused before is known by its checksum and not tried again by itself, unless what was refused may be right another
time.
"""

import os
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from jobs.files import FAULT, is_leftover
from jobs.load import Moment, load
from jobs.outcomes import FileOutcome, Progress
from jobs.records.files import MAX_BYTES, Asked
from jobs.records.mappings import read_mappings
from waitlists.errors import BadArgument, FileRefused, WaitlistsError
from waitlists.ingest.fetch import printable_name, streamed
from waitlists.logs import logger
from waitlists.settings import Settings
from waitlists.store import read
from waitlists.store.session import reading

DONE = ".done"
"""The companion by which a sender says that a file is whole."""

UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".swp", "~")
"""Ends of names that programs give to files they are still writing."""


TRIED_AGAIN = (FAULT, "OUT_OF_ORDER", "NO_LIST")
"""Refusals that say more of the moment than of the file: mended software, or another file, may let it in."""


@dataclass(frozen=True, slots=True)
class Mark:
    """By which a changed file is told: its inode, size and time of change in nanoseconds."""

    inode: int
    size: int
    mtime_ns: int


class Inbox:
    """A folder that is looked at again and again; it remembers what it saw last and what was tried already."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before: dict[str, Mark] = {}
        self._tried: dict[str, Mark] = {}
        self._is_settled = True
        self._left_out = 0

    def look(self) -> tuple[Path, ...]:
        """Files that are whole and were not tried as they are now, by name.

        Raises
        ------
        BadArgument
            The folder is not there or may not be read.
        """
        found = _plain_files(self.folder)
        files = {name: mark for name, mark in found.items() if not (name.endswith(DONE) or is_leftover(name))}
        self._count_leftovers(sum(map(is_leftover, found)))
        whole = {name for name, mark in files.items() if f"{name}{DONE}" in found or self._before.get(name) == mark}
        self._before, self._is_settled = files, len(whole) == len(files)
        return tuple(self.folder / name for name in sorted(whole) if self._tried.get(name) != files[name])

    def _count_leftovers(self, count: int) -> None:
        """Say how many there are, once: they stay where they are for good."""
        if count != self._left_out:
            logger().info("inbox.left_out", files=count)
        self._left_out = count

    def look_twice(self, wait: Callable[[], object]) -> tuple[Path, ...]:
        """The same, for who cannot come back: once, and after a wait again where a file may still be written."""
        found = self.look()
        if self._is_settled:
            return found
        wait()
        return self.look()

    def tried(self, paths: Iterable[Path]) -> None:
        """Pass these by until they change."""
        self._tried |= {path.name: self._before[path.name] for path in paths if path.name in self._before}


def arrived_by(paths: Iterable[Path], day: date, *, zone: ZoneInfo) -> list[Path]:
    """Files that were last written on a local day or before it."""
    found: list[Path] = []
    for path in paths:
        try:
            written = datetime.fromtimestamp(path.lstat().st_mtime, zone)
        except OSError:
            continue
        if written.date() <= day:
            found.append(path)
    return found


def load_fresh(
    engine: Engine,
    settings: Settings,
    paths: Sequence[Path],
    *,
    moment: Moment,
    on_progress: Callable[[Progress], None],
) -> tuple[FileOutcome, ...]:
    """What became of the files that were never loaded or refused before; known ones are left out.

    Should a file break the storing of all, each is stored by itself, and the others are not kept waiting.
    """
    fresh = untried(engine, paths)
    if not fresh:
        return ()
    records = Asked(None, read_mappings(settings.mappings))

    loading = partial(load, engine, fresh, moment=moment, source=None, records=records, on_progress=on_progress)

    try:
        return loading().files
    except WaitlistsError:
        raise
    except Exception as error:  # noqa: BLE001 - the edge where one file must not keep the others out
        logger().error("inbox.fault", kind=type(error).__name__, files=len(fresh))
    return loading(is_apart=True).files


def untried(engine: Engine, paths: Sequence[Path]) -> list[Path]:
    """Files that were never loaded or refused before, or were refused and may be right another time."""
    checksums = {path: _checksum(path) for path in paths}
    with reading(engine) as connection:
        known = read.known_files(connection, {one for one in checksums.values() if one}, but_refused_as=TRIED_AGAIN)
    return [path for path, checksum in checksums.items() if checksum not in known]


def _checksum(path: Path) -> str | None:
    """None for a file that cannot be taken: loading it says why."""
    try:
        with streamed(path, max_bytes=MAX_BYTES) as file:
            return file.sha256
    except FileRefused:
        return None


def _plain_files(folder: Path) -> dict[str, Mark]:
    found: dict[str, Mark] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                seen = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(seen.st_mode) and not _is_unfinished(entry.name):
                    found[entry.name] = Mark(seen.st_ino, seen.st_size, seen.st_mtime_ns)
    except FileNotFoundError:
        why = f"there is no inbox: expected the folder {printable_name(str(folder.absolute()))}"
        do = "make it and put the files into it, or set WAITLISTS_INBOX to the folder where they are"
        raise BadArgument(f"{why}; {do}", field="WAITLISTS_INBOX") from None
    except OSError as error:
        why = f"the inbox cannot be read: {folder}: {error.strerror}; let this user read it, or name another folder"
        raise BadArgument(f"{why} with WAITLISTS_INBOX", field="WAITLISTS_INBOX") from None
    return found


def _is_unfinished(name: str) -> bool:
    return name.lower().endswith(UNFINISHED)
