"""One file a backup: written beside its name, looked over, then given its name at once; readable by its owner alone.

A zip archive with a manifest (`waitlists.running.backups`). Every part has its checksum in the manifest and the
archive's comment is that of the manifest, so no byte can change unnoticed.
"""

import fcntl
import os
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from waitlists.errors import BadArgument, FileRefused
from waitlists.running.backups import SUFFIX, Manifest, refused

MANIFEST: Final = "manifest.json"
_CHUNK = 1 << 20
_LARGEST_MANIFEST = 64 << 20
_SOME_DAY = (1980, 1, 1, 0, 0, 0)
"""Written to every part: a zip archive has no time zone, the manifest says when."""

Parts = Iterable[tuple[str, Iterable[bytes]]]
Describe = Callable[[Mapping[str, str]], Manifest]


def write_archive(path: Path, parts: Parts, describe: Describe) -> Manifest:
    """Write parts and then the manifest that `describe` makes of their checksums.

    Raises
    ------
    BadArgument
        There is a file of this name.
    OSError
        The disk is full or cannot be written; nothing is left behind.
    """
    if path.exists():
        raise BadArgument(f"{path} is there already: a backup is never written over", field="PATH")
    partial = path.with_name(f".{path.name}.part")
    try:
        with private_file(partial) as file:
            manifest = _write(file, parts, describe)
        checked_manifest(partial)
        partial.rename(path)
        _keep_name(path.parent)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


@contextmanager
def alone_in(folder: Path) -> Generator[None]:
    """Write backups into a folder while no other process does; what one that was killed left there goes first.

    Raises
    ------
    BadArgument
        There is no such folder, or another backup is being written into it.
    """
    if not folder.is_dir():
        raise BadArgument(f"the folder {folder} does not exist: create it", field="PATH")
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for left in folder.glob(f".*{SUFFIX}.*"):
            left.unlink(missing_ok=True)
        yield
    except BlockingIOError:
        raise BadArgument(f"another backup is being written into {folder}: wait for it", field="PATH") from None
    finally:
        os.close(opened)


@contextmanager
def private_file(path: Path) -> Generator[IO[bytes]]:
    """A new file that its owner alone may read, on the disk when the block ends; one left there by a kill goes."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def manifest_of(path: Path) -> Manifest:
    """What a backup says of itself.

    Raises
    ------
    FileRefused
        It is none, or its manifest is damaged.
    """
    with _opened(path) as archive:
        return _manifest(archive)


def checked_manifest(path: Path) -> Manifest:
    """What a backup says of itself, once every byte of its parts was compared with its checksum.

    Raises
    ------
    FileRefused
        It is no backup, or one that is damaged.
    """
    with _opened(path) as archive:
        manifest = _manifest(archive)
        for name in manifest.parts:
            for _ in _chunks(archive, name, manifest):
                pass
    return manifest


def is_backup(path: Path) -> bool:
    """Whether a file is a backup, by what it says of itself; its parts are not read."""
    try:
        manifest_of(path)
    except (BadArgument, FileRefused):
        return False
    return True


def part(path: Path, name: str, manifest: Manifest) -> Generator[bytes]:
    """The bytes of one part; whoever reads to the end has read what was written.

    Raises
    ------
    FileRefused
        The part is not there, or damaged.
    """
    with _opened(path) as archive:
        yield from _chunks(archive, name, manifest)


def beside(path: Path) -> list[Path]:
    """Other backups in the same folder."""
    return sorted(other for other in path.parent.glob(f"*{SUFFIX}") if other.name != path.name)


def _write(file: IO[bytes], parts: Parts, describe: Describe) -> Manifest:
    sums: dict[str, str] = {}
    # Level 1: half the time of the usual level for a file a tenth larger.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, chunks in parts:
            sums[name] = _add(archive, name, chunks)
        manifest = describe(sums)
        content = manifest.to_bytes()
        _add(archive, MANIFEST, [content])
        archive.comment = sha256(content).hexdigest().encode()
    return manifest


def _add(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes]) -> str:
    known = zipfile.ZipInfo(name, _SOME_DAY)
    known.compress_type = zipfile.ZIP_DEFLATED
    total = sha256()
    with archive.open(known, "w", force_zip64=True) as file:
        for chunk in chunks:
            total.update(chunk)
            file.write(chunk)
    return total.hexdigest()


@contextmanager
def _opened(path: Path) -> Generator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise refused(f"{path} is damaged, or no backup: take another one") from None
    except OSError as error:
        raise BadArgument(f"the backup {path} cannot be read: {error.strerror or 'damaged'}", field="PATH") from None


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        size = archive.getinfo(MANIFEST).file_size
    except KeyError:
        raise refused("holds no list of its parts: it is some other archive") from None
    if size > _LARGEST_MANIFEST:
        raise refused("has a list of parts larger than any this software writes")
    content = archive.read(MANIFEST)
    if sha256(content).hexdigest().encode() != archive.comment:
        raise refused("is damaged: its list of parts has another checksum")
    return Manifest.from_bytes(content)


def _chunks(archive: zipfile.ZipFile, name: str, manifest: Manifest) -> Generator[bytes]:
    total = sha256()
    try:
        file = archive.open(name)
    except KeyError:
        raise refused(f"has lost its part {name}") from None
    with file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
            yield chunk
    if total.hexdigest() != manifest.parts.get(name):
        raise refused(f"is damaged: its part {name} has another checksum")


def _keep_name(folder: Path) -> None:
    """Have the new name itself on the disk, and not only the file's bytes."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
