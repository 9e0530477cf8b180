"""The cuts of waiting lists that are offered, and how they hang together: the fixed table that is audited as one.

For each list: the list, its wait bands, those without a band, over 18, 52 and 104 weeks and over its standards'
thresholds, and flows; each cut of a parent is the sum of the same cut of its parts. Nothing else can be asked for.
Shares and waits are worked out from these as shown: a numerator rounded by itself would be one more cut, and each one
makes small numbers easier to find.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from waitlists import bands
from waitlists.bands import CHS_BANDS, OVER_52, WaitBands
from waitlists.suppression.moved import with_moved
from waitlists.suppression.rules import Rule, is_small
from waitlists.suppression.tables import Plan, Sum, Table
from waitlists.suppression.thresholds import (
    Mark,
    cells_between,
    cells_of,
    divisions_of,
    secret_of,
    sums_between,
    sums_of,
)

TOTAL: Final = "total"
UNBANDED: Final = "unbanded"
OVER_18_WEEKS: Final = "over_18_weeks"
OVER_52_WEEKS: Final = "over_52_weeks"
OPENING: Final = "opening"
REFERRALS: Final = "referrals"
REMOVALS: Final = "removals"
MISSING: Final = "missing"
ADDED: Final = "added"
ADJUSTED: Final = "adjusted"

_LABELS: Final = tuple(band.label for band in CHS_BANDS)
_WITHIN_18, _MIDDLE, _SPLIT = _LABELS[:5], _LABELS[5], _LABELS[6:]


class Among(NamedTuple):
    """A further count, and the name of the one it is part of, if any: over 156 weeks of those over 104."""

    number: int | None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class CountedList:
    """A list in exact figures: by wait, and where known the list before, who joined and who left by reason.

    `removals` counts each who left once; `removed` is how many left where that is counted by itself. `opening` and the
    last known lists of `missing` providers were shown before. `more` are further counts by name, and `sums` the sums
    among them, parts by total. `marks` are those over thresholds that have no name among the bands.
    """

    bands: WaitBands
    opening: int | None = None
    referrals: int | None = None
    removals: Mapping[str, int] = field(default_factory=dict[str, int])
    missing: Mapping[str, int] = field(default_factory=dict[str, int])
    removed: int | None = None
    more: Mapping[str, Among] = field(default_factory=dict[str, Among])
    sums: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    marks: Sequence[Mark] = ()

    @property
    def left(self) -> int | None:
        """How many left, for whatever reason."""
        return sum(self.removals.values()) if self.removals and self.removed is None else self.removed


class Shared(NamedTuple):
    """Lists that together hold whom all of the parts together hold, though no one whole is the sum of some parts.

    A provider's list counted from records may hold children of several commissioners.
    """

    wholes: Sequence[str]
    parts: Sequence[str]


def cut(org: str, name: str) -> str:
    """The name of one cut of an organisation's list in the table: `RYY:>4-12`, `RYY:total`."""
    return f"{org}:{name}"


def table_of_lists(
    lists: Mapping[str, CountedList],
    *,
    made_of: Mapping[str, Sequence[str]],
    rule: Rule,
    before: Plan | None = None,
    shared: Iterable[Shared] = (),
) -> Table:
    """All cuts of the lists of one service at one time, with all sums among them.

    Parameters
    ----------
    lists
        By organisation: parts and parents alike.
    made_of
        By parent: the organisations its list is the sum of. A parent whose parts are not all in `lists` stands alone.
    before
        What was shown of the week before: a list that it hid to protect others is not shown as an opening either.
    shared
        Lists that are known to add up together only.

    Notes
    -----
    Ask for the same table whatever the question is: what is hidden to protect others depends on all of it, and a number
    hidden in one answer is worth nothing if another shows it.
    """
    by_list = {org: _counts(one) for org, one in lists.items()}
    counts = {cut(org, name): count for org, own in by_list.items() for name, count in own.items()}
    within = [one for org in lists for one in _sums(org, lists[org])]
    alike = [*(Shared((parent,), parts) for parent, parts in made_of.items()), *shared]
    between = [one for among in alike for one in _between(among, by_list)]
    between, moved = with_moved(between, counts)
    fixed = frozenset(cut(org, name) for org, one in lists.items() for name in _shown_before(one))
    withheld = {cut(org, name) for org, one in lists.items() for name in _withheld(one, rule)}
    withheld |= {cut(org, OPENING) for org in lists if before is not None and cut(org, TOTAL) in before.extra}
    return Table(counts | moved, (*within, *between), fixed=fixed, withheld=frozenset((*withheld, *moved)))


