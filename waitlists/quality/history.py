"""Checks of a vintage beside those known when it was published: missing, frozen, dipping, stepping lists.

Each vintage is judged with what was known on its own publication day, and again on each day an earlier period was
corrected: the order of loading changes nothing, and a replay of a past month says what could be said then. A fall that
missing providers explain is never called anything else, and no step is called an improvement here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter

from waitlists.domain import Coverage, Finding, Level, LineTotals, Severity, Vintage
from waitlists.periods import in_words
from waitlists.quality.beside import Beside
from waitlists.quality.elsewhere import Elsewhere
from waitlists.quality.judged import Judged, judge
from waitlists.quality.parts import concerns, with_parts
from waitlists.quality.presence import Presences, coverage_of
from waitlists.quality.restated import restated
from waitlists.quality.steps import steps
from waitlists.quality.whole import whole_unknown
from waitlists.quality.words import level_of, name_of, sent_nothing, share_in_words
from waitlists.quality.zeros import zeros_between, zeros_suspected
from waitlists.sources import Freq

WHOLES = {Level.ENGLAND, Level.REGION}
"""Sums of dozens of providers do not freeze."""

FROZEN_MINIMUM = 50
FROZEN_NOTED: Mapping[Freq, int] = {"M": 2, "W": 4}
"""Periods running in which the same number is noted: in a week a list may well come out where it was."""

FROZEN_WARNED: Mapping[Freq, int] = {"M": 3, "W": 4}
"""Periods running from which it is taken as not updated, and the list is not forecast."""

MOST_BEFORE = 24
"""Loaded periods back that a vintage is judged beside; what happened earlier says nothing of it."""

MOSTLY_THERE = 0.95
"""From this coverage on, a missing provider is a note; below it, a warning."""


@dataclass(frozen=True, slots=True)
class HistoryChecks:
    """Findings and coverage of every vintage of one source, by vintage id."""

    findings: Mapping[int, tuple[Finding, ...]]
    coverage: Mapping[int, tuple[Coverage, ...]]


def check_history(
    history: Sequence[LineTotals],
    *,
    levels: Mapping[str, Level] | None = None,
    others: Sequence[LineTotals] = (),
) -> HistoryChecks:
    """Findings and coverage of all vintages of one source.

    Parameters
    ----------
    history
        List sizes of every stored vintage of the source, in any order.
    levels
        Levels of organisations that are in no register, as printed in the files.
    others
        Vintages of other sources in which providers of a board's sum may be found that are not in it, and with which
        providers' own lists are compared.

    Returns
    -------
    HistoryChecks
        Findings `missing_provider`, `zero_suspected`, `step`, `frozen_value`, `whole_unknown`, `zero_between_values`,
        `restated`, `sources_differ`, the same whatever the order given; coverage is that of the publication day.
    """
    findings: dict[int, tuple[Finding, ...]] = {}
    coverage: dict[int, tuple[Coverage, ...]] = {}
    alone = {totals.vintage.id: totals for totals in history}
    senders = {totals.vintage.sender for totals in history} - {""}
    sent = [totals for totals in history if totals.vintage.scope]
    presences, beside, elsewhere = Presences(levels or {}), Beside((*others, *sent), levels), Elsewhere(others)
    for totals, near in _neighbours(with_parts(history)):
        own = alone[totals.vintage.id]
        published = judge(totals, near, presences, beside, on=totals.vintage.known_from)
        found = (
            *_as_known(totals, near, presences, beside, levels or {}),
            *zeros_between(published, near),
            *restated(published, near),
            *elsewhere.differing(own),
        )
        coverage[own.vintage.id] = tuple(one for one in coverage_of(published.seen) if concerns(one, own, senders))
        findings[own.vintage.id] = tuple(one for one in found if concerns(one, own, senders))
    return HistoryChecks(findings=findings, coverage=coverage)


def _neighbours(history: Sequence[LineTotals]) -> Iterator[tuple[LineTotals, Sequence[LineTotals]]]:
    """Each vintage with those of its scope it is judged beside: the loaded periods before it, its own, the next one.

    They come in the order in which they became known.
    """
    by_scope: dict[str, dict[date, list[LineTotals]]] = defaultdict(lambda: defaultdict(list))
    for totals in sorted(history, key=lambda item: item.vintage):
        by_scope[totals.vintage.scope][totals.vintage.period_end].append(totals)
    for by_period in by_scope.values():
        periods = sorted(by_period)
        for place, period in enumerate(periods):
            around = periods[max(0, place - MOST_BEFORE) : place + 2]
            near = sorted((totals for each in around for totals in by_period[each]), key=attrgetter("vintage"))
            yield from ((totals, near) for totals in by_period[period])


def _as_known(
    totals: LineTotals,
    history: Sequence[LineTotals],
    presences: Presences,
    beside: Beside,
    levels: Mapping[str, Level],
) -> tuple[Finding, ...]:
    """What is found on publication, and what a later correction of an earlier period takes back or adds."""
    settled: list[Finding] = []
    standing: dict[tuple[str, str | None, str | None, str], Finding] = {}
    for day in _days_to_judge(totals.vintage, history):
        judged = judge(totals, history, presences, beside, on=day)
        found = {
            (finding.code, finding.service, finding.org, finding.sentence): finding
            for finding in (
                *_missing(judged, coverage_of(judged.seen)),
                *zeros_suspected(judged),
                *steps(judged),
                *_frozen(judged, levels),
                *whole_unknown(judged, beside),
            )
        }
        settled += [replace(finding, known_until=day) for key, finding in standing.items() if key not in found]
        standing = {key: standing.get(key, finding) for key, finding in found.items()}
    return (*settled, *standing.values())


def _days_to_judge(vintage: Vintage, history: Sequence[LineTotals]) -> list[date]:
    """The publication day, and each later day on which an earlier period was corrected or came late."""
    others = [item.vintage for item in history if item.vintage.scope == vintage.scope]
    ends = min(
        (other.known_from for other in others if other.period_end == vintage.period_end and other > vintage),
        default=date.max,
    )
    later = {
        other.known_from
        for other in others
        if other.period_end < vintage.period_end and vintage.known_from < other.known_from < ends
    }
    return [vintage.known_from, *sorted(later)]


def _missing(judged: Judged, covered: Sequence[Coverage]) -> Iterator[Finding]:
    for part in covered:
        severity = Severity.INFO if part.share >= MOSTLY_THERE else Severity.WARNING
        yield judged.finding(
            "missing_provider",
            severity,
            _missing_sentence(part, judged.period_end, judged.freq),
            (part.service, part.org),
            coverage=part.share,
            missing=[was.org for was in part.missing],
        )


def _missing_sentence(part: Coverage, period_end: date, freq: Freq) -> str:
    month = in_words(period_end, freq)
    first = part.missing[0]
    last = f"{first.last_list_size:,} waiting, for {in_words(first.last_period, freq)}"
    if all(one.last_period == period_end for one in part.missing):
        return _elsewhere_sentence(part, month)
    if part.org == first.org:
        return f"{name_of(first.org)} {sent_nothing(freq)} for {month}; its last were {last}."
    lost = f"{share_in_words(1 - part.share)} of the expected list is not in this figure"
    if len(part.missing) == 1:
        return f"{name_of(first.org)} {sent_nothing(freq)} for {month} (last: {last}): {lost}."
    many, largest = len(part.missing), name_of(first.org)
    return f"{many} providers {sent_nothing(freq)} for {month}, the largest {largest} (last: {last}): {lost}."


def _elsewhere_sentence(part: Coverage, month: str) -> str:
    """Of whom another source has figures of this very period."""
    first = part.missing[0]
    who = f"{name_of(first.org)} ({first.last_list_size:,} waiting)"
    if part.org == first.org:
        return f"{who} is in another source for {month} and not in this one."
    others = f" and {len(part.missing) - 1} more are" if len(part.missing) > 1 else " is"
    lost = f"{share_in_words(1 - part.share)} of the expected list is not in this figure"
    return f"{who}{others} in another source for {month} and not in this sum: {lost}."


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
        if periods >= FROZEN_NOTED[judged.freq]:
            severity = Severity.WARNING if periods >= FROZEN_WARNED[judged.freq] else Severity.INFO
            sentence = (
                f"The same number, {value:,}, stands in {periods} loaded periods running: it may not be up to date."
            )
            yield judged.finding("frozen_value", severity, sentence, line, periods=periods)
