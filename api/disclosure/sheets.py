"""What may be shown of unpublished figures, worked out for a whole week of a service at once and kept in memory."""

from collections import OrderedDict
from collections.abc import Collection
from datetime import date
from functools import partial
from hashlib import blake2b
from threading import Lock

from sqlalchemy import Connection

from waitlists.organisations import parent_of
from waitlists.store.read_sheets import Periods, periods_of, versions_of
from waitlists.suppression.rules import Rule
from waitlists.suppression.sheets import Sheet, sheets

MOST_PERIODS = 1024


class Sheets:
    """Periods of services as they may be shown, kept by what is in them; safe to share between threads."""

    def __init__(self, most: int = MOST_PERIODS) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, dict[str, Sheet]] = OrderedDict()
        self._lock = Lock()

    def of(
        self, connection: Connection, *, source: str, service: str, periods: Collection[date], rule: Rule
    ) -> dict[str, Sheet]:
        """By node, what may be shown of every list of one source and service in some periods."""
        every = periods_of(connection, source=source)
        before = dict(zip(every[1:], every, strict=False))
        wanted = {*periods, *(before[period] for period in periods if period in before)}
        found = versions_of(connection, source=source, service=service, periods=wanted)
        shown: dict[str, Sheet] = {}
        for period in periods:
            shown |= self._period(found, period, before.get(period), rule)
        return shown

    def _period(self, found: Periods, period: date, before: date | None, rule: Rule) -> dict[str, Sheet]:
        lists, openings = found.get(period, ()), found.get(before, ()) if before else ()
        # By content and not by version of the data: a week is worked out once, not again after each delivery.
        key = blake2b(repr((rule, period, lists, openings)).encode()).digest()
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        made = sheets(lists, openings, parent_of=partial(parent_of, on=period), rule=rule)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made
