"""Linked numbers: hides more of a table where what is shown would let somebody work out a small number.

Rounding alone does not protect. Of 8, 8 and 1 with the total 17 are shown 10, 10, `*` and 15: two numbers of at least
8 and a total of at most 17 leave 1 for the third. So a table is audited as an outsider would read it: every shown
number is a span, every sum that is declared narrows the spans of its members until nothing moves, and while a small
number has fewer than `LEAST` values left, one more number of a sum that gives it away is hidden.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from waitlists.suppression.readers import OUTSIDER, Insider
from waitlists.suppression.rules import (
    NOT_KNOWN,
    NOT_SHOWN,
    Rule,
    Span,
    is_small,
    shown_count,
    small_span,
    span_of,
    words,
)
from waitlists.suppression.spans import ANY, Equation, Spans

LEAST: Final = 3
"""Values that each hidden small number must still be able to have."""

MOST_TRIED = 1_000
"""Equations looked at for one reader in search of the numbers whose loss helps most; then what is near by is hidden."""

LEAST_INSIDE: Final = 2
"""The same for somebody who knows numbers of the table exactly: not known for certain. Three would hide many totals."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that everybody knows to hold: `total` is all `parts` together less all of `less`."""

    total: str
    parts: tuple[str, ...]
    less: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers that are shown together or can be put together, in exact form by name, and the sums among them.

    A number that is None, or named in a sum only, is one that nobody outside knows. `exact` are shown as they are;
    `fixed` were shown elsewhere before, so hiding them now would protect nothing; `withheld` are hidden whatever they
    are. What `insiders` know may not help them to work out anybody else's small number either.
    """

    counts: Mapping[str, int | None]
    sums: tuple[Sum, ...] = ()
    exact: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    insiders: tuple[Insider, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What may be shown of each number of a table, None where hidden or not known.

    `hidden` are the hidden ones; `extra` those among them that are hidden whether small or not. An answer never tells
    the two apart; `calls_small` is False where the audit had to hide more, and then words must not tell either.
    """

    shown: Mapping[str, int | None]
    hidden: frozenset[str]
    extra: frozenset[str]
    rule: Rule
    calls_small: bool

    def said(self, name: str) -> str:
        """A number as a sentence says it: `1,650`, `fewer than 8`, or that it is not shown or not known."""
        shown = self.shown[name]
        if shown is not None:
            return f"{shown:,}"
        if name not in self.hidden:
            return NOT_KNOWN
        is_small = self.calls_small and name not in self.extra
        return words(self.rule) if is_small else NOT_SHOWN


class Decided(NamedTuple):
    """What is hidden beside the small numbers of a table, and whether words may call those small.

    It names numbers and holds none, so that it can be kept: what may be shown follows from it and from the table.
    """

    extra: frozenset[str]
    calls_small: bool


def protect(table: Table, rule: Rule) -> Plan:
    """What may be shown of a table: the rule for each number, then more hidden until no small one can be worked out."""
    audit = _Audit(table, rule)
    # What is hidden for one reader exposes nothing to another, so each is asked once.
    for reader in (OUTSIDER, *table.insiders):
        audit.read_as(reader)
        while exposed := audit.exposed():
            audit.hide_more(exposed)
    return plan_of(table, rule, Decided(frozenset(audit.extra), audit.extra <= table.withheld))


def plan_of(table: Table, rule: Rule, decided: Decided) -> Plan:
    """What may be shown of a table of which it is decided what is hidden beside its small numbers."""

    def shown_of(name: str, count: int | None) -> int | None:
        if name in decided.extra:
            return None
        return count if name in table.exact else shown_count(count, rule)

    shown = {name: shown_of(name, count) for name, count in table.counts.items()}
    hidden = frozenset(name for name, count in table.counts.items() if count is not None and shown[name] is None)
    return Plan(shown, hidden, decided.extra & hidden, rule, decided.calls_small)


_Cost = tuple[int, bool, int]
"""How much is lost by hiding a number: its height, whether it is zero, how large it is shown."""


class _Choice(NamedTuple):
    """Numbers of one sum, by its place among the equations, that could be hidden, all at the same cost."""

    cost: _Cost
    names: tuple[str, ...]
    place: int


