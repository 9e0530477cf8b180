"""F24: backups made while others write, put back on an empty host; and what is refused, erased again or kept."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select, text

from jobs.backup import backup, place_for
from jobs.records.erase import erase
from jobs.restore import Asked, restore
from tests.databases import _postgresql, sqlite_template
from tests.deliveries import MARCH, load, parsed
from waitlists.errors import BadArgument, DatabaseUnavailable, FileRefused, SchemaMismatch
from waitlists.mail.outgoing import MailState, Outgoing
from waitlists.running.backups import SUFFIX
from waitlists.store import archive, audit, outbox, read, tables
from waitlists.store.dumps import overwrite_sqlite
from waitlists.store.erase import erase_pseudonyms
from waitlists.store.erased import erased
from waitlists.store.fingerprint import content_hash
from waitlists.store.session import check_integrity, make_engine, reading, writing

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 11, 16, 6, tzinfo=UTC)
MONTHS = [date(2023 + number // 12, number % 12 + 1, 28) for number in range(20)]
LISTS = {(f"CYP_{number:02}", org): number for number in range(12) for org in ("QKS", "RYY")}


def ticking() -> Callable[[], datetime]:
    """A clock that moves on by a second each time it is asked."""
    moments = (MONDAY + timedelta(seconds=number) for number in range(1_000_000))
    return lambda: next(moments)


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def asked(path: Path, *, is_replacing: bool = False, weeks: int | None = None) -> Asked:
    return Asked(path, is_replacing, weeks, ticking())


def hash_of(engine: Engine) -> str:
    with reading(engine) as connection:
        return content_hash(connection)


@pytest.fixture
def elsewhere(database_url, tmp_path):
    """The address of another database of the same kind, without even a schema."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'elsewhere.db'}"
    else:
        yield from _postgresql(template="template0")


def test_f24_backups_made_during_loads_are_whole_and_restore_to_the_same_dataset(
    database, database_url, elsewhere, tmp_path
):
    hashes = hashes_by_version(tmp_path / "reference.db")
    load(database, parsed(MONTHS[0], LISTS))

    def load_the_rest() -> None:
        other = make_engine(database_url)
        for month in MONTHS[1:]:
            load(other, parsed(month, LISTS))
        other.dispose()

    made = []
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load_the_rest)
        while not loading.done() or not made:
            with reading(database) as connection:
                committed = read.latest_version(connection).version
            made.append(backup(database, tmp_path / f"{len(made)}{SUFFIX}", clock=ticking()))
            manifest = made[-1].manifest
            assert manifest.dataset_version >= committed, "nothing that was committed before is lost"
            assert manifest.content_hash == hashes[manifest.dataset_version]
        loading.result()
    for one in (made[0], made[-1]):
        restored = restore(elsewhere, asked(one.path, is_replacing=True))
        engine = make_engine(elsewhere)
        assert hash_of(engine) == one.manifest.content_hash
        check_integrity(engine)
        engine.dispose()
        assert restored.seconds > 0


def hashes_by_version(file: Path) -> dict[int, str]:
    """What each version has to hold, from loads that nothing disturbed."""
    shutil.copy(sqlite_template(), file)
    engine, hashes = make_engine(f"sqlite:///{file}"), {}
    for version, month in enumerate(MONTHS, start=1):
        load(engine, parsed(month, LISTS))
        hashes[version] = hash_of(engine)
    engine.dispose()
    return hashes


