"""The attacker: a solver that looks for every hidden small number in everything that was shown.

It knows the rule, the sums, that a list is the list of the week before and who joined less who left, and, more than any
answer says, which hidden numbers are small and which were hidden to protect others. Whole numbers, exact limits: what
it recovers is what only one true table fits.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

from waitlists.bands import CHS_BANDS, WaitBand, WaitBands, merge
from waitlists.suppression import CountedList, Plan, Rule, Sum, Table, protect, table_of_lists
from waitlists.suppression.lists import OPENING, TOTAL
from waitlists.suppression.readers import Insider
from waitlists.suppression.rules import is_small, small_span, span_of
from waitlists.suppression.thresholds import Mark

SHARES = (0.10, 0.09, 0.14, 0.28, 0.07, 0.20, 0.08, 0.04)
"""Wait bands of a list, as in the invented Kent."""
PROVIDERS = {"A": 0.45, "B": 0.3, "C": 0.2, "D": 0.05}
ICB, NEIGHBOUR, REGION = "Q", "R", "Y"
MADE_OF = {ICB: tuple(PROVIDERS), REGION: (ICB, NEIGHBOUR)}
ORGS = (*PROVIDERS, ICB, NEIGHBOUR, REGION)
REASONS = {"treated": 0.75, "declined": 0.15, "aged_out": 0.1}
MARKS = ((91, 1.0), (27, 0.9), (28, 0.8), (140, 1.0))
"""Thresholds that no count is named by, and the share of a list that each is about: autism and mental health first."""
HALVES = (7, 28, 0.2)
"""The thresholds of a list with two standards, each about those whom the other is not: eating disorders, urgent first.

