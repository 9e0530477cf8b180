"""A database put back from a backup: checked before anything is touched, and whole at one moment for its readers.

Children erased, keys revoked, subscribers removed and warnings taken since it was made are so again, as far as is
known here, until the very moment from which nobody else can write.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from jobs.database import closing, engine_for_loading, migrated, ready_engine, sqlite_file
from jobs.runs import Clock
from waitlists.errors import BadArgument, FileRefused
from waitlists.logs import logger, run_bound
from waitlists.periods import london_date
from waitlists.running.backups import Erased, Manifest, check_fits, check_whole, refused
from waitlists.security.audit import Look
from waitlists.store import archive, audit, dumps, outbox, write
from waitlists.store.erase import empty_log, erase_expired, erase_pseudonyms
from waitlists.store.erased import erased, held_though_erased
from waitlists.store.fingerprint import content_hash
from waitlists.store.irrevocable import Irrevocable, end_again, irrevocable
from waitlists.store.restored import COMMAND, MADE_AT, MAIL_UNKNOWN_UNTIL, mail_unknown_until, run_marks
from waitlists.store.revision import current_revision, head_revision
from waitlists.store.session import make_engine, reading, writing


@dataclass(frozen=True, slots=True)
class Asked:
    """What to restore, whether over what is there, and how long records are kept (None: nobody said)."""

    path: Path
    is_replacing: bool
    retention_weeks: int | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class Settled:
    """What was done to the data put back: the run and version that show it, what was erased again, and mail held.

    `is_later_known` where the database that was replaced went on from the backup, and so knew what was erased, revoked
    and sent since: an empty one does not, nor one of another history.
    """

    run_id: int
    dataset_version: int
    versions: int
    quarantined: int
    held: int
    is_later_known: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and how long it took."""

    manifest: Manifest
    settled: Settled
    seconds: float

    @property
    def is_later_known(self) -> bool:
        """Whether all that was erased, revoked and sent since the backup is known here."""
        return self.settled.is_later_known

    def as_json(self) -> dict[str, Any]:
        """Every fact, times in ISO form."""
        return {
            "made_at": self.manifest.made_at.isoformat(),
            "revision": self.manifest.revision,
            "content_hash": self.manifest.content_hash,
            "backed_up_version": self.manifest.dataset_version,
            "dataset_version": self.settled.dataset_version,
            "rows": dict(self.manifest.rows),
            "erased_again": {"versions": self.settled.versions, "quarantined": self.settled.quarantined},
            "is_later_known": self.is_later_known,
            "mail_held": self.settled.held,
            "seconds": round(self.seconds, 3),
        }


def restore(url: str, asked: Asked) -> Restored:
    """Put a backup back into the database of an address, which is made where there is none.

    Readers see what was there until all of the backup is in place; it is then published as a new dataset version.

    Raises
    ------
    FileRefused
        The file is no backup, damaged, of the other kind of database, or does not hold what it says.
    SchemaMismatch
        It, or the database, is at another schema revision.
    BadArgument
        Something is in the database already and nobody said to replace it.
    """
    started = asked.clock()
    manifest = archive.checked_manifest(asked.path)
    check_fits(manifest, kind="postgresql" if sqlite_file(url) is None else "sqlite", revision=head_revision())
    later = _erased_in_other_backups(asked.path)
    with closing(_engine_on(url)) as engine:
        put_back = _into_sqlite if engine.dialect.name == "sqlite" else _into_postgresql
        settled = put_back(engine, manifest, later, asked)
    with run_bound(settled.run_id):
        logger().info("backup.restored", dataset_version=settled.dataset_version)
    return Restored(manifest, settled, (asked.clock() - started).total_seconds())


def _engine_on(url: str) -> Engine:
    """The database to restore into; one without a schema is given it."""
    if sqlite_file(url) is not None:
        return engine_for_loading(url)[0]
    engine = make_engine(url)
    with reading(engine) as connection:
        is_empty = current_revision(connection) is None
    if is_empty:
        migrated(engine)
        return engine
    engine.dispose()
    return ready_engine(url)


def _erased_in_other_backups(path: Path) -> frozenset[Erased]:
    """What the backups beside this one know to be erased: a later one knows more."""
    found: set[Erased] = set()
    for other in archive.beside(path):
        try:
            found.update(archive.manifest_of(other).erased)
        except (FileRefused, BadArgument) as error:
            logger().warning("backup.unreadable", kind=type(error).__name__)
    return frozenset(found)


