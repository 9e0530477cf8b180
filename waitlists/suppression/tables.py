"""Linked numbers: hides more of a table where what is shown would let somebody work out a small number.

Rounding alone does not protect. Of 8, 8 and 1 with the total 17 are shown 10, 10, `*` and 15: two numbers of at least
8 and a total of at most 17 leave 1 for the third. So a table is audited as an outsider would read it: every shown
number is a span, every sum that is declared narrows the spans of its members until nothing moves, and while a small
number has fewer than `LEAST` values left, one more number of a sum that gives it away is hidden.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

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

LEAST: Final = 3
"""Values that each hidden small number must still be able to have."""

MOST_TRIED = 1_000
"""Equations looked at in search of the number whose loss helps most; after that the cheapest near by is hidden."""

MOST_USES = 200
"""How often an equation is used, one with another; what is known from sums that hold is known after a few."""

LEAST_INSIDE: Final = 2
"""The same for somebody who knows numbers of the table exactly: not known for certain. Three would hide many totals."""

FAR: Final = 10**9
"""More than any list holds: the end of a span of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that everybody knows to hold: `total` is all `parts` together less all of `less`."""

    total: str
    parts: tuple[str, ...]
    less: tuple[str, ...] = ()

    @property
    def members(self) -> tuple[str, ...]:
        """Every number in the sum, the total last."""
        return (*self.parts, *self.less, self.total)


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers that are shown together or can be put together, in exact form by name, and the sums among them.

    A number that is None, or named in a sum only, is one that nobody outside knows. `exact` are shown as they are
    (England, published figures); `fixed` were shown elsewhere before, so hiding them now would protect nothing;
    `withheld` are hidden whatever they are. `insiders` are the numbers that somebody who reads the same answers knows
    exactly, such as a provider its own: nobody else's small number may be worked out with their help either.
    """

    counts: Mapping[str, int | None]
    sums: tuple[Sum, ...] = ()
    exact: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    insiders: tuple[frozenset[str], ...] = ()


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


def protect(table: Table, rule: Rule) -> Plan:
    """What may be shown of a table: the rule for each number, then more hidden until no small one can be worked out."""
    audit = _Audit(table, rule)
    # What is hidden for one reader exposes nothing to another, so each is asked once.
    for known in (frozenset[str](), *table.insiders):
        audit.known = known
        while exposed := audit.exposed():
            audit.hide_more(exposed)
    shown = audit.shown()
    hidden = frozenset(name for name, count in table.counts.items() if count is not None and shown[name] is None)
    return Plan(shown, hidden, frozenset(audit.extra) & hidden, rule, calls_small=audit.extra <= table.withheld)


_Equation = tuple[tuple[str, int], ...]
"""Members with the sign they have in `parts - less - total = 0`."""

_Cost = tuple[int, bool, int]
"""How much is lost by hiding a number: its height, whether it is zero, how large it is shown."""


class _Choice(NamedTuple):
    """Numbers of one sum that could be hidden, all at the same cost."""

    cost: _Cost
    names: set[str]
    equation: _Equation


