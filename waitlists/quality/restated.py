"""Restated lists: a later file about the same week or month that gives another number.

Both files are kept, and the later one answers from the day it is known. A reader who quoted the earlier number must be
able to see that it changed, whether the publisher corrected it or somebody changed a copy.
"""

from collections.abc import Iterator, Sequence

from waitlists.domain import Finding, LineTotals, Severity
from waitlists.periods import STEP_WORDS
from waitlists.quality.judged import Judged

SMALL_SHARE = 0.02
"""Published months were restated by 2% or less (23 of 1,301 cells seen twice); more is a warning."""


def restated(judged: Judged, history: Sequence[LineTotals]) -> Iterator[Finding]:
    """`restated` for each list whose number differs from that of the file it replaces."""
    before = _replaced(judged.now, history)
    if before is None:
        return
    for line, value in sorted(judged.now.totals.items()):
        was = before.totals.get(line)
        if value is None or was is None or value == was:
            continue
        severity = Severity.WARNING if abs(value - was) > SMALL_SHARE * was else Severity.INFO
        day = before.vintage.known_from
        step = STEP_WORDS[judged.freq]
        earlier = f"An earlier file, known from {day.day} {day:%B %Y}, gave {was:,} for this {step}"
        yield judged.finding("restated", severity, f"{earlier}; this one {value:,}.", line, before=was, after=value)


def _replaced(totals: LineTotals, history: Sequence[LineTotals]) -> LineTotals | None:
    """The vintage of the same source, scope and period that this one took over from."""
    mine = totals.vintage
    earlier = [
        item
        for item in history
        if (item.vintage.scope, item.vintage.period_end) == (mine.scope, mine.period_end) and item.vintage < mine
    ]
    return max(earlier, key=lambda item: item.vintage, default=None)
