"""What ends while a restore works, or ended since the backup: it stays so, or whoever ends it is told it did not."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, insert, select

from jobs.backup import backup
from jobs.restore import Asked, restore
from tests.deliveries import MARCH, load, parsed
from tests.faults.test_backup_faults import KEY, LISTS, MONDAY, address, asked, hash_of, ticking
from waitlists.errors import DatabaseUnavailable
from waitlists.running.backups import SUFFIX
from waitlists.store import tables
from waitlists.store.session import make_engine, reading, writing
from waitlists.store.warnings import Taken, add_taken, taken_until


def test_what_ends_while_a_restore_works_stays_ended_or_is_refused(sqlite_database, tmp_path):
    """The clock is asked before, in the middle and after: each time others, in threads of their own, revoke a key."""
    prefixes = [f"0badf0{number:02}" for number in range(9)]
    with writing(sqlite_database) as connection:
        connection.execute(insert(tables.api_key), [{**KEY, "prefix": prefix} for prefix in prefixes])
    made = backup(sqlite_database, tmp_path / f"one{SUFFIX}", clock=ticking())
    impatient = make_engine(address(sqlite_database), busy_timeout=0)
    ended, refused, waiting = [], [], []

    def revoke(engine: Engine, prefix: str) -> str:
        with writing(engine) as connection:
            found = tables.api_key.update().where(tables.api_key.c.prefix == prefix)
            connection.execute(found.values(revoked_at=MONDAY))
        return prefix

    def clock() -> datetime:
        prefix = prefixes.pop()
        try:
            ended.append(pool.submit(revoke, impatient, prefix).result())
        except DatabaseUnavailable:
            refused.append(prefix)
            waiting.append(pool.submit(revoke, sqlite_database, prefixes.pop()))
        return MONDAY

    with ThreadPoolExecutor(4) as pool:
        restore(address(sqlite_database), Asked(made.path, is_replacing=True, retention_weeks=None, clock=clock))
    impatient.dispose()
    ended += [one.result() for one in waiting]
    with reading(sqlite_database) as connection:
        keys = tables.api_key
        revoked = connection.execute(select(keys.c.prefix).where(keys.c.revoked_at.is_not(None))).scalars().all()
    assert sorted(revoked) == sorted(ended)
    assert len(ended) == 3
    # The last may meet the one of the middle, which waited and is being written.
    assert len(refused) in {1, 2}


def test_a_warning_taken_since_is_not_asked_about_again(database, tmp_path):
    first = Taken("a" * 16, MONDAY, MONDAY.date(), date(2026, 12, 7), "key 1", "provider", "low", "more clinics")
    with writing(database) as connection:
        add_taken(connection, first)
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    later = replace(first, warning="b" * 16, at=MONDAY + timedelta(hours=1))
    with writing(database) as connection:
        add_taken(connection, later)
    for _ in range(2):
        restore(address(database), asked(made.path, is_replacing=True))
        with reading(database) as connection:
            assert list(taken_until(connection, MONDAY.date())) == [first, later]


def test_what_a_killed_restore_left_is_not_mixed_into_the_next_one(sqlite_database, tmp_path):
    load(sqlite_database, parsed(MARCH, LISTS))
    made = backup(sqlite_database, tmp_path / f"one{SUFFIX}", clock=ticking())
    file = Path(sqlite_database.url.database)
    left = file.with_name(f".{file.name}.restoring-wal")
    load(sqlite_database, parsed(date(2025, 4, 30), LISTS))
    shutil.copy(file.with_name(f"{file.name}-wal"), left)
    restore(address(sqlite_database), asked(made.path, is_replacing=True))
    assert hash_of(sqlite_database) == made.manifest.content_hash
    assert not left.exists()
