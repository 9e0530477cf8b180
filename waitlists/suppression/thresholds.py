"""Those who wait longer than a threshold that has no name among the bands: cells of the protected table.

A threshold inside a band divides it, and some standards are about a part of the list only. Whoever is shown how many
are over it could subtract bands from them; so all that is left by a subtraction is a cell too, never shown, and
protected as any other.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import Final, NamedTuple

from waitlists.bands import CHS_BANDS, WaitBands, banded_total, over_weeks, rows
from waitlists.details import Detail
from waitlists.standards import OF_SOME, find_standard, last_day_within

NAMED: Final = frozenset({7 * 18, 7 * 52, 7 * 104})
"""Waits over which every list has a count of its own, by name or as its last band."""

OVER_DAYS, ABOUT_DAYS, ALL_OVER_DAYS = "over_days", "about_days", "all_over_days"
"""Kinds of figures on a sheet, by days: over a wait those a standard is about, all it is about, the whole list."""

_EDGES: Final = frozenset(band.to_days for band in CHS_BANDS)

Counts = Mapping[tuple[str, str], int | None]


class Mark(NamedTuple):
    """How many wait longer than so many days.

    Where a standard is about a part of the list, `over` are those of that part, `about` all of it, and `all_over` those
    of the whole list, None where nobody counted them.
    """

    days: int
    over: int | None
    about: int | None = None
    all_over: int | None = None


def over_name(days: int) -> str:
    """The name in the table of those who wait longer than so many days."""
    return f"over_{days}_days"


def about_name(days: int) -> str:
    """The name of all whom a standard is about, where that is a part of the list."""
    return f"about_{days}_days"


def kept(detail: Detail) -> dict[tuple[str, str], int | None]:
    """What a list's own counting says of its standards' thresholds, by kind and days, as sheets keep figures."""
    found: dict[tuple[str, str], int | None] = {}
    for standard_id, part in detail.waiting.items():
        days = last_day_within(find_standard(standard_id))
        if days in NAMED:
            continue
        found[OVER_DAYS, str(days)] = part.of - part.within
        if standard_id in OF_SOME:
            found[ABOUT_DAYS, str(days)] = part.of
            found[ALL_OVER_DAYS, str(days)] = _all_over(detail, days)
    return found


def marks_of(counts: Counts) -> tuple[Mark, ...]:
    """The marks of a list from its figures by kind and days."""
    return tuple(
        Mark(int(days), count, counts.get((ABOUT_DAYS, days)), counts.get((ALL_OVER_DAYS, days)))
        for (kind, days), count in counts.items()
        if kind == OVER_DAYS
    )


def cells_of(mark: Mark, one: WaitBands) -> dict[str, int | None]:
    """The numbers that a mark adds to the table of its list."""
    days, held = mark.days, mark.over if mark.about is None else mark.all_over
    banded, (all_over, all_within) = banded_total(one), _whole(mark)
    found = {all_over: held, all_within: _less(banded, held)}
    if (label := _divided(mark, one)) is not None:
        early, late = _halves(label, days)
        later = [count for _, first, _, count in rows(one) if first > days]
        after = _less(held, None if None in later else sum(count or 0 for count in later))
        found |= {early: _less(one.counts[label], after), late: after}
    if mark.about is None:
        return found
    within, others, over, rest = _parts(days)
    among = {
        over_name(days): mark.over,
        about_name(days): mark.about,
        within: _less(mark.about, mark.over),
        others: _less(banded, mark.about),
        over: _less(held, mark.over),
    }
    return found | among | {rest: _less(among[others], among[over])}


def cells_between(marks: Iterable[Mark]) -> dict[str, int | None]:
    """What two thresholds about two halves of a list add to its table: of each half, who waits between the two."""
    if (both := _both(marks)) is None:
        return {}
    short, late = both
    first, second = _between(short, late)
    others_over = _less(late.all_over, late.over), _less(short.all_over, short.over)
    return {first: _less(short.over, others_over[0]), second: _less(others_over[1], late.over)}


def secret_of(mark: Mark, one: WaitBands) -> Iterable[str]:
    """The names of those that are never shown: all but those over, and all whom the standard is about."""
    return cells_of(mark, one).keys() - {over_name(mark.days), about_name(mark.days)}


def sums_of(mark: Mark, one: WaitBands, named: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sums that tie a mark to the bands of its list, as totals and their parts.

    Parameters
    ----------
    named
        By band: the count that stands for it and all bands after it.
    """
    label, (all_over, all_within) = _divided(mark, one), _whole(mark)
    early, late = _halves(label, mark.days) if label else ("", "")
    after = [other for other, first, *_ in rows(one) if first > mark.days]
    first = next((other for other in after if other in named), None)
    summed = [*takewhile(lambda other: other != first, after), *([named[first]] if first else [])]
    before = [other for other, _, last, _ in rows(one) if last is not None and last <= mark.days]
    yield all_over, (*([late] if label else []), *summed)
    yield all_within, (*before, *([early] if label else []))
    if label is not None:
        yield label, (early, late)
    if mark.about is not None:
        within, others, over, rest = _parts(mark.days)
        yield about_name(mark.days), (within, over_name(mark.days))
        yield all_over, (over_name(mark.days), over)
        yield all_within, (within, rest)
        yield others, (over, rest)