@dataclass(slots=True)
class _Audit:
    """A table as one reads it who has the numbers in `known`; `extra` grows until nothing is exposed."""

    table: Table
    rule: Rule
    known: frozenset[str] = field(default=frozenset(), init=False)
    extra: set[str] = field(default_factory=set[str], init=False)
    lost: set[str] = field(default_factory=set[str], init=False)
    equations: list[_Equation] = field(default_factory=list[_Equation], init=False)
    heights: dict[str, int] = field(default_factory=dict[str, int], init=False)
    tried: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        sums = [one for one in self.table.sums if _holds(one, self.table.counts)]
        self.equations = [_equation(one) for one in sums]
        self.heights = heights(sums)
        self.extra |= self.table.withheld

    def shown(self) -> dict[str, int | None]:
        return {name: None if name in self.extra else self._by_rule(name) for name in self.table.counts}

    def exposed(self, without: _Equation | None = None) -> list[str]:
        """Small numbers with too few values left, in the order of the table."""
        spans = narrowed(self._spans(), [one for one in self.equations if one is not without])
        least = LEAST_INSIDE if self.known else LEAST
        return [name for name in self._small() if spans[name].high - spans[name].low + 1 < least]

    def hide_more(self, exposed: list[str]) -> None:
        """Hide the cheapest numbers of one sum, if there is one, without which fewer are exposed."""
        near = self._choices(self._near(exposed))
        choice = self._telling(near, exposed) or next(iter(near), None)
        choice = choice or self._telling(self._choices(self.equations), exposed)
        # With nothing left to hide beside them, not even that they are small may be known; what exact numbers and those
        # shown before give away even so is out of our hands.
        more = choice.names if choice else set(exposed) - self.extra
        self.extra |= more
        self.lost |= set() if more else set(exposed)

    def _telling(self, choices: list[_Choice], exposed: list[str]) -> _Choice | None:
        for one in choices:
            if self.tried > MOST_TRIED:
                return None
            self.tried += len(self.equations)
            if len(self.exposed(without=one.equation)) < len(exposed):
                return one
        return None

    def _choices(self, equations: Iterable[_Equation]) -> list[_Choice]:
        found = (choice for one in equations if (choice := self._cheapest(one)))
        return sorted(found, key=lambda choice: (choice.cost, sorted(choice.names)))

    def _near(self, exposed: list[str]) -> list[_Equation]:
        """Sums that hold an exposed number, and those that share a number with one of them."""

        def holding(names: set[str]) -> list[_Equation]:
            return [one for one in self.equations if any(name in names for name, _ in one)]

        return holding({name for one in holding(set(exposed)) for name, _ in one})

    def _cheapest(self, equation: _Equation) -> _Choice | None:
        """The members of a sum that are hidden first: detail before totals, then not zero before zero, the smallest.

        All that are shown alike are hidden alike: a choice among them could be read backwards.
        """
        costs = {name: cost for name, _ in equation if (cost := self._cost(name)) is not None}
        if not costs:
            return None
        least = min(costs.values())
        return _Choice(least, {name for name, cost in costs.items() if cost == least}, equation)

    def _cost(self, name: str) -> _Cost | None:
        if name in self.extra or name in self.known or name in self.table.exact or name in self.table.fixed:
            return None
        shown = shown_count(self.table.counts.get(name), self.rule)
        return None if shown is None else (self.heights.get(name, 0), shown == 0, shown)

    def _by_rule(self, name: str) -> int | None:
        count = self.table.counts[name]
        return count if name in self.table.exact else shown_count(count, self.rule)

    def _small(self) -> Iterable[str]:
        seen = self.lost | self.known | self.table.exact
        hideable = (name for name in self.table.counts if name not in seen)
        return (name for name in hideable if _is_small(self.table.counts[name], self.rule))

    def _spans(self) -> dict[str, Span]:
        names = {name for one in self.equations for name, _ in one} | set(self.table.counts)
        return {name: self._span(name) for name in names}

    def _span(self, name: str) -> Span:
        count = self.table.counts.get(name)
        if count is not None and (name in self.table.exact or name in self.known):
            return Span(count, count)
        if count is None or name in self.extra:
            return Span(0, FAR)
        shown = shown_count(count, self.rule)
        return small_span(self.rule) if shown is None else span_of(shown, self.rule)


def narrowed(spans: Mapping[str, Span], equations: Iterable[_Equation]) -> dict[str, Span]:
    """The spans that are left once every equation has been used until nothing moves.

    Each span left holds the true count, and is as narrow as sums that share at most one number allow.
    """
    left, listed = dict(spans), list(equations)
    users: dict[str, list[int]] = {}
    for place, equation in enumerate(listed):
        for name, _ in equation:
            users.setdefault(name, []).append(place)
    waiting = set(range(len(listed)))
    # Sums that nearly contradict one another close in by one at a time, for as long as a list is.
    for _ in range(MOST_USES * len(listed)):
        if not waiting:
            break
        waiting.update(place for name in _use(listed[waiting.pop()], left) for place in users[name])
    return left


def _use(equation: _Equation, spans: dict[str, Span]) -> list[str]:
    """Narrow each member of one equation by all the others; the names of those that moved."""
    ends = [(spans[name] if sign > 0 else Span(-spans[name].high, -spans[name].low)) for name, sign in equation]
    low, high = sum(end.low for end in ends), sum(end.high for end in ends)
    moved: list[str] = []
    for (name, sign), end in zip(equation, ends, strict=True):
        least, most = max(end.low, end.high - high), min(end.high, end.low - low)
        # Sums that contradict one another leave nothing between: to narrow on would never end, and tells nothing.
        if least <= most and (least, most) != end:
            spans[name] = Span(least, most) if sign > 0 else Span(-most, -least)
            moved.append(name)
    return moved


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


def _holds(one: Sum, counts: Mapping[str, int | None]) -> bool:
    """False for a sum that exact figures break: whoever relies on it finds out nothing that is true."""
    known = [counts.get(name) for name in one.members]
    if None in known:
        return True
    return sum(sign * (counts[name] or 0) for name, sign in _equation(one)) == 0


def _equation(one: Sum) -> _Equation:
    return (*((name, 1) for name in one.parts), *((name, -1) for name in one.less), (one.total, -1))


def _is_small(count: int | None, rule: Rule) -> bool:
    return count is not None and is_small(count, rule)
