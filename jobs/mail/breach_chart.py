"""The one picture of the weekly email: rounded figures by date, whether they really changed, their newest steps."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Connection

from forecasting.warnings.changed import newest_verdict
from forecasting.warnings.warning import Counted
from jobs.mail.breach_facts import ChartFacts, ListFacts
from jobs.mail.breach_words import TOO_SMALL
from jobs.shelf import Shelf
from waitlists.charts import NARROW, spc_chart
from waitlists.counts.histories import ListHistory
from waitlists.domain import Measure, SeriesKey
from waitlists.periods import STEP_WORDS, in_words
from waitlists.quality.whole import why_unknown
from waitlists.quality.words import name_of
from waitlists.series import Series, SeriesPoint, build_series
from waitlists.services import SERVICES
from waitlists.sources import PUBLISHED_SOURCES, Freq
from waitlists.store.decisions import history_of
from waitlists.store.read import list_history
from waitlists.suppression import shown_count
from waitlists.suppression.rules import NOT_SHOWN
from waitlists.suppression.sheets import NAMES
from waitlists.trends.adjust import Adjusted
from waitlists.trends.decisions import Charted, in_force
from waitlists.trends.measures import phrase_of, said
from waitlists.trends.presence import successions, sudden, taken_over
from waitlists.trends.rounding import is_rounding
from waitlists.trends.steps import AskedTrend, Incomparable, Step
from waitlists.trends.stored import StoredTrend, stored_trend
from waitlists.trends.unbalanced import FLOWS, incomparable
from waitlists.trends.verdict import JudgedPoint, Variation
from waitlists.trends.words import found

TOLD_STEPS: Final = 6
"""Newest steps that stand beside the picture as text."""

IN_DOUBT: Final = "no figure that can be right"

_PEOPLE: Final = "children"
_PLAIN: Final = {"special_cause": "none", "point_type": "common_cause", "mean": None, "lower": None, "upper": None}


def chart_of(
    connection: Connection, shelf: Shelf, one: ListFacts, measure: Measure, *, as_of: date
) -> ChartFacts | None:
    """The picture of a measure of a list, None where no step of it may be shown or none can be judged."""
    history = list_history(connection, source=one.source, service=one.service, as_of=as_of)
    series = build_series(history, SeriesKey(one.source, one.service, one.org, measure), as_of=as_of)
    points = series.points
    if one.source not in PUBLISHED_SOURCES:
        shelf.fetch(one.source, one.service, [point.period_end for point in points])
    steps = [_step(shelf, one, point, NAMES[measure]) for point in points]
    if not steps:
        return None
    found = history.findings.get((points[-1].vintage_id or 0, one.org), ())
    asked = replace(_asked(connection, series, history, steps), caveats=why_unknown(found, on=as_of))
    return pictured(steps, replace(asked, is_awaited=one.is_awaited))


def pictured(steps: Sequence[Step], asked: AskedTrend) -> ChartFacts | None:
    """The picture of steps as they may be shown; None where there are too few to judge.

    Where flows do not explain the list there are too few since then, and it is shown all the same, without a verdict.
    """
    trend = stored_trend(steps, asked)
    if trend.trend.adjusted is None and not any(one.cause == FLOWS for one in asked.breaks):
        return None
    title, sentence = f"{phrase_of(asked.measure, asked.people).capitalize()}: {asked.of}", _sentence(trend)
    answer = _as_judged(trend, trend.trend.adjusted, sentence)
    svg = spc_chart(answer, title=title, ident="week", unit="people", width=NARROW)
    return ChartFacts(title, sentence, svg, tuple(_told(steps[-TOLD_STEPS:], asked.freq)))


def _as_judged(trend: StoredTrend, adjusted: Adjusted | None, sentence: str) -> dict[str, Any]:
    """The picture with the marks of the chart that judges it, and without raw limits.

    A list carries over from week to week, so raw limits would call nearly every point a real change; what counts is
    whether a point is a surprise beside the one before it. A step that rounding alone may make is none.
    """
    answer = trend.as_json()
    marks = {one.date.isoformat(): one for one in (adjusted.points if adjusted else ())}
    rows: list[dict[str, Any]] = answer["points"]
    points = [{**row, **_PLAIN, **_mark(row["value"], marks.get(row["date"]))} for row in rows]
    for before, row in pairwise(points):
        if is_rounding(float(before["value"] or 0), float(row["value"] or 0)):
            row.update(_PLAIN)
    return {**answer, "sentence": sentence, "points": points}


def _mark(value: float | None, one: JudgedPoint | None) -> dict[str, Any]:
    if value is None or one is None:
        return {}
    return {"special_cause": one.special_cause, "point_type": one.point_type}


def _sentence(trend: StoredTrend) -> str:
    """The newest step, whether it is a real change, and from where figures can be compared."""
    last = next(step for step in reversed(trend.steps) if step.value is not None)
    part = ", without the part that is missing" if last.is_part else ""
    parts = [f"{said(last.value or 0, 'people')} at the end of {in_words(last.period_end, trend.asked.freq)}{part}."]
    parts.append(_verdict(trend))
    absent = sum(not step.is_whole for step in trend.steps)
    if absent:
        parts.append(f"{absent} of {len(trend.steps)} steps are not whole, or not shown, and are not judged.")
    parts += [f"Not compared with figures before: {cut.sentence}" for cut in trend.asked.breaks[-1:]]
    return " ".join(parts)


def _verdict(trend: StoredTrend) -> str:
    """Whether the newest figure is a real change; a step that rounding alone may make is none."""
    is_real, variation = newest_verdict(trend).is_real, trend.judged_variation
    if is_real is None or variation is None:
        return "Whether that is a real change is not known."
    moved = _last_move(trend.steps)
    if moved is not None and is_rounding(0, moved):
        return f"The last step is {TOO_SMALL}."
    if is_real and not _goes_its_way(moved or 0, variation):
        # The verdict is of the level, which the last step alone need not show.
        return f"Over time: {found(variation, ())}. The last step alone does not show it."
    return f"Beside what the {STEP_WORDS[trend.asked.freq]} before lets expect: {found(variation, ())}."


def _last_move(steps: Sequence[Step]) -> float | None:
    """By how much the newest step differs from the one before it; None where either is not whole."""
    *_, was, now = (None, *(step.value if step.is_whole else None for step in steps))
    return None if was is None or now is None else now - was


def _goes_its_way(moved: float, variation: Variation) -> bool:
    return moved > 0 if variation.endswith("high") else moved < 0


def _step(shelf: Shelf, one: ListFacts, point: SeriesPoint, name: str) -> Step:
    """A step as its own sheet shows it; how much of a list is there is told as all of it or not."""
    if point.vintage_id is None or point.value is None:
        return Step(point.period_end, None, point.coverage if point.coverage in {0, 1} else None)
    if point.adjusted is None and point.coverage == 1:
        return Step(point.period_end, None, note=IN_DOUBT)
    shown = _shown(shelf, one, point, name)
    coverage = point.coverage if point.coverage in {0, 1} else None
    return Step(point.period_end, shown, coverage, point.is_provisional, is_suppressed=shown is None)


def _shown(shelf: Shelf, one: ListFacts, point: SeriesPoint, name: str) -> int | None:
    """A published figure is rounded by itself, since anybody may look it up."""
    if one.source in PUBLISHED_SOURCES:
        return shown_count(round(point.value or 0), shelf.rule)
    counted = Counted(point.vintage_id or 0, one.org, point.period_end)
    return shelf.sheet(one.source, one.service, counted).shown(name)


def _asked(connection: Connection, series: Series, history: ListHistory, steps: Sequence[Step]) -> AskedTrend:
    key = series.key
    place = Charted(service=key.service, org=key.org, measure=key.measure, freq=series.freq, source=key.source)
    recorded = in_force(history_of(connection, service=key.service, as_of=series.as_of), series.as_of)
    standing = [one.decision for one in recorded if one.decision.about.covers(place)]
    return AskedTrend(
        measure=key.measure,
        of=f"{SERVICES[key.service].label}, {name_of(key.org)}",
        people=_PEOPLE,
        freq=series.freq,
        cut_off=series.as_of,
        breaks=tuple(_breaks(series, history, steps)),
        successions=tuple(_within(steps, successions(key.service, key.org))),
        rebases=tuple(one.as_rebase for one in standing if one.what == "rebase"),
        targets=tuple(one.as_target for one in standing if one.what == "target"),
    )


def _breaks(series: Series, history: ListHistory, steps: Sequence[Step]) -> Iterator[Incomparable]:
    """Where figures stop being comparable, once a period, as far as it may be told without exact figures."""
    told = [Incomparable(one.period_end, one.cause, one.sentence) for one in series.breaks if one.cause == "definition"]
    came = incomparable(history, series.as_of).get(series.key.org, ())
    size = sudden(steps, series.freq) if series.key.measure == Measure.LIST_SIZE else ()
    found = (*size, *came, *taken_over(series.key.service, series.key.org), *told)
    by_period = {one.period_end: one for one in _within(steps, found)}
    yield from (by_period[period] for period in sorted(by_period))


def _within(steps: Sequence[Step], every: Iterable[Incomparable]) -> Iterator[Incomparable]:
    return (one for one in every if steps[0].period_end < one.period_end <= steps[-1].period_end)


def _told(steps: Sequence[Step], freq: Freq) -> Iterator[tuple[str, str]]:
    for step in steps:
        missing = NOT_SHOWN if step.is_suppressed else step.note or "no figure"
        value = missing if step.value is None else said(step.value, "people")
        part = " (part of the list is missing)" if step.is_part else ""
        yield in_words(step.period_end, freq), f"{value}{part}"
