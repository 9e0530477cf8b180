"""The table beside a chart: every number in the chart, written the same way, in the order of its dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

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


_LINES: Final = (("mean", "Mean"), ("lower", "Lower limit"), ("upper", "Upper limit"), ("target", "Target"))


def spc_table(answer: Mapping[str, Any], *, caption: str, unit: Unit, newest: int | None = None) -> Table:
    """The table of a trend's answer, of its `newest` points alone, if given; a line that no point has has no column."""
    chart = plotted(answer, unit, newest=newest)
    drawn = [(name, head) for name, head in _LINES if any(getattr(point, name) is not None for point in chart.points)]
    return Table(
        caption,
        ("Period", "Value", *(head for _, head in drawn), "What it shows"),
        tuple(_row(point, [getattr(point, name) for name, _ in drawn], unit) for point in chart.points),
        _notes(chart),
    )


def with_surprises(table: Table, answer: Mapping[str, Any], *, unit: Unit) -> Table:
    """A table of a trend's newest points with a column for what `surprises` gives of each."""
    newest = answer["points"][-len(table.rows) :]
    rows = ((*row[:2], _cell(one["value"], unit), *row[2:]) for row, one in zip(table.rows, newest, strict=True))
    return replace(table, head=(*table.head[:2], "Surprise", *table.head[2:]), rows=tuple(rows))


def limits_table(answer: Mapping[str, Any], *, caption: str, unit: Unit, newest: int | None = None) -> Table:
    """The limits of a trend's answer where they are the same from one rebase to the next: a row for each."""
    groups = plotted(answer, unit, newest=newest).groups
    rows = ((day_in_words(one.day), *(_cell(getattr(one, name), unit) for name, _ in _LINES[:3])) for one, *_ in groups)
    return Table(caption, ("From", *(head for _, head in _LINES[:3])), tuple(rows))


def _row(point: PlottedPoint, lines: Sequence[float | None], unit: Unit) -> tuple[str, ...]:
    return (day_in_words(point.day), shown(point.value, unit), *(_cell(value, unit) for value in lines), point.said)


def _cell(value: float | None, unit: Unit) -> str:
    return "none" if value is None else shown(value, unit)


def _notes(chart: Plotted) -> tuple[str, ...]:
    return tuple(f"{event.letter}: {event.sentence}" for event in chart.events)
