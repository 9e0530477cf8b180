"""Zeros that are not zeros: a list of hundreds printed as 0, and the lists of its board, region and England with it.

A published 0 is a number, and coverage counts whoever printed it as present. But nobody treats two thousand children in
a month: a 0 after a list of 50 or more is suspected until the list is back or twelve loaded periods have passed, and
what it hides is named beside every list that it is a part of.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from waitlists.domain import Finding, LineTotals, MissingProvider, Severity, Vintage
from waitlists.periods import in_words, months_between
from waitlists.quality.judged import Judged
from waitlists.quality.presence import Line
from waitlists.quality.steps import STEP_MINIMUM, STEP_MONTHS
from waitlists.quality.words import name_of, share_in_words
from waitlists.sources import Freq

MATERIAL_SHARE = 0.05
"""A parent's list is named where at least 5% of what it should hold stands behind a suspected 0."""


def zeros_suspected(judged: Judged) -> Iterator[Finding]:
    """`zero_suspected` for each provider's 0 that cannot be believed, and for the lists that it makes too small."""
    hidden: dict[Line, list[MissingProvider]] = defaultdict(list)
    for service, providers in judged.seen.zero_after.items():
        for was in providers.values():
            if was.last_list_size >= STEP_MINIMUM:
                for home in judged.seen.homes_of(was.org, service):
                    hidden[service, home].append(was)
    for line, providers in sorted(hidden.items()):
        lost = sum(was.last_list_size for was in providers)
        printed = judged.now.totals.get(line)
        if line[1] != providers[0].org and lost < MATERIAL_SHARE * ((printed or 0) + lost):
            continue
        largest = max(providers, key=lambda was: (was.last_list_size, was.org))
        yield judged.finding(
            "zero_suspected",
            Severity.WARNING,
            _sentence(line, largest, len(providers), lost / ((printed or 0) + lost), judged.freq),
            line,
            hidden=[[was.org, was.last_period.isoformat(), was.last_list_size] for was in providers],
        )


def hidden_behind_zero(finding: Finding) -> tuple[MissingProvider, ...]:
    """The providers that a `zero_suspected` finding names, with their last other list; nobody for other findings."""
    rows = cast("Sequence[tuple[str, str, int]]", finding.details.get("hidden", ()))
    return tuple(MissingProvider(org, date.fromisoformat(period), size) for org, period, size in rows)


def _sentence(line: Line, largest: MissingProvider, many: int, share: float, freq: Freq) -> str:
    last = f"{largest.last_list_size:,} waiting, for {in_words(largest.last_period, freq)}"
    if line[1] == largest.org:
        return f"The list is printed as 0 or not at all; its last other figure was {last}; it may not have been sent."
    others = f" and {many - 1} more" if many > 1 else ""
    part = f"{share_in_words(share)} of the list may not be in this figure"
    return f"{name_of(largest.org)}{others} printed 0 (last other figure: {last}): {part}."


def zeros_between(judged: Judged, history: Sequence[LineTotals]) -> Iterator[Finding]:
    """`zero_between_values`: a 0 between two large neighbours; known only when the period after it is published."""
    before, after = judged.before, _first_after(judged.now.vintage, history)
    if before is None or after is None:
        return
    here = judged.period_end
    if (
        max(months_between(before.vintage.period_end, here), months_between(here, after.vintage.period_end))
        > STEP_MONTHS
    ):
        return
    for line, value in sorted(judged.now.totals.items()):
        if value != 0 or min(before.totals.get(line) or 0, after.totals.get(line) or 0) < STEP_MINIMUM:
            continue
        later = f"{after.totals[line]:,} in {in_words(after.vintage.period_end, judged.freq)}"
        sentence = f"The list is printed as 0 between large ones, and as {later}: not a real 0."
        found = judged.finding("zero_between_values", Severity.ERROR, sentence, line)
        yield replace(found, known_from=max(found.known_from, after.vintage.known_from))


def _first_after(vintage: Vintage, history: Sequence[LineTotals]) -> LineTotals | None:
    """The first publication of the nearest loaded period after this one."""
    later = [
        item for item in history if item.vintage.period_end > vintage.period_end and item.vintage.scope == vintage.scope
    ]
    return min(later, key=lambda item: (item.vintage.period_end, item.vintage), default=None)
