"""Checks of a vintage beside those known when it was published: missing, frozen, dipping, stepping lists.

Each vintage is judged with what was known on its own publication day, so that the order of loading changes nothing and
a replay of a past month says what could have been said then. A fall that missing providers explain is never called
anything else, and no step is called an improvement here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from waitlists.domain import Coverage, Finding, Level, LineTotals, Severity, Vintage
from waitlists.periods import in_words
from waitlists.quality.judged import Judged, judge
from waitlists.quality.presence import coverage_of
from waitlists.quality.steps import STEP_MINIMUM, steps
from waitlists.quality.words import level_of, name_of, share_in_words

WHOLES = {Level.ENGLAND, Level.REGION}
"""Sums of dozens of providers do not freeze."""

FROZEN_MINIMUM = 50
FROZEN_WARNING_PERIODS = 3
MOSTLY_THERE = 0.95
"""From this coverage on, a missing provider is a note; below it, a warning."""


@dataclass(frozen=True, slots=True)
class HistoryChecks:
    """Findings and coverage of every vintage of one source, by vintage id."""

    findings: Mapping[int, tuple[Finding, ...]]
    coverage: Mapping[int, tuple[Coverage, ...]]


def check_history(history: Sequence[LineTotals], *, levels: Mapping[str, Level] | None = None) -> HistoryChecks:
    """Findings and coverage of all vintages of one source.

    Parameters
    ----------
    history
        List sizes of every stored vintage of the source, in any order.
    levels
        Levels of organisations that are in no register, as printed in the files.

    Returns
    -------
    HistoryChecks
        Findings `missing_provider`, `step`, `frozen_value`, `zero_between_values`; the same whatever the order given.
    """
    findings: dict[int, tuple[Finding, ...]] = {}
    coverage: dict[int, tuple[Coverage, ...]] = {}
    for totals in sorted(history, key=lambda item: item.vintage):
        judged = judge(totals, history, levels or {})
        covered = coverage_of(judged.seen)
        coverage[totals.vintage.id] = covered
        findings[totals.vintage.id] = (
            *_missing(judged, covered),
            *steps(judged),
            *_frozen(judged, levels or {}),
            *_zero_between(judged, history),
        )
    return HistoryChecks(findings=findings, coverage=coverage)


def _missing(judged: Judged, covered: Sequence[Coverage]) -> Iterator[Finding]:
    for part in covered:
        severity = Severity.INFO if part.share >= MOSTLY_THERE else Severity.WARNING
        yield judged.finding(
            "missing_provider",
            severity,
            _missing_sentence(part, judged.period_end),
            (part.service, part.org),
            coverage=part.share,
            missing=[was.org for was in part.missing],
        )


def _missing_sentence(part: Coverage, period_end: date) -> str:
    month = in_words(period_end)
    first = part.missing[0]
    last = f"{first.last_list_size:,} waiting, for {in_words(first.last_period)}"
    if part.org == first.org:
        return f"{name_of(first.org)} sent no figures for {month}; its last were {last}."
    lost = f"{share_in_words(1 - part.share)} of the expected list is not in this figure"
    if len(part.missing) == 1:
        return f"{name_of(first.org)} sent no figures for {month} (last: {last}): {lost}."
    many, largest = len(part.missing), name_of(first.org)
    return f"{many} providers sent no figures for {month}, the largest {largest} (last: {last}): {lost}."


def _frozen(judged: Judged, levels: Mapping[str, Level]) -> Iterator[Finding]:
    """Lists of 50 or more printed unchanged, with the number of loaded periods they have stood."""
    for line, value in sorted(judged.now.totals.items(), key=lambda item: item[0]):
        if value is None or value < FROZEN_MINIMUM or level_of(line[1], levels) in WHOLES:
            continue
        periods = 1
        for totals in reversed(judged.window[:-1]):
            if totals.totals.get(line) != value:
                break
            periods += 1
        if periods > 1:
            severity = Severity.WARNING if periods >= FROZEN_WARNING_PERIODS else Severity.INFO
            sentence = (
                f"The same number, {value:,}, stands in {periods} loaded periods running: it may not be up to date."
            )
            yield judged.finding("frozen_value", severity, sentence, line, periods=periods)


def _zero_between(judged: Judged, history: Sequence[LineTotals]) -> Iterator[Finding]:
    """A 0 between two large values; known only when the period after it is published."""
    zeros = [
        line
        for line, value in judged.now.totals.items()
        if value == 0 and judged.before is not None and (judged.before.totals.get(line) or 0) >= STEP_MINIMUM
    ]
    after = _first_after(judged.now.vintage, history) if zeros else None
    if after is None:
        return
    for line in sorted(zeros):
        value = after.totals.get(line) or 0
        if value < STEP_MINIMUM:
            continue
        later = in_words(after.vintage.period_end)
        sentence = f"The list is printed as 0 between large ones, and as {value:,} in {later}: not a real 0."
        found = judged.finding("zero_between_values", Severity.ERROR, sentence, line)
        yield Finding(
            code=found.code,
            severity=found.severity,
            sentence=found.sentence,
            period_end=found.period_end,
            known_from=max(found.known_from, after.vintage.known_from),
            service=found.service,
            org=found.org,
        )


def _first_after(vintage: Vintage, history: Sequence[LineTotals]) -> LineTotals | None:
    """The first publication of the nearest loaded period after this one."""
    later = [
        item for item in history if item.vintage.period_end > vintage.period_end and item.vintage.scope == vintage.scope
    ]
    return min(later, key=lambda item: (item.vintage.period_end, item.vintage), default=None)
