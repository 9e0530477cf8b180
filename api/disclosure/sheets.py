"""What may be shown of unpublished figures, for a whole week of a service at once and kept in memory.

What a job has decided of a week is read from the store and put to its figures; of any other week it is decided here.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import blake2b
from threading import Lock

from sqlalchemy import Connection

from waitlists.store.decided import decided_of
from waitlists.store.read import DatasetVersion, latest_version
from waitlists.store.read_sheets import weeks_of
from waitlists.suppression.groups import Divided, with_groups
from waitlists.suppression.rules import Rule
from waitlists.suppression.sheets import Sheet

MOST_PERIODS = 1024


@dataclass(frozen=True, slots=True)
class _Named:
    """The digests of periods by source, service and rule, as they are at one version of the data."""

    version: DatasetVersion | None
    digests: dict[tuple[str, str, Rule], dict[date, str]] = field(
        default_factory=dict[tuple[str, str, Rule], dict[date, str]], init=False
    )


class Sheets:
    """Periods of services as they may be shown, kept by what is in them; safe to share between threads."""

    def __init__(self, most: int = MOST_PERIODS) -> None:
        self._most = most
        self._kept: OrderedDict[str, dict[str, Sheet]] = OrderedDict()
        self._named = _Named(None)
        self._lock = Lock()

    def of(
        self, connection: Connection, *, source: str, service: str, periods: Collection[date], rule: Rule
    ) -> dict[date, dict[str, Sheet]]:
        """By period and node, what may be shown of every list of one source and service.

        They are kept by content and not by version of the data: a week is gone through once, not after each delivery.
        """
        names = self._names(connection, (source, service, rule))
        with self._lock:
            kept = {period: self._kept.get(names.get(period, "")) for period in periods}
        found = {period: one for period, one in kept.items() if one is not None}
        unread = [period for period, one in kept.items() if one is None]
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

    def _names(self, connection: Connection, about: tuple[str, str, Rule]) -> dict[date, str]:
        """The digests of periods as far as they are known at the version of the data that is read."""
        version = latest_version(connection)
        if version is None:
            return {}
        if self._named.version != version:
            self._named = _Named(version)
        return self._named.digests.setdefault(about, {})

    def grouped(self, own: Sheet, divided: Divided, rule: Rule) -> Sheet:
        """One of these lists with its groups."""
        key = blake2b(repr((rule, own.node, sorted(own.plan.shown.items()), divided)).encode()).hexdigest()
        return self._once(key, lambda: {own.node: with_groups(own, divided, rule)})[own.node]

    def _once(self, key: str, make: Callable[[], dict[str, Sheet]]) -> dict[str, Sheet]:
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