def sums_between(marks: Iterable[Mark]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The sums that tie two thresholds about two halves of a list: whom one is not about the other is."""
    if (both := _both(marks)) is None:
        return
    short, late = both
    first, second = _between(short, late)
    within, others, over, rest = _parts(short.days)
    late_within, late_others, late_over, late_rest = _parts(late.days)
    yield about_name(short.days), (late_others,)
    yield about_name(late.days), (others,)
    yield over_name(short.days), (late_over, first)
    yield late_rest, (within, first)
    yield over, (over_name(late.days), second)
    yield late_within, (rest, second)


def divisions_of(mark: Mark) -> Iterator[tuple[str, ...]]:
    """What adds up to all who have a band."""
    yield _whole(mark)
    if mark.about is not None:
        yield about_name(mark.days), _parts(mark.days)[1]


def _all_over(detail: Detail, days: int) -> int | None:
    """Those of the whole list who wait longer, where whole weeks or bands tell it."""
    weeks, rest = divmod(days + 1, 7)
    if detail.weeks and not rest:
        return sum(detail.weeks[weeks:])
    bands = WaitBands(dict(zip((band.label for band in CHS_BANDS), detail.bands, strict=True)), None)
    return over_weeks(bands, days // 7) if days in _EDGES else None


def _divided(mark: Mark, one: WaitBands) -> str | None:
    """The band that has the threshold inside."""
    inside = (label for label, first, last, _ in rows(one) if first <= mark.days and (last is None or mark.days < last))
    return next(inside, None)


def _halves(label: str, days: int) -> tuple[str, str]:
    return f"{label} within {days} days", f"{label} over {days} days"


def _whole(mark: Mark) -> tuple[str, str]:
    """Those of the whole list who wait longer, and those who do not."""
    over = over_name(mark.days)
    return (over if mark.about is None else f"all_{over}"), f"all_within_{mark.days}_days"


def _parts(days: int) -> tuple[str, str, str, str]:
    """Of those it is about, who waits no longer; those it is not about: all of them, who waits longer, who does not."""
    return f"within_{days}_days", f"others_{days}_days", f"others_over_{days}_days", f"others_within_{days}_days"


def _both(marks: Iterable[Mark]) -> tuple[Mark, Mark] | None:
    """The shorter and the longer of two thresholds about parts of a list, of which one has what the other has not."""
    parts = sorted(mark for mark in marks if mark.about is not None)
    return (parts[0], parts[1]) if len(parts) == 2 else None


def _between(short: Mark, late: Mark) -> tuple[str, str]:
    """Those who wait longer than the one and no longer than the other: whom the first is about, and the others."""
    waits = f"over_{short.days}_within_{late.days}_days"
    return waits, f"others_{waits}"


def _less(one: int | None, other: int | None) -> int | None:
    """What is left; None where that is not known, or where the two contradict one another."""
    return None if one is None or other is None or other > one else one - other