def _counts(one: CountedList) -> dict[str, int | None]:
    return {
        **one.bands.counts,
        **({} if OVER_52 in one.bands.counts else {OVER_52_WEEKS: bands.over_weeks(one.bands, 52)}),
        OVER_18_WEEKS: bands.over_weeks(one.bands, 18),
        UNBANDED: bands.unbanded(one.bands),
        TOTAL: one.bands.total,
        OPENING: one.opening,
        REFERRALS: one.referrals,
        REMOVALS: one.left,
        **{f"{REMOVALS}:{reason}": count for reason, count in one.removals.items()},
        **{name: part.number for name, part in one.more.items()},
        **{name: count for mark in one.marks for name, count in cells_of(mark, one.bands).items()},
        **cells_between(one.marks),
        **_missing(one),
    }


def _missing(one: CountedList) -> dict[str, int | None]:
    """The last known lists of missing providers and what the list would be with them."""
    if not one.missing:
        return {}
    added = sum(one.missing.values())
    adjusted = None if one.bands.total is None else one.bands.total + added
    each = {f"{MISSING}:{provider}": count for provider, count in one.missing.items()}
    return {**each, ADDED: added, ADJUSTED: adjusted}


def _shown_before(one: CountedList) -> Iterator[str]:
    yield OPENING
    yield from (f"{MISSING}:{provider}" for provider in one.missing)


def _withheld(one: CountedList, rule: Rule) -> Iterator[str]:
    """All flows of a list of which one, or which itself, is small: they would tie its weeks together.

    A list shown as 50 for five weeks, with some hidden few joining in each and nobody leaving, had 1 join every week.
    What is left of a list by subtracting a threshold is never shown.
    """
    yield from (name for mark in one.marks for name in secret_of(mark, one.bands))
    yield from cells_between(one.marks)
    flows = (one.referrals, one.left)
    if any(count is not None and is_small(count, rule) for count in (one.opening, one.bands.total, *flows)):
        yield from flow_names(one)


def names_of(one: CountedList) -> AbstractSet[str]:
    """The names of all counts of a list."""
    return _counts(one).keys()


def flow_names(one: CountedList) -> Iterator[str]:
    """What is counted of a list over the period, not at its end."""
    yield from (REFERRALS, REMOVALS, *(f"{REMOVALS}:{reason}" for reason in one.removals))
    yield from (name for name in one.more if _is_part(name, REMOVALS, one.more))


def _is_part(name: str | None, whole: str, more: Mapping[str, Among]) -> bool:
    """Whether a further count is part of another, however deep."""
    while name is not None and name in more:
        name = more[name].of
    return name == whole


def _sums(org: str, one: CountedList) -> Iterator[Sum]:
    """The sums within one list; over 104 weeks is the last band itself."""
    beyond = OVER_52 if OVER_52 in one.bands.counts else OVER_52_WEEKS
    reasons = tuple(f"{REMOVALS}:{reason}" for reason in one.removals)
    missing = tuple(f"{MISSING}:{provider}" for provider in one.missing)
    after = {_MIDDLE: OVER_18_WEEKS, _SPLIT[0]: OVER_52_WEEKS}
    named = [
        *([] if beyond == OVER_52 else [(OVER_52_WEEKS, _SPLIT)]),
        (OVER_18_WEEKS, (_MIDDLE, beyond)),
        (TOTAL, (*_WITHIN_18, OVER_18_WEEKS, UNBANDED)),
        *([(REMOVALS, reasons)] if reasons else []),
        *([(ADDED, missing), (ADJUSTED, (TOTAL, ADDED))] if missing else []),
        *(found for mark in one.marks for found in sums_of(mark, one.bands, after)),
        *sums_between(one.marks),
        *((TOTAL, (*parts, UNBANDED)) for mark in one.marks for parts in divisions_of(mark)),
    ]
    for total, parts in named:
        yield Sum(cut(org, total), tuple(cut(org, part) for part in parts))
    for name, part in one.more.items():
        if part.of is not None:
            yield Sum(cut(org, part.of), (cut(org, name), cut(org, f"all but {name}")))
    for total, parts in one.sums.items():
        yield Sum(cut(org, total), tuple(cut(org, part) for part in parts))
    yield Sum(cut(org, TOTAL), (cut(org, OPENING), cut(org, REFERRALS)), less=(cut(org, REMOVALS),))


def _between(among: Shared, by_list: Mapping[str, Mapping[str, int | None]]) -> Iterator[Sum]:
    """Each cut of the wholes as the sum of that cut of the parts, where all parts are there.

    A list that does not have the cut has nobody in it: nobody left for that reason, nobody waits for a later stage.
    """
    if not all(part in by_list for part in among.parts):
        return
    names = dict.fromkeys(name for whole in among.wholes for name in by_list.get(whole, ()))
    for name in names:
        total, *others = (cut(whole, name) for whole in among.wholes if name in by_list.get(whole, ()))
        parts = tuple(cut(part, name) for part in among.parts if name in by_list[part])
        if name != OPENING and parts:
            yield Sum(total, parts, tuple(others))
