"""The answer of a trend as a chart and its table need it: dated, each point with its mark and what is said of it.

It is the answer of `waitlists analyse spc`, or of /v1/trends, which marks what is no change in what children meet:
parts of a list that are missing, figures that are not shown, breaks. Limits are drawn as far as they can be met, as the
sentence says them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from waitlists.charts.numbers import NOTHING, day_in_words
from waitlists.charts.palette import WORDS, Mark, Meaning
from waitlists.trends.measures import Unit, within_reach
from waitlists.trends.verdict import SIDES, SpecialCause

_RULES: Final[Mapping[SpecialCause, str]] = {
    "above_upper": "above the upper limit",
    "below_lower": "below the lower limit",
    "trend_up": "part of a steady rise",
    "trend_down": "part of a steady fall",
    "two_in_three_above": "two of three close to or beyond the upper limit",
    "two_in_three_below": "two of three close to or beyond the lower limit",
    "shift_above": "part of a run above the mean",
    "shift_below": "part of a run below the mean",
}
_MEANINGS: Final[Mapping[str, Meaning]] = {
    "common_cause": "common",
    "improvement": "improvement",
    "concern": "concern",
    "neutral_high": "neutral",
    "neutral_low": "neutral",
    "not_judged": "unjudged",
}
_EVENTS: Final = {"not_comparable": "not comparable with before", "succession": "another provider"}
"""Marks that are told by an upright line; the others stand at the point itself."""


SIGNED: Final = "signed"
"""An entry of an answer whose values are differences: these may lie below zero, and so may their limits."""


@dataclass(frozen=True, slots=True)
class PlottedPoint:
    """One period: its value and limits, None where there is none, its mark, and what is said of it."""

    day: date
    value: float | None
    mean: float | None
    lower: float | None
    upper: float | None
    target: float | None
    group: int
    mark: Mark
    is_hidden: bool
    said: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something from which on values differ for another reason than care: its letter on the chart, and words."""

    day: date
    letter: str
    short: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Plotted:
    """A trend ready to be drawn."""

    points: tuple[PlottedPoint, ...]
    events: tuple[Event, ...]
    sentence: str

    @property
    def groups(self) -> tuple[tuple[PlottedPoint, ...], ...]:
        """The points between two rebases, in order."""
        numbers = sorted({point.group for point in self.points})
        return tuple(tuple(point for point in self.points if point.group == number) for number in numbers)


def plotted(answer: Mapping[str, Any], unit: Unit, *, newest: int | None = None) -> Plotted:
    """The points, events and sentence of an answer whose values have a unit; of the `newest` points alone, if given."""
    marks: list[Mapping[str, Any]] = list(answer.get("marks") or ())
    notes = {(_day(one["period_end"]), str(one["kind"])): str(one["sentence"]) for one in marks}
    rows = answer["points"][-newest:] if newest else answer["points"]
    reached = None if answer.get(SIGNED) else unit
    points = tuple(_point(row, answer["target"], reached, notes) for row in rows)
    return Plotted(points, _events(points, notes, answer.get("rebases") or ()), str(answer["sentence"]))


_Notes = Mapping[tuple[date, str], str]


def _point(row: Mapping[str, Any], target: float | None, unit: Unit | None, notes: _Notes) -> PlottedPoint:
    word: SpecialCause = row["special_cause"]
    day = _day(row["date"])
    mark = Mark(_MEANINGS[row["point_type"]], SIDES.get(word, 1) > 0, bool(row.get("provisional")))
    return PlottedPoint(
        day=day,
        value=row["value"],
        mean=row["mean"],
        lower=_reached(row["lower"], unit),
        upper=_reached(row["upper"], unit),
        target=row.get("target", target),
        group=row["group"],
        mark=mark,
        is_hidden=(day, "suppressed") in notes,
        said=_said(row, mark, notes),
    )


def _reached(limit: float | None, unit: Unit | None) -> float | None:
    return limit if limit is None or unit is None else within_reach(limit, unit)


def _said(row: Mapping[str, Any], mark: Mark, notes: _Notes) -> str:
    """Why a value is not there or not judged, else what it shows."""
    day = _day(row["date"])
    for kind in ("part_missing", "suppressed", "no_figures"):
        if (day, kind) in notes:
            return notes[day, kind]
    if row["value"] is None:
        return NOTHING
    word: SpecialCause = row["special_cause"]
    return WORDS[mark.meaning] if word == "none" else f"{WORDS[mark.meaning]}: {_RULES[word]}"


def _events(points: Sequence[PlottedPoint], notes: _Notes, rebases: Sequence[Mapping[str, Any]]) -> tuple[Event, ...]:
    """Breaks, lists that moved, and new limits that people decided on, by date and lettered."""
    days = {point.day for point in points}
    found = [(day, _EVENTS[kind], said) for (day, kind), said in notes.items() if kind in _EVENTS and day in days]
    starts = [after.day for before, after in pairwise(points) if after.group != before.group]
    found += [(day, "new limits", _decided(day, rebases)) for day in starts if (day, "not_comparable") not in notes]
    return tuple(
        Event(day, _letter(place), f"{day_in_words(day)}: {short}", f"{day_in_words(day)}: {sentence}")
        for place, (day, short, sentence) in enumerate(sorted(found))
    )


def _decided(day: date, rebases: Sequence[Mapping[str, Any]]) -> str:
    """Why limits start anew on a day: the reason of the last decision begun by then."""
    begun = sorted((_day(one["since"]), str(one["reason"]), str(one["role"])) for one in rebases)
    known = [(reason, role) for since, reason, role in begun if since <= day]
    said = "limits are drawn anew from here"
    return f"{said}: {known[-1][0]} (decided by: {known[-1][1]})." if known else f"{said}, as people decided."


def _letter(place: int) -> str:
    """A, B and so on; after Z, A2."""
    turn, letter = divmod(place, 26)
    return chr(ord("A") + letter) + (str(turn + 1) if turn else "")


def _day(given: date | str) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)
