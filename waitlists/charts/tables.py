"""The table beside a chart: every number in the chart, written the same way, in the order of its dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waitlists.charts.numbers import day_in_words, shown
from waitlists.charts.reading import Plotted, PlottedPoint, plotted
from waitlists.trends.measures import Unit


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, the columns' names, the rows as text, and what has to be known beside them."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def spc_table(answer: Mapping[str, Any], *, caption: str, unit: Unit) -> Table:
    """The table of a trend's answer; a column that no point has is left out."""
    chart = plotted(answer, unit)
    has_limits = any(point.upper is not None for point in chart.points)
    has_target = any(point.target is not None for point in chart.points)
    limits = ("Mean", "Lower limit", "Upper limit") if has_limits else ("Mean",)
    return Table(
        caption,
        ("Period", "Value", *limits, *["Target"] * has_target, "What it shows"),
        tuple(_row(point, unit, has_limits=has_limits, has_target=has_target) for point in chart.points),
        _notes(chart),
    )


def _row(point: PlottedPoint, unit: Unit, *, has_limits: bool, has_target: bool) -> tuple[str, ...]:
    limits = (point.mean, point.lower, point.upper) if has_limits else (point.mean,)
    target = (point.target,) if has_target else ()
    numbers = [_cell(value, unit) for value in (*limits, *target)]
    return (day_in_words(point.day), shown(point.value, unit), *numbers, point.said)


def _cell(value: float | None, unit: Unit) -> str:
    return "none" if value is None else shown(value, unit)


def _notes(chart: Plotted) -> tuple[str, ...]:
    return tuple(f"{event.letter}: {event.sentence}" for event in chart.events)
