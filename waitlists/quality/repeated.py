"""A week's return that says of a list what the week before said, band by band.

Children who wait go from band to band, so that a list of some size never stands in the same bands a week later: last
week's figures were sent again under a new date. Its flows may well balance, where as many left as came.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from waitlists.domain import Finding, Severity
from waitlists.quality.balance import StoredWeek
from waitlists.quality.history import FROZEN_MINIMUM, HistoryChecks
from waitlists.quality.presence import Line

Bands = Mapping[str, int | None]

_A_WEEK: Final = timedelta(days=7)


class Pair(NamedTuple):
    """A list of as many children in two weeks running, and the vintages that say so."""

    line: Line
    sunday: date
    known_from: date
    before: int
    now: int


def of_one_size(lists: Mapping[Line, Mapping[date, StoredWeek]]) -> list[Pair]:
    """The weeks in which a list of 50 or more was as long as the week before."""
    found: list[Pair] = []
    for line, weeks in sorted(lists.items()):
        for sunday, now in sorted(weeks.items()):
            before = weeks.get(sunday - _A_WEEK)
            if before and (now.week.list_size or 0) >= FROZEN_MINIMUM and before.week.list_size == now.week.list_size:
                known = max(before.week.known_from, now.week.known_from)
                found.append(Pair(line, sunday, known, before.vintage_id, now.vintage_id))
    return found


def with_repeats(
    checks: HistoryChecks, pairs: Iterable[Pair], bands: Mapping[tuple[int, Line], Bands]
) -> HistoryChecks:
    """The findings of a source, and `repeated_week` for each list whose bands are those of the week before.

    Parameters
    ----------
    bands
        Who waits by band, by vintage and list.
    """
    findings = dict(checks.findings)
    for pair in pairs:
        now = bands.get((pair.now, pair.line), {})
        if now and None not in now.values() and now == bands.get((pair.before, pair.line)):
            findings[pair.now] = (*findings.get(pair.now, ()), _finding(pair))
    return HistoryChecks(findings, checks.coverage)


def _finding(pair: Pair) -> Finding:
    service, org = pair.line
    sentence = (
        "Every wait band holds what it held the week before, though those who wait grow older by a week: see that last "
        "week's figures were not sent again."
    )
    return Finding("repeated_week", Severity.WARNING, sentence, pair.sunday, pair.known_from, service=service, org=org)
