"""The past of one list as warnings need it: by week or month its size, its waits, and whether all of it is there.

A step of which part is missing is made good with the last known lists of who is missing, for the number said now and
for nothing else: it is no step of the past that anything is learnt from. Figures before a provider came, went or
handed its list on are not compared with those after it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from forecasting.flow.census import Census, census_of_bands, census_of_weeks, over, together
from forecasting.warnings.warning import Counted
from waitlists.bands import over_weeks
from waitlists.counts.histories import ListHistory, VintageCells
from waitlists.details import ListWaits, Within
from waitlists.domain import Measure, MissingProvider, SeriesKey
from waitlists.organisations import successor_of
from waitlists.quality.presence import EXPECTED_WINDOW
from waitlists.quality.whole import why_unknown
from waitlists.series import Series, SeriesPoint, build_series
from waitlists.standards import OF_SOME
from waitlists.suppression import Rule
from waitlists.trends.decisions import Decision
from waitlists.trends.presence import Gone, came_and_went, sudden, taken_over, who_went
from waitlists.trends.steps import Incomparable
from waitlists.trends.stored import breaks_of, steps_of
from waitlists.trends.unbalanced import Unbalanced, unbalanced

MEASURE_OVER: Mapping[int, Measure] = {
    126: Measure.OVER_18_WEEKS,
    364: Measure.OVER_52_WEEKS,
    728: Measure.OVER_104_WEEKS,
    1092: Measure.OVER_156_WEEKS,
    1456: Measure.OVER_208_WEEKS,
}
"""Counts that every source gives exactly, where it gives them at all, by the longest wait that is not over."""


class Shown(NamedTuple):
    """Counts as those see them who may not see exact ones: the rule in force, and of a vintage those over a wait."""

    rule: Rule
    over: Callable[[Counted, int], int | None]


@dataclass(frozen=True, slots=True)
class Part:
    """One list as one vintage has it: a step is one, or several where missing ones are added."""

    vintage_id: int
    org: str
    cells: VintageCells
    census: Census | None
    waiting: Mapping[str, Within]

    def over(self, over_days: int, standard_id: str) -> float | None:
        """Children over a wait: counted where they were, else by the bands after it, else of waits spread evenly."""
        measure = MEASURE_OVER.get(over_days)
        counted = None if measure is None else self.cells.value(measure)
        if counted is not None:
            return counted
        within = self.waiting.get(standard_id)
        if within is not None and measure is None:
            return within.of - within.within
        at_edge = None if over_days % 7 else over_weeks(self.cells.bands, over_days // 7)
        if at_edge is not None:
            return at_edge
        return None if self.census is None else over(self.census, over_days)


@dataclass(frozen=True, slots=True)
class PastStep:
    """One week or month of a list; `parts` is empty where its figure must not be used."""

    period_end: date
    point: SeriesPoint
    parts: tuple[Part, ...]
    missing: tuple[MissingProvider, ...]
    is_whole: bool

    @property
    def census(self) -> Census | None:
        """The list by days waited with who is missing added; None where that is not known."""
        known = [one.census for one in self.parts if one.census is not None]
        if not known or len(known) < len(self.parts):
            return None
        return replace(together(known), on=self.period_end)

    def over(self, over_days: int, standard_id: str) -> float | None:
        """Children over a wait, with the last known of who is missing; None where it is not known of one of them.

        Those of a standard about some of the list are a part of it, so unless all were counted by it none is taken so.
        """
        counted_by = "" if standard_id in OF_SOME and self.about(standard_id) is None else standard_id
        known = [one.over(over_days, counted_by) for one in self.parts]
        return None if not known or None in known else sum(count for count in known if count is not None)

    def about(self, standard_id: str) -> int | None:
        """How many a standard is about, where that is some of them alone and counted of each part."""
        counted = [one.waiting.get(standard_id) for one in self.parts]
        if standard_id not in OF_SOME or not counted or None in counted:
            return None
        return sum(one.of for one in counted if one is not None)


@dataclass(frozen=True, slots=True)
class ListPast:
    """All steps of a list from the first loaded period to its source's latest; `sizes` is the series of its size.

    Attributes
    ----------
    changes
        The steps that are not comparable with the one before, and why.
    gone
        Providers that stopped sending and are no longer made good.
    came
        Of the changes, those from who was there: all that a chart of its long waits has beside its own breaks.
    decisions
        What people decided about charts, as known on the day.
    shown
        Its counts as others see them; None where each is rounded by itself, as published ones are.
    unbalanced
        The weeks that its flows do not explain, oldest first.
    is_awaited
        Whether a file of it was refused or is held, so that it may yet say otherwise.
    """

    history: ListHistory
    org: str
    sizes: Series
    steps: tuple[PastStep, ...]
    changes: tuple[Incomparable, ...]
    gone: tuple[Gone, ...]
    came: tuple[Incomparable, ...] = ()
    decisions: tuple[Decision, ...] = ()
    shown: Shown | None = None
    unbalanced: tuple[Unbalanced, ...] = ()
    is_awaited: bool = False

    @property
    def shown_under(self) -> tuple[Rule, ...]:
        """The rules under which what its counts as others see them say may be told: all where each is by itself."""
        return tuple(Rule) if self.shown is None else (self.shown.rule,)

    def series(self, measure: Measure) -> Series:
        """The series of a measure of the list, as every chart has it."""
        key = replace(self.sizes.key, measure=measure)
        return build_series(self.history, key, as_of=self.sizes.as_of)

    @property
    def last_place(self) -> int | None:
        """The place of the last step with a figure to be used."""
        return next((place for place in range(len(self.steps) - 1, -1, -1) if self.steps[place].parts), None)

    @property
    def last(self) -> PastStep | None:
        """The last step with a figure to be used."""
        return None if self.last_place is None else self.steps[self.last_place]

    @property
    def is_current(self) -> bool:
        """Whether the newest step of the source is the last one with a figure to be used."""
        return self.last_place == len(self.steps) - 1

    @property
    def may_lack_others(self) -> bool:
        """Whether nobody can know that all of the list is in its newest step."""
        place = self.steps[-1].point.vintage_id or 0, self.org
        return bool(why_unknown(self.history.findings.get(place, ()), on=self.sizes.as_of))

    @property
    def lately_gone(self) -> tuple[Gone, ...]:
        """Who stopped sending as lately as a provider is asked for that does."""
        return tuple(one for one in self.gone if one.since >= self.lately)

    @property
    def lately(self) -> date:
        """Since when a provider that sends nothing is still asked for, and what happened is still told."""
        return self.steps[max(0, len(self.steps) - EXPECTED_WINDOW)].period_end

    @property
    def moved_to(self) -> str | None:
        """Who keeps the list now, once the source has figures of theirs and none of this list's own any more."""
        if self.is_current:
            return None
        newest = self.steps[-1].period_end
        successor = successor_of(self.org, self.history.service, newest)
        vintage = self.history.vintages_of(successor, as_of=self.sizes.as_of).get(newest) if successor else None
        return successor if vintage and (vintage.id, successor) in self.history.cells else None

    def is_comparable(self, place: int) -> bool:
        """Whether a step may be compared with the one before it."""
        return all(change.period_end != self.steps[place].period_end for change in self.changes)


