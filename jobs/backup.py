"""The whole database in one file, written while others go on working, and recorded as a run and in the audit."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from jobs.runs import Clock
from jobs.version import version
from waitlists.errors import BackupNotWritten, BadArgument, DatabaseUnavailable
from waitlists.logs import logger, run_bound
from waitlists.running.backups import SUFFIX, Manifest, made_at, name_of
from waitlists.security.audit import Look
from waitlists.store import archive, audit, dumps, read, write
from waitlists.store.erased import erased
from waitlists.store.fingerprint import content_hash
from waitlists.store.revision import head_revision
from waitlists.store.session import writing

COMMAND = "backup"

Past = Callable[[Iterable[str]], set[str]]
"""Of the names in a folder those of backups whose time has passed."""


@dataclass(frozen=True, slots=True)
class BackupOutcome:
    """The file that was written, its size, how long it took, and what became of those whose time has passed."""

    path: Path
    size_bytes: int
    manifest: Manifest
    seconds: float
    deleted: int
    problems: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Every fact, times in ISO form."""
        return {
            "file": str(self.path),
            "size_bytes": self.size_bytes,
            "seconds": round(self.seconds, 3),
            "made_at": self.manifest.made_at.isoformat(),
            "database": self.manifest.kind,
            "revision": self.manifest.revision,
            "dataset_version": self.manifest.dataset_version,
            "content_hash": self.manifest.content_hash,
            "deleted": self.deleted,
            "problems": list(self.problems),
        }


def place_for(asked: Path | None, folder: Path, *, now: datetime) -> Path:
    """Where a backup goes: into the file asked for, or under a name of its own into that folder or the usual one.

    Raises
    ------
    BadArgument
        The folder asked for is not there; the file asked for is, or is not called a backup.
    """
    if asked is None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if asked is None or asked.is_dir():
        return (asked or folder) / name_of(now)
    if asked.suffix != SUFFIX:
        missing = "" if asked.exists() else f"the folder {asked} does not exist: create it, or mount its disk; else "
        raise BadArgument(f"{missing}give a folder, or a file whose name ends in {SUFFIX}", field="PATH")
    if asked.exists():
        raise BadArgument(f"{asked} is there already: a backup is never written over", field="PATH")
    return asked


def none_past(_names: Iterable[str]) -> set[str]:
    """Every backup stays."""
    return set()


def backup(engine: Engine, path: Path, *, clock: Clock, past: Past = none_past) -> BackupOutcome:
    """Write the database as it is at one moment to a new file, read it back, and record that it was made.

    Those of the same folder whose time has `past` are deleted, whether a new one could be written or not; never the
    newest that is whole.

    Raises
    ------
    BadArgument
        Its folder is not there, or another backup is being written into it.
    BackupNotWritten
        Its folder is full or cannot be written; no file is left.
    DatabaseUnavailable
        The database cannot be read.
    """
    started = clock()
    try:
        manifest, deleted, problems = _written(engine, path, started, past)
    except (BackupNotWritten, DatabaseUnavailable) as error:
        logger().error("backup.not_written", reason=str(error))
        with suppress(DatabaseUnavailable):
            _record(engine, started, clock(), error.exit_code, {"reason": type(error).__name__})
        raise
    size, ended = path.stat().st_size, clock()
    run_id = _record(engine, started, ended, 0, {"bytes": size, "dataset_version": manifest.dataset_version})
    with run_bound(run_id):
        logger().info("backup.written", bytes=size, dataset_version=manifest.dataset_version)
    return BackupOutcome(path, size, manifest, (ended - started).total_seconds(), deleted, problems)


def _written(engine: Engine, path: Path, started: datetime, past: Past) -> tuple[Manifest, int, tuple[str, ...]]:
    write_out = _of_sqlite if engine.dialect.name == "sqlite" else _of_postgresql
    try:
        with archive.alone_in(path.parent):
            try:
                manifest = write_out(engine, path, started)
            finally:
                # A full disk may have room for the next try then, and no failure keeps records past their time.
                deleted, problems = _forget(path, past)
    except OSError as error:
        raise BackupNotWritten(f"the backup {path} cannot be written: {error.strerror}") from error
    return manifest, deleted, problems


def _forget(made: Path, past: Past) -> tuple[int, tuple[str, ...]]:
    """Delete what is past its time beside a backup; how many went, and what kept the others."""
    own = {other.name: other for other in made.parent.iterdir() if made_at(other.name)}
    newest = next((name for name in sorted(own, reverse=True) if archive.is_backup(own[name])), None)
    going = sorted(past(own) - {made.name, newest})
    kept: list[str] = []
    for name in going:
        try:
            own[name].unlink(missing_ok=True)
        except OSError as error:
            kept.append(str(error.strerror))
    deleted = len(going) - len(kept)
    if deleted:
        logger().info("backup.deleted", count=deleted)
    if not kept:
        return deleted, ()
    logger().warning("backup.not_deleted", count=len(kept))
    which = "a backup whose time is past" if len(kept) == 1 else f"{len(kept):,} backups whose time is past"
    why = f"{which} cannot be deleted from {made.parent} ({', '.join(sorted(set(kept)))})"
    return deleted, (f"{why}: delete by hand what is older than the others, or let this user delete there",)


def _of_sqlite(engine: Engine, path: Path, made_at: datetime) -> Manifest:
    copy = path.with_name(f".{path.name}.copy")
    try:
        with archive.private_file(copy), dumps.sqlite_moment(engine, copy) as connection:
            describe = _described(connection, made_at)
        # Closed, so that all of it is in the one file.
        return archive.write_archive(path, [(dumps.SQLITE_PART, dumps.file_chunks(copy))], describe)
    finally:
        copy.unlink(missing_ok=True)


def _of_postgresql(engine: Engine, path: Path, made_at: datetime) -> Manifest:
    with dumps.postgresql_moment(engine) as connection:
        describe = _described(connection, made_at)
        return archive.write_archive(path, dumps.tables_out(connection), describe)


def _described(connection: Connection, made_at: datetime) -> Callable[[Mapping[str, str]], Manifest]:
    """Read now what the manifest says; the checksums of the parts come when they are written."""
    shown = read.latest_version(connection)
    about: dict[str, Any] = {
        "kind": connection.dialect.name,
        "revision": head_revision(),
        "software": version(),
        "made_at": made_at,
        "dataset_version": shown.version if shown else 0,
        "content_hash": content_hash(connection),
        "rows": dumps.counts(connection),
        "erased": erased(connection),
    }
    return lambda parts: Manifest(parts=dict(parts), **about)


def _record(engine: Engine, started: datetime, ended: datetime, result: int, summary: Mapping[str, object]) -> int:
    """Record the run and its trace after the fact, so that no backup holds a run of itself that never ended."""
    with writing(engine) as connection:
        run_id = write.start_run(connection, command=COMMAND, as_of=None, now=started)
        write.finish_run(connection, run_id, status="failed" if result else "done", summary=summary, now=ended)
        audit.append(connection, [Look(ended, "command", "admin", COMMAND, None, None, result)])
    return run_id
