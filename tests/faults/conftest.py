"""What breaks, and what must still hold: the rows of the table of faults, each by its number."""

from tests.databases import database, database_url, empty_database, postgresql_url, sqlite_database

__all__ = ["database", "database_url", "empty_database", "postgresql_url", "sqlite_database"]
