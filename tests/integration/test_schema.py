"""The schema: made, taken back and made again on both engines, never half, and the same as `tables.py` says."""

from sqlalchemy import Engine, inspect

from waitlists.store.migrate import drift, head_revision, migrate, move_to
from waitlists.store.session import check_schema, reading
from waitlists.store.tables import metadata


def tables(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


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
