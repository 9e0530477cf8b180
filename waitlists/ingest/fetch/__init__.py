"""Takes a delivered file whole, once, with its checksum, or refuses it.

Only the last part of a path is kept, as a label; where a file lay is nobody's business later on.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from waitlists.errors import FileRefused
from waitlists.masks import masked

MAX_NAME = 255
"""Characters of a file name that are kept; the store has room for as many."""


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file as delivered: its name without a path, the sha256 of its bytes in hexadecimal, and the bytes.

    `written_ns` is when it was last written, in nanoseconds since 1970; 0 where that is not known, as from the web.
    """

    name: str
    sha256: str
    content: bytes
    written_ns: int = 0


def take(path: Path, *, max_bytes: int) -> TakenFile:
    """The file at `path`, read once.

    Parameters
    ----------
    max_bytes : size above which the file is refused unread

    Raises
    ------
    FileRefused
        NOT_FOUND, NOT_READABLE, NOT_REGULAR (a link, folder, pipe or device), EMPTY, TOO_LARGE, or CHANGING when the
        file was being written while it was read.
    """
    name = printable_name(path.name)
    descriptor = _open(path, name)
    try:
        before = os.fstat(descriptor)
        _check(before, name, max_bytes)
        with open(descriptor, "rb", closefd=False) as file:
            # One byte more than the size seen: a file that grew meanwhile shows itself.
            content = file.read(before.st_size + 1)
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    _check_settled(name, len(content), before, after)
    return TakenFile(name, hashlib.sha256(content).hexdigest(), content, after.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class StreamedFile:
    """A file that is read in parts and never whole: name, sha256 of its bytes, size, when written, the open file."""

    name: str
    sha256: str
    size: int
    written_ns: int
    content: BinaryIO


@contextmanager
def streamed(path: Path, *, max_bytes: int) -> Generator[StreamedFile]:
    """The file at `path`, open at its beginning; the block reads it, and it is looked at again when the block ends.

    Raises
    ------
    FileRefused
        As `take` does; CHANGING also when the file was written to while the block read it.
    """
    name = printable_name(path.name)
    descriptor = _open(path, name)
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        _check(before, name, max_bytes)
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
        length = file.tell()
        file.seek(0)
        yield StreamedFile(name, checksum, length, before.st_mtime_ns, file)
        _check_settled(name, length, before, os.fstat(descriptor))


def start_of(path: Path, *, size: int) -> bytes:
    """The first bytes of the file at `path`; none where it is no file or cannot be opened, which `take` then says."""
    try:
        descriptor = _open(path, printable_name(path.name))
    except FileRefused:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        return file.read(size) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""


def printable_name(name: str) -> str:
    """The name with nothing but printable characters, at most 255, the end kept since it holds the suffix.

    Files are named after children now and then: what looks like an NHS number or a mail address is masked.
    """
    cleaned = masked("".join(letter if letter.isprintable() else "_" for letter in name).strip())
    return cleaned[-MAX_NAME:] or "unnamed"


def _open(path: Path, name: str) -> int:
    """A descriptor that follows no link and does not wait for the other end of a pipe."""
    try:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError:
        raise FileRefused(f"there is no file {name}", code="NOT_FOUND") from None
    except OSError as error:
        raise _refusal(error, name) from None


def _refusal(error: OSError, name: str) -> FileRefused:
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}:
        return FileRefused(f"there is no file {name}", code="NOT_FOUND")
    if error.errno in {errno.ELOOP, errno.ENXIO}:
        return FileRefused(f"{name} is a link or a device; give the file itself", code="NOT_REGULAR")
    return FileRefused(f"{name} cannot be opened: {error.strerror}", code="NOT_READABLE")


def _check(found: os.stat_result, name: str, max_bytes: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise FileRefused(f"{name} is not a file but a folder, pipe or device", code="NOT_REGULAR")
    if found.st_size == 0:
        raise FileRefused(f"{name} is empty", code="EMPTY")
    if found.st_size > max_bytes:
        size, most = found.st_size / 2**20, max_bytes / 2**20
        raise FileRefused(f"{name} has {size:,.1f} MiB; at most {most:,.1f} MiB are taken", code="TOO_LARGE")


def _check_settled(name: str, length: int, before: os.stat_result, after: os.stat_result) -> None:
    if (length, after.st_size, after.st_mtime_ns) != (before.st_size, before.st_size, before.st_mtime_ns):
        raise FileRefused(f"{name} is still being written; load it when it is whole", code="CHANGING")
