"""The schema: made, taken back and made again on both engines, never half, and the same as `tables.py` says."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, String, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from waitlists.errors import DatabaseUnavailable, SchemaMismatch
from waitlists.store.migrate import drift, head_revision, migrate, migrating, move_to
from waitlists.store.session import check_schema, make_engine, reading, writing
from waitlists.store.tables import metadata

ROOT = Path(__file__).parents[2]


def tables(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def say(engine: Engine, statement: str) -> None:
    with writing(engine) as connection:
        connection.execute(text(statement))


def test_migrations_go_up_down_and_up(empty_database):
    assert migrate(empty_database) is None
    assert tables(empty_database) == set(metadata.tables)
    move_to(empty_database, "base")
    assert tables(empty_database) == set()
    migrate(empty_database)
    assert tables(empty_database) == set(metadata.tables)
    check_schema(empty_database)


def test_migrating_twice_changes_nothing(database):
    assert migrate(database) == head_revision()
    check_schema(database)


def test_the_migrated_schema_is_the_one_on_the_page(database):
    assert drift(database) == []


def test_every_check_of_the_page_is_in_the_database(database):
    with reading(database) as connection:
        found = {name: inspect(connection).get_check_constraints(name) for name in metadata.tables}
    for name, table in metadata.tables.items():
        wanted = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
        assert {str(check["name"]) for check in found[name]} == wanted


@pytest.mark.postgres
def test_every_short_text_is_sorted_by_code_points_on_postgresql(postgresql_url):
    """Said by the catalogue: the server of the tests may know no other order, one in a hospital does."""
    engine = make_engine(postgresql_url)
    asked = """SELECT c.relname || '.' || a.attname, l.collname FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid JOIN pg_collation l ON l.oid = a.attcollation
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"""
    with reading(engine) as connection:
        sorted_so = {name for name, collation in connection.execute(text(asked)) if collation == "C"}
    engine.dispose()
    wanted = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, String) and column.type.dialect_impl(postgresql.dialect()).collation
    }
    assert {"series.org", "series.service", "organisation.code", "finding.org"} <= wanted
    assert sorted_so == wanted


def test_the_code_knows_its_last_migration():
    config = Config(ROOT / "alembic.ini")
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert steps[0] == head_revision()
    assert steps == sorted(steps, reverse=True)


def test_alembics_own_commands_use_the_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("WAITLISTS_DATABASE_URL", f"sqlite:///{tmp_path / 'commanded.db'}")
    config = Config(ROOT / "alembic.ini")
    command.upgrade(config, "head")
    command.check(config)


def test_a_failed_migration_leaves_nothing_and_is_run_again(empty_database):
    say(empty_database, "CREATE TABLE vintage (id INTEGER)")
    with pytest.raises(DBAPIError):
        migrate(empty_database)
    assert tables(empty_database) == {"vintage"}
    say(empty_database, "DROP TABLE vintage")
    migrate(empty_database)
    check_schema(empty_database)


def test_a_migration_that_breaks_references_is_taken_back(sqlite_database):
    with pytest.raises(DatabaseUnavailable, match="refer to nothing"), migrating(sqlite_database) as connection:
        connection.exec_driver_sql("INSERT INTO delivery_content (delivery_id, content) VALUES (7, x'00')")
    with reading(sqlite_database) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM delivery_content").scalar() == 0


def test_a_database_without_a_schema_is_not_used(empty_database):
    with pytest.raises(SchemaMismatch, match="has no schema yet: run `waitlists migrate`"):
        check_schema(empty_database)


@pytest.mark.parametrize(("revision", "words"), [("0000", "run `waitlists migrate`"), ("9999", "upgrade the software")])
def test_a_database_at_another_revision_is_not_used(database, revision, words):
    say(database, f"UPDATE alembic_version SET version_num = '{revision}'")
    with pytest.raises(SchemaMismatch, match=words):
        check_schema(database)


def test_an_older_code_does_not_migrate_a_newer_database(database):
    say(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch, match="newer version"):
        migrate(database)


def test_a_lost_table_is_noticed(database):
    say(database, "DROP TABLE coverage")
    with pytest.raises(SchemaMismatch, match="lost the table coverage"):
        check_schema(database)


def test_a_question_to_a_database_without_tables_names_the_way_out(empty_database):
    with pytest.raises(SchemaMismatch, match="waitlists migrate"), reading(empty_database) as connection:
        connection.execute(text("SELECT * FROM delivery"))
