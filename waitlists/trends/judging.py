"""Whether a series has changed: `judge` gives the verdict with every reason, `as_json` the answer of the command.

Pages, emails and routes use the same function as `waitlists analyse spc`, so that no number is worked out twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from waitlists.trends import words
from waitlists.trends.adjust import Adjusted, adjusted_chart
from waitlists.trends.asking import Direction, Options, Point, ProfileName, in_order
from waitlists.trends.gaps import Filled, filled
from waitlists.trends.rebasing import Suggestion, suggested_rebase
from waitlists.trends.run_chart import RunChart, run_chart
from waitlists.trends.verdict import Assurance, Chart, Group, JudgedPoint, Status, Variation, chart_of
from waitlists.trends.words import Note


@dataclass(frozen=True, slots=True)
class Trend:
    """A series judged: every point with its limits and reasons, the verdict, one sentence, and what to know beside it.

    `judged_on` is the date of the point that the verdict is of. `run_chart` stands in where there is too little data
    for limits. Dated targets stand at the points.
    """

    profile: ProfileName
    direction: Direction
    status: Status
    points: tuple[JudgedPoint, ...]
    variation: Variation | None
    assurance: Assurance | None
    target: float | None
    groups: tuple[Group, ...]
    sentence: str
    adjusted: Adjusted | None
    rebase_suggestion: Suggestion | None
    notes: tuple[Note, ...]
    judged_on: date | None
    run_chart: RunChart | None
    has_dated_targets: bool

    def as_json(self) -> dict[str, Any]:
        """The answer of `waitlists analyse spc` without its envelope; no number is rounded, a missing one is None."""
        return {
            "profile": self.profile,
            "direction": self.direction,
            "status": self.status,
            "points": self._points(self.points),
            "variation": self.variation,
            "assurance": self.assurance,
            "target": self.target,
            "groups": [_group(group) for group in self.groups],
            "sentence": self.sentence,
            "adjusted": self._adjusted(self.adjusted) if self.adjusted else None,
            "rebase_suggestion": _suggestion(self.rebase_suggestion) if self.rebase_suggestion else None,
            "warnings": [note._asdict() for note in self.notes],
        }

    def _points(self, points: Sequence[JudgedPoint]) -> list[dict[str, Any]]:
        found = [_point(point) for point in points]
        if self.has_dated_targets:
            return [one | {"target": point.target} for one, point in zip(found, points, strict=True)]
        return found

    def _adjusted(self, adjusted: Adjusted) -> dict[str, Any]:
        return {**adjusted._asdict(), "points": self._points(adjusted.points)}


def judge(points: Sequence[Point], options: Options) -> Trend:
    """The trend of a series; rows may come in any order, missing values as None.

    >>> trend = judge([Point(date(2025, month, 1), 10.0) for month in range(1, 13)], Options())
    >>> trend.status, trend.variation
    ('insufficient_data', None)

    Raises
    ------
    BadArgument
        When a date is there twice or a value is not finite; any other series has an answer.
    """
    given = in_order(points)
    settled = [point._replace(value=None) if point.is_provisional else point for point in given]
    full = filled(settled) if options.is_mdc else Filled(settled)
    chart = chart_of(full.rows, options)
    adjusted, codes = adjusted_chart(full.rows, options)
    is_searched = options.suggest_rebase and chart.groups
    suggestion = suggested_rebase(full.rows, chart.groups[-1], options) if is_searched else None
    notes = _notes(given, full, chart, options)
    run = _run_of(chart) if chart.status == "insufficient_data" else None
    return Trend(
        profile=options.profile,
        direction=options.direction,
        status=chart.status,
        points=_with_provisional(chart.points, given),
        variation=chart.variation,
        assurance=chart.assurance,
        target=chart.target,
        groups=chart.groups,
        sentence=words.sentence_of(chart, options, run, notes, adjusted and adjusted.variation),
        adjusted=adjusted,
        rebase_suggestion=suggestion,
        notes=(*notes, *map(words.note, codes)),
        judged_on=chart.judged_on,
        run_chart=run,
        has_dated_targets=bool(options.targets),
    )


def _with_provisional(points: tuple[JudgedPoint, ...], given: Sequence[Point]) -> tuple[JudgedPoint, ...]:
    """Points with the provisional values back that were kept from the rules."""
    shown = {point.date: point.value for point in given if point.is_provisional}
    if not shown:
        return points
    return tuple(point._replace(value=shown[point.date]) if point.date in shown else point for point in points)


def _notes(given: Sequence[Point], full: Filled, chart: Chart, options: Options) -> list[Note]:
    return [
        *words.absent_rebases(options.rebase, frozenset(point.date for point in given)),
        *words.suppressed(sum(point.is_suppressed for point in given)),
        *words.provisional(sum(point.is_provisional for point in given)),
        *words.gaps(full.added),
        *[words.note("uneven_dates")] * full.is_uneven,
        *words.notes_of(chart, options, max((point.date for point in given if not point.is_provisional), default=None)),
    ]


def _run_of(chart: Chart) -> RunChart | None:
    """The run chart of the last group."""
    last = chart.groups[-1].group
    return run_chart([point.value for point in chart.points if point.group == last and point.value is not None])


def _point(point: JudgedPoint) -> dict[str, Any]:
    return {
        "date": point.date.isoformat(),
        "value": point.value,
        "mean": point.mean,
        "lower": point.lower,
        "upper": point.upper,
        "special_cause": point.special_cause,
        "point_type": point.point_type,
        "group": point.group,
        "short_group": point.short_group,
        "reasons": [
            {"rule": rule, "side": side, "from": since.isoformat(), "to": until.isoformat()}
            for rule, side, since, until in point.reasons
        ],
    }


def _group(group: Group) -> Mapping[str, Any]:
    return {
        "group": group.group,
        "from": group.since.isoformat(),
        "to": group.until.isoformat(),
        "n": group.rows,
        "mean": group.mean,
        "lower": group.lower,
        "upper": group.upper,
    }


def _suggestion(found: Suggestion) -> dict[str, Any]:
    return {**found._asdict(), "date": found.date.isoformat(), "sentence": words.suggestion_sentence(found)}
