"""The numbers of a warning as one reader may see them: exactly, or rounded with small ones hidden.

Whoever may not see exact figures is given sums and differences of counts as shown, quantiles rounded and hidden as
counts are, and nothing ahead of a count that is hidden. Where counts as shown come from is handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from forecasting.warnings.caveats import TELLING, UNBALANCED, UNEXPLAINED, UNEXPLAINED_OVER
from forecasting.warnings.past import MEASURE_OVER
from forecasting.warnings.warning import Assessment, Caveat, Counted, Due, Tail
from waitlists.bands import CHS_BANDS
from waitlists.standards import find_standard, last_day_within
from waitlists.suppression import Rule, shown_change, shown_count, shown_forecast, words
from waitlists.suppression.lists import TOTAL
from waitlists.suppression.sheets import NAMES, Sheet
from waitlists.suppression.thresholds import over_name


class Told(NamedTuple):
    """A count as shown, None where hidden or not known, and whether words may call it small."""

    number: int | None
    is_small: bool = False


Look = Callable[[Counted, int | None], Told]
"""A count as shown of one list of one vintage: of all who wait, or of those over so many days."""


class SeenDue(NamedTuple):
    """Children due to cross by one horizon; None where hidden."""

    weeks: int
    by: date
    p10: float | None
    p50: float | None
    p90: float | None
    probability: float | None
    not_yet_referred: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The numbers of a warning as a reader sees them; None is hidden or not known.

    `rule` is by which small ones are hidden, None where none are. `about` is how many a standard is about that is about
    a part of the list; `is_part` that those over are of it. `few` is what a sentence says where `over_now` is hidden
    because it is small: `fewer than 8`.
    """

    rule: Rule | None
    is_part: bool
    about: int | None
    waiting: int | None
    over_now: int | None
    few: str | None
    over_standard: int | None
    newly_over_now: int | None
    newly_over: tuple[SeenDue, ...]
    tail: tuple[Tail, ...]
    longest_band: str | None
    change: int | None
    real_change: bool | None
    is_worse: bool | None
    coverage: float | None
    caveats: tuple[Caveat, ...]

    @property
    def is_exact(self) -> bool:
        """Whether nothing is rounded or hidden."""
        return self.rule is None


def exactly(figures: Assessment) -> Seen:
    """For those whose figures they are, and of published ones for everybody."""
    return Seen(
        rule=None,
        is_part=figures.about is not None,
        about=figures.about,
        waiting=figures.waiting,
        over_now=figures.over_now,
        few=None,
        over_standard=figures.over_standard,
        newly_over_now=figures.newly_over_now,
        newly_over=tuple(SeenDue(*due) for due in figures.newly_over),
        tail=figures.tail,
        longest_band=figures.longest_band,
        change=figures.change,
        real_change=figures.real_change,
        is_worse=figures.is_worse,
        coverage=figures.coverage,
        caveats=tuple(one for one in figures.caveats if one.code != UNBALANCED),
    )


def rounded(figures: Assessment, look: Look, *, rule: Rule) -> Seen:
    """For everybody else.

    Notes
    -----
    What two figures of one list have in common with those of others is the business of `look`: it answers from the
    same table as every other route does, or rounds published figures one by one (`alone`).
    """
    over_now = _sum(figures.counted, figures.over_days, look)
    is_shown, is_newly_told = over_now is not None, figures.is_published or rule in figures.newly_told
    is_change_told = is_shown and (figures.is_published or rule in figures.change_told)
    before = _sum(figures.counted_before, figures.over_days, look) if figures.counted_before else None
    tail = tuple(Tail(weeks, _sum(figures.counted, 7 * weeks, look)) for weeks, _ in figures.tail)
    own_threshold, waiting = _own_days(figures), _sum(figures.counted, None, look)
    falls = {UNEXPLAINED: waiting, UNEXPLAINED_OVER: over_now, UNBALANCED: waiting}
    untold = {*TELLING, *(code for code, shown in falls.items() if shown is None)}
    return Seen(
        rule=rule,
        is_part=figures.about is not None,
        about=None,
        waiting=waiting,
        over_now=over_now,
        few=words(rule) if _is_few(figures, look) else None,
        over_standard=_sum(figures.counted, own_threshold, look),
        newly_over_now=shown_count(figures.newly_over_now, rule) if is_shown and is_newly_told else None,
        newly_over=tuple(_rounded_due(due, rule, is_shown=is_shown) for due in figures.newly_over),
        tail=tail,
        longest_band=_longest(tail),
        change=shown_change(over_now, before),
        real_change=figures.real_change_shown if is_change_told else None,
        is_worse=figures.is_worse_shown if is_change_told else None,
        coverage=figures.coverage if figures.is_published or not figures.missing else None,
        caveats=tuple(one for one in figures.caveats if figures.is_published or one.code not in untold),
    )


