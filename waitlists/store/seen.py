"""Whose figures a connection reads: set once, where a question comes in, and asked by every query that reads figures.

It travels with the connection and not as an argument, so that no route can forget to pass it on. A connection for which
nothing was set reads everything: those are this service's own commands.
"""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, or_, true

from waitlists.security.access import EVERYTHING, Sight
from waitlists.sources import PUBLISHED_SOURCES


def look_with(connection: Connection, sight: Sight) -> None:
    """Let everything read on this connection be what `sight` covers."""
    connection.execution_options(sight=sight)


def sight_on(connection: Connection) -> Sight:
    """What was set by `look_with`, else everything."""
    return connection.get_execution_options().get("sight", EVERYTHING)


@contextmanager
def past_sight(connection: Connection) -> Generator[None]:
    """Read everything for as long as this lasts: what is read goes through disclosure control before it is answered."""
    before = sight_on(connection)
    look_with(connection, EVERYTHING)
    try:
        yield
    finally:
        look_with(connection, before)


def is_seen(
    connection: Connection, source: ColumnElement[str], org: ColumnElement[str] | ColumnElement[str | None] | None
) -> ColumnElement[bool]:
    """`Sight.covers` in SQL, for rows of a source about an organisation; None is none in particular."""
    return covered_by(sight_on(connection), source, org)


def covered_by(
    sight: Sight, source: ColumnElement[str], org: ColumnElement[str] | ColumnElement[str | None] | None
) -> ColumnElement[bool]:
    """The same for a statement that is kept, by sight."""
    organisations = sight.organisations
    if organisations is None:
        return true()
    is_published = source.in_(_any_of(PUBLISHED_SOURCES))
    return is_published if org is None else or_(is_published, org.in_(_any_of(organisations)))


def _any_of(words: frozenset[str]) -> BindParameter[list[str]]:
    """One parameter, since to look at each word of a list anew costs more than the query."""
    return bindparam(None, sorted(words), expanding=True)
