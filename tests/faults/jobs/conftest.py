"""The command and databases of both kinds, as for its functional tests."""

from tests.functional.jobs.conftest import (
    database,
    database_url,
    empty_database,
    postgresql_url,
    sqlite_database,
    waitlists,
)

__all__ = ["database", "database_url", "empty_database", "postgresql_url", "sqlite_database", "waitlists"]