def from_sheets(sheet_of: Callable[[Counted], Sheet | None]) -> Look:
    """Counts as every other answer shows them."""

    def look(one: Counted, over_days: int | None) -> Told:
        sheet = sheet_of(one)
        if sheet is None or over_days is None or sheet.shown(TOTAL) is None:
            return Told(None if sheet is None else sheet.shown(TOTAL))
        # Where no count over a wait stands in the table that is protected, one made of a share would be no count.
        name = counted_as(over_days)
        return Told(sheet.shown(name), is_small=sheet.calls_small(name))

    return look


def counted_as(over_days: int) -> str:
    """The name in the table of a list of those who wait longer than so many days."""
    return NAMES[MEASURE_OVER[over_days]] if over_days in MEASURE_OVER else over_name(over_days)


def alone(figures: Assessment, *, rule: Rule) -> Seen:
    """Published figures rounded one by one: anybody may look up what they are, so nothing hangs together."""
    by_days = {None: figures.waiting, _own_days(figures): figures.over_standard, figures.over_days: figures.over_now}
    counts: dict[int | None, int | None] = {**{7 * weeks: count for weeks, count in figures.tail}, **by_days}
    was = None if figures.change is None or figures.over_now is None else figures.over_now - figures.change

    def look(one: Counted, over_days: int | None) -> Told:
        if one in figures.counted_before and one not in figures.counted:
            return Told(shown_count(was, rule) if one == figures.counted_before[0] else 0)
        if one != figures.counted[0]:
            return Told(0)
        shown = shown_count(counts[over_days], rule)
        return Told(shown, is_small=shown is None and counts[over_days] is not None)

    return rounded(figures, look, rule=rule)


def _own_days(figures: Assessment) -> int:
    """The longest wait within the standard itself."""
    return last_day_within(find_standard(figures.standard_id))


def _sum(parts: tuple[Counted, ...], over_days: int | None, look: Look) -> int | None:
    counts = [look(one, over_days).number for one in parts]
    return None if not counts or None in counts else sum(count for count in counts if count is not None)


def _is_few(figures: Assessment, look: Look) -> bool:
    """Whether the number over may be called small; of several lists together that would not be true of their sum."""
    return len(figures.counted) == 1 and look(figures.counted[0], figures.over_days).is_small


def _rounded_due(due: Due, rule: Rule, *, is_shown: bool) -> SeenDue:
    if not is_shown:
        return SeenDue(due.weeks, due.by, None, None, None, None, None)
    p10, p50, p90 = (shown_forecast(value, rule) for value in (due.p10, due.p50, due.p90))
    chance = None if p50 is None else round(due.probability, 2)
    return SeenDue(due.weeks, due.by, p10, p50, p90, chance, shown_forecast(due.not_yet_referred, rule))


def _longest(tail: tuple[Tail, ...]) -> str | None:
    """The longest band that the counts as shown tell of; None where they tell of none."""
    over = dict(tail)
    if over.get(104):
        return CHS_BANDS[-1].label
    return CHS_BANDS[-2].label if over.get(52) and over.get(104) == 0 else None
