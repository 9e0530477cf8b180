"""What is stored of one list, period by period and vintage by vintage: that from which a series is built."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import NamedTuple, cast

from waitlists.bands import Column, WaitBands, first_day_over, over_weeks, usable_bands, usable_spreads
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


Place = tuple[int, str]
"""Vintage and organisation."""


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
        if measure == Measure.LIST_SIZE:
            return self.counts.get(TOTAL)
        if measure in FLOWS or measure in VERY_LONG or measure.value in self.flows:
            return self.flows.get(measure.value)
        return over_weeks(self.bands, _weeks_of(measure))

    @property
    def bands(self) -> WaitBands:
        """Its wait bands as far as they can be used."""
        bands = {band: count for band, count in self.counts.items() if band != TOTAL}
        return usable_bands(bands, self.counts.get(TOTAL))


@dataclass(frozen=True, slots=True)
class Columns:
    """What all vintages say of one list, one count after the other, as those of `VintageCells` by vintage.

    `vintages` are those that say anything of the list; one that does not name a count is not in its column.
    """

    vintages: AbstractSet[int] = frozenset()
    counts: Mapping[str, Column] = field(default_factory=dict[str, Column])
    flows: Mapping[str, Column] = field(default_factory=dict[str, Column])

    def cells(self, vintage_id: int) -> VintageCells:
        """What one of the vintages says."""
        return VintageCells(vintage_id, _at(self.counts, vintage_id), _at(self.flows, vintage_id))

    def values(self, measure: Measure) -> Column:
        """`VintageCells.value` of every vintage; one that is not named has none."""
        if measure == Measure.LIST_SIZE:
            return self.counts.get(TOTAL, {})
        counted = self.flows.get(measure.value, {})
        if measure in FLOWS or measure in VERY_LONG:
            return counted
        first_day = first_day_over(_weeks_of(measure))
        return {
            one: self.cells(one).value(measure) if spread is None or one in counted else spread.from_day(first_day)
            for one, spread in self.spreads().items()
        }

    def spreads(self) -> Mapping[int, Spread | None]:
        """Children by band of every vintage, None where the bands cannot be used or one of them is unknown."""
        return dict(usable_spreads(self.counts, self.counts.get(TOTAL, {}), self.vintages))


def _weeks_of(measure: Measure) -> int:
    """The weeks over which a measure counts; bands give no other count."""
    if measure not in OVER_WEEKS:
        raise BadArgument(f"a series of {measure} cannot be built from published counts", field="measure")
    return OVER_WEEKS[measure]


def _at(columns: Mapping[str, Column], vintage_id: int) -> dict[str, int | None]:
    return {name: column[vintage_id] for name, column in columns.items() if vintage_id in column}


class Cells(Mapping[Place, VintageCells]):
    """What vintages say of lists, kept in columns by organisation and put together for those that are asked for."""

    def __init__(self, columns: Mapping[str, Columns]) -> None:
        self.columns = columns
        self._made: dict[Place, VintageCells] = {}

    def __getitem__(self, place: Place) -> VintageCells:
        """What one vintage says of one organisation's list."""
        if place not in self._made:
            if place not in self:
                raise KeyError(place)
            self._made[place] = self.columns[place[1]].cells(place[0])
        return self._made[place]

    def __contains__(self, place: object) -> bool:
        """Whether a vintage says anything of an organisation's list."""
        vintage_id, org = cast("Place", place)
        return org in self.columns and vintage_id in self.columns[org].vintages

    def __iter__(self) -> Iterator[Place]:
        """Every list of every vintage."""
        return ((vintage_id, org) for org, columns in self.columns.items() for vintage_id in columns.vintages)

    def __len__(self) -> int:
        """How many lists all vintages have together."""
        return sum(len(columns.vintages) for columns in self.columns.values())


_NO_COLUMNS = Columns()


def in_columns(cells: Mapping[Place, VintageCells]) -> Mapping[str, Columns]:
    """The columns of cells, by organisation."""
    if isinstance(cells, Cells):
        return cells.columns
    found: dict[str, tuple[set[int], dict[str, dict[int, int | None]], dict[str, dict[int, int | None]]]] = {}
    for (vintage_id, org), one in cells.items():
        vintages, counts, flows = found.setdefault(org, (set(), {}, {}))
        vintages.add(vintage_id)
        for columns, named in ((counts, one.counts), (flows, one.flows)):
            for name, count in named.items():
                columns.setdefault(name, {})[vintage_id] = count
    return {org: Columns(*one) for org, one in found.items()}


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
    cells: Mapping[Place, VintageCells]
    coverage: Mapping[Place, Coverage] = field(default_factory=dict[Place, Coverage])
    findings: Mapping[Place, tuple[Finding, ...]] = field(default_factory=dict[Place, tuple[Finding, ...]])
    is_synthetic: bool = False
    lists: frozenset[str] | None = None
    # Dozens of measures and past days are looked at of one history: what counted on a day is worked out once.
    _in_order: dict[date, tuple[Mapping[date, Vintage], ...]] = field(
        default_factory=dict[date, tuple[Mapping[date, Vintage], ...]], init=False, repr=False, compare=False
    )
    _chosen: dict[tuple[str, date], Mapping[date, Vintage]] = field(
        default_factory=dict[tuple[str, date], Mapping[date, Vintage]], init=False, repr=False, compare=False
    )

    _columns: dict[str, Columns] = field(default_factory=dict[str, Columns], init=False, repr=False, compare=False)

    def columns(self, org: str) -> Columns:
        """What all vintages say of one organisation's list."""
        if not self._columns:
            self._columns.update(in_columns(self.cells))
        return self._columns.get(org, _NO_COLUMNS)

    def vintages_of(self, org: str, *, as_of: date) -> Mapping[date, Vintage]:
        """The vintage of each period as known on a day; where providers deliver on their own, that of this one."""
        place = org, as_of
        if place not in self._chosen:
            chosen: dict[date, Vintage] = {}
            held = self.columns(org).vintages
            for sent in self._standing(as_of):
                if not chosen:
                    chosen |= sent
                    continue
                chosen |= {day: one for day, one in sent.items() if day not in chosen or one.id in held}
            self._chosen[place] = chosen
        return self._chosen[place]

    def _standing(self, as_of: date) -> tuple[Mapping[date, Vintage], ...]:
        """The vintages that count on a day by period, those of each sender after the other."""
        if as_of not in self._in_order:
            found: dict[str, dict[date, Vintage]] = {}
            for (scope, period_end), vintage in in_force(self.vintages, as_of).items():
                found.setdefault(scope, {})[period_end] = vintage
            self._in_order[as_of] = tuple(found[scope] for scope in sorted(found))
        return self._in_order[as_of]

    @property
    def orgs(self) -> list[str]:
        """The organisations whose lists are asked about, in order of code."""
        held = {org for _, org in self.cells}
        return sorted(held if self.lists is None else held & self.lists)
