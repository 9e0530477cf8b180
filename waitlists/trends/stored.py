"""The trend of a series as it is served: which steps can be judged, what is not comparable, and what may be concluded.

A step of which part is missing is shown and never judged, so that a provider's silence is no improvement and its return
no decline. Figures before a break are not compared with those after it: limits start anew there as they do at a rebase
that people decided. Whoever sees rounded steps is given the trend of these, so nothing more than the steps can leave.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile
from typing import Any, Final

from waitlists.domain import Measure
from waitlists.series import Series
from waitlists.trends import telling
from waitlists.trends.adjust import Adjusted
from waitlists.trends.asking import USUAL_RUN, Kind, Options, Point, Target
from waitlists.trends.judging import Trend, judge
from waitlists.trends.measures import MEASURED
from waitlists.trends.rounding import unjudgeable
from waitlists.trends.rules import WORDS
from waitlists.trends.steps import AskedTrend, Incomparable, Mark, MarkKind, Step
from waitlists.trends.verdict import SIDES, Variation


@dataclass(frozen=True, slots=True)
class StoredTrend:
    """A stored series judged: the raw verdict with the adjusted one beside it, and what may be concluded.

    `judged_variation` is the verdict to go by: of the adjusted chart where there is one; of a stock, of no other; None
    where rounding, hiding or one or two people alone may have made it. `real_change` is None too of figures that may
    not be this list's.
    """

    asked: AskedTrend
    steps: tuple[Step, ...]
    trend: Trend
    marks: tuple[Mark, ...]
    judged_variation: Variation | None
    real_change: bool | None
    sentence: str

    @property
    def kind(self) -> Kind:
        """Which kind of number is charted."""
        return MEASURED[self.asked.measure].kind

    def as_json(self) -> dict[str, Any]:
        """The answer of `waitlists analyse spc` with what is known of the series: marks, decisions, cut-off."""
        answer = self.trend.as_json()
        judged = self.trend.judged_on
        return {
            **answer,
            "sentence": self.sentence,
            "kind": self.kind,
            "real_change": self.real_change,
            "judged_variation": self.judged_variation,
            "judged_on": judged and judged.isoformat(),
            "data_cut_off": self.asked.cut_off.isoformat(),
            "baseline": _baseline(self.trend),
            "points": _with_steps(answer["points"], self.steps, self.marks),
            "marks": [_dated(mark._asdict()) for mark in self.marks],
            "rebases": [_dated(one._asdict()) for one in self.asked.rebases],
            "targets": [_dated(one._asdict()) for one in self.asked.targets],
            "run_chart": _run_chart(self.trend),
        }


def stored_trend(steps: Sequence[Step], asked: AskedTrend) -> StoredTrend:
    """The trend of a series as served, its steps in the order of their dates; any series has an answer.

    Raises
    ------
    BadArgument
        When the profile does not know an option asked for.
    """
    ordered = tuple(steps)
    trend = judge([_point(step) for step in ordered], _options(ordered, asked))
    marks = tuple(sorted(_marks(ordered, asked)))
    variation = _judged_variation(trend, asked.measure)
    why_not = _why_not(ordered, trend, asked, variation)
    judged = None if why_not else variation
    real = None if judged is None or asked.caveats else judged != "common_cause"
    sentence = telling.sentence_of(ordered, trend, asked, judged, why_not)
    return StoredTrend(asked, ordered, trend, marks, judged, real, sentence)


def steps_of(series: Series) -> tuple[Step, ...]:
    """The steps of a series in exact figures."""
    return tuple(
        Step(point.period_end, point.value, point.coverage, point.may_change, note=point.note)
        for point in series.points
    )


def breaks_of(series: Series) -> tuple[Incomparable, ...]:
    """The breaks of a series in exact figures."""
    return tuple(Incomparable(one.period_end, one.cause, one.sentence) for one in series.breaks)


def _point(step: Step) -> Point:
    return Point(step.period_end, step.value, step.is_suppressed, is_provisional=step.is_part)


def _options(steps: Sequence[Step], asked: AskedTrend) -> Options:
    measured = MEASURED[asked.measure]
    is_dated = asked.profile == "mdc"
    targets = tuple(Target(one.since, one.value) for one in asked.targets)
    begun = [one for one in targets if steps and one.date <= steps[-1].period_end]
    return Options(
        profile=asked.profile,
        direction=measured.direction,
        target=max(begun).value if begun and not is_dated else None,
        targets=targets if is_dated else (),
        rebase=tuple(_starts(steps, asked)),
        run_length=asked.run_length,
        adjust=asked.adjust,
        kind=measured.kind,
        suggest_rebase=asked.suggests,
    )


def _starts(steps: Sequence[Step], asked: AskedTrend) -> list[date]:
    """The periods from which limits start anew: a day decided on begins with the period it falls in."""
    days = {*(one.period_end for one in asked.breaks), *(one.since for one in asked.rebases)}
    starts = {_starts_in(steps, day) for day in days}
    return sorted(starts.intersection(step.period_end for step in steps[1:]))


def _starts_in(steps: Sequence[Step], day: date) -> date:
    """The period that a day falls in, itself where there is none yet."""
    return next((step.period_end for step in steps if step.period_end >= day), day)


def _marks(steps: Sequence[Step], asked: AskedTrend) -> Iterable[Mark]:
    for one in asked.breaks:
        yield Mark(_starts_in(steps, one.period_end), "not_comparable", one.sentence)
    for one in asked.successions:
        yield Mark(_starts_in(steps, one.period_end), "succession", one.sentence)
    for step in steps:
        kind = _kind_of(step)
        if kind is not None:
            yield Mark(step.period_end, kind, step.note or _MARKS[kind])


_MARKS: Final[dict[MarkKind, str]] = {
    "part_missing": "Part of the list is missing or in doubt, so this is no sign of a change.",
    "no_figures": "There are no figures of this period.",
    "suppressed": "The figure is not shown, so that no small number can be worked out.",
}


def _kind_of(step: Step) -> MarkKind | None:
    if step.is_whole:
        return None
    if step.is_part:
        return "part_missing"
    return "suppressed" if step.is_suppressed else "no_figures"


def _judged_variation(trend: Trend, measure: Measure) -> Variation | None:
    """None too where `nhsr` names a point of a group too short to judge.

    An adjusted chart has no value for a step after a gap; the verdict that it has is then of an older one.
    """
    if trend.status != "ok":
        return None
    if trend.adjusted is None:
        return None if MEASURED[measure].kind == "stock" else trend.variation
    if _has_lasted(trend, trend.adjusted):
        return trend.variation
    is_of_newest = any(one.date == trend.judged_on and one.value is not None for one in trend.adjusted.points)
    return trend.adjusted.variation if is_of_newest else None


def _why_not(steps: Sequence[Step], trend: Trend, asked: AskedTrend, variation: Variation | None) -> str | None:
    """Why steps cannot be judged, where they would be: of too few, of rounding, or better before all are there."""
    if variation is None:
        return None
    if telling.is_too_rare(trend, asked):
        return telling.TOO_RARE
    if variation.startswith("improvement") and (asked.is_awaited or _is_newest_out(steps, trend)):
        return telling.FILE_OUT if asked.is_awaited else telling.NEWEST_OUT
    if not asked.is_rounded:
        return None
    adjusted = trend.adjusted
    is_of_step = adjusted is not None and "residual" in adjusted.method and not _has_lasted(trend, adjusted)
    return unjudgeable(steps, trend, variation, unit=MEASURED[asked.measure].unit, is_of_step=is_of_step)


def _is_newest_out(steps: Sequence[Step], trend: Trend) -> bool:
    """Whether any step after the one judged last is missing or not whole; one that is only hidden is neither."""
    newer = (step for step in steps if trend.judged_on is None or step.period_end > trend.judged_on)
    return any(not (step.is_whole or step.is_suppressed) for step in newer)


def _has_lasted(trend: Trend, adjusted: Adjusted) -> bool:
    """Whether the level that is flagged at the end began with a surprise beyond the limits.

    A chart of surprises shows a step on the day it comes and no more: without this a collapse would be a real change
    for one month.
    """
    side = 1 if str(trend.variation).endswith("high") else -1
    pairs = (
        (raw, surprise)
        for raw, surprise in zip(reversed(trend.points), reversed(adjusted.points), strict=True)
        if raw.value is not None and raw.date <= (trend.judged_on or raw.date)
    )
    flagged = takewhile(lambda pair: SIDES.get(pair[0].special_cause) == side, islice(pairs, USUAL_RUN))
    is_surprise = any(surprise.special_cause == WORDS["outside", side] for _, surprise in flagged)
    return is_surprise and "residual" in adjusted.method


def _with_steps(points: Sequence[dict[str, Any]], steps: Sequence[Step], marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Points with the coverage of their steps, and the kinds of marks on them."""
    by_day = {step.period_end.isoformat(): step for step in steps}
    kinds: dict[str, list[str]] = {}
    for mark in marks:
        kinds.setdefault(mark.period_end.isoformat(), []).append(mark.kind)
    return [
        {
            **point,
            "coverage": by_day[point["date"]].coverage if point["date"] in by_day else 0.0,
            "provisional": point["date"] in by_day and by_day[point["date"]].is_part,
            "marks": kinds.get(point["date"], []),
        }
        for point in points
    ]


def _baseline(trend: Trend) -> dict[str, Any] | None:
    """The window that set the limits now in force."""
    if not trend.groups:
        return None
    last = trend.groups[-1]
    return {"from": last.since.isoformat(), "to": last.until.isoformat(), "values": last.values}


def _run_chart(trend: Trend) -> dict[str, Any] | None:
    return None if trend.run_chart is None else {**trend.run_chart._asdict(), "is_random": trend.run_chart.is_random}


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