def test_f24_everything_is_put_back_not_figures_alone(database, elsewhere, tmp_path):
    load(database, parsed(MARCH, LISTS))
    put_a_child(database, "a" * 64)
    with writing(database) as connection:
        connection.execute(insert(tables.api_key), [KEY])
    made = backup(database, tmp_path / f"all{SUFFIX}", clock=ticking())
    restored = restore(elsewhere, asked(made.path))
    assert restored.is_later_known is False
    assert restored.settled.dataset_version == made.manifest.dataset_version + 1
    engine = make_engine(elsewhere)
    with reading(engine) as connection:
        found = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.metadata.tables.items()
        }
        assert audit.verified(connection).broken is None
        assert [run.command for run in read.runs(connection, limit=9)] == ["load", "restore"]
    more = {"run": 1, "dataset_version": 1, "audit": 1}
    assert found == {name: count + more.get(name, 0) for name, count in made.manifest.rows.items()}
    load(engine, parsed(date(2025, 4, 30), LISTS))
    assert latest(engine) == made.manifest.dataset_version + 2
    with pytest.raises(Exception, match="only grows"), writing(engine) as connection:
        connection.execute(text("DELETE FROM audit"))
    engine.dispose()


def test_what_was_revoked_or_removed_since_stays_so(database, tmp_path):
    with writing(database) as connection:
        connection.execute(insert(tables.api_key), [KEY, {**KEY, "prefix": "0badf11d"}])
        people = {"role": "board", "services": [], "organisations": [], "standards": [], "wants_csv": False}
        addresses = [{"address": f"{name}@example.org", "created_at": MONDAY} for name in ("board", "other")]
        connection.execute(insert(tables.subscriber), [{**people, **one} for one in addresses])
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    keys, subscribers = tables.api_key, tables.subscriber
    with writing(database) as connection:
        connection.execute(keys.update().where(keys.c.prefix == "0badf00d").values(revoked_at=MONDAY))
        gone = subscribers.update().where(subscribers.c.address == "board@example.org")
        connection.execute(gone.values(address=None, removed_at=MONDAY))
    restore(address(database), asked(made.path, is_replacing=True))
    with reading(database) as connection:
        revoked = connection.execute(select(keys.c.prefix).where(keys.c.revoked_at.is_not(None))).scalars().all()
        reached = connection.execute(select(subscribers.c.address)).scalars().all()
    assert revoked == ["0badf00d"]
    assert sorted(reached, key=str) == [None, "other@example.org"]


def test_mail_that_was_sent_since_is_not_sent_again(database, tmp_path):
    """Neither what was queued when the backup was made nor what its week, done again, would queue anew."""
    with writing(database) as connection:
        people = {"role": "board", "services": [], "organisations": [], "standards": [], "wants_csv": False}
        connection.execute(insert(tables.subscriber), [{**people, "address": "a@example.org", "created_at": MONDAY}])
        outbox.queue(connection, [mail("first", 1), mail("waits", 1, WEEK)], now=MONDAY)
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    with writing(database) as connection:
        connection.execute(insert(tables.subscriber), [{**people, "address": "b@example.org", "created_at": MONDAY}])
        outbox.queue(connection, [mail("second", 1, 2 * WEEK), mail("to one who came later", 2)], now=MONDAY)
        sent = {"state": "sent", "settled_at": MONDAY + timedelta(hours=1)}
        connection.execute(tables.outbox.update().where(tables.outbox.c.message_id != "<waits>").values(**sent))
    restore(address(database), asked(made.path, is_replacing=True))
    with writing(database) as connection:
        again = [mail("first with other settings", 1), mail("second", 1, 2 * WEEK)]
        assert outbox.queue(connection, again, now=MONDAY) == 0
        found = connection.execute(select(tables.outbox.c.message_id, tables.outbox.c.state)).all()
    assert sorted(map(tuple, found)) == [("<first>", "sent"), ("<second>", "sent"), ("<waits>", "queued")]


