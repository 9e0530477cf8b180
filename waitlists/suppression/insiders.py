"""Who knows what of a table beside what is shown: each organisation its own lists and those counted in them.

A number of a board may count nobody but the children of one provider: all of them, where it is the only one, or all in
one wait band. Then there is nobody else whom it could learn of, and hiding the number from it would only hide it from
everybody. A return is about one board's children, so this is looked up board by board. A list counted from records may
be of children of several boards, so that equal numbers of a provider and a board need not be about the same children:
there it is looked up for all boards and senders together.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from waitlists.sources import COUNTED_SOURCES
from waitlists.suppression.lists import OPENING, Shared, cut
from waitlists.suppression.moved import gap_name
from waitlists.suppression.readers import Insider
from waitlists.suppression.rules import Rule, is_small
from waitlists.suppression.tables import Table


class Cell(NamedTuple):
    """Numbers of boards that all count children of some senders, and the lists of these."""

    names: frozenset[str]
    of: frozenset[str]


def known_sums(every: Shared, made_of: Mapping[str, Sequence[str]], source: str) -> Iterator[Shared]:
    """Which boards of a source are the sum of which senders: all of all, and each of its own where lists are of one."""
    yield every
    if source not in COUNTED_SOURCES:
        yield from (Shared((board,), made_of[board]) for board in every.wholes)


def insiders_of(
    table: Table,
    inside: Iterable[AbstractSet[str]],
    *,
    sums: Iterable[Shared],
    made_of: Mapping[str, Sequence[str]],
    rule: Rule,
) -> tuple[Insider, ...]:
    """By organisation, which numbers it knows and which count nobody else; without those to whom that is all.

    Parameters
    ----------
    inside
        By organisation: its lists and those counted in them.
    sums
        Boards of a source with all senders that they were the sum of.
    made_of
        By board: the senders that it is the sum of by itself.
    """
    if not any(is_small(count, rule) for count in table.counts.values() if count is not None):
        return ()
    names = _names(table, made_of)
    cells = [cell for one in sums for cell in _cells(one, table.counts, names, made_of, rule)]
    found = dict.fromkeys(_insider(lists, names, cells) for lists in inside)
    known = {name for name, count in table.counts.items() if count is not None}
    return tuple(one for one in found if not known <= one.own)


def _insider(lists: AbstractSet[str], names: Mapping[str, AbstractSet[str]], cells: Iterable[Cell]) -> Insider:
    knows = frozenset(cut(one, name) for one in lists for name in names[one])
    return Insider(knows, knows.union(*(cell.names for cell in cells if cell.of <= lists)))


def _names(table: Table, lists: Iterable[str]) -> dict[str, AbstractSet[str]]:
    """The names of the counts of each list."""
    prefixes = {one: cut(one, "") for one in lists}
    return {
        one: {name.removeprefix(prefix) for name in table.counts if name.startswith(prefix)}
        for one, prefix in prefixes.items()
    }


def _cells(
    one: Shared,
    counts: Mapping[str, int | None],
    names: Mapping[str, AbstractSet[str]],
    made_of: Mapping[str, Sequence[str]],
    rule: Rule,
) -> Iterator[Cell]:
    """Of each cut for which boards and senders count the same: the senders who have anybody in it.

    That another sender has nobody is no secret where nobody can be said. Where it is one, it is kept as such with the
    number of that sender, from which the board's follows; that of several boards does not, nor the list before.
    """
    for name in set[str]().union(*(names[whole] for whole in one.wholes)):
        wholes = [whole for whole in one.wholes if name in names[whole]]
        parts = {part: counts[cut(part, name)] if name in names[part] else 0 for part in one.parts}
        all_wholes, all_parts = (_sum(some) for some in ((counts[cut(each, name)] for each in wholes), parts.values()))
        if all_wholes is not None and all_wholes == all_parts:
            is_told = not is_small(0, rule) or (len(one.wholes) == 1 and name != OPENING)
            of = frozenset(part for part, count in parts.items() if count or not is_told)
            every = (cell for each in wholes for cell in _of_whole(each, name, names, made_of))
            yield Cell(frozenset(cell for cell in every if cell in counts), of)


def _of_whole(
    whole: str, name: str, names: Mapping[str, AbstractSet[str]], made_of: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """A number of a board, and the name of what it differs by from the senders that are counted in it alone."""
    yield cut(whole, name)
    yield gap_name(cut(whole, name), (cut(part, name) for part in made_of[whole] if name in names[part]))


def _sum(counts: Iterable[int | None]) -> int | None:
    """All together; None where one is not known."""
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total
