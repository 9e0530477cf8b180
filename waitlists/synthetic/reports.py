"""What providers send for each month, with the faults of real returns planted, and how it adds up.

Everything adds up by construction (England is the sum of regions, regions of boards, boards of providers): a planted
fault changes what a provider sends, never a total alone. The faults are listed in `FAULTS`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from waitlists.domain import ENGLAND
from waitlists.periods import month_range
from waitlists.synthetic.lists import simulate, weeks_between
from waitlists.synthetic.places import (
    BOARDS,
    HIDDEN_LINES,
    LISTS,
    OCCUPATIONAL,
    PAEDIATRICS,
    PHYSIO,
    PROVIDERS,
    REGIONS,
    SPEECH,
    UNREPORTED,
)

FIRST_MONTH, LAST_MONTH = date(2024, 4, 30), date(2026, 9, 30)
MERGED_FROM = date(2024, 10, 31)
DIP = ("RDR", SPEECH, date(2025, 1, 31))
REPORTED_FROM = date(2025, 4, 30)
LATE_MONTH = date(2025, 8, 31)
ABSENT = ("NQ7", frozenset({date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31)}))
CORRECTED_MONTH, CORRECTED = date(2026, 3, 31), ("NQ7", SPEECH)
FROZEN = ("RPA", PAEDIATRICS, date(2026, 6, 30), frozenset({date(2026, 7, 31), date(2026, 8, 31)}))
SHORT_BANDS = ("RYG", PHYSIO)
POOLED = "RYY"

FAULTS = (
    "R1C's lists move to RW1 in October 2024",
    "RDR prints 0 for speech and language in January 2025",
    "RYW sends a neurodevelopmental list for the first time in April 2025",
    "August 2025 is published after September 2025",
    "NQ7 sends nothing from November 2025 to January 2026",
    "March 2026 is corrected: NQ7's speech and language list was printed too small",
    "RYY takes 400 children off its community paediatric list in one week of May 2026",
    "RPA prints June 2026 again in July and August",
    "RYY prints one pooled number for speech and language, occupational therapy and physiotherapy",
    "RYG's bands for physiotherapy fall short of its total",
)

Counts = tuple[int, ...]
"""A list's total, then its eight bands."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month as sent: lists by (organisation, line) at every level, England's hidden lines, who sent nothing."""

    period_end: date
    lists: Mapping[tuple[str, str], Counts]
    hidden: Mapping[str, int]
    absent: frozenset[str]


def months(*, seed: int, corrected: bool) -> tuple[Month, ...]:
    """All months as first printed, or as they read once March 2026 is corrected."""
    periods = month_range(FIRST_MONTH, LAST_MONTH)
    weeks = weeks_between(date(2024, 4, 1), LAST_MONTH)
    bands = simulate(weeks, seed=seed)
    hidden = _hidden(len(periods), seed=seed)
    monthly = {period: _sent(period, bands[max(w for w in weeks if w <= period)]) for period in periods}
    frozen_as = monthly[FROZEN[2]][FROZEN[:2]]
    return tuple(
        Month(period, _added_up(_faulty(monthly[period], period, frozen_as, corrected)), counts, absent(period))
        for period, counts in zip(periods, hidden, strict=True)
    )


def absent(period: date) -> frozenset[str]:
    """Providers in scope that send nothing for the month."""
    return frozenset({ABSENT[0]}) if period in ABSENT[1] else frozenset()


def in_scope(period: date) -> frozenset[str]:
    """Providers in scope that month: Solent leaves it when its lists move."""
    return frozenset(p.code for p in PROVIDERS if p.code != "R1C" or period < MERGED_FROM)


def _hidden(count: int, *, seed: int) -> list[dict[str, int]]:
    rng = np.random.default_rng([seed, 1])
    drawn = rng.poisson(list(HIDDEN_LINES.values()), (count, len(HIDDEN_LINES)))
    return [dict(zip(HIDDEN_LINES, map(int, row), strict=True)) for row in drawn]


def _sent(period: date, bands: NDArray[np.int64]) -> dict[tuple[str, str], Counts]:
    """What each provider sends, before any fault: lists that moved or are sent together are one."""
    sent: dict[tuple[str, str], Counts] = {}
    for item, row in zip(LISTS, bands, strict=True):
        if item is UNREPORTED and period < REPORTED_FROM:
            continue
        provider = "RW1" if item.provider == "R1C" and period >= MERGED_FROM else item.provider
        counts = (int(row.sum()), *map(int, row))
        key = (provider, item.line)
        sent[key] = added((sent[key], counts)) if key in sent else counts
    return sent


def _faulty(
    sent: Mapping[tuple[str, str], Counts], period: date, frozen_as: Counts, corrected: bool
) -> dict[tuple[str, str], Counts]:
    faulty = {key: counts for key, counts in sent.items() if key[0] not in absent(period)}
    for line in (OCCUPATIONAL, PHYSIO):
        faulty[POOLED, line] = faulty[POOLED, SPEECH]
    total, *bands = faulty[SHORT_BANDS]
    faulty[SHORT_BANDS] = (total + bands[3] // 4, *bands)
    if period == DIP[2]:
        faulty[DIP[:2]] = (0,) * 9
    if period in FROZEN[3]:
        faulty[FROZEN[:2]] = frozen_as
    if period == CORRECTED_MONTH and not corrected:
        small = [count * 6 // 10 for count in faulty[CORRECTED][1:]]
        faulty[CORRECTED] = (sum(small), *small)
    return faulty


def _added_up(sent: Mapping[tuple[str, str], Counts]) -> dict[tuple[str, str], Counts]:
    """The same lists with those of boards, regions and England, each the sum of the level below."""
    lists = dict(sent)
    for parts in (PROVIDERS, BOARDS, REGIONS):
        parents = {part.code: part.parent for part in parts}
        sums: dict[tuple[str, str], list[Counts]] = {}
        for (code, line), counts in lists.items():
            if code in parents:
                sums.setdefault((parents[code], line), []).append(counts)
        lists.update({key: added(counts) for key, counts in sums.items()})
    return lists


def added(counts: Iterable[Counts]) -> Counts:
    """Lists added together: totals to totals, bands to bands."""
    return tuple(map(sum, zip(*counts, strict=True)))


def subtotal(month: Month, prefix: str) -> Counts:
    """England's lists of all lines with a prefix: `(A)`, `(CYP)`, or every line for an empty one.

    Hidden lines count in the total and have no bands.
    """
    shown = [counts for (org, line), counts in month.lists.items() if org == ENGLAND and line.startswith(prefix)]
    hidden = [(count, *(0,) * 8) for line, count in month.hidden.items() if line.startswith(prefix)]
    return added(shown + hidden)
