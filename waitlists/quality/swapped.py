"""Two lists of one sender that have each other's size of the week before: their rows most likely changed places."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from waitlists.domain import Finding, Severity
from waitlists.quality.balance import StoredWeek
from waitlists.quality.history import HistoryChecks
from waitlists.quality.presence import Line
from waitlists.quality.steps import STEP_MINIMUM, is_step
from waitlists.services import SERVICES

ALIKE: Final = 0.1
"""Share by which a list differs at most from what the other one was."""

_A_WEEK: Final = timedelta(days=7)

Weeks = Mapping[date, StoredWeek]


def with_swaps(checks: HistoryChecks, lists: Mapping[Line, Weeks]) -> HistoryChecks:
    """The findings of a source, and `swapped_lists` on both of two lists that seem to have changed places."""
    findings = dict(checks.findings)
    by_sender: dict[str, dict[str, Weeks]] = defaultdict(dict)
    for (service, org), weeks in sorted(lists.items()):
        by_sender[org][service] = weeks
    for org, services in by_sender.items():
        for (one, ours), (other, theirs) in combinations(services.items(), 2):
            for sunday in _swapped(ours, theirs):
                for service, beside, weeks in ((one, other, ours), (other, one, theirs)):
                    now = weeks[sunday]
                    said = _finding(service, beside, org, sunday, now)
                    findings[now.vintage_id] = (*findings.get(now.vintage_id, ()), said)
    return HistoryChecks(findings, checks.coverage)


def _swapped(ours: Weeks, theirs: Weeks) -> Iterator[date]:
    for sunday in sorted(ours.keys() & theirs.keys()):
        sizes = [
            found.week.list_size if (found := weeks.get(day)) else None
            for day in (sunday - _A_WEEK, sunday)
            for weeks in (ours, theirs)
        ]
        if None not in sizes:
            our_last, their_last, our_now, their_now = (size or 0 for size in sizes)
            is_other = _is_alike(our_now, their_last) and _is_alike(their_now, our_last)
            is_long = max(our_now, their_now) >= STEP_MINIMUM
            if is_other and is_long and is_step(our_last, our_now) and is_step(their_last, their_now):
                yield sunday


def _is_alike(size: int, other: int) -> bool:
    return abs(size - other) <= ALIKE * max(size, other)


def _finding(service: str, beside: str, org: str, sunday: date, now: StoredWeek) -> Finding:
    sentence = (
        f"This list is as long as that of {SERVICES[beside].label} was the week before, and that one as this was: see "
        "whether their rows changed places."
    )
    known = now.week.known_from
    return Finding("swapped_lists", Severity.WARNING, sentence, sunday, known, service=service, org=org)
