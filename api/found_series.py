"""The series a question is about, as it may be shown: one of a list, or all that a list's source gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from api.about import About
from api.disclosure.edge import Exact
from api.disclosure.series import AskedSeries, exact_series
from api.found import found_list
from api.problems import NoPublishedFigure
from api.views.series import EXACT_WAITS, ByVintage, Wanted, is_published, series_body, series_of
from waitlists.counts.histories import FLOWS, VERY_LONG, ListHistory
from waitlists.domain import Measure, SeriesKey
from waitlists.sources import PUBLISHED_SOURCES, Freq
from waitlists.standards import standards_for
from waitlists.store.details import counted_details
from waitlists.store.read import StoredList, list_history

WHOLE: Final = frozenset({Measure.LIST_SIZE, *FLOWS, *VERY_LONG})
"""Measures that need no wait bands."""

CHARTED: Final = ("period_end", "value", "coverage", "provisional", "note")


@dataclass(frozen=True, slots=True)
class Read:
    """One list with everything its series are made of."""

    stored: StoredList
    about: About
    history: ListHistory
    counted: ByVintage

    def exact(self, wanted: Wanted) -> Exact:
        """One series of the list in exact figures, with what hides it."""
        stored, about = self.stored, self.about
        key = SeriesKey(stored.source, stored.service, stored.org, wanted.measure)
        series = series_of(self.history, key, wanted, as_of=about.as_of, counted=self.counted)
        body = series_body(series, about, wanted, stored=stored)
        return exact_series(AskedSeries(series, about, stored, wanted), body)

    def charted(self, wanted: Wanted) -> Exact:
        """As `exact`, of each step only what a chart is drawn from: many series are asked for at once."""
        one = self.exact(wanted)
        steps = [{name: step[name] for name in CHARTED} for step in one.body["points"]]
        return replace(one, body={**one.body, "points": steps})


def read_series(
    connection: Connection, about: About, wanted: Wanted, *, source: str | None, freq: Freq | None
) -> Exact:
    """One series in exact figures, with what hides it.

    Raises
    ------
    NoPublishedFigure
        Nothing of the list was known by then, or its source does not give the measure.
    """
    stored = found_list(connection, about, source=source, freq=freq, is_detailed=wanted.standard is not None)
    check_given(stored, wanted)
    history = list_history(
        connection,
        source=stored.source,
        service=stored.service,
        as_of=about.as_of,
        orgs=(stored.org,),
        is_banded=wanted.measure not in WHOLE,
    )
    is_counted = wanted.measure in EXACT_WAITS or wanted.standard is not None
    counted: ByVintage = _counted(connection, stored, about.as_of) if is_counted else {}
    return Read(stored, about, history, counted).exact(wanted)


def read_one(connection: Connection, about: About, wanted: Wanted, *, source: str | None, freq: Freq | None) -> Read:
    """One list with what a series of it is made of and with whom it can be compared: all lists of its service.

    Raises
    ------
    NoPublishedFigure
        Nothing of the list was known by then, or its source does not give the measure.
    """
    stored = found_list(connection, about, source=source, freq=freq)
    check_given(stored, wanted)
    return next(read_lists(connection, [(stored, about)], as_of=about.as_of))


def read_lists(connection: Connection, rows: Sequence[tuple[StoredList, About]], *, as_of: date) -> Iterator[Read]:
    """Some lists with what their series are made of; those of one service are read once, with all lists of it.

    Whoever is missing from a list is made good from its own cells, and who came to it is known from theirs.
    """
    histories: dict[tuple[str, str], ListHistory] = {}
    for stored, about in rows:
        of = stored.source, stored.service
        if of not in histories:
            histories[of] = list_history(connection, source=stored.source, service=stored.service, as_of=as_of)
        yield Read(stored, about, histories[of], _counted(connection, stored, as_of))


def check_given(stored: StoredList, wanted: Wanted) -> None:
    """Refuse a measure that the source of a list does not give, or a standard that is not measured so.

    Raises
    ------
    NoPublishedFigure
        Saying which of the two.
    """
    standard, measure = wanted.standard, wanted.measure
    if not is_published(measure, stored):
        raise NoPublishedFigure(f"No published figure: this source does not give {measure.replace('_', ' ')}.")
    if standard and wanted.basis not in standard.applies_to:
        raise NoPublishedFigure(f"{standard.id} is not measured on those {wanted.basis}.")
    if wanted.basis == "completed" and not counts_completed(stored):
        raise NoPublishedFigure("No published figure: this source counts those waiting, not those seen.")


def counts_completed(stored: StoredList) -> bool:
    """Whether a list's source counts by wait those whose wait ended."""
    return stored.own is not None and bool(stored.own.completed)


def every_series(stored: StoredList) -> Iterator[Wanted]:
    """All that the source of a list gives: its counts, its waits, and the share within each standard."""
    for measure in Measure:
        if measure != Measure.SHARE_WITHIN_STANDARD and is_published(measure, stored):
            yield Wanted(measure)
    for standard in standards_for(stored.service):
        for basis in standard.applies_to:
            if basis == "waiting" or counts_completed(stored):
                yield Wanted(Measure.SHARE_WITHIN_STANDARD, standard, basis)


def _counted(connection: Connection, stored: StoredList, as_of: date) -> ByVintage:
    """What single waits of a list gave, by vintage; nothing of a published one."""
    if stored.source in PUBLISHED_SOURCES:
        return {}
    found: dict[str, Any] = {"source": stored.source, "service": stored.service, "org": stored.org}
    return counted_details(connection, **found, as_of=as_of)