def test_mail_on_its_way_during_a_restore_is_settled_by_its_sender(database, tmp_path):
    """One was queued before the backup and one after it, whose number is another mail's in what was put back."""
    with writing(database) as connection:
        people = {"role": "board", "services": [], "organisations": [], "standards": [], "wants_csv": False}
        connection.execute(insert(tables.subscriber), [{**people, "address": "a@example.org", "created_at": MONDAY}])
        outbox.queue(connection, [mail("first", 1)], now=MONDAY)
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    with writing(database) as connection:
        outbox.queue(connection, [mail("gone", 1, 3 * WEEK), mail("second", 1, WEEK)], now=MONDAY)
        connection.execute(tables.outbox.delete().where(tables.outbox.c.message_id == "<gone>"))
        first, second = (outbox.take(connection, now=MONDAY, lease=timedelta(hours=1)) for _ in range(2))
    restore(address(database), asked(made.path, is_replacing=True))
    with writing(database) as connection:
        outbox.queue(connection, [mail("third", 1, 2 * WEEK)], now=MONDAY)
        third = outbox.take(connection, now=MONDAY, lease=timedelta(hours=1))
        assert third.message_id == "<third>", "what is on its way is taken by nobody else"
        assert third.id == second.id
        assert all(outbox.settle(connection, one, MailState.SENT, now=MONDAY) for one in (first, second))
        found = connection.execute(select(tables.outbox.c.message_id, tables.outbox.c.state)).all()
    assert sorted(map(tuple, found)) == [("<first>", "sent"), ("<second>", "sent"), ("<third>", "queued")]


WEEK = timedelta(weeks=1)


def mail(name: str, subscriber: int, later: timedelta = timedelta()) -> Outgoing:
    return Outgoing(f"<{name}>", "weekly", MONDAY.date() + later, subscriber, name.encode())


KEY = {
    "prefix": "0badf00d",
    "hash": "f" * 64,
    "role": "board",
    "organisations": ["QKS"],
    "name": "",
    "created_at": MONDAY,
    "expires_at": MONDAY + timedelta(days=365),
}


def latest(engine: Engine) -> int:
    with reading(engine) as connection:
        return read.latest_version(connection).version


def put_a_child(engine: Engine, *pseudonyms: str) -> None:
    """A referral and a quarantined row for each pseudonym."""
    with writing(engine) as connection:
        delivery = connection.execute(select(func.max(tables.delivery.c.id))).scalar_one()
        first = (connection.execute(select(func.max(tables.referral.c.version_id))).scalar() or 0) + 1
        for number, pseudonym in enumerate(pseudonyms, start=first):
            connection.execute(insert(tables.referral).values(version_id=number, identity=number, **child(pseudonym)))
            raw = {"pseudonym_id": f"{pseudonym}!"}
            row = {"delivery_id": delivery, "rule": "ODD", "pseudonym_id": None, "raw": raw, "state": "held"}
            connection.execute(insert(tables.quarantine), [row])


def child(pseudonym: str) -> dict[str, object]:
    return {
        "delivery_id": 1,
        "known_from": MARCH,
        "stated_on": MARCH,
        "is_absent": False,
        "digest": 1,
        "pseudonym_id": pseudonym,
        "service": "SALT",
        "waiting_for": "assessment",
        "service_request_identifier": pseudonym[:8],
        "organisation_identifier_code_of_provider": "RYY",
        "organisation_identifier_code_of_commissioner": "QKS",
        "referral_request_received_date": date(2024, 1, 8),
        "age_band": "5-10",
        "snapshot_date": MARCH,
        "source_system": "test",
    }


def held(engine: Engine) -> tuple[set[str], int]:
    with reading(engine) as connection:
        names = set(connection.execute(select(tables.referral.c.pseudonym_id)).scalars())
        return names, connection.execute(select(func.count()).select_from(tables.quarantine)).scalar_one()