def _into_sqlite(engine: Engine, manifest: Manifest, later: frozenset[Erased], asked: Asked) -> Settled:
    """Check a copy beside the database before anything is touched; settle it once nobody can write there any more."""
    target = Path(str(engine.url.database))
    copy = target.with_name(f".{target.name}.restoring")
    _away(copy)
    try:
        with archive.private_file(copy) as file:
            for chunk in archive.part(asked.path, dumps.SQLITE_PART, manifest):
                file.write(chunk)
        with closing(make_engine(f"sqlite:///{copy}")) as copied:
            if not dumps.is_whole(copied):
                raise refused("holds a database that was damaged before it was made: take another one")
            with reading(copied) as connection:
                _check(connection, manifest)

            def settle() -> Settled:
                with reading(engine) as connection:
                    there = _what_is_there(connection, manifest, later, asked)
                with writing(copied) as connection:
                    return _settle(connection, manifest, there, asked)

            answer = dumps.overwrite_sqlite(copy, engine, settle)
        empty_log(engine)
    finally:
        _away(copy)
    return answer


def _away(copy: Path) -> None:
    """Leave no copy, nor the log of one that a killed restore left: SQLite would write it into the next copy."""
    for suffix in ("", "-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)


def _into_postgresql(engine: Engine, manifest: Manifest, later: frozenset[Erased], asked: Asked) -> Settled:
    """All in the one writer's transaction: what is wrong takes everything back."""
    with writing(engine) as connection:
        there = _what_is_there(connection, manifest, later, asked)
        dumps.overwrite_postgresql(
            connection, {name: archive.part(asked.path, name, manifest) for name in manifest.parts}
        )
        _check(connection, manifest)
        return _settle(connection, manifest, there, asked)


@dataclass(frozen=True, slots=True)
class _There:
    """What a database holds that is replaced: nothing or something, its runs, and what was ended for good.

    `unknown_until` is the last day about which it did not itself know what mail was sent.
    """

    is_blank: bool
    runs: frozenset[tuple[int, datetime]]
    ended: Irrevocable
    unknown_until: date | None

    def goes_on_from(self, last_run: tuple[int, datetime] | None) -> bool:
        """Whether it has gone through the last run of a backup, and so knows what came after it."""
        return last_run in self.runs if last_run else not self.is_blank


def _what_is_there(connection: Connection, manifest: Manifest, later: frozenset[Erased], asked: Asked) -> _There:
    """What is known, here or from later backups, to be ended for good, and how far that reaches."""
    was_blank = dumps.is_blank(connection)
    if not (was_blank or asked.is_replacing):
        raise BadArgument(
            "the database is not empty: make a backup of it, then say --replace to lose what is in it",
            field="--replace",
        )
    ended = irrevocable(connection, since=manifest.made_at)
    ended = replace(ended, erased=ended.erased | later)
    return _There(was_blank, frozenset(run_marks(connection)), ended, mail_unknown_until(connection))


def _check(connection: Connection, manifest: Manifest) -> None:
    """Refuse what is not what was backed up."""
    check_whole(manifest, content_hash=content_hash(connection), rows=dumps.counts(connection))


def _settle(connection: Connection, manifest: Manifest, there: _There, asked: Asked) -> Settled:
    """End again what was ended since the backup, and publish what was put back."""
    is_later_known = there.goes_on_from(max(run_marks(connection), default=None))
    end_again(connection, there.ended)
    again = erase_pseudonyms(connection, held_though_erased(connection, erased(connection)))
    versions, quarantined = again.versions, again.quarantined
    if asked.retention_weeks is not None:
        before = london_date(asked.clock()) - timedelta(weeks=asked.retention_weeks)
        expired = erase_expired(connection, before=before)
        versions, quarantined = versions + expired.versions, quarantined + expired.quarantined
    now = asked.clock()
    run_id = write.start_run(connection, command=COMMAND, as_of=None, now=now)
    version = write.publish(connection, run_id=run_id, now=now, above=there.ended.version)
    # Whoever had the database since may have written to people about every day until this one.
    unknown_until = there.unknown_until if is_later_known else london_date(now)
    held = 0 if is_later_known else outbox.hold(connection, now=now)
    told = {MADE_AT: manifest.made_at.isoformat(), "backed_up_version": manifest.dataset_version}
    known = {MAIL_UNKNOWN_UNTIL: unknown_until.isoformat() if unknown_until else None, "mail_held": held}
    summary = {**told, **known, "versions": versions, "quarantined": quarantined}
    write.finish_run(connection, run_id, status="done", summary=summary, now=now)
    about = f"{COMMAND} of {manifest.made_at:%Y-%m-%dT%H:%MZ}: {versions} versions erased again"
    audit.append(connection, [Look(now, "command", "admin", about, None, None, 0)])
    return Settled(run_id, version, versions, quarantined, held, is_later_known)
