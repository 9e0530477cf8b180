"""Providers that are in another source and not in a board's sum: they are missing from it, whoever else is there.

Records are sent by some and returns by others, and published workbooks name providers that send neither. A board's sum
over one source alone would look whole and be part of the list.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from waitlists.domain import Level, LineTotals, MissingProvider
from waitlists.organisations import board_of, current_code
from waitlists.quality.presence import KEEPERS, Line, Presence
from waitlists.quality.words import level_of
from waitlists.sources import Freq, freq_of

EXPECTED_FOR: Final[Mapping[Freq, timedelta]] = {"W": timedelta(weeks=12), "M": timedelta(days=366)}
"""How long a provider's list in another source lets it be expected here."""


class _Told(NamedTuple):
    known_from: date
    period_end: date
    size: int
    until: date


class Beside:
    """Providers' lists in other sources.

    Parameters
    ----------
    others
        Vintages of other sources, in any order; sums in them are left out.
    """

    def __init__(self, others: Iterable[LineTotals] = (), levels: Mapping[str, Level] | None = None) -> None:
        self._lists: dict[Line, list[_Told]] = defaultdict(list)
        self._levels = levels or {}
        for totals in others:
            vintage = totals.vintage
            until = vintage.period_end + EXPECTED_FOR[freq_of(vintage.source)]
            for (service, org), size in totals.totals.items():
                if size and level_of(org, self._levels) in KEEPERS:
                    self._lists[service, org].append(_Told(vintage.known_from, vintage.period_end, size, until))

    def added_to(self, seen: Presence, whole: LineTotals, *, on: date) -> Presence:
        """Who is missing from a board's sum, those in other sources too, as known on a day."""
        if whole.vintage.scope or not self._lists:
            return seen
        boards = {line for line in whole.totals if level_of(line[1], self._levels) not in KEEPERS}
        missing = {service: dict(providers) for service, providers in seen.missing.items()}
        for (service, org), told in self._lists.items():
            code = current_code(org, service, seen.period_end)
            is_here = code in seen.present.get(service, {}) or code in missing.get(service, {})
            if is_here or (service, board_of(code, service, seen.period_end)) not in boards:
                continue
            known = [one for one in told if one.known_from <= on and one.period_end <= seen.period_end <= one.until]
            if known:
                last = max(known, key=lambda one: (one.period_end, one.known_from))
                missing.setdefault(service, {})[code] = MissingProvider(code, last.period_end, last.size)
        return replace(seen, missing=missing)
