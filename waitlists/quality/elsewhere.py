"""Lists that two weekly sources hold of one provider and week, and of which they say very different numbers.

The fuller and newer source answers for a list, so that an extract of a few rows takes the place of a return of hundreds
without anything else in its own history being odd. Sums of boards are left out: they hold whoever sent to their source,
and what is said of a provider is carried up to them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import zip_longest
from typing import Final

from waitlists.domain import Finding, LineTotals, Severity, Vintage
from waitlists.quality.presence import Line
from waitlists.sources import SOURCES, WEEKLY_OWN

DIFFERENCE: Final = "difference"
"""Where a finding says by how many children two sources differ."""

DIFFERS: Final = 0.2
"""Share of the larger number by which two sources of one list may differ, as one delivery may from the next."""

MATTERS: Final = 20
"""Lists of fewer in both sources are left out, as a few children are a large share of them."""


class Elsewhere:
    """What other weekly sources say of each provider's list and week, in the order in which it became known."""

    def __init__(self, others: Iterable[LineTotals]) -> None:
        self._told: dict[tuple[str, date, Line], list[tuple[date, int | None]]] = defaultdict(list)
        for totals in sorted(others, key=lambda one: one.vintage):
            about = totals.vintage
            if about.scope and about.source in WEEKLY_OWN:
                for line, size in totals.totals.items():
                    self._told[about.source, about.period_end, line].append((about.known_from, size))

    def differing(self, own: LineTotals) -> Iterator[Finding]:
        """`sources_differ` for each list of a sender of which another source says far more or fewer at the time."""
        about = own.vintage
        sizes = {line: size for line, size in own.totals.items() if size is not None} if about.scope else {}
        for line, size in sorted(sizes.items()):
            for source in sorted(WEEKLY_OWN - {about.source}):
                yield from self._beside(about, line, size, source)

    def _beside(self, about: Vintage, line: Line, size: int, source: str) -> Iterator[Finding]:
        told = self._told.get((source, about.period_end, line), [])
        ends = [known for known, _ in told[1:]]
        for (known, other), until in zip_longest(told, ends):
            since = max(about.known_from, known)
            if other is not None and _differ(size, other) and (until is None or since < until):
                words = (
                    f"{size:,} wait by {SOURCES[about.source].label}, and {other:,} by {SOURCES[source].label}, for "
                    "the same list and week: find out which of them is whole."
                )
                details = {DIFFERENCE: abs(size - other)}
                yield Finding(
                    "sources_differ",
                    Severity.WARNING,
                    words,
                    about.period_end,
                    since,
                    *line,
                    details=details,
                    known_until=until,
                )


def _differ(one: int, other: int) -> bool:
    larger = max(one, other)
    return larger >= MATTERS and abs(one - other) > DIFFERS * larger
