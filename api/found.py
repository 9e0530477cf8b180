"""The stored list a question is about, or the problem that says why there is none."""

from sqlalchemy import Connection

from api import words
from api.about import About
from api.dependencies import Asked
from api.problems import NoPublishedFigure
from waitlists.services import proxies_for
from waitlists.sources import Freq
from waitlists.store.read import StoredList, stored_list


def found_list(
    connection: Connection, about: About, *, source: str | None, freq: Freq | None = None, is_detailed: bool = True
) -> StoredList:
    """The stored list of a service and an organisation; where it is detailed, with what is known beyond its counts.

    Raises
    ------
    NoPublishedFigure
        Nothing of it was known by then; the message says what is known of that, and names a proxy where there is one.
    """
    stored = newest_list(connection, about, source=source, freq=freq, is_detailed=is_detailed)
    if stored is None:
        code = about.service.code
        near = tuple(one.code for one in proxies_for(code) if one.code != code)
        raise NoPublishedFigure(words.nothing_published(about), near=near)
    return stored


def newest_list(
    connection: Connection, about: About, *, source: str | None, freq: Freq | None = None, is_detailed: bool = True
) -> StoredList | None:
    """The latest figure of the list as known on the day asked about, None where there was none."""
    place = {"service": about.service.code, "org": about.organisation.code}
    return stored_list(connection, **place, as_of=about.as_of, source=source, freq=freq, is_detailed=is_detailed)


def asked_source(connection: Connection, about: About, asked: Asked) -> str | None:
    """The source asked for: by name, or as the one of the step asked for that has a figure; None leaves it open.

    Raises
    ------
    NoPublishedFigure
        No source of that step has a figure.
    """
    if asked.source is not None or asked.freq is None:
        return asked.source
    return found_list(connection, about, source=None, freq=asked.freq).source
