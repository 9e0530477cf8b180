"""Weeks whose list is not explained by who joined it and who left: no step of a trend that anything is read from.

A list that falls while more join than leave was counted otherwise or sent by mistake; until its sender says which, the
figures on the two sides of it are not compared. What is wrong with a provider's list is so with the sum it is in, as
far as it is material there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from waitlists.counts.histories import ListHistory, VintageCells, in_force
from waitlists.domain import Finding, Measure, Severity
from waitlists.periods import in_words
from waitlists.quality.balance import MATERIAL_LIST_SHARE, NOT_BALANCED, WeekOfList, is_material
from waitlists.quality.presence import KEEPERS, homes_of
from waitlists.quality.words import level_of, names_of
from waitlists.suppression.rules import STEP, Rule, is_small, small_span
from waitlists.trends.presence import came_and_went
from waitlists.trends.steps import Incomparable

FLOWS: Final = "flows"
"""The cause of a break where flows do not explain the list."""


class Unbalanced(NamedTuple):
    """A week of a list that its flows do not explain.

    `residual` is by how many the list is smaller than they make it, below zero where it is larger; `orgs` are whose
    figures do not balance, the largest first. `is_told` where numbers to the nearest 5 tell it by themselves, so that
    everybody may be told; `is_large` where it is large beside the list and not beside its flows alone.
    """

    period_end: date
    known_from: date
    residual: int
    orgs: tuple[str, ...]
    is_told: bool
    is_large: bool

    @property
    def as_break(self) -> Incomparable:
        """The break that a chart has there."""
        return Incomparable(self.period_end, FLOWS, self.sentence)

    @property
    def sentence(self) -> str:
        """That nothing is read from it, without a number."""
        return f"{names_of(self.orgs)}: {self._when} {_WHY}."

    @property
    def counted(self) -> str:
        """The same with the number that is not explained."""
        less = "fewer" if self.residual > 0 else "more"
        many = f"{abs(self.residual):,} {less} wait than joining and leaving make it"
        return f"{names_of(self.orgs)}: {self._when} {_WHY}: {many}."

    @property
    def _when(self) -> str:
        return f"the list at the end of {in_words(self.period_end, 'W')}"


_WHY: Final = (
    "is not explained by who joined and who left, so no real change is read from it, better or worse, until the "
    "sender says why"
)


def unbalanced(history: ListHistory, as_of: date) -> dict[str, tuple[Unbalanced, ...]]:
    """By organisation, the weeks of its list that flows do not explain as known on a day, oldest first."""
    known = {vintage.id for vintage in in_force(history.vintages, as_of).values()}
    parts: dict[tuple[str, date], list[_Part]] = defaultdict(list)
    for place, found in history.findings.items():
        vintage_id, org = place
        if vintage_id in known and place in history.cells and level_of(org, {}) in KEEPERS:
            for one in _of_flows(found, as_of):
                part = _part(org, one, history.cells[place])
                for home in homes_of(org, history.service, source=history.source, on=one.period_end):
                    parts[home, one.period_end].append(part)
    every: dict[str, list[Unbalanced]] = defaultdict(list)
    for (home, period_end), several in sorted(parts.items()):
        if (one := _together(history, home, period_end, several, as_of)) is not None:
            every[home].append(one)
    return {home: tuple(weeks) for home, weeks in every.items()}


def incomparable(history: ListHistory, as_of: date) -> dict[str, tuple[Incomparable, ...]]:
    """By organisation, where its figures stop being comparable as everybody may be told: who came or went, and flows.

    Where both are of one period, who came or went explains it.
    """
    found = {org: told_breaks(weeks) for org, weeks in unbalanced(history, as_of).items()}
    for org, came in came_and_went(history, as_of).items():
        found[org] = (*found.get(org, ()), *came)
    return found


def told_breaks(weeks: Iterable[Unbalanced]) -> tuple[Incomparable, ...]:
    """The breaks of those weeks that everybody may be told of."""
    return tuple(one.as_break for one in weeks if one.is_told)


class _Part(NamedTuple):
    """What one provider's flows leave over in a week; `is_told` where rounding and hiding alone cannot make it."""

    org: str
    residual: int
    known_from: date
    is_material: bool
    is_told: bool


def _of_flows(found: Iterable[Finding], as_of: date) -> Iterator[Finding]:
    return (one for one in found if one.code == NOT_BALANCED and one.stands_on(as_of))


def _part(org: str, one: Finding, cells: VintageCells) -> _Part:
    left_over, opening = (int(str(one.details[name])) for name in ("residual", "opening"))
    is_material = one.severity == Severity.ERROR
    joined, left = (cells.value(measure) or 0 for measure in _FLOWS)
    is_told = is_material and _is_told(left_over, opening, joined, left)
    return _Part(org, left_over, one.known_from, is_material, is_told)


_FLOWS: Final = (Measure.REFERRALS, Measure.REMOVALS)


def _is_told(left_over: int, opening: int, joined: int, left: int) -> bool:
    """Whether a reader of rounded numbers sees that they do not add up, whatever the hidden ones are."""
    closing = opening + joined - left - left_over
    hidden = sum(any(is_small(count, rule) for rule in Rule) for count in (joined, left))
    shown = _near(opening) + _near(joined) - _near(left) - _near(closing)
    return abs(shown) > 2 * STEP + hidden * small_span(Rule.HES).high


def _near(value: int) -> int:
    return round(value / STEP) * STEP


def _together(
    history: ListHistory, home: str, period_end: date, parts: Sequence[_Part], as_of: date
) -> Unbalanced | None:
    """The week of a list by what its parts leave over; None where that is too little beside the list and its flows."""
    vintage = history.vintages_of(home, as_of=as_of).get(period_end)
    cells = history.cells.get((vintage.id, home)) if vintage else None
    if vintage is None or cells is None:
        return None
    total = sum(one.residual for one in parts)
    size, joined, left = (cells.value(one) or 0 for one in (Measure.LIST_SIZE, *_FLOWS))
    opening = size + left - joined + total
    if not is_material(opening, WeekOfList(size, joined, left, vintage.known_from), total):
        return None
    largest = sorted(parts, key=lambda one: (-abs(one.residual), one.org))
    return Unbalanced(
        period_end,
        max(one.known_from for one in parts),
        total,
        tuple(one.org for one in largest if one.is_material) or (home,),
        any(one.is_told for one in parts),
        abs(total) > MATERIAL_LIST_SHARE * max(opening, size),
    )
