"""What may be shown of unpublished figures, worked out for a whole week of a service at once and kept in memory."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from hashlib import blake2b
from itertools import pairwise
from threading import Lock

from sqlalchemy import Connection

from waitlists.organisations import board_of, parent_of
from waitlists.sources import PUBLISHED_SOURCES, SOURCES
from waitlists.store.read_sheets import periods_of, versions_of
from waitlists.suppression.groups import Divided, with_groups
from waitlists.suppression.rules import Rule
from waitlists.suppression.sheets import Sheet, Version, sheets

MOST_PERIODS = 1024

_OWN = tuple(sorted(SOURCES.keys() - PUBLISHED_SOURCES))

_Known = tuple[str, date, list[Version], list[Version]]
"""A service, a period, its lists, and those of the period before."""


class Sheets:
    """Periods of services as they may be shown, kept by what is in them; safe to share between threads."""

    def __init__(self, most: int = MOST_PERIODS) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, dict[str, Sheet]] = OrderedDict()
        self._lock = Lock()

    def of(
        self, connection: Connection, *, source: str, service: str, periods: Collection[date], rule: Rule
    ) -> dict[str, Sheet]:
        """By node, what may be shown of every list of one source and service in some periods.

        Lists that nobody has published are gone through with those of the other such sources of the same day.
        """
        lists: dict[date, list[Version]] = defaultdict(list)
        openings: dict[date, list[Version]] = defaultdict(list)
        for name in _OWN if source in _OWN else (source,):
            every = periods_of(connection, source=name)
            before = dict(pairwise(reversed(every)))
            asked = set(periods).intersection(every)
            if not asked:
                continue
            wanted = asked.union(before[period] for period in asked if period in before)
            found = versions_of(connection, source=name, service=service, periods=wanted)
            for period in asked:
                lists[period] += found.get(period, ())
                openings[period] += found.get(before[period], ()) if period in before else ()
        parent = partial(board_of, service=service) if source in _OWN else parent_of
        shown: dict[str, Sheet] = {}
        for period in periods:
            shown |= self._period((service, period, lists[period], openings[period]), partial(parent, on=period), rule)
        return shown

    def grouped(self, own: Sheet, divided: Divided, rule: Rule) -> Sheet:
        """One of these lists with its groups."""
        key = blake2b(repr((rule, own.node, sorted(own.plan.shown.items()), divided)).encode()).digest()
        return self._once(key, lambda: {own.node: with_groups(own, divided, rule)})[own.node]

    def _period(self, known: _Known, parent: Callable[[str], str | None], rule: Rule) -> dict[str, Sheet]:
        _, _, lists, openings = known
        # By content and not by version of the data: a week is worked out once, not again after each delivery.
        key = blake2b(repr((rule, known)).encode()).digest()
        return self._once(key, lambda: sheets(lists, openings, parent_of=parent, rule=rule))

    def _once(self, key: bytes, make: Callable[[], dict[str, Sheet]]) -> dict[str, Sheet]:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
