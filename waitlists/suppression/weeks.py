"""A week of a service as disclosure control takes it: all its lists, what tells it from any other, what may be shown.

What is decided of a week costs far more than everything else about an answer, so it can be kept under the week's digest
and put to its figures again. The digest is of everything that a decision comes from: whoever keeps one cannot be wrong
about which figures it belongs to, only not find it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from hashlib import blake2b
from itertools import groupby
from typing import Final, NamedTuple

from waitlists.organisations import board_of, parent_of
from waitlists.sources import PUBLISHED_SOURCES
from waitlists.suppression.rules import Rule
from waitlists.suppression.sheets import Sheet, Version, sheets
from waitlists.suppression.tables import Decided

Parents = Callable[[str], str | None]
"""The organisation in whose figures another one's are counted."""

METHOD: Final = 8
"""Which way of deciding this code has: the next number wherever other decisions may come out of the same figures."""


class Week(NamedTuple):
    """All that was ever known of the lists of a service in one period, and of those of the period before."""

    service: str
    period_end: date
    lists: tuple[Version, ...]
    openings: tuple[Version, ...]

    def digest(self, rule: Rule) -> str:
        """What no other week, rule, register or method has."""
        find = self._parents()
        parents = {org: list(_above(org, find)) for org in dict.fromkeys(one.org for one in self.lists)}
        return blake2b(repr((METHOD, rule, self, parents)).encode(), digest_size=32).hexdigest()

    def sheets(self, rule: Rule, decided: Iterable[Decided] = ()) -> dict[str, Sheet]:
        """What may be shown of every list, by node; `decided` is what was decided of this very week before."""
        return sheets(self.lists, self.openings, parent_of=self._parents(), rule=rule, decided=decided)

    def _parents(self) -> Parents:
        is_published = any(one.source in PUBLISHED_SOURCES for one in self.lists)
        return partial(parent_of if is_published else partial(board_of, service=self.service), on=self.period_end)


def _above(org: str, parent_of: Parents) -> Iterator[str]:
    above = parent_of(org)
    while above is not None:
        yield above
        above = parent_of(above)


def decided_in(found: Mapping[str, Sheet]) -> list[Decided]:
    """What was decided to come to these sheets, in order: once for each state of knowledge that brought new lists."""
    plans = (next(same).plan for _, same in groupby(found.values(), key=lambda sheet: id(sheet.plan)))
    return [Decided(plan.extra, plan.calls_small) for plan in plans]
