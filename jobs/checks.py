"""Judges the figures of a source anew, each beside the others, after a load changed some of them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, partial

from sqlalchemy import Connection

from waitlists.domain import LineTotals
from waitlists.quality import HistoryChecks, check_history
from waitlists.quality.balance import StoredWeek, with_balances
from waitlists.quality.carried import with_carried
from waitlists.quality.presence import Line
from waitlists.quality.repeated import of_one_size, with_repeats
from waitlists.quality.swapped import with_swaps
from waitlists.sources import COUNTED_SOURCES, WEEKLY_OWN, freq_of
from waitlists.store import read
from waitlists.store.read_bands import bands_of_lists
from waitlists.store.write_findings import replace_history_checks

PUBLISHED_PROVIDERS = "chs_sitrep"
"""The published collection that names providers line by line."""

OWN = WEEKLY_OWN | COUNTED_SOURCES
"""What providers send themselves, and the sums of boards that are made of it."""

SENT_BY_WEEK = "weekly_return"
"""The source whose weeks somebody sends; those of records are counted by us."""


def judge_again(connection: Connection, sources: Iterable[str]) -> None:
    """Findings and coverage of every vintage of the sources: a file of an older period changes later ones."""
    levels = {place.code: place.level for place in read.known_organisations(connection)}
    wanted = set(sources)
    if wanted & {*OWN, PUBLISHED_PROVIDERS}:
        # Who sends the one kind is missing from the sums of the other.
        wanted |= OWN
    told = cache(partial(read.line_totals, connection))
    for source in sorted(wanted):
        history = told(source)
        others = _others(told, source) if history and source in OWN else []
        checks = with_carried(check_history(history, levels=levels, others=others), history)
        if freq_of(source) == "W":
            weeks = read.weeks_of_lists(connection, source)
            checks = with_balances(checks, weeks)
            checks = _with_mistakes(connection, checks, weeks) if source == SENT_BY_WEEK else checks
        replace_history_checks(connection, source, checks)


def _with_mistakes(
    connection: Connection, checks: HistoryChecks, weeks: Mapping[Line, Mapping[date, StoredWeek]]
) -> HistoryChecks:
    """What senders do by mistake. Bands are most of all figures: only those of lists that did not move are read."""
    pairs = of_one_size(weeks)
    vintages = sorted({number for pair in pairs for number in (pair.before, pair.now)})
    return with_swaps(with_repeats(checks, pairs, bands_of_lists(connection, vintages)), weeks)


def _others(told: Callable[[str], list[LineTotals]], source: str) -> list[LineTotals]:
    """Where else providers of a board's own sum may be found: what they send every week, and what is published."""
    names = [*sorted(WEEKLY_OWN - {source}), PUBLISHED_PROVIDERS]
    return [totals for name in names for totals in told(name)]
