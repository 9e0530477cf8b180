"""Providers with a list elsewhere and none in a board's sum: they are missing from it, whoever else is there.

Records are sent by some and returns by others, and published workbooks name providers that send neither. A board's sum
over one source alone would look whole and be part of the list; so would one of a week in which a single provider came
back after all had been silent. Whoever gave figures in any of the last 12 loaded periods of the list is expected, and
silence of the others ends that no more than time does.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from waitlists.domain import Level, LineTotals, MissingProvider
from waitlists.organisations import board_of, current_code, keepers_of, may_have_moved
from waitlists.quality.presence import EXPECTED_WINDOW, KEEPERS, Line, Presence
from waitlists.quality.words import level_of
from waitlists.sources import PUBLISHED_SOURCES


class _Last(NamedTuple):
    """The last list that one source holds of a provider, and how many periods of its board's list came after it."""

    period_end: date
    size: int
    since: int


LOCAL: Final = "LOCAL:"
"""What keys of ours begin with: whoever stands behind one may send under its own code."""

_NEVER: Final = _Last(date.min, 0, 0)


class _Told:
    """What one source says of one list, or of all lists of a board: by period, from which day on and how many."""

    def __init__(self) -> None:
        self._by_period: dict[date, list[tuple[date, int | None]]] = defaultdict(list)
        self._periods: list[date] = []

    def add(self, period_end: date, known_from: date, size: int | None) -> None:
        """What came to be known; in the order in which it did."""
        self._by_period[period_end].append((known_from, size))
        self._periods.clear()

    def last(self, until: date, *, on: date) -> tuple[date, int] | None:
        """The last period with a number, as known on a day."""
        for period in reversed(self._up_to(until)):
            size = next((size for known, size in reversed(self._by_period[period]) if known <= on), None)
            if size is not None:
                return period, size
        return None

    def count(self, after: date, until: date, *, on: date) -> int:
        """Periods after one and up to another of which anything was known on a day."""
        periods = self._up_to(until)
        return sum(self._by_period[one][0][0] <= on for one in periods[bisect_right(periods, after) :])

    def _up_to(self, until: date) -> list[date]:
        self._periods = self._periods or sorted(self._by_period)
        return self._periods[: bisect_right(self._periods, until)]


class Beside:
    """Providers' lists in every source that may tell who is missing from a board's sum.

    Parameters
    ----------
    told
        Vintages of these sources, in any order; sums in them are left out.
    """

    def __init__(self, told: Iterable[LineTotals] = (), levels: Mapping[str, Level] | None = None) -> None:
        self._lists: dict[Line, dict[str, _Told]] = defaultdict(lambda: defaultdict(_Told))
        self._boards: dict[tuple[str, Line], _Told] = defaultdict(_Told)
        self._sent: dict[tuple[str, Line], _Told] = defaultdict(_Told)
        self._levels = levels or {}
        before: dict[tuple[str, str, date], set[Line]] = {}
        for totals in sorted(told, key=lambda one: one.vintage):
            about = totals.vintage
            place = about.source, about.scope, about.period_end
            # A correction takes the lines that it leaves out away with it.
            for line in before.get(place, set[Line]()) - totals.totals.keys():
                self._lists[line][about.source].add(about.period_end, about.known_from, None)
            before[place] = {line for line in totals.totals if level_of(line[1], self._levels) in KEEPERS}
            for line in before[place]:
                self._add(line, totals)

    def _add(self, line: Line, totals: LineTotals) -> None:
        (service, org), about, size = line, totals.vintage, totals.totals[line]
        self._lists[line][about.source].add(about.period_end, about.known_from, size)
        board = board_of(org, service, about.period_end)
        if size is not None and board:
            told = (self._boards,) if about.is_reconstructed else (self._boards, self._sent)
            for each in told:
                each[about.source, (service, board)].add(about.period_end, about.known_from, size)

    def added_to(self, seen: Presence, whole: LineTotals, *, on: date) -> Presence:
        """Who is missing from a board's sum, those that are known from elsewhere or before too, as known on a day."""
        if whole.vintage.scope or not self._lists:
            return seen
        boards = {line for line in whole.totals if level_of(line[1], self._levels) not in KEEPERS}
        missing = {service: dict(providers) for service, providers in seen.missing.items()}
        for (service, code), last in self._newest(boards, until=seen.period_end, on=on).items():
            is_here = code in seen.present.get(service, {}) or code in missing.get(service, {})
            if not is_here and last.size and last.since < EXPECTED_WINDOW:
                missing.setdefault(service, {})[code] = MissingProvider(code, last.period_end, last.size)
        return replace(seen, missing=missing)

    def _newest(self, boards: Collection[Line], *, until: date, on: date) -> dict[Line, _Last]:
        """The newest list of each provider of some boards in any source: whether it goes on is for that one to say."""
        found: dict[Line, _Last] = {}
        services = {service for service, _ in boards}
        for (source, service, code), (period, size) in self._by_source(services, until, on).items():
            line = service, board_of(code, service, until) or ""
            if line in boards:
                since = self._boards[source, line].count(period, until, on=on)
                found[service, code] = max(_Last(period, size, since), found.get((service, code), _NEVER))
        return found

    def _by_source(
        self, services: Collection[str], until: date, on: date
    ) -> dict[tuple[str, str, str], tuple[date, int]]:
        """The last list of each provider in each source, under the codes in force; those that came together are one."""
        found: dict[tuple[str, str, str], tuple[date, int]] = {}
        for (service, org), sources in self._lists.items():
            if service not in services:
                continue
            code = current_code(org, service, until)
            for source, told in sources.items():
                if last := told.last(until, on=on):
                    period, size = found.get((source, service, code), (date.min, 0))
                    added = size if period == last[0] else 0
                    found[source, service, code] = max((last[0], last[1] + added), (period, size))
        return found

    def unknown(self, whole: LineTotals, *, until: date, on: date) -> Iterator[tuple[Line, tuple[str, ...]]]:
        """The lists of a board's sum of which nobody can know whether they are whole, each with who is awaited in vain.

        That is who is registered to keep a part and never told of any. Where nobody is, or the part may be another's by
        now, or a key of ours stands for whoever it may be, who sends is known from a published collection, or once 12
        periods were sent: those that were reconstructed were before anybody else could send.
        """
        source = whole.vintage.source
        boards = [line for line in sorted(whole.totals) if (source, line) in self._boards]
        services = {service for service, _ in boards}
        known = {(service, code) for _, service, code in self._by_source(services, until, on)}
        for service, board in boards:
            keepers = keepers_of(service, board, until)
            silent = [code for code in keepers if (service, code) not in known]
            sure = (code for code in silent if not may_have_moved(code, service, until))
            awaited = tuple(code for code in sure if not code.startswith(LOCAL))
            is_known = bool(keepers) and not silent
            if awaited or not (is_known or self._is_settled((service, board), until, on)):
                yield (service, board), awaited

    def _is_settled(self, line: Line, until: date, on: date) -> bool:
        counts = {source: told.count(date.min, until, on=on) for (source, of), told in self._sent.items() if of == line}
        return any(count >= (1 if source in PUBLISHED_SOURCES else EXPECTED_WINDOW) for source, count in counts.items())
