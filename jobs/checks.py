"""Judges the figures of a source anew, each beside the others, after a load changed some of them."""

from collections.abc import Iterable

from sqlalchemy import Connection

from waitlists.quality import check_history
from waitlists.quality.balance import with_balances
from waitlists.sources import freq_of
from waitlists.store import read
from waitlists.store.write_findings import replace_history_checks


def judge_again(connection: Connection, sources: Iterable[str]) -> None:
    """Findings and coverage of every vintage of the sources: a file of an older period changes later ones."""
    levels = {place.code: place.level for place in read.known_organisations(connection)}
    for source in sorted(sources):
        checks = check_history(read.line_totals(connection, source), levels=levels)
        if freq_of(source) == "W":
            checks = with_balances(checks, read.weeks_of_lists(connection, source))
        replace_history_checks(connection, source, checks)