def test_f24_a_child_erased_since_is_erased_again(database, tmp_path):
    """Into the database that erased it, which remembers; the digest it remembers by is no pseudonym."""
    load(database, parsed(MARCH, LISTS))
    gone, stays = "a" * 64, "b" * 64
    put_a_child(database, gone, stays)
    made = backup(database, tmp_path / f"before{SUFFIX}", clock=ticking())
    erase(database, [gone, f"{gone}!"], clock=ticking())
    with reading(database) as connection:
        assert len(erased(connection)) == 2
        assert gone not in json.dumps([[one.salt, one.digest] for one in erased(connection)])
    restored = restore(address(database), asked(made.path, is_replacing=True))
    assert held(database) == ({stays}, 1)
    assert (restored.settled.versions, restored.settled.quarantined) == (1, 1)
    assert restored.is_later_known


def test_f24_on_an_empty_host_a_later_backup_in_the_folder_tells_who_was_erased(database, elsewhere, tmp_path):
    load(database, parsed(MARCH, LISTS))
    put_a_child(database, "a" * 64, "b" * 64)
    first = backup(database, tmp_path / f"first{SUFFIX}", clock=ticking())
    with writing(database) as connection:
        erase_pseudonyms(connection, ["a" * 64])
    backup(database, tmp_path / f"second{SUFFIX}", clock=ticking())
    (tmp_path / f"odd{SUFFIX}").write_bytes(b"no backup at all")
    restore(elsewhere, asked(first.path))
    engine = make_engine(elsewhere)
    assert held(engine)[0] == {"b" * 64}
    with reading(engine) as connection:
        assert len(erased(connection)) == 1
    engine.dispose()


def test_f24_what_retention_has_ended_meanwhile_does_not_come_back(database, elsewhere, tmp_path):
    load(database, parsed(MARCH, LISTS))
    put_a_child(database, "a" * 64)
    with writing(database) as connection:
        connection.execute(tables.referral.update().values(service_discharge_date=date(2025, 1, 6)))
    made = backup(database, tmp_path / f"old{SUFFIX}", clock=ticking())
    restore(elsewhere, asked(made.path, weeks=52))
    engine = make_engine(elsewhere)
    assert held(engine)[0] == set()
    engine.dispose()


def test_a_database_that_is_not_empty_is_not_replaced_unasked(database, tmp_path):
    load(database, parsed(MARCH, LISTS))
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    with pytest.raises(BadArgument, match="not empty"):
        restore(address(database), asked(made.path))
    assert latest(database) == 1


def test_a_backup_of_another_revision_is_refused(database, tmp_path):
    """The revision of the code is what counts: a backup is made of a database this code works on."""
    load(database, parsed(MARCH, LISTS))
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    older = rewritten(made.path, revision="0001")
    with pytest.raises(SchemaMismatch, match="at schema revision 0001"):
        restore(address(database), asked(older, is_replacing=True))
    with writing(database) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(SchemaMismatch):
        restore(address(database), asked(made.path, is_replacing=True))


def rewritten(path: Path, **changes: object) -> Path:
    """The backup with another manifest, whole in itself."""
    manifest = archive.manifest_of(path)
    parts = [(name, list(archive.part(path, name, manifest))) for name in manifest.parts]
    other = path.with_name(f"other-{path.name}")
    archive.write_archive(other, parts, lambda sums: replace(manifest, parts=dict(sums), **changes))
    return other


@pytest.mark.parametrize("change", [{"content_hash": "0" * 64}, {"rows": {"figure": 1}}], ids=["data", "rows"])
def test_a_backup_that_does_not_hold_what_it_says_changes_nothing(database, tmp_path, change):
    load(database, parsed(MARCH, LISTS))
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    load(database, parsed(date(2025, 4, 30), LISTS))
    before = hash_of(database)
    with pytest.raises(FileRefused, match="nothing was restored"):
        restore(address(database), asked(rewritten(made.path, **change), is_replacing=True))
    assert (hash_of(database), latest(database)) == (before, 2)
    assert [file.name for file in tmp_path.iterdir() if "restoring" in file.name] == []


