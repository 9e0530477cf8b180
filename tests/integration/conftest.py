"""Every test here runs on SQLite and on a real PostgreSQL, through the fixture `database`."""

from tests.databases import database, database_url, empty_database, postgresql_url, sqlite_database

__all__ = ["database", "database_url", "empty_database", "postgresql_url", "sqlite_database"]
