"""The user that serves the API can do its work in PostgreSQL, and nothing else: A13 by grants, before any trigger."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from api.app import create_app
from jobs.cli import main
from jobs.serve import lacking
from jobs.status import status
from tests.databases import administer
from tests.functional.api.conftest import NOW, Client, settings_of
from tests.functional.api.kent import fill
from tests.functional.api.keyed import PEPPER, bearer, give_keys
from waitlists.alerts import MissingGrants
from waitlists.errors import BadArgument, DatabaseUnavailable
from waitlists.security.audit import Look
from waitlists.store import audit
from waitlists.store.grants import SERVING, grant_serving, missing_grants, serving_users
from waitlists.store.keys import stored_keys
from waitlists.store.session import make_engine, reading, writing
from waitlists.store.tables import metadata

pytestmark = pytest.mark.postgres
PARAMETERS = {"service": "SALT", "org": "QKS", "measure": "list_size", "id": "1", "cut": "sex"}


@pytest.fixture
def owner(postgresql_url):
    """Kent and Medway, keys, and some looks, as the user that owns the tables."""
    engine = make_engine(postgresql_url)
    fill(engine)
    with writing(engine) as connection:
        audit.append(connection, [Look(NOW, "command", "admin", "load", None, None, 0)] * 3)
    yield engine
    engine.dispose()


@pytest.fixture
def role(owner):
    """A new database user; a server has its users in common, so it goes with the test."""
    name = f"Serving_{uuid4().hex[:12]}"
    administer(f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'of-no-use'")
    yield name
    with writing(owner) as connection:
        connection.execute(text(f'DROP OWNED BY "{name}"'))
    administer(f'DROP ROLE "{name}"')


@pytest.fixture
def serving(owner, role, monkeypatch, capsys):
    """The same database as the user that serves, after the command an administrator types."""
    url = owner.url.render_as_string(hide_password=False)
    monkeypatch.setenv("WAITLISTS_DATABASE_URL", url)
    with pytest.raises(SystemExit) as ended:
        main(["migrate", "--grant", role])
    assert (ended.value.code, capsys.readouterr().err) == (0, "")
    engine = make_engine(make_url(url).set(username=role, password="of-no-use").render_as_string(hide_password=False))
    yield engine
    engine.dispose()


def test_every_table_has_a_decision():
    """A new table fails here until somebody says what serving needs of it: see waitlists/store/grants.py."""
    assert set(SERVING) == set(metadata.tables) | {"alembic_version"}


def test_the_database_holds_what_the_page_says(owner, role, serving):
    asked = """SELECT c.relname, g.privilege_type, NULL FROM pg_class c, aclexplode(c.relacl) g
          WHERE g.grantee = :role ::regrole AND c.relnamespace = 'public'::regnamespace
        UNION SELECT c.relname, g.privilege_type, a.attname FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) g WHERE g.grantee = :role ::regrole"""
    with reading(owner) as connection:
        found = {tuple(row) for row in connection.execute(text(asked), {"role": f'"{role}"'})}
    wanted = set()
    for table, privileges in SERVING.items():
        for privilege in privileges:
            word, columns = re.fullmatch(r"(\w+)(?: \((.+)\))?", privilege).groups()
            wanted |= {(table, word, column) for column in (columns.split(", ") if columns else [None])}
    assert found == wanted
    assert serving.url.username == role


def test_the_api_answers_audits_and_notes_key_use_as_the_serving_user(owner, serving):
    keys = give_keys(owner)
    app = create_app(settings_of(serving, key_pepper=PEPPER), clock=lambda: NOW)
    with Client(app) as client:
        asked = [(path, way) for path, ways in app.openapi()["paths"].items() for way in ways]
        answers = {
            (path, way): client.request(way.upper(), path.format(**PARAMETERS), headers=bearer(keys["admin"]))
            for path, way in asked
        }
        assert client.get("/health/ready").json()["status"] == "ready"
        assert client.json("/v1/waiting-lists/COMM_PAEDS/QKS", headers=bearer(keys["admin"]))["list_size"] == 8718
    assert [asked for asked, answer in answers.items() if answer.status_code >= 500] == []
    assert sum(answer.status_code == 200 for answer in answers.values()) >= 15
    with reading(owner) as connection:
        assert audit.verified(connection).broken is None
        seen = {entry.look.action for entry in audit.last_entries(connection, limit=1000)}
        used = {key.prefix for key in stored_keys(connection) if key.last_used_at == NOW}
    assert {path for path, _ in asked if path.startswith("/v1/")} <= seen
    assert used == {keys["admin"][3:11]}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM audit",
        "SELECT * FROM delivery_content",
        *(f"{verb} {table}" for table in ("audit", "audit_tally", "figure", "api_key", "run", "forecast", "finding")
          for verb in ("DELETE FROM", "TRUNCATE", "DROP TABLE")),
        *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in ("audit", "audit_tally")),
        "DROP TRIGGER audit_no_change ON audit",
        "UPDATE audit SET result = 404",
        "UPDATE audit_tally SET id = 1",
        "INSERT INTO audit_tally VALUES (1, 0, '')",
        "UPDATE figure SET value = 0",
        "INSERT INTO figure SELECT * FROM figure",
        "UPDATE api_key SET role = 'admin'",
        "UPDATE api_key SET hash = ''",
        "UPDATE api_key SET revoked_at = NULL",
        "UPDATE api_key SET expires_at = '2100-01-01'",
        "INSERT INTO api_key SELECT * FROM api_key",
        "INSERT INTO run SELECT * FROM run",
        "INSERT INTO dataset_version SELECT * FROM dataset_version",
        "UPDATE alembic_version SET version_num = ''",
        "CREATE TABLE public.mine (id integer)",
        "CREATE ROLE mine",
        "COPY audit FROM PROGRAM 'true'",
    ],
)  # fmt: skip
def test_everything_else_is_refused_to_the_serving_user(serving, statement):
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"), serving.begin() as connection:
        connection.execute(text(statement))


def test_even_what_it_may_write_only_grows(serving):
    """The tally has to be written with each look, so there the trigger stands behind the grant."""
    with pytest.raises(DBAPIError, match="only grows"), writing(serving) as connection:
        connection.execute(text("UPDATE audit_tally SET entries = 0, head = ''"))


def test_what_was_granted_by_hand_before_is_taken_away(owner, role, serving):
    with writing(owner) as connection:
        connection.execute(text(f'GRANT UPDATE (value), DELETE ON figure TO "{role}"'))
        grant_serving(connection, role)
    for statement in ("UPDATE figure SET value = 0", "DELETE FROM figure"):
        with pytest.raises(DBAPIError, match="permission denied"), serving.begin() as connection:
            connection.execute(text(statement))


def test_a_migration_renews_what_was_granted_before(owner, role, serving, capsys):
    """A version that reads another table must not leave the serving user without it."""
    with writing(owner) as connection:
        connection.execute(text(f'REVOKE SELECT ON outbox, job_run FROM "{role}"'))
        connection.execute(text(f'REVOKE SELECT (state) ON outbox FROM "{role}"'))
    with pytest.raises(SystemExit) as ended:
        main(["migrate"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.splitlines()[1:] == [f"May serve from it: {role}."]
    with reading(serving) as connection:
        connection.execute(text("SELECT count(state) FROM outbox UNION SELECT count(*) FROM job_run")).all()
    with writing(owner) as connection:
        connection.execute(text(f'REVOKE INSERT ON audit FROM "{role}"'))
        assert serving_users(connection) == ()


def test_a_right_that_is_missing_is_named_by_status_and_at_the_start_of_serving(owner, role, serving):
    assert [lacking(url_of(one)) for one in (owner, serving)] == [(), ()]
    with writing(owner) as connection:
        connection.execute(text(f'REVOKE SELECT ON job_run FROM "{role}"'))
        connection.execute(text(f'REVOKE SELECT (state) ON outbox FROM "{role}"'))
        connection.execute(text(f'REVOKE UPDATE (last_used_at) ON api_key FROM "{role}"'))
    lacks = (("api_key", "UPDATE (last_used_at)"), ("job_run", "SELECT"), ("outbox", "SELECT (state)"))
    assert [lacking(url_of(one)) for one in (owner, serving)] == [(MissingGrants(role, lacks),)] * 2
    (need,) = (one for one in status(owner, now=NOW).needs if one.code == "ungranted")
    assert need.sentence.endswith(f"as the owner run `waitlists migrate --grant {role}`.")
    with pytest.raises(DatabaseUnavailable, match=r"refuses its user a right: as the owner run `waitlists migrate"):
        status(serving, now=NOW)
    with writing(owner) as connection:
        grant_serving(connection, role)
    assert lacking(url_of(serving)) == ()


def url_of(engine):
    return engine.url.render_as_string(hide_password=False)


@pytest.mark.usefixtures("serving")
def test_a_table_that_is_not_there_is_the_schemas_matter(owner):
    with owner.begin() as connection:
        connection.execute(text("DROP TABLE decided_week"))
        assert missing_grants(connection) == ()


def test_a_user_that_no_grant_would_hold_back_is_refused(owner, role):
    with writing(owner) as connection:
        with pytest.raises(BadArgument, match="no such database user"):
            grant_serving(connection, "nobody; DROP TABLE audit")
        with pytest.raises(BadArgument, match="owner's rights"):
            grant_serving(connection, str(owner.url.username))
        connection.execute(text(f'GRANT "{owner.url.username}" TO "{role}"'))
        with pytest.raises(BadArgument, match="owner's rights"):
            grant_serving(connection, role)
        connection.execute(text(f'REVOKE "{owner.url.username}" FROM "{role}"'))


def test_sqlite_knows_no_users(sqlite_database):
    with writing(sqlite_database) as connection, pytest.raises(BadArgument, match="SQLite knows no users"):
        grant_serving(connection, "serving")
    with reading(sqlite_database) as connection:
        assert serving_users(connection) == ()