def pasts_of(
    history: ListHistory,
    waits: Mapping[tuple[int, str], ListWaits],
    *,
    orgs: Iterable[str],
    as_of: date,
    decisions: Iterable[Decision] = (),
    shown: Shown | None = None,
) -> Iterator[ListPast]:
    """The pasts of lists of a history as known on a day.

    Parameters
    ----------
    waits
        By vintage and organisation, the single waits of whoever counted them.
    decisions
        What people decided about charts, as it stands on the day.
    shown
        Counts of these lists as those see them who may not see exact ones.
    """
    decided = tuple(decisions)
    came, went = came_and_went(history, as_of), who_went(history, as_of)
    uneven = unbalanced(history, as_of)
    look = _Look(history, waits, as_of)
    for org in orgs:
        sizes = look.series(org, Measure.LIST_SIZE)
        steps = look.steps(org, sizes)
        own = came.get(org, ())
        changes = tuple(_changes(sizes, own))
        gone, weeks = went.get(org, ()), uneven.get(org, ())
        yield ListPast(history, org, sizes, steps, changes, gone, own, decided, shown, weeks)


def _changes(sizes: Series, came: Iterable[Incomparable]) -> Iterator[Incomparable]:
    """Why figures stop being comparable, once a step and on its last day; the best known cause is kept."""
    freq, key = sizes.freq, sizes.key
    every = [*sudden(steps_of(sizes), freq), *came, *taken_over(key.service, key.org), *breaks_of(sizes)]
    days = [point.period_end for point in sizes.points]
    by_step = {next((day for day in days if day >= one.period_end), None): one for one in every}
    yield from (one._replace(period_end=day) for day in days[1:] if (one := by_step.get(day)) is not None)


@dataclass(frozen=True, slots=True)
class _Look:
    history: ListHistory
    waits: Mapping[tuple[int, str], ListWaits]
    as_of: date

    def steps(self, org: str, sizes: Series) -> tuple[PastStep, ...]:
        longs = self.series(org, Measure.OVER_52_WEEKS).points
        return tuple(
            self._step(org, size, is_sound=long.adjusted is not None)
            for size, long in zip(sizes.points, longs, strict=True)
        )

    def series(self, org: str, measure: Measure) -> Series:
        return build_series(
            self.history, SeriesKey(self.history.source, self.history.service, org, measure), as_of=self.as_of
        )

    def _step(self, org: str, point: SeriesPoint, *, is_sound: bool) -> PastStep:
        place = point.vintage_id, org
        covered = self.history.coverage.get((place[0] or 0, org))
        missing = covered.missing if covered else ()
        own = self._part(place[0], org, point.period_end)
        added = [self._last_of(one) for one in missing]
        usable = is_sound and point.adjusted is not None and own is not None and None not in added
        made_good = sum(one.last_list_size for one in missing)
        if not usable or own is None or point.value is None or point.adjusted != point.value + made_good:
            return PastStep(point.period_end, point, (), missing, is_whole=False)
        parts = (own, *(one for one in added if one is not None))
        return PastStep(
            point.period_end, point, parts, missing, is_whole=not point.is_provisional and point.coverage >= 1
        )

    def _part(self, vintage_id: int | None, org: str, on: date) -> Part | None:
        cells = self.history.cells.get((vintage_id or 0, org))
        if vintage_id is None or cells is None:
            return None
        waits = self.waits.get((vintage_id, org))
        if waits is not None and waits.weeks:
            census: Census | None = census_of_weeks(on, waits.weeks)
        else:
            census = census_of_bands(on, cells.bands)
        return Part(vintage_id, org, cells, census, waits.waiting if waits else {})

    def _last_of(self, provider: MissingProvider) -> Part | None:
        """The last figures of a provider that is missing, in the newest vintage that has them."""
        vintage = self.history.vintages_of(provider.org, as_of=self.as_of).get(provider.last_period)
        return self._part(vintage.id if vintage else None, provider.org, provider.last_period)
