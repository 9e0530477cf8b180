"""One vintage beside the loaded periods before it, as known on its own publication day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from waitlists.domain import Finding, LineTotals, Severity, Vintage
from waitlists.quality.beside import Beside
from waitlists.quality.presence import Line, Presence, Presences
from waitlists.sources import Freq, freq_of


@dataclass(frozen=True, slots=True)
class Judged:
    """One vintage with the loaded periods before it; `before` is the nearest of them, None for the first."""

    on: date
    now: LineTotals
    window: Sequence[LineTotals]
    seen: Presence
    before: LineTotals | None
    seen_before: Presence

    @property
    def period_end(self) -> date:
        """The period that is judged."""
        return self.now.vintage.period_end

    @property
    def freq(self) -> Freq:
        """Whether its periods are weeks or months."""
        return freq_of(self.now.vintage.source)

    @property
    def sizes_before(self) -> Mapping[Line, int | None]:
        """List sizes of the loaded period before; empty for the first."""
        return self.before.totals if self.before else {}

    def finding(self, code: str, severity: Severity, sentence: str, line: Line, **details: object) -> Finding:
        """A finding about one list of the judged vintage."""
        return Finding(
            code=code,
            severity=severity,
            sentence=sentence,
            period_end=self.period_end,
            known_from=self.on,
            service=line[0],
            org=line[1],
            details=details,
        )


def _known_beside(vintage: Vintage, history: Sequence[LineTotals], as_of: date) -> dict[date, LineTotals]:
    """For each period the vintage in force on a day; the judged vintage stands for its own period."""
    latest: dict[date, LineTotals] = {}
    for totals in history:
        if totals.vintage.known_from <= as_of and totals.vintage.scope == vintage.scope:
            latest[totals.vintage.period_end] = totals
    return latest


def judge(
    totals: LineTotals, history: Sequence[LineTotals], presences: Presences, beside: Beside, *, on: date
) -> Judged:
    """Put a vintage beside what was known of earlier periods on a day, its publication day or a later one.

    `history` is in the order in which it became known.
    """
    known = _known_beside(totals.vintage, history, on)
    earlier = [known[period] for period in sorted(known) if period < totals.vintage.period_end]
    return Judged(
        on=on,
        now=totals,
        window=[*earlier, totals],
        seen=beside.added_to(presences.of([*earlier, totals]), totals, on=on),
        before=earlier[-1] if earlier else None,
        seen_before=presences.of(earlier)
        if earlier
        else Presence(totals.vintage.source, totals.vintage.period_end, {}, {}, {}, {}),
    )
