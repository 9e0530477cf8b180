"""One period of one service as one table: every organisation and every vintage, each number shown in one way only.

A figure is answered on many routes, with many filters, and for days on which other figures of the same week were not
known yet. So all that was ever known of a week is one table, gone through in the order in which it came to be known:
what was shown before stays shown, what was hidden to protect others stays hidden. Reading the figures is not done here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Final, NamedTuple

from waitlists.bands import usable_bands
from waitlists.counts.leavers import by_reason
from waitlists.domain import TOTAL as WHOLE
from waitlists.domain import Measure
from waitlists.sources import freq_of
from waitlists.suppression import lists
from waitlists.suppression.insiders import insiders_of, known_sums
from waitlists.suppression.lists import OPENING, Among, CountedList, Shared, cut, flow_names, names_of, table_of_lists
from waitlists.suppression.rules import Rule
from waitlists.suppression.tables import Decided, Plan, Sum, Table, plan_of, protect
from waitlists.suppression.thresholds import marks_of

OVER_104: Final = ">104"

MORE: Final[Mapping[str, str]] = {
    "treated": lists.REMOVALS,
    "over_156_weeks": OVER_104,
    "over_208_weeks": "over_156_weeks",
}
"""Counts beside the bands, by kind of figure, and the count each is part of. A new count that is shown starts here."""

STAGES: Final = ("next", "review")
"""Lists of those seen who wait for a later stage, and of those who wait for a review."""

OF, WITHIN = "completed_of", "completed_within"
"""Of those whose wait ended in the period: all, and those within a standard."""

NAMES: Final[Mapping[Measure, str]] = {
    Measure.LIST_SIZE: lists.TOTAL,
    Measure.REFERRALS: lists.REFERRALS,
    Measure.REMOVALS: lists.REMOVALS,
    Measure.TREATED: "treated",
    Measure.OVER_18_WEEKS: lists.OVER_18_WEEKS,
    Measure.OVER_52_WEEKS: lists.OVER_52_WEEKS,
    Measure.OVER_104_WEEKS: OVER_104,
    Measure.OVER_156_WEEKS: "over_156_weeks",
    Measure.OVER_208_WEEKS: "over_208_weeks",
}
"""By measure: the name of its count in the table of a list."""

Counts = Mapping[tuple[str, str], int | None]
"""Figures of one list by kind and band. Beside those of a file: `removed` by reason; `next` and `review`, the lists of
its other stages, by band; `completed_of` and `completed_within` by standard; those over thresholds by days."""


Pair = tuple[str, str]
"""Two numbers, by name."""


class Version(NamedTuple):
    """One list as one vintage has it; `run_id` says which publication made it visible, `scope` whose vintage it is.

    Lists of several sources stand in one table: they are answers about the same children.
    """

    run_id: int
    known_from: date
    vintage_id: int
    scope: str
    org: str
    counts: Counts
    source: str = ""

    @property
    def node(self) -> str:
        """Its name in the table."""
        return node(self.vintage_id, self.org)


class Sheet(NamedTuple):
    """Where to look up what may be shown of one list: its name, the table it stands in, and what that shows."""

    node: str
    table: Table
    plan: Plan

    def name(self, name: str) -> str:
        """One count of the list, by its name in the table."""
        return cut(self.node, name)

    def shown(self, name: str) -> int | None:
        """One count of the list as it may be shown; None where hidden or not known."""
        return self.plan.shown.get(self.name(name))

    def calls_small(self, name: str) -> bool:
        """Whether one count is hidden because it is small, and words may say so."""
        return self.plan.calls_small and self.name(name) in self.plan.hidden - self.plan.extra


def nothing(rule: Rule) -> Sheet:
    """The sheet of a list of which nothing is known: it shows nothing."""
    return Sheet("", Table({}), protect(Table({}), rule))


def node(vintage_id: int, org: str) -> str:
    """The name of a list of one vintage."""
    return f"{vintage_id}/{org}"


def sheets(
    versions: Iterable[Version],
    before: Iterable[Version],
    *,
    parent_of: Callable[[str], str | None],
    rule: Rule,
    decided: Iterable[Decided] = (),
) -> dict[str, Sheet]:
    """What may be shown of every list of one service and period, by node.

    Parameters
    ----------
    versions
        All that was ever known of the period.
    before
        The same of the period before, whose lists are the openings of this one's.
    parent_of
        The organisation in whose figures another one's are counted.
    decided
        What was decided of the same lists before, state by state, so that it need not be found out again.
    """
    every, earlier = sorted(versions), sorted(before)
    story = _Story(parent_of, rule, iter(decided))
    for run_id in dict.fromkeys(one.run_id for one in every):
        known = [one for one in every if one.run_id <= run_id]
        for day in sorted({one.known_from for one in known}):
            state = _in_force(known, day)
            opening = _in_force([one for one in earlier if one.run_id <= run_id], day)
            story.go_on(state, {(one.source, one.org): one.counts.get(("waiting", WHOLE)) for one in opening})
    return story.found


def counted(counts: Counts, opening: int | None) -> CountedList:
    """A list in exact figures from its figures by kind and band."""
    bands = {band: count for (kind, band), count in counts.items() if kind == "waiting" and band != WHOLE}
    removed = {band: count for (kind, band), count in counts.items() if kind == "removed"}
    left = counts.get(("removals", WHOLE))
    reasons = {reason: count for reason, count in by_reason(removed, of=left).items() if count is not None}
    more = {kind: Among(counts[kind, WHOLE], of) for kind, of in MORE.items() if (kind, WHOLE) in counts}
    stages = {cut(kind, band): Among(count) for (kind, band), count in counts.items() if kind in STAGES}
    return CountedList(
        usable_bands(bands, counts.get(("waiting", WHOLE))),
        opening=opening,
        referrals=counts.get(("referrals", WHOLE)),
        removals=reasons,
        removed=left,
        more={**more, **stages, **_completed(counts)},
        sums={
            cut(stage, WHOLE): [cut(stage, band) for kind, band in counts if kind == stage and band != WHOLE]
            for stage in STAGES
            if (stage, WHOLE) in counts
        },
        marks=marks_of(counts),
    )


def _completed(counts: Counts) -> dict[str, Among]:
    """Of those whose wait ended, how many were within a standard; both are part of those who left."""
    ended = {
        cut(OF, standard): Among(count, lists.REMOVALS) for (kind, standard), count in counts.items() if kind == OF
    }
    within = {
        cut(WITHIN, standard): Among(count, cut(OF, standard))
        for (kind, standard), count in counts.items()
        if kind == WITHIN
    }
    return ended | within


def _in_force(versions: Sequence[Version], day: date) -> list[Version]:
    """Of each source and sender the lists of the latest vintage known on a day."""
    latest: dict[tuple[str, str], tuple[date, int]] = {}
    for one in versions:
        if one.known_from <= day:
            sent = one.source, one.scope
            latest[sent] = max(latest.get(sent, (date.min, 0)), (one.known_from, one.vintage_id))
    return [one for one in versions if latest.get((one.source, one.scope)) == (one.known_from, one.vintage_id)]


def _shared(state: Sequence[Version], source: str, made_of: Mapping[str, Sequence[str]]) -> Shared:
    """All boards and all senders of a source."""
    of_source = [one for one in state if one.source == source]
    boards = sorted((one.node for one in of_source if not one.scope), key=lambda one: (-len(made_of[one]), one))
    return Shared(boards, [one.node for one in of_source if one.scope])


def _is_sum_alone(one: Shared, made_of: Mapping[str, Sequence[str]]) -> bool:
    """Whether there is one board, the sum of its own senders, of which everybody knows by itself."""
    return len(one.wholes) == 1 and sorted(made_of[one.wholes[0]]) == sorted(one.parts)


def _alike(one: Version, other: Version, lists: Mapping[str, CountedList]) -> Iterator[Pair]:
    """The numbers that two sources both give of one list: flows only where both are of weeks, or of months."""
    is_same_step = freq_of(one.source) == freq_of(other.source)
    apart = {OPENING} if is_same_step else {OPENING, *flow_names(lists[one.node]), *flow_names(lists[other.node])}
    names, others = (names_of(lists[either.node]) for either in (one, other))
    yield from ((cut(one.node, name), cut(other.node, name)) for name in names if name in others and name not in apart)


@dataclass(slots=True)
class _Story:
    """What was shown so far, and of what each list was the sum when it came to be known."""

    parent_of: Callable[[str], str | None]
    rule: Rule
    decided: Iterator[Decided]
    found: dict[str, Sheet] = field(default_factory=dict[str, Sheet], init=False)
    lists: dict[str, CountedList] = field(default_factory=dict[str, CountedList], init=False)
    orgs: dict[str, str] = field(default_factory=dict[str, str], init=False)
    made_of: dict[str, list[str]] = field(default_factory=dict[str, list[str]], init=False)
    shared: list[Shared] = field(default_factory=list[Shared], init=False)
    summed: list[Shared] = field(default_factory=list[Shared], init=False)
    alike: list[Pair] = field(default_factory=list[Pair], init=False)
    last: Plan | None = field(default=None, init=False)

    def go_on(self, state: Sequence[Version], opening: Mapping[tuple[str, str], int | None]) -> None:
        """Add what is new in a state of knowledge to the table, and decide what of it may be shown."""
        new = [one for one in state if one.node not in self.found]
        if not new:
            return
        for one in new:
            self.lists[one.node] = counted(one.counts, opening.get((one.source, one.org)))
            self.orgs[one.node] = one.org
            parts = (part for part in state if part.source == one.source and self.parent_of(part.org) == one.org)
            self.made_of[one.node] = [part.node for part in parts]
        self._tie(state, {one.node for one in new})
        table, plan = self._protected(next(self.decided, None))
        if self.last is not None:
            plan = replace(plan, calls_small=plan.calls_small and self.last.calls_small)
        self.last = plan
        self.found.update({one.node: Sheet(one.node, table, plan) for one in new})

    def _tie(self, state: Sequence[Version], new: AbstractSet[str]) -> None:
        """What is known of the new lists beside the sums of each board."""
        for source in sorted({one.source for one in state if one.node in new}):
            shared = _shared(state, source, self.made_of)
            if shared.wholes and shared.parts:
                self.shared += [] if _is_sum_alone(shared, self.made_of) else [shared]
                # Boards that came to be known before are the sum of other lists than those that are in force now.
                self.summed += known_sums(shared, self.made_of, source) if new >= set(shared.wholes) else ()
        for one, other in combinations(state, 2):
            is_new = not new.isdisjoint((one.node, other.node))
            if is_new and one.org == other.org and one.source != other.source and self._is_same(one, other):
                self.alike.extend(_alike(one, other, self.lists))

    def _is_same(self, one: Version, other: Version) -> bool:
        """Whether two sources are about the same children: not where the sum of the one has a sender more."""
        senders, others = ({self.orgs[part] for part in self.made_of[either.node]} for either in (one, other))
        return senders == others

    def _protected(self, decided: Decided | None) -> tuple[Table, Plan]:
        """The table and what may be shown: of what two sources say of one list, what is hidden in one is in both."""
        table = self._table()
        if decided is not None:
            return table, plan_of(table, self.rule, decided)
        plan, withheld = protect(table, self.rule), table.withheld
        while beside := self._beside(plan, table.fixed):
            withheld |= beside
            plan = replace(protect(replace(table, withheld=withheld), self.rule), calls_small=False)
        return table, plan

    def _beside(self, plan: Plan, fixed: AbstractSet[str]) -> set[str]:
        pairs = (pair for both in self.alike for pair in (both, both[::-1]))
        return {
            other for one, other in pairs if one in plan.hidden and plan.shown[other] is not None and other not in fixed
        }

    def _table(self) -> Table:
        table = table_of_lists(self.lists, made_of=self.made_of, rule=self.rule, shared=self.shared)
        same = tuple(Sum(one, (other,)) for one, other in self.alike)
        insiders = insiders_of(table, self._inside(), sums=self.summed, made_of=self.made_of, rule=self.rule)
        table = replace(table, sums=(*table.sums, *same), insiders=insiders)
        if self.last is None:
            return table
        before = frozenset(name for name, count in self.last.shown.items() if count is not None)
        return replace(table, fixed=table.fixed | before, withheld=table.withheld | self.last.extra)

    def _inside(self) -> Iterator[frozenset[str]]:
        """By organisation: its lists and those counted in them."""
        above = {org: set(self._above(org)) for org in self.orgs.values()}
        for org in above:
            yield frozenset(one for one, who in self.orgs.items() if org in above[who])

    def _above(self, org: str | None) -> Iterator[str]:
        while org is not None:
            yield org
            org = self.parent_of(org)
