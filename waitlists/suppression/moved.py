"""By how many a board's figure differs from the sum of its providers': above all those who changed provider in a week.

That is no flow of the board, and no number of any answer; but whoever subtracts what is shown of the one from what is
shown of the others comes near it. So it stands in the table as a number that is never shown, and is protected as any.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from waitlists.suppression.tables import Sum


def with_moved(between: Iterable[Sum], counts: Mapping[str, int | None]) -> tuple[list[Sum], dict[str, int]]:
    """The sums of wholes and parts as they truly hold, and by name what they hold with."""
    found: list[Sum] = []
    gaps: dict[str, int] = {}
    for one in between:
        gap, name = _gap(one, counts), gap_name(one.total, one.parts)
        if gap:
            gaps[name] = abs(gap)
        found.append(_with(one, name, gap))
    return [*found, *_both_ways(gaps)], gaps


def gap_name(whole: str, parts: Iterable[str]) -> str:
    """The name of what a whole and its parts differ by."""
    return f"{whole} moved, of {'+'.join(parts)}"


def _gap(one: Sum, counts: Mapping[str, int | None]) -> int:
    """By how many the parts count more than the whole; 0 where one of them is not known."""
    signs = (*((name, 1) for name in one.parts), *((name, -1) for name in (*one.less, one.total)))
    gap = 0
    for name, sign in signs:
        count = counts.get(name)
        if count is None:
            return 0
        gap += sign * count
    return gap


def _with(one: Sum, name: str, gap: int) -> Sum:
    if gap > 0:
        return replace(one, less=(*one.less, name))
    return replace(one, parts=(*one.parts, name)) if gap else one


def _both_ways(gaps: Mapping[str, int]) -> Iterator[Sum]:
    """Whoever changed provider left one list of the board and joined another."""
    for name, gap in gaps.items():
        other = name.replace(":referrals", ":removals")
        if other != name and gaps.get(other) == gap:
            yield Sum(name, (other,))
