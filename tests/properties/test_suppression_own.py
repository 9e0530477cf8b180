"""Which numbers of a board are a provider's own, held against children told apart by provider and by board."""

from collections.abc import Mapping
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.versions import LABELS, MONDAY, RECORDS, TUESDAY, board, version
from waitlists.suppression import Rule
from waitlists.suppression.sheets import Version, sheets

PARENTS = {"A": "Q", "B": "Q", "C": "R"}
CUTS = LABELS[:3]
WAITS = st.tuples(*[st.sampled_from((0, 0, 0, 1, 3, 5, 9))] * len(CUTS))
LISTS = {
    "weekly_return": {org: st.fixed_dictionaries({of: WAITS}) for org, of in PARENTS.items()},
    RECORDS: dict.fromkeys(PARENTS, st.fixed_dictionaries({"Q": WAITS, "R": WAITS})),
}
"""By source, the children that each provider may have of each board: a return has those of one."""


class World(NamedTuple):
    """Lists as they came, and by each number of a board those who have any of the children that it counts."""

    lists: list[Version]
    who: Mapping[str, frozenset[str]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    source = draw(st.sampled_from(sorted(LISTS)))
    found, who = list[Version](), dict[str, frozenset[str]]()
    children: dict[str, dict[str, tuple[int, ...]]] = {}
    for run, known in ((1, MONDAY), (2, TUESDAY)):
        senders = draw(st.sets(st.sampled_from(sorted(PARENTS)), min_size=1))
        told = {"source": source, "run": run, "known": known}
        for at, org in enumerate(sorted(senders), 10 * run):
            children[org] = draw(LISTS[source][org])
            found.append(version(org, *map(sum, zip(*children[org].values(), strict=True)), at=at, **told))
        for of in ("Q", "R"):
            rows = {org: own[of] for org, own in children.items() if of in own}
            if rows:
                found.append(board(of, *rows.values(), at=10 * run + 9, **told))
                by_cut = {name: {org for org in rows if rows[org][at]} for at, name in enumerate(CUTS)}
                by_cut["total"] = set[str]().union(*by_cut.values())
                who |= {f"{10 * run + 9}/{of}:{name}": frozenset(orgs) for name, orgs in by_cut.items()}
    return World(found, who)


@settings(max_examples=40)
@given(worlds(), st.sampled_from(Rule))
def test_what_is_a_providers_own_counts_no_child_of_anybody_else(world: World, rule: Rule) -> None:
    found = sheets(world.lists, (), parent_of=PARENTS.get, rule=rule)
    for one in max(found.values(), key=lambda sheet: len(sheet.table.counts)).table.insiders:
        orgs = {name.partition(":")[0].partition("/")[2] for name in one.knows}
        assert [name for name in one.own - one.knows if not world.who.get(name, orgs) <= orgs] == []