The share of the list is that of the first.
"""
FAR = 10_000_000


@dataclass(frozen=True)
class Week:
    """One week of one service as it was shown, the truth to judge the attacker by, and what the attacker knows.

    `own` count nobody but whom the attacker knows, so that there is nothing to recover in them. Where lists are warned
    of, whether a warning stands says of each number over a wait whether it is nobody.
    """

    table: Table
    plan: Plan
    known: frozenset[str] = frozenset()
    is_warned: bool = False
    own: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Attack:
    """How many hidden small numbers there were, which of them were recovered, and how much else was hidden."""

    hidden: int
    recovered: tuple[str, ...]
    shown: int = 0
    extra: int = 0

    def __add__(self, other: "Attack") -> "Attack":
        return Attack(
            self.hidden + other.hidden,
            self.recovered + other.recovered,
            self.shown + other.shown,
            self.extra + other.extra,
        )

    def __str__(self) -> str:
        also = f"{self.extra} more hidden, {self.shown} shown"
        return f"hidden small numbers {self.hidden}, recovered {len(self.recovered)}; {also}"


def weeks(
    size: int, rule: Rule, *, number: int, seed: int, is_protected: bool = True, is_halved: bool = False
) -> list[Week]:
    """Consecutive weeks of four providers of about `size` children, their ICB, one beside it and the region of both.

    The first week has no opening. Every list is counted over one of MARKS, another with each seed, or over HALVES.
    """
    draw, mark = random.Random(f"{size} {seed}"), HALVES if is_halved else MARKS[seed % len(MARKS)]
    own = {**PROVIDERS, NEIGHBOUR: 0.5}
    closing = {org: max(1, round(size * share * draw.uniform(0.7, 1.3))) for org, share in own.items()}
    found: list[Week] = []
    for _ in range(number):
        lists = {org: _week_of(draw, opening, mark) for org, opening in closing.items()}
        closing = {org: one.bands.total or 0 for org, one in lists.items()}
        for parent, parts in MADE_OF.items():
            lists[parent] = _together([lists[part] for part in parts])
        if not found:
            lists = {org: replace(one, opening=None) for org, one in lists.items()}
        table = table_of_lists(lists, made_of=MADE_OF, rule=rule, before=found[-1].plan if found else None)
        secret = frozenset(name for name in table.withheld if "days" in name)
        plan = protect(table if is_protected else Table(table.counts, withheld=secret), rule)
        found.append(Week(table, plan))
    return found


def _week_of(draw: random.Random, opening: int, mark: tuple[int, float] | tuple[int, int, float]) -> CountedList:
    referrals = draw.randint(0, max(1, opening // 12))
    leavers = draw.choices(
        list(REASONS), list(REASONS.values()), k=draw.randint(0, min(opening, max(1, opening // 12)))
    )
    size = opening + referrals - len(leavers)
    banded = size - (draw.randint(1, 9) if size > 20 and draw.random() < 0.2 else 0)
    waits = draw.choices(range(len(SHARES)), SHARES, k=banded)
    counts = {band.label: waits.count(place) for place, band in enumerate(CHS_BANDS)}
    removals = {reason: leavers.count(reason) for reason in REASONS}
    bands = [CHS_BANDS[place] for place in waits]
    return CountedList(
        WaitBands(counts, size),
        opening=opening,
        referrals=referrals,
        removals=removals,
        marks=[_mark_of(draw, bands, *mark)] if len(mark) == 2 else _halves_of(draw, bands, *mark),
    )


def _mark_of(draw: random.Random, waits: Sequence[WaitBand], days: int, share: float) -> Mark:
    """Those over a threshold: each child waited some day of its band, and the standard is about some."""
    waited = [(draw.randint(one.from_days, one.to_days or 1500), draw.random() < share) for one in waits]
    over = sum(wait > days for wait, _ in waited)
    if share == 1:
        return Mark(days, over)
    return Mark(days, sum(wait > days and own for wait, own in waited), sum(own for _, own in waited), over)


def _halves_of(draw: random.Random, waits: Sequence[WaitBand], short: int, late: int, share: float) -> list[Mark]:
    """Those over two thresholds, each about those whom the other is not."""
    waited = [(draw.randint(one.from_days, one.to_days or 1500), draw.random() < share) for one in waits]
    found: list[Mark] = []
    for days, half in ((short, True), (late, False)):
        own = [wait for wait, is_first in waited if is_first is half]
        over = sum(wait > days for wait in own)
        found.append(Mark(days, over, len(own), sum(wait > days for wait, _ in waited)))
    return found


def _together(every: list[CountedList]) -> CountedList:
    removals = {reason: sum(one.removals[reason] for one in every) for reason in REASONS}
    opening, referrals = (sum(getattr(one, name) for one in every) for name in ("opening", "referrals"))
    marks = [_added([one.marks[place] for one in every]) for place in range(len(every[0].marks))]
    whole = merge(*(one.bands for one in every))
    return CountedList(whole, opening=opening, referrals=referrals, removals=removals, marks=marks)


def _added(marks: Sequence[Mark]) -> Mark:
    numbers = [[getattr(one, name) for one in marks] for name in ("over", "about", "all_over")]
    return Mark(marks[0].days, *(None if None in column else sum(column) for column in numbers))


def true_sums(table: Table) -> tuple[Sum, ...]:
    """The sums that exact figures bear out; numbers that nobody knows may be anything."""

    def holds(one: Sum) -> bool:
        known = table.counts
        if any(known.get(name) is None for name in (*one.parts, *one.less, one.total)):
            return True
        return (
            sum(known[name] or 0 for name in one.parts) - sum(known[name] or 0 for name in one.less) == known[one.total]
        )

    return tuple(one for one in table.sums if holds(one))


def read_by(reader: Insider, table: Table, plan: Plan) -> Week:
    """A week as somebody reads it who knows some of its numbers."""
    known = frozenset(name for name in reader.knows if table.counts[name] is not None)
    return Week(table, plan, known, own=reader.own)


def attack(shown: Sequence[Week]) -> Attack:
    """Look for every hidden small number of some consecutive weeks at once."""
    system = _System(shown)
    targets = list(system.targets())
    recovered = tuple(f"week {week} {name}" for week, name in system.pinned(targets))
    numbers = [value for one in shown for value in one.plan.shown.values()]
    extra = sum(len(one.plan.extra) for one in shown)
    return Attack(len(targets), recovered, sum(value is not None for value in numbers), extra)


class _System:
    """Everything that was shown as one system of whole-number constraints."""

    def __init__(self, shown: Sequence[Week]) -> None:
        self.weeks = shown
        names = [(place, name) for place, one in enumerate(shown) for name in _names(one.table)]
        self.places = {name: place for place, name in enumerate(names)}
        rows = list(self._rows())
        matrix = lil_matrix((len(rows), len(names)))
        for number, row in enumerate(rows):
            for name, sign in row:
                matrix[number, self.places[name]] += sign
        self.constraints = LinearConstraint(matrix.tocsr(), 0, 0)
        limits = [_limits(shown[week], name) for week, name in names]
        self.low, self.high = (np.array(ends, dtype=float) for ends in zip(*limits, strict=True))
        self.truth = np.array([shown[week].table.counts.get(name) or 0 for week, name in names])

    def _rows(self) -> Iterator[list[tuple[tuple[int, str], int]]]:
        for week, one in enumerate(self.weeks):
            for total in one.table.sums:
                parts = [((week, name), 1) for name in total.parts] + [((week, name), -1) for name in total.less]
                yield [*parts, ((week, total.total), -1)]
            if week:
                for name in one.table.counts:
                    if name.endswith(f":{OPENING}"):
                        yield [((week, name), 1), ((week - 1, name.removesuffix(OPENING) + TOTAL), -1)]

    def targets(self) -> Iterator[tuple[int, str]]:
        """Every number that is hidden and small."""
        for week, one in enumerate(self.weeks):
            for name, count in one.table.counts.items():
                is_hidden = name in one.plan.hidden and name not in one.known | one.own
                if count is not None and is_hidden and is_small(count, one.plan.rule):
                    yield week, name

    def pinned(self, targets: list[tuple[int, str]]) -> list[tuple[int, str]]:
        """Targets that have the same value in every table that fits, each tried from both sides.

        A table that fits and differs from the truth in many targets clears all of these at once, so whole tables are
        looked for first.
        """
        left = set(targets)
        draw = random.Random(len(targets))
        for _ in range(6):
            goal = {name: draw.choice((-1, 1)) for name in left}
            if goal:
                left -= self._differing(goal, left)
        for name in [name for name in targets if name in left]:
            if name in left:
                for sign in (1, -1):
                    left -= self._differing({name: sign}, left)
        return sorted(left)

    def _differing(self, goal: Mapping[tuple[int, str], int], among: set[tuple[int, str]]) -> set[tuple[int, str]]:
        cost = np.zeros(len(self.places))
        for name, sign in goal.items():
            cost[self.places[name]] = sign
        found = milp(
            cost, constraints=self.constraints, bounds=Bounds(self.low, self.high), integrality=np.ones(len(cost))
        )
        assert found.x is not None, found.message
        values = np.rint(found.x)
        assert np.all(values >= self.low)
        assert np.all(values <= self.high)
        assert not np.any(self.constraints.A @ values)
        return {name for name in among if values[self.places[name]] != self.truth[self.places[name]]}


def _names(table: Table) -> list[str]:
    return list(
        dict.fromkeys((*table.counts, *(name for one in table.sums for name in (*one.parts, *one.less, one.total))))
    )


def _limits(week: Week, name: str) -> tuple[int, int]:
    """What an outsider knows of one number by itself."""
    if name in week.known:
        count = week.table.counts[name] or 0
        return count, count
    plan, shown = week.plan, week.plan.shown.get(name)
    if shown is not None:
        return span_of(shown, plan.rule)
    low, high = small_span(plan.rule) if name in plan.hidden - plan.extra else (0, FAR)
    if week.is_warned and ":over_" in name and name in plan.hidden:
        return (max(low, 1), high) if week.table.counts[name] else (0, 0)
    return low, high


def campaign(sizes: Sequence[int], rule: Rule, *, lists: int, number: int, is_protected: bool = True) -> Attack:
    """Attacks on many invented services of several sizes, each over some consecutive weeks."""
    every = Attack(0, ())
    for size in sizes:
        for seed in range(lists):
            every += attack(weeks(size, rule, number=number, seed=seed, is_protected=is_protected))
    return every
