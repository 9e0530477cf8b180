"""The whole database in one file, written while others go on working, and recorded as a run and in the audit."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from jobs.runs import Clock
from jobs.version import version
from waitlists.errors import BadArgument, DatabaseUnavailable
from waitlists.logs import logger, run_bound
from waitlists.running.backups import SUFFIX, Manifest
from waitlists.security.audit import Look
from waitlists.store import archive, audit, dumps, read, write
from waitlists.store.erased import erased
from waitlists.store.fingerprint import content_hash
from waitlists.store.revision import head_revision
from waitlists.store.session import writing

COMMAND = "backup"


@dataclass(frozen=True, slots=True)
class BackupOutcome:
    """The file that was written, its size, and how long it took."""

    path: Path
    size_bytes: int
    manifest: Manifest
    seconds: float

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
        return (asked or folder) / f"waitlists-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    if asked.suffix != SUFFIX:
        missing = "" if asked.exists() else f"the folder {asked} does not exist: create it, or mount its disk; else "
        raise BadArgument(f"{missing}give a folder, or a file whose name ends in {SUFFIX}", field="PATH")
    if asked.exists():
        raise BadArgument(f"{asked} is there already: a backup is never written over", field="PATH")
    return asked


def forget_older(made: Path, *, keep: int) -> int:
    """Delete backups of this command in the same folder, beyond the newest so many; how many went.

    Goes by their names, which begin with their time: a backup that somebody named stays.
    """
    own = sorted(made.parent.glob(f"waitlists-[0-9]*Z{SUFFIX}"))
    gone = [path for path in own[:-keep] if path != made]
    for path in gone:
        path.unlink()
    return len(gone)


def backup(engine: Engine, path: Path, *, clock: Clock) -> BackupOutcome:
    """Write the database as it is at one moment to a new file, read it back, and record that it was made.

    Raises
    ------
    BadArgument
        Its folder is not there, or another backup is being written into it.
    DatabaseUnavailable
        The database cannot be read, or the disk is full; no file is left.
    """
    started = clock()
    write_out = _of_sqlite if engine.dialect.name == "sqlite" else _of_postgresql
    try:
        with archive.alone_in(path.parent):
            manifest = write_out(engine, path, started)
    except DatabaseUnavailable as error:
        with suppress(DatabaseUnavailable):
            _record(engine, started, clock(), "failed", {"reason": type(error).__name__})
        raise
    size, ended = path.stat().st_size, clock()
    run_id = _record(engine, started, ended, "done", {"bytes": size, "dataset_version": manifest.dataset_version})
    with run_bound(run_id):
        logger().info("backup.written", bytes=size, dataset_version=manifest.dataset_version)
    return BackupOutcome(path, size, manifest, (ended - started).total_seconds())


def _of_sqlite(engine: Engine, path: Path, made_at: datetime) -> Manifest:
    copy = path.with_name(f".{path.name}.copy")
    try:
        with archive.private_file(copy), dumps.sqlite_moment(engine, copy) as connection:
            describe = _described(connection, made_at)
        # Closed, so that all of it is in the one file.
        return archive.write_archive(path, [(dumps.SQLITE_PART, dumps.file_chunks(copy))], describe)
    except OSError as error:
        raise DatabaseUnavailable(f"the backup {path} cannot be written: {error.strerror}") from error
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


def _record(engine: Engine, started: datetime, ended: datetime, how: str, summary: Mapping[str, object]) -> int:
    """Record the run and its trace after the fact, so that no backup holds a run of itself that never ended."""
    with writing(engine) as connection:
        run_id = write.start_run(connection, command=COMMAND, as_of=None, now=started)
        write.finish_run(connection, run_id, status=how, summary=summary, now=ended)
        result = 0 if how == "done" else DatabaseUnavailable.exit_code
        audit.append(connection, [Look(ended, "command", "admin", COMMAND, None, None, result)])
    return run_id
