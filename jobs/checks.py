"""Judges the figures of a source anew, each beside the others, after a load changed some of them."""

from collections.abc import Iterable

from sqlalchemy import Connection

from waitlists.domain import LineTotals
from waitlists.quality import check_history
from waitlists.quality.balance import with_balances
from waitlists.quality.carried import with_carried
from waitlists.sources import WEEKLY_OWN, freq_of
from waitlists.store import read
from waitlists.store.write_findings import replace_history_checks

PUBLISHED_PROVIDERS = "chs_sitrep"
"""The published collection that names providers line by line."""


def judge_again(connection: Connection, sources: Iterable[str]) -> None:
    """Findings and coverage of every vintage of the sources: a file of an older period changes later ones."""
    levels = {place.code: place.level for place in read.known_organisations(connection)}
    wanted = set(sources)
    if wanted & {*WEEKLY_OWN, PUBLISHED_PROVIDERS}:
        # Who sends the one kind is missing from the sums of the other.
        wanted |= WEEKLY_OWN
    for source in sorted(wanted):
        history = read.line_totals(connection, source)
        others = _others(connection, source) if history and source in WEEKLY_OWN else []
        checks = with_carried(check_history(history, levels=levels, others=others), history)
        if freq_of(source) == "W":
            checks = with_balances(checks, read.weeks_of_lists(connection, source))
        replace_history_checks(connection, source, checks)


def _others(connection: Connection, source: str) -> list[LineTotals]:
    """Where else providers of a board's weekly sum may be found: what they send besides, and what is published."""
    names = [*sorted(WEEKLY_OWN - {source}), PUBLISHED_PROVIDERS]
    return [totals for name in names for totals in read.line_totals(connection, name)]
