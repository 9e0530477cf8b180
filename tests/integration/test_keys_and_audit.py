"""Keys and the audit in both databases: what is kept, what is refused, and what verifying finds."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from waitlists.errors import DatabaseUnavailable
from waitlists.security.access import Role, Scope
from waitlists.security.audit import FIRST, Look, Tally
from waitlists.security.keys import StoredKey
from waitlists.store import audit, keys
from waitlists.store.session import reading, writing

NOW = datetime(2025, 6, 2, 9, 0, 0, 123456, tzinfo=UTC)
KEY = StoredKey("00010203", "0" * 64, Scope(Role.PROVIDER, ("NQ7", "RYY")), "Service desk", NOW, NOW + timedelta(365))


def looks(count: int) -> list[Look]:
    return [Look(NOW, "00010203", "provider", f"/v1/{one}", "SALT", None, 200) for one in range(count)]


def test_a_key_reads_back_whole(database):
    with writing(database) as connection:
        keys.add_key(connection, KEY)
    with reading(database) as connection:
        assert keys.stored_keys(connection) == [KEY]


def test_a_key_is_revoked_once(database):
    with writing(database) as connection:
        keys.add_key(connection, KEY)
        assert keys.revoke_key(connection, KEY.prefix, now=NOW)
        assert not keys.revoke_key(connection, KEY.prefix, now=NOW + timedelta(1))
        assert not keys.revoke_key(connection, "ffffffff", now=NOW)
        assert keys.stored_keys(connection)[0].revoked_at == NOW


def test_the_last_use_is_kept_to_the_hour(database):
    with writing(database) as connection:
        keys.add_key(connection, KEY)
        for minutes, kept in ((0, 0), (59, 0), (60, 60), (61, 60)):
            keys.mark_used(connection, [KEY.prefix, "ffffffff"], now=NOW + timedelta(minutes=minutes))
            assert keys.stored_keys(connection)[0].last_used_at == NOW + timedelta(minutes=kept)


def test_an_unknown_role_is_refused_by_the_database(database):
    with writing(database) as connection:
        keys.add_key(connection, KEY)
    with pytest.raises(DBAPIError), writing(database) as connection:
        connection.execute(text("UPDATE api_key SET role = 'emperor'"))


def test_entries_follow_each_other_and_verify(database):
    with writing(database) as connection:
        assert audit.tally(connection) == Tally(0, FIRST)
        assert audit.append(connection, []) == Tally(0, FIRST)
        audit.append(connection, looks(3))
    with writing(database) as connection:
        tally = audit.append(connection, looks(2))
    with reading(database) as connection:
        verdict = audit.verified(connection)
        assert (verdict.entries, verdict.head, verdict.broken) == (5, tally.head, None)
        assert [entry.number for entry in audit.last_entries(connection, limit=2)] == [4, 5]
        assert [entry.look for entry in audit.last_entries(connection, limit=9, actor="00010203")][:3] == looks(3)
        assert audit.last_entries(connection, limit=9, actor="nobody") == []


def test_long_chains_are_read_in_pages(database, monkeypatch):
    monkeypatch.setattr(audit, "_PAGE", 2)
    with writing(database) as connection:
        audit.append(connection, looks(5))
        assert audit.verified(connection).entries == 5
        audit.append(connection, looks(1))
        assert audit.verified(connection).broken is None


CHANGES = [
    "UPDATE audit SET result = 404 WHERE id = 2",
    "UPDATE audit SET id = 9 WHERE id = 3",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE id = 3",
    "UPDATE audit_tally SET entries = 2",
    "UPDATE audit_tally SET head = ''",
    "DELETE FROM audit_tally",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_audit_only_grows(database, statement):
    """A13, first half: UPDATE and DELETE are refused by the database itself."""
    with writing(database) as connection:
        audit.append(connection, looks(3))
    with pytest.raises(DBAPIError, match="only grows"), writing(database) as connection:
        connection.execute(text(statement))
    with reading(database) as connection:
        assert audit.verified(connection).broken is None


def test_replacing_is_refused_on_sqlite(sqlite_database):
    with writing(sqlite_database) as connection:
        audit.append(connection, looks(3))
    row = "(2, '2025-01-01', 'a', 'b', 'c', NULL, NULL, 200, hex(zeroblob(32)), hex(zeroblob(32)))"
    for statement in (f"INSERT OR REPLACE INTO audit VALUES {row}", "REPLACE INTO audit_tally VALUES (1, 0, '')"):
        with pytest.raises(DBAPIError, match="only grows"), writing(sqlite_database) as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("table", ["audit", "audit_tally"])
def test_truncating_is_refused_on_postgresql(postgresql_engine, table):
    with pytest.raises(DBAPIError, match="only grows"), writing(postgresql_engine) as connection:
        connection.execute(text(f"TRUNCATE {table}"))


@pytest.fixture
def postgresql_engine(postgresql_url):
    from waitlists.store.session import make_engine

    engine = make_engine(postgresql_url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET org = 'QKS' WHERE id = 2", "entry 2 was changed after it was written"),
        ("DELETE FROM audit WHERE id = 2", "entry 2 is missing"),
        ("DELETE FROM audit WHERE id = 4", "the last entry is 3, but 4 were written"),
        ("UPDATE audit SET previous = hash WHERE id = 3", "entry 3 does not follow the entry before it"),
    ],
)
def test_what_was_done_behind_the_triggers_is_named(database, statement, broken):
    """A13, second half: somebody with the file, or with the server's own rights, changed a row."""
    with writing(database) as connection:
        audit.append(connection, looks(4))
        _disarm(connection)
        connection.execute(text(statement))
    with reading(database) as connection:
        assert audit.verified(connection).broken == broken


def test_a_lost_tally_is_said(database):
    with writing(database) as connection:
        _disarm(connection)
        connection.execute(text("DELETE FROM audit_tally"))
    with reading(database) as connection, pytest.raises(DatabaseUnavailable, match="tally"):
        audit.verified(connection)


def _disarm(connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        connection.execute(text("ALTER TABLE audit_tally DISABLE TRIGGER ALL"))
        return
    for name in ("audit_no_update", "audit_no_delete", "audit_tally_no_delete"):
        connection.execute(text(f"DROP TRIGGER {name}"))