def test_a_damaged_backup_changes_nothing(database, tmp_path):
    load(database, parsed(MARCH, LISTS))
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    with zipfile.ZipFile(made.path) as parts:
        largest = max(parts.infolist(), key=lambda part: part.compress_size)
    content = bytearray(made.path.read_bytes())
    content[largest.header_offset + 60 + largest.compress_size // 2] ^= 0xFF
    made.path.write_bytes(content)
    with pytest.raises(FileRefused, match=r"damaged|checksum"):
        restore(address(database), asked(made.path, is_replacing=True))
    assert latest(database) == 1


def test_readers_see_the_old_database_or_the_restored_one(database, database_url, tmp_path):
    load(database, parsed(MARCH, LISTS))
    before = hash_of(database)
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    load(database, parsed(date(2025, 4, 30), LISTS))
    after = hash_of(database)

    def look() -> set[str]:
        other = make_engine(database_url)
        seen = {hash_of(other)}
        while not done:
            seen.add(hash_of(other))
        other.dispose()
        return seen

    done: list[bool] = []
    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        for _ in range(3):
            restore(database_url, asked(made.path, is_replacing=True))
        done.append(True)
        assert looking.result() <= {before, after}
    assert hash_of(database) == before
    assert latest(database) == 5, "no number that readers have seen stands for something else"


FILLING = """
import resource, signal, sys
from pathlib import Path
from tests.faults.test_backup_faults import backup, make_engine, ticking
from waitlists.errors import BackupNotWritten
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
most = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    backup(make_engine(sys.argv[1]), Path(sys.argv[2]), clock=ticking())
except BackupNotWritten as error:
    print(error)
"""


def test_f20_a_full_disk_leaves_no_backup_but_a_failed_run(database, tmp_path):
    load(database, parsed(MARCH, LISTS))
    database.dispose()
    folder = tmp_path / "backups"
    folder.mkdir()
    # An SQLite file lies under the same limit, and so does its log, which takes the run that failed.
    most, why = (300_000, "Input/output error") if database.dialect.name == "sqlite" else (4_000, "File too large")
    # A compiled module is a file too (-B), and would be cut short with the rest.
    words = [sys.executable, "-B", "-W", "ignore", "-c", FILLING, address(database), str(folder / "one.backup")]
    ended = subprocess.run([*words, str(most)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert f"one.backup cannot be written: {why}" in ended.stdout
    assert list(folder.iterdir()) == []
    with reading(database) as connection:
        (run,) = read.runs(connection, command="backup", limit=9)
        (trace,) = audit.last_entries(connection, limit=1)
    assert (run.status, run.summary) == ("failed", {"reason": "BackupNotWritten"})
    assert (trace.look.action, trace.look.result) == ("backup", 12)


def test_f25_a_damaged_file_is_put_aside_and_the_backup_takes_its_place(sqlite_database, tmp_path):
    """As docs/operations.md has it: nothing is restored over a file that cannot be read, not even when asked to."""
    load(sqlite_database, parsed(MARCH, LISTS))
    made = backup(sqlite_database, tmp_path / f"one{SUFFIX}", clock=ticking())
    sqlite_database.dispose()
    file = Path(sqlite_database.url.database)
    content = file.read_bytes()
    file.write_bytes(content[:4096] + bytes(len(content) - 4096))
    with pytest.raises(DatabaseUnavailable, match="is damaged"):
        restore(address(sqlite_database), asked(made.path, is_replacing=True))
    file.rename(tmp_path / "aside.db")
    restore(address(sqlite_database), asked(made.path))
    assert hash_of(sqlite_database) == made.manifest.content_hash
    check_integrity(sqlite_database)
    assert (file.stat().st_mode & 0o777, sorted(tmp_path.glob(".*"))) == (0o600, [])


def test_a_restore_waits_for_a_writer_as_long_as_any_writer_does(sqlite_database, tmp_path):
    load(sqlite_database, parsed(MARCH, LISTS))
    shutil.copy(sqlite_template(), tmp_path / "copy.db")
    impatient = make_engine(address(sqlite_database), busy_timeout=0.1)
    with writing(sqlite_database), pytest.raises(DatabaseUnavailable, match="is busy"):
        overwrite_sqlite(tmp_path / "copy.db", impatient, lambda: pytest.fail("others can still write"))
    impatient.dispose()
    assert latest(sqlite_database) == 1


@pytest.mark.parametrize("damaged", [slice(8 * 4096 + 2, 8 * 4096 + 40), slice(0, None)], ids=["a page", "all"])
def test_a_damaged_database_within_a_whole_backup_is_refused(sqlite_database, tmp_path, damaged):
    """Checksums say that it is what was written, and not that what was written was good."""
    load(sqlite_database, parsed(MARCH, LISTS))
    made = backup(sqlite_database, tmp_path / f"one{SUFFIX}", clock=ticking())
    content = bytearray(b"".join(archive.part(made.path, "waitlists.db", made.manifest)))
    content[damaged] = b"\xff" * len(content[damaged])
    other = tmp_path / f"other{SUFFIX}"
    parts = [("waitlists.db", [bytes(content)])]
    archive.write_archive(other, parts, lambda sums: replace(made.manifest, parts=dict(sums)))
    with pytest.raises(FileRefused, match="damaged before"):
        restore(address(sqlite_database), asked(other, is_replacing=True))
    assert latest(sqlite_database) == 1


def test_no_backup_is_made_of_a_damaged_database(sqlite_database, tmp_path):
    """Found page by page in the copy: such a backup would be found out on the day it is needed."""
    load(sqlite_database, parsed(MARCH, LISTS))
    sqlite_database.dispose()
    file = Path(sqlite_database.url.database)
    content = bytearray(file.read_bytes())
    content[8 * 4096 + 2 : 8 * 4096 + 40] = b"\xff" * 38
    file.write_bytes(content)
    (tmp_path / "to").mkdir()
    with pytest.raises(DatabaseUnavailable, match=r"waitlists\.db is damaged"):
        backup(sqlite_database, tmp_path / "to" / f"one{SUFFIX}", clock=ticking())
    assert list((tmp_path / "to").iterdir()) == []


def test_a_backup_is_a_run_and_leaves_a_trace(database, tmp_path):
    load(database, parsed(MARCH, LISTS))
    made = backup(database, tmp_path / f"one{SUFFIX}", clock=ticking())
    with reading(database) as connection:
        (run,) = read.runs(connection, command="backup", limit=9)
        (trace,) = audit.last_entries(connection, limit=1)
    assert (run.status, run.summary) == ("done", {"bytes": made.size_bytes, "dataset_version": 1})
    assert (trace.look.action, trace.look.result) == ("backup", 0)


def test_a_backup_gets_a_name_of_its_own_or_the_one_asked_for(tmp_path):
    folder = tmp_path / "backups"
    assert place_for(None, folder, now=MONDAY) == folder / "waitlists-20261116T060000Z.backup"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert place_for(tmp_path, folder, now=MONDAY).parent == tmp_path
    assert place_for(tmp_path / "mine.backup", folder, now=MONDAY) == tmp_path / "mine.backup"
    with pytest.raises(BadArgument, match="ends in"):
        place_for(tmp_path / "mine.zip", folder, now=MONDAY)
    with pytest.raises(BadArgument, match=f"the folder {tmp_path / 'away'} does not exist: create it, or mount its"):
        place_for(tmp_path / "away", folder, now=MONDAY)
    (tmp_path / "words.txt").touch()
    with pytest.raises(BadArgument, match=r"^give a folder"):
        place_for(tmp_path / "words.txt", folder, now=MONDAY)
    (tmp_path / "mine.backup").touch()
    with pytest.raises(BadArgument, match="never written over"):
        place_for(tmp_path / "mine.backup", folder, now=MONDAY)
