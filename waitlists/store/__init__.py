"""Where waiting lists are kept: SQLite or PostgreSQL, by the same code."""
