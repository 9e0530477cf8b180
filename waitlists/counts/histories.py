"""What is stored of one list, period by period and vintage by vintage: that from which a series is built."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from waitlists.bands import WaitBands, first_day_over, over_weeks, usable_bands, usable_spread
from waitlists.domain import TOTAL, Coverage, Finding, Measure, Vintage
from waitlists.errors import BadArgument
from waitlists.spread import Spread

OVER_WEEKS: Mapping[Measure, int] = {
    Measure.OVER_18_WEEKS: 18,
    Measure.OVER_52_WEEKS: 52,
    Measure.OVER_104_WEEKS: 104,
}
"""Measures that the eight bands give."""

VERY_LONG: tuple[Measure, ...] = (Measure.OVER_156_WEEKS, Measure.OVER_208_WEEKS)
"""Measures inside the open top band: sources that count single weeks give them beside the bands, as their own kind."""

STOCKS: tuple[Measure, ...] = (Measure.LIST_SIZE, *OVER_WEEKS, *VERY_LONG)
FLOWS: tuple[Measure, ...] = (Measure.REFERRALS, Measure.REMOVALS, Measure.TREATED)


class VintageCells(NamedTuple):
    """What one vintage says of one list: counts by band, `total` among them, and what it counts beside the bands.

    `flows` are referrals, removals and treated, and who waits over so many weeks where that is counted by itself, by
    kind; None is suppressed.
    """

    vintage_id: int
    counts: Mapping[str, int | None]
    flows: Mapping[str, int | None] = MappingProxyType({})

    def value(self, measure: Measure) -> int | None:
        """The count of `measure`, or None where it was suppressed or not published.

        Raises
        ------
        BadArgument
            For a measure that is not a count of children: shares and waits are worked out from bands.
        """
        return counting(measure)(self)

    @property
    def bands(self) -> WaitBands:
        """Its wait bands as far as they can be used."""
        bands = {band: count for band, count in self.counts.items() if band != TOTAL}
        return usable_bands(bands, self.counts.get(TOTAL))

    @property
    def spread(self) -> Spread | None:
        """Its children by band, None where the bands cannot be used or one of them is unknown."""
        return usable_spread(self.counts, self.counts.get(TOTAL))


@lru_cache
def counting(measure: Measure) -> Callable[[VintageCells], int | None]:
    """How the count of a measure is found in cells: looked up once, as thousands are asked for the same.

    Raises
    ------
    BadArgument
        For a measure that is not a count of children.
    """
    kind = measure.value
    if measure == Measure.LIST_SIZE:
        return lambda cells: cells.counts.get(TOTAL)
    if measure in FLOWS or measure in VERY_LONG:
        return lambda cells: cells.flows.get(kind)
    if measure not in OVER_WEEKS:
        raise BadArgument(f"a series of {measure} cannot be built from published counts", field="measure")
    weeks = OVER_WEEKS[measure]
    return lambda cells: cells.flows[kind] if kind in cells.flows else _over(cells, weeks)


def _over(cells: VintageCells, weeks: int) -> int | None:
    spread = cells.spread
    return over_weeks(cells.bands, weeks) if spread is None else spread.from_day(first_day_over(weeks))


def in_force(vintages: tuple[Vintage, ...], as_of: date) -> dict[tuple[str, date], Vintage]:
    """The vintage that counts on `as_of` for each scope and period: the latest known by the end of that day."""
    known = sorted(one for one in vintages if one.known_from <= as_of)
    return {(vintage.scope, vintage.period_end): vintage for vintage in known}


@dataclass(frozen=True, slots=True)
class ListHistory:
    """Everything stored about one source and service, all vintages of it, from which a series is built.

    `cells` is by vintage and organisation; `coverage` holds only lists of which part is missing; `findings` those about
    a list, by vintage and organisation. `lists` are the organisations whose lists are asked about where the cells of
    others are there for the sake of sums; None for all that have cells.
    """

    source: str
    service: str
    vintages: tuple[Vintage, ...]
    cells: Mapping[tuple[int, str], VintageCells]
    coverage: Mapping[tuple[int, str], Coverage] = field(default_factory=dict[tuple[int, str], Coverage])
    findings: Mapping[tuple[int, str], tuple[Finding, ...]] = field(
        default_factory=dict[tuple[int, str], tuple[Finding, ...]]
    )
    is_synthetic: bool = False
    lists: frozenset[str] | None = None
    # Dozens of measures and past days are looked at of one history: what counted on a day is worked out once.
    _in_order: dict[date, tuple[Vintage, ...]] = field(
        default_factory=dict[date, tuple[Vintage, ...]], init=False, repr=False, compare=False
    )
    _chosen: dict[tuple[str, date], Mapping[date, Vintage]] = field(
        default_factory=dict[tuple[str, date], Mapping[date, Vintage]], init=False, repr=False, compare=False
    )

    def vintages_of(self, org: str, *, as_of: date) -> Mapping[date, Vintage]:
        """The vintage of each period as known on a day; where providers deliver on their own, that of this one."""
        place = org, as_of
        if place not in self._chosen:
            chosen: dict[date, Vintage] = {}
            for vintage in self._standing(as_of):
                if vintage.period_end not in chosen or (vintage.id, org) in self.cells:
                    chosen[vintage.period_end] = vintage
            self._chosen[place] = chosen
        return self._chosen[place]

    def _standing(self, as_of: date) -> tuple[Vintage, ...]:
        """The vintages that count on a day, in order of scope and period."""
        if as_of not in self._in_order:
            found = sorted(in_force(self.vintages, as_of).items(), key=itemgetter(0))
            self._in_order[as_of] = tuple(vintage for _, vintage in found)
        return self._in_order[as_of]

    @property
    def orgs(self) -> list[str]:
        """The organisations whose lists are asked about, in order of code."""
        held = {org for _, org in self.cells}
        return sorted(held if self.lists is None else held & self.lists)
