"""What may be shown of unpublished figures, for a whole week of a service at once and kept in memory.

What a job has decided of a week is read from the store and put to its figures; of any other week it is decided here.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import blake2b
from threading import Lock
from typing import Final, NamedTuple

from sqlalchemy import Connection

from waitlists.store.decided import decided_of
from waitlists.store.read import DatasetVersion, latest_version
from waitlists.store.read_sheets import weeks_of
from waitlists.suppression.groups import Divided, with_groups
from waitlists.suppression.rules import Rule
from waitlists.suppression.sheets import Sheet, node, nothing

MOST_NUMBERS: Final = 120_000
"""So many numbers may kept tables hold together, at some 550 bytes each with their sums and plans: about 64 MiB.

Three years of weeks of one service fit, which a page looks through once for each of its series, service by service;
what they tell is kept by series.
"""
MOST_SERIES: Final = 256


class Told(NamedTuple):
    """What a sheet tells of one step of a series: what is shown of it, and of a count what it is.

    `is_hidden` is whether a share or a wait is pointed to as hidden, whether or not there is one; None of a count.
    """

    shown: float | None
    exact: int | None = None
    is_hidden: bool | None = None


class SeriesOf(NamedTuple):
    """A series: the list it is of, what is asked of that, and by which rule it is told."""

    source: str
    service: str
    org: str
    measure: str
    standard_id: str | None
    basis: str
    rule: Rule


_NOTHING: Final = Told(None)


@dataclass(frozen=True, slots=True)
class _AtVersion:
    """What is known at one version of the data: digests of periods, and what sheets tell of series by vintage."""

    version: DatasetVersion | None
    digests: dict[tuple[str, str, Rule], dict[date, str]] = field(
        default_factory=dict[tuple[str, str, Rule], dict[date, str]], init=False
    )
    told: OrderedDict[SeriesOf, dict[int, Told]] = field(
        default_factory=OrderedDict[SeriesOf, dict[int, Told]], init=False
    )


class Sheets:
    """Periods of services as they may be shown, kept by what is in them; safe to share between threads."""

    def __init__(self, most: int = MOST_NUMBERS, most_series: int = MOST_SERIES) -> None:
        self._most, self._most_series = most, most_series
        self._kept: OrderedDict[str, dict[str, Sheet]] = OrderedDict()
        self._numbers = 0
        self._at = _AtVersion(None)
        self._lock = Lock()

    def of(
        self, connection: Connection, *, source: str, service: str, periods: Collection[date], rule: Rule
    ) -> dict[date, dict[str, Sheet]]:
        """By period and node, what may be shown of every list of one source and service.

        They are kept by content and not by version of the data: a week is gone through once, not after each delivery.
        """
        names = self._known(latest_version(connection)).digests.setdefault((source, service, rule), {})
        found = {period: one for period in periods if (one := self._find(names.get(period))) is not None}
        unread = [period for period in periods if period not in found]
        if not unread:
            return found
        weeks = {
            week.digest(rule): week for week in weeks_of(connection, source=source, service=service, periods=unread)
        }
        with self._lock:
            fresh = {digest: week for digest, week in weeks.items() if digest not in self._kept}
        decided = decided_of(connection, fresh, rule)
        for digest, week in weeks.items():
            found[week.period_end] = self._once(digest, partial(week.sheets, rule, decided.get(digest, ())))
            names[week.period_end] = digest
        return found

    def told(
        self,
        connection: Connection,
        series: SeriesOf,
        steps: Sequence[tuple[date, int | None]],
        tell: Callable[[Sheet], Told],
        *,
        version: DatasetVersion | None,
    ) -> list[Told]:
        """What sheets tell of the steps of a series, each by its period and vintage; nothing of one without a figure.

        What `tell` finds in a sheet is kept for as long as the data are of one version, which is the one that is read.
        """
        kept = self._told(version, series)
        unread = {period: vintage for period, vintage in steps if vintage is not None and vintage not in kept}
        if unread:
            empty, about = nothing(series.rule), {"source": series.source, "service": series.service}
            weeks = self.of(connection, **about, periods=unread, rule=series.rule)
            for period, vintage in unread.items():
                kept[vintage] = tell(weeks[period].get(node(vintage, series.org), empty))
        return [_NOTHING if vintage is None else kept[vintage] for _, vintage in steps]

    def _told(self, version: DatasetVersion | None, series: SeriesOf) -> dict[int, Told]:
        every = self._known(version).told
        with self._lock:
            kept = every.setdefault(series, {})
            every.move_to_end(series)
            while len(every) > self._most_series:
                every.popitem(last=False)
        return kept

    def _known(self, version: DatasetVersion | None) -> _AtVersion:
        """What is known at the version of the data that is read; nothing is kept before any is published."""
        if version is None:
            return _AtVersion(None)
        if self._at.version != version:
            self._at = _AtVersion(version)
        return self._at

    def grouped(self, own: Sheet, divided: Divided, rule: Rule) -> Sheet:
        """One of these lists with its groups."""
        key = blake2b(repr((rule, own.node, sorted(own.plan.shown.items()), divided)).encode()).hexdigest()
        return self._once(key, lambda: {own.node: with_groups(own, divided, rule)})[own.node]

    def _once(self, key: str, make: Callable[[], dict[str, Sheet]]) -> dict[str, Sheet]:
        kept = self._find(key)
        if kept is not None:
            return kept
        made = make()
        with self._lock:
            if key not in self._kept:
                self._numbers += _numbers(made)
            self._kept[key] = made
            while self._numbers > self._most:
                self._numbers -= _numbers(self._kept.popitem(last=False)[1])
        return made

    def _find(self, key: str | None) -> dict[str, Sheet] | None:
        if key is None:
            return None
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        return kept


def _numbers(kept: dict[str, Sheet]) -> int:
    """How many numbers the tables of some lists hold, each table once; without any list it is one all the same."""
    tables = {id(sheet.table): len(sheet.table.counts) for sheet in kept.values()}
    return 1 + sum(tables.values())
