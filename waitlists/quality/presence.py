"""Who sent figures and who did not: expected providers, who is missing, and how much of each list is there.

A provider is expected in a line when it reported the line in any of the last 12 loaded periods, this one included; its
weight is its last known list size. A provider that was succeeded is not missing: its successor answers for it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from waitlists.domain import ENGLAND, Coverage, Level, LineTotals, MissingProvider
from waitlists.organisations import board_of, current_code, parent_of
from waitlists.quality.words import level_of
from waitlists.sources import PUBLISHED_SOURCES

EXPECTED_WINDOW = 12
"""Loaded periods, the present one included, in which a provider must have reported a line to be expected in it."""

KEEPERS = frozenset({Level.PROVIDER, Level.LOCAL_AUTHORITY})
"""Who keeps a list; councils keep those of education, health and care plans."""

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Presence:
    """The providers of one vintage by service: who is present with which list, and who is missing since when.

    `zero_after` holds those that stand at 0, printed now or last before they fell silent, with their last other list.

    Codes are those in force at the vintage's period: a merged provider stands under its successor.
    """

    source: str
    period_end: date
    present: Mapping[str, Mapping[str, int]]
    missing: Mapping[str, Mapping[str, MissingProvider]]
    seen_before: Mapping[str, frozenset[str]]
    zero_after: Mapping[str, Mapping[str, MissingProvider]]

    def homes_of(self, org: str, service: str) -> tuple[str, ...]:
        """The organisations whose lists of a service hold this provider's, its own first."""
        return homes_of(org, service, source=self.source, on=self.period_end)


def providers_by_service(totals: LineTotals, levels: Mapping[str, Level], on: date) -> dict[str, dict[str, int]]:
    """List sizes of providers by service, under the codes in force on a day; merged providers are added."""
    sizes: dict[str, dict[str, int]] = defaultdict(dict)
    for (service, org), value in totals.totals.items():
        if value is not None and level_of(org, levels) in KEEPERS:
            code = current_code(org, service, on)
            sizes[service][code] = sizes[service].get(code, 0) + value
    return sizes


class Presences:
    """Presence in the windows of one history, each worked out once: that before a period is that of the one before."""

    def __init__(self, levels: Mapping[str, Level]) -> None:
        self._levels = levels
        self._found: dict[tuple[int, ...], Presence] = {}

    def of(self, window: Sequence[LineTotals]) -> Presence:
        """Who is present and who is missing in the last vintage of a window of loaded periods, oldest first."""
        within = window[-EXPECTED_WINDOW:]
        key = tuple(totals.vintage.id for totals in within)
        if key not in self._found:
            self._found[key] = _presence(within, self._levels)
        return self._found[key]


def _presence(window: Sequence[LineTotals], levels: Mapping[str, Level]) -> Presence:
    present_at = window[-1].vintage.period_end
    last_known: dict[str, dict[str, MissingProvider]] = defaultdict(dict)
    last_list: dict[str, dict[str, MissingProvider]] = defaultdict(dict)
    for totals in window[:-1]:
        for service, sizes in providers_by_service(totals, levels, present_at).items():
            for org, size in sizes.items():
                last_known[service][org] = was = MissingProvider(org, totals.vintage.period_end, size)
                if size:
                    last_list[service][org] = was
    present = providers_by_service(window[-1], levels, present_at)
    return Presence(
        source=window[-1].vintage.source,
        period_end=present_at,
        present=present,
        missing={
            service: {org: was for org, was in known.items() if org not in present.get(service, {})}
            for service, known in last_known.items()
        },
        seen_before={service: frozenset(known) for service, known in last_known.items()},
        zero_after={
            service: {
                org: was
                for org, was in lists.items()
                if present.get(service, {}).get(org, last_known[service][org].last_list_size) == 0
            }
            for service, lists in last_list.items()
        },
    )


def homes_of(org: str, service: str, *, source: str, on: date) -> tuple[str, ...]:
    """The organisations whose lists hold this provider's: itself, its board and, as published, its region and England.

    Returns and records are those of the boards that use this service: they make no figure of a region.
    """
    if source not in PUBLISHED_SOURCES:
        board = board_of(org, service, on)
        return (org, board) if board else (org,)
    homes = [org]
    parent = parent_of(org, on)
    while parent is not None and parent != ENGLAND:
        homes.append(parent)
        parent = parent_of(parent, on)
    return (*homes, ENGLAND)


def coverage_of(seen: Presence) -> tuple[Coverage, ...]:
    """Coverage of every list of which a provider is missing; lists that are whole are not named.

    Returns
    -------
    tuple of Coverage
        `share` = present / (present + last known of the missing); 0 for the missing provider itself. Providers whose
        last known list was empty make no difference and are left out.
    """
    missing = _absent_by_list(seen)
    present: dict[Line, int] = defaultdict(int)
    for service, sizes in seen.present.items():
        for org, size in sizes.items():
            for home in seen.homes_of(org, service):
                present[service, home] += size
    return tuple(
        Coverage(
            service=service,
            org=org,
            share=present[service, org] / (present[service, org] + sum(was.last_list_size for was in absent)),
            missing=tuple(sorted(absent, key=lambda was: (-was.last_list_size, was.org))),
        )
        for (service, org), absent in sorted(missing.items())
    )


def _absent_by_list(seen: Presence) -> dict[Line, list[MissingProvider]]:
    missing: dict[Line, list[MissingProvider]] = defaultdict(list)
    for service, providers in seen.missing.items():
        for was in providers.values():
            if was.last_list_size:
                for home in seen.homes_of(was.org, service):
                    missing[service, home].append(was)
    return missing
