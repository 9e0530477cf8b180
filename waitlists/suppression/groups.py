"""Groups of a list in one table with the list itself and all that hangs together with it.

What is shown of the list stays as it is shown everywhere; groups are hidden beside it until nothing small can be worked
out, neither of a group nor, with the help of groups, of any list. All divisions of a list are one table: each adds up
to the same list, so that each narrows what the others may be.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from waitlists.bands import CHS_BANDS, OVER_52
from waitlists.counts.groups import BANDS, Grouped
from waitlists.suppression.lists import OVER_18_WEEKS, OVER_52_WEEKS, TOTAL, UNBANDED, cut
from waitlists.suppression.readers import Insider
from waitlists.suppression.rules import Rule
from waitlists.suppression.sheets import Sheet
from waitlists.suppression.tables import Sum, protect

_WITHIN_18, _MIDDLE, _BEYOND_52 = (band.label for band in BANDS)
_LONG: Final = CHS_BANDS[5].label

Divided = Mapping[str, Sequence[Grouped]]
"""The groups of a list, by division."""


def group_name(own: Sheet, division: str, code: str, part: str) -> str:
    """One number of a group, by its name in the table: a band, `over_18_weeks` or `total`."""
    return own.name(f"{division}={code}:{part}")


def with_groups(own: Sheet, divided: Divided, rule: Rule) -> Sheet:
    """The sheet of a list with its groups: what is shown of the list before, and what may be shown of groups beside."""
    counts = {
        group_name(own, division, one.group.code, part): count
        for division, groups in divided.items()
        for one in groups
        for part, count in _counts(one).items()
    }
    if own.shown(TOTAL) is None:
        return _none_shown(own, counts)
    shown = frozenset(name for name, count in own.plan.shown.items() if count is not None)
    # Where groups are counted every child has a wait: everybody knows that nobody is in no band.
    banded = frozenset(
        name for name, count in own.table.counts.items() if name.endswith(cut("", UNBANDED)) and not count
    )
    table = replace(
        own.table,
        counts={**own.table.counts, **counts},
        sums=(*own.table.sums, *_sums(own, divided)),
        fixed=own.table.fixed | shown,
        withheld=(own.table.withheld | own.plan.extra) - banded,
        exact=own.table.exact | banded,
        insiders=tuple(_with(one, counts) if own.name(TOTAL) in one.own else one for one in own.table.insiders),
    )
    plan = protect(table, rule)
    return Sheet(own.node, table, replace(plan, calls_small=plan.calls_small and own.plan.calls_small))


def _with(insider: Insider, counts: Mapping[str, int]) -> Insider:
    """The same for groups of a list that counts nobody but whom an insider knows."""
    return insider._replace(own=insider.own.union(counts))


def _none_shown(own: Sheet, counts: Mapping[str, int]) -> Sheet:
    """Of a list that is itself hidden no group is shown, not even one of nobody."""
    plan, names = own.plan, frozenset(counts)
    plan = replace(
        plan,
        shown={**plan.shown, **dict.fromkeys(counts)},
        hidden=plan.hidden | names,
        extra=plan.extra | names,
        calls_small=False,
    )
    return Sheet(own.node, replace(own.table, counts={**own.table.counts, **counts}), plan)


def _counts(one: Grouped) -> dict[str, int]:
    bands = {band.label: count for band, count in zip(BANDS, one.bands, strict=True)}
    return {**bands, OVER_18_WEEKS: one.bands[1] + one.bands[2], TOTAL: one.list_size}


def _sums(own: Sheet, divided: Divided) -> Iterator[Sum]:
    """Within each group, and of each division with the list."""
    over_52 = OVER_52 if own.name(OVER_52) in own.table.counts else OVER_52_WEEKS
    for division, groups in divided.items():
        for one in groups:
            name = {part: group_name(own, division, one.group.code, part) for part in _counts(one)}
            yield Sum(name[OVER_18_WEEKS], (name[_MIDDLE], name[_BEYOND_52]))
            yield Sum(name[TOTAL], (name[_WITHIN_18], name[OVER_18_WEEKS]))
        if sum(one.list_size for one in groups) != own.table.counts.get(own.name(TOTAL)):
            # Whoever relied on a sum that does not hold would find out nothing that is true.
            continue
        for part, of_list in ((TOTAL, TOTAL), (_MIDDLE, _LONG), (_BEYOND_52, over_52), (OVER_18_WEEKS, OVER_18_WEEKS)):
            yield Sum(own.name(of_list), _of_all(own, division, groups, part))
        within = _of_all(own, division, groups, _WITHIN_18)
        yield Sum(own.name(TOTAL), (*within, own.name(OVER_18_WEEKS), own.name(UNBANDED)))


def _of_all(own: Sheet, division: str, groups: Sequence[Grouped], part: str) -> tuple[str, ...]:
    return tuple(group_name(own, division, one.group.code, part) for one in groups)