@dataclass(slots=True)
class _Audit:
    """A table as a `reader` reads it; `extra` grows until nothing is exposed.

    `outside` is what somebody can conclude who has only what is shown, `seen` what this reader can.
    """

    table: Table
    rule: Rule
    reader: Insider = field(default=OUTSIDER, init=False)
    extra: set[str] = field(default_factory=set[str], init=False)
    lost: set[str] = field(default_factory=set[str], init=False)
    equations: list[Equation] = field(default_factory=list[Equation], init=False)
    users: dict[str, list[int]] = field(default_factory=dict[str, list[int]], init=False)
    costs: dict[str, _Cost] = field(default_factory=dict[str, _Cost], init=False)
    small: list[str] = field(default_factory=list[str], init=False)
    cheapest: dict[int, _Choice | None] = field(default_factory=dict[int, _Choice | None], init=False)
    outside: Spans = field(init=False)
    seen: Spans = field(init=False)
    tried: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        known = [(one, _equation(one)) for one in self.table.sums]
        known = [(one, equation) for one, equation in known if _holds(equation, self.table.counts)]
        sums, self.equations = [one for one, _ in known], [equation for _, equation in known]
        for place, equation in enumerate(self.equations):
            for name, _ in equation:
                self.users.setdefault(name, []).append(place)
        self.extra |= self.table.withheld
        self.costs = self._costs(heights(sums))
        hideable = (name for name in self.table.counts if name not in self.table.exact)
        self.small = [name for name in hideable if _is_small(self.table.counts[name], self.rule)]
        names = dict.fromkeys((*self.table.counts, *self.users))
        self.outside = self.seen = Spans.of({name: self._span(name) for name in names}, self.equations)

    def read_as(self, reader: Insider) -> None:
        """Read the table with the numbers that a reader knows exactly."""
        hidden = self.extra.intersection(self.table.counts) - self.table.exact
        self.outside.give(dict.fromkeys(hidden, ANY))
        self.reader, self.seen = reader, self.outside
        self.lost, self.tried = set(), 0
        if reader.knows:
            self.cheapest.clear()
            self.seen = self.outside.copy()
            exact = {name: self.table.counts[name] for name in reader.knows}
            self.seen.give({name: Span(count, count) for name, count in exact.items() if count is not None})

    def exposed(self) -> list[str]:
        """Small numbers with too few values left, in the order of the table."""
        unseen = (name for name in self.small if name not in self.lost and name not in self.reader.own)
        return [name for name in unseen if self._is_exposed(name, self.seen)]

    def hide_more(self, exposed: list[str]) -> None:
        """Hide the cheapest numbers of one sum, if there is one, without which fewer are exposed."""
        near, given = self._choices(self._near(exposed)), self.seen.given_to(exposed)
        choice = self._telling(near, exposed) or next((one for one in near if not given.isdisjoint(one.names)), None)
        choice = choice or self._telling(self._choices(range(len(self.equations))), exposed)
        # With nothing found that tells of them, not even who is small may be known, and where that is not enough the
        # cheapest near by goes. What exact numbers and those shown before give away even so is out of our hands.
        telling = set(choice.names) if choice else {*exposed, *given.intersection(self.small)}
        more = telling - self.extra - self.reader.knows
        if not more and near:
            more = set(near[0].names)
        self._hide(more)
        self.lost |= set() if more else set(exposed)

    def _hide(self, names: set[str]) -> None:
        self.extra |= names
        self.seen.give(dict.fromkeys(names, ANY))
        for place in self._holding(names):
            self.cheapest.pop(place, None)

    def _is_exposed(self, name: str, spans: Spans) -> bool:
        return spans.width(name) < (LEAST_INSIDE if self.reader.knows else LEAST)

    def _telling(self, choices: list[_Choice], exposed: list[str]) -> _Choice | None:
        rests = self.seen.rests_on(exposed)
        for one in choices:
            if self.tried > MOST_TRIED:
                return None
            self.tried += len(self.equations)
            if rests >> one.place & 1 and self._is_telling(one, exposed):
                return one
        return None

    def _is_telling(self, choice: _Choice, exposed: list[str]) -> bool:
        """Whether fewer are exposed to somebody who does not know the sum."""
        less = self.seen.copy()
        less.leave_out(choice.place)
        return not all(self._is_exposed(name, less) for name in exposed)

    def _choices(self, places: Sequence[int]) -> list[_Choice]:
        for place in places:
            if place not in self.cheapest:
                self.cheapest[place] = self._cheapest(place)
        return sorted(choice for one in places if (choice := self.cheapest[one]))

    def _near(self, exposed: list[str]) -> list[int]:
        """Sums that hold an exposed number, and those that share a number with one of them."""
        return sorted(self._holding({name for one in self._holding(exposed) for name, _ in self.equations[one]}))

    def _holding(self, names: Iterable[str]) -> set[int]:
        return {place for name in names for place in self.users.get(name, ())}

    def _cheapest(self, place: int) -> _Choice | None:
        """The members of a sum that are hidden first: detail before totals, then not zero before zero, the smallest.

        All that are shown alike are hidden alike: a choice among them could be read backwards.
        """
        names = (name for name, _ in self.equations[place] if name in self.costs)
        costs = {name: self.costs[name] for name in names if name not in self.extra and name not in self.reader.knows}
        if not costs:
            return None
        least = min(costs.values())
        return _Choice(least, tuple(sorted(name for name, cost in costs.items() if cost == least)), place)

    def _costs(self, height: Mapping[str, int]) -> dict[str, _Cost]:
        """What it costs to hide each number that is shown and can be hidden."""
        kept = self.table.exact | self.table.fixed
        shown = {name: shown_count(count, self.rule) for name, count in self.table.counts.items() if name not in kept}
        return {name: (height.get(name, 0), one == 0, one) for name, one in shown.items() if one is not None}

    def _span(self, name: str) -> Span:
        count = self.table.counts.get(name)
        if count is not None and name in self.table.exact:
            return Span(count, count)
        if count is None or name in self.extra:
            return ANY
        shown = shown_count(count, self.rule)
        return small_span(self.rule) if shown is None else span_of(shown, self.rule)


def heights(sums: Iterable[Sum]) -> dict[str, int]:
    """How many sums deep each total is; what is no total has no height. Detail is lower than what is made of it."""
    made_of: dict[str, set[str]] = {}
    for one in sums:
        made_of.setdefault(one.total, set()).update(one.parts, one.less)
    found: dict[str, int] = {}

    def height(name: str) -> int:
        if name in made_of and name not in found:
            found[name] = 0
            found[name] = 1 + max(map(height, made_of[name]), default=0)
        return found.get(name, 0)

    for name in made_of:
        height(name)
    return found


def _holds(equation: Equation, counts: Mapping[str, int | None]) -> bool:
    """False for a sum that exact figures break: whoever relies on it finds out nothing that is true."""
    left = 0
    for name, sign in equation:
        count = counts.get(name)
        if count is None:
            return True
        left += sign * count
    return left == 0


def _equation(one: Sum) -> Equation:
    return (*((name, 1) for name in one.parts), *((name, -1) for name in one.less), (one.total, -1))


def _is_small(count: int | None, rule: Rule) -> bool:
    return count is not None and is_small(count, rule)
