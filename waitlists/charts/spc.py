"""The process control chart: values by date with mean, limits and target, each mark by what it means.

The mean is solid, limits are dashed and labelled at the line's end with their number. A period without a figure has a
cross below the chart's floor and a figure too small to be shown a bar there, so neither can be read as zero; the line
of values stops for both. Values that may still change are hollow. New limits and breaks are upright lines with letters.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any, Final

from waitlists.charts import palette
from waitlists.charts.layout import WIDE, Scale, Width, chosen, is_monthly, scale_of, spread, ticks_of, width_of
from waitlists.charts.legend import Entry, legend
from waitlists.charts.numbers import day_on_axis, short, shown
from waitlists.charts.reading import Plotted, PlottedPoint, plotted
from waitlists.charts.svg import element, path, picture, text
from waitlists.trends.measures import SMALL, Unit

_HEIGHT: Final = {True: 250.0, False: 200.0}
_LINES: Final = (("mean", "Mean", "Mean"), ("upper", "Upper limit", "Upper"), ("lower", "Lower limit", "Lower"))
_DASHES: Final = {"mean": None, "upper": "6 4", "lower": "6 4"}


@dataclass(frozen=True, slots=True)
class _Frame:
    """The plot's edges and scales on a picture of a width."""

    width: Width
    unit: Unit
    x: Scale
    y: Scale
    floor: float
    size: float

    def place(self, point: PlottedPoint, value: float) -> tuple[float, float]:
        return self.x.at(point.day.toordinal()), self.y.at(value)


def spc_chart(
    answer: Mapping[str, Any],
    *,
    title: str,
    ident: str,
    unit: Unit,
    width: Width = WIDE,
    newest: int | None = None,
) -> str:
    """The chart of a trend's answer as SVG.

    Parameters
    ----------
    answer
        What `Trend.as_json` or /v1/trends gives; what a role may not see is not in it.
    title
        What the chart shows, read out first; the answer's sentence is its description.
    ident
        Distinct among the pictures of a page, and without blanks.
    newest
        How many points are drawn, where not all: on a narrow screen the marks of three years of weeks are one smear.
    """
    chart = plotted(answer, unit, newest=newest)
    frame = _frame(chart, unit, width)
    below, height = legend(_entries(chart), top=frame.floor + 4.6 * width.type_size, width=width)
    return picture(
        *_ground(frame, chart.points),
        *_events(chart, frame),
        *_limits(chart, frame),
        *_labels(chart, frame),
        *_values(chart.points, frame),
        *below,
        title=title,
        description=chart.sentence,
        ident=ident,
        width=width.units,
        height=height,
        class_=f"wl-chart wl-chart-{width.name}",
        font_size=width.type_size - 1,
        fill=palette.INK,
    )


def _frame(chart: Plotted, unit: Unit, width: Width) -> _Frame:
    kept = [value for point in chart.points for value in _numbers(point) if value is not None]
    y = scale_of(kept, start=_HEIGHT[width.is_wordy], end=2 * width.type_size)
    left = max(width_of(short(tick, unit), width.type_size) for tick in (*_ticks(y, unit), 0.0)) + 10
    right = width.units - max([width_of(words, width.type_size) for _, words in _ends(chart, unit, width)], default=0)
    days = [point.day.toordinal() for point in chart.points] or [0]
    first, last = (days[0], days[-1]) if days[0] < days[-1] else (days[0] - 1, days[0] + 1)
    x = Scale(first, last, left + 8, right - 14)
    apart = (x.end - x.start) / max(len(days) - 1, 1)
    return _Frame(width, unit, x, y, y.start + 8, min(5.5, max(2.2, 0.75 * apart)))


def _numbers(point: PlottedPoint) -> tuple[float | None, ...]:
    return point.value, point.mean, point.lower, point.upper, point.target


def _ticks(y: Scale, unit: Unit) -> list[float]:
    return ticks_of(y, most=5, whole_from=SMALL if unit == "people" else math.inf)


def _ground(frame: _Frame, points: Sequence[PlottedPoint]) -> Iterator[str]:
    """Grid, axis and what is written along both."""
    small, floor, left, right = frame.width.type_size - 1, frame.floor, frame.x.start - 8, frame.x.end + 6
    yield palette.grid(*map(frame.y.at, _ticks(frame.y, frame.unit)), left=left, right=right)
    for tick in _ticks(frame.y, frame.unit):
        yield text(short(tick, frame.unit), left - 6, frame.y.at(tick) + small / 3, text_anchor="end")
    yield element("line", x1=left, x2=right, y1=floor, y2=floor, stroke=palette.LINE, class_="wl-line wl-floor")
    monthly = is_monthly([point.day.toordinal() for point in points])
    label = width_of(day_on_axis(points[0].day, is_monthly=monthly), small) if points else 1.0
    places = chosen(len(points), most=max(2, int((right - left) / (1.6 * label))))
    for place in places:
        x = frame.x.at(points[place].day.toordinal())
        anchor = "start" if place == 0 and len(points) > 1 else "end" if place == places[-1] and place else "middle"
        said = day_on_axis(points[place].day, is_monthly=monthly)
        yield text(said, x, frame.floor + 2.5 * frame.width.type_size, text_anchor=anchor)


def _limits(chart: Plotted, frame: _Frame) -> Iterator[str]:
    for group, (name, _, _) in product(chart.groups, _LINES):
        values = [getattr(point, name) for point in group]
        if len({*values}) > 1:
            yield _moving(group, values, frame, name)
        elif values[0] is not None:
            yield _line(group, values[0], frame, stroke=palette.LINE, name=name, dashes=_DASHES[name])
    aims = groupby((point for point in chart.points if point.target is not None), key=lambda point: point.target)
    for target, points in aims:
        yield _line(tuple(points), target or 0.0, frame, stroke=palette.TARGET, name="target", dashes="10 3 2 3")


def _moving(points: Sequence[PlottedPoint], values: Sequence[float | None], frame: _Frame, name: str) -> str:
    """A limit that is another at each point."""
    return element(
        "path", d=_through(points, values, frame), fill="none", stroke=palette.LINE, stroke_width=1.5,
        stroke_dasharray=_DASHES[name], class_=f"wl-line wl-{name}",
    )  # fmt: skip


def _through(points: Sequence[PlottedPoint], values: Sequence[float | None], frame: _Frame) -> str:
    """The way through a value of each point, broken where there is none."""
    runs = groupby(zip(points, values, strict=True), key=lambda pair: pair[1] is not None)
    return "".join(
        path(*(frame.place(point, value or 0.0) for point, value in run)) for is_there, run in runs if is_there
    )


def _line(
    points: Sequence[PlottedPoint], value: float, frame: _Frame, *, stroke: str, name: str, dashes: str | None
) -> str:
    (x1, y), (x2, _) = frame.place(points[0], value), frame.place(points[-1], value)
    return element(
        "line", x1=x1 - 6, x2=x2 + 6, y1=y, y2=y,
        stroke=stroke, stroke_width=2, stroke_dasharray=dashes, class_=f"wl-line wl-{name}",
    )  # fmt: skip


def _ends(chart: Plotted, unit: Unit, width: Width) -> list[tuple[float, str]]:
    """What is written at the end of each line, with its value, from the lowest value up."""
    if not chart.points:
        return []
    last = chart.points[-1]
    lines = [(getattr(last, name), wordy if width.is_wordy else terse) for name, wordy, terse in _LINES]
    lines.append((last.target, "Target"))
    return sorted((value, f"{words} {shown(value, unit)}") for value, words in lines if value is not None)


def _labels(chart: Plotted, frame: _Frame) -> Iterator[str]:
    ends = _ends(chart, frame.unit, frame.width)[::-1]
    size = frame.width.type_size - 1
    places = spread(
        [frame.y.at(value) + size / 3 for value, _ in ends], least=size + 2, low=size, high=frame.floor + size / 3
    )
    for (_, words), y in zip(ends, places, strict=True):
        yield text(words, frame.x.end + 12, y)


def _events(chart: Plotted, frame: _Frame) -> Iterator[str]:
    size = frame.width.type_size
    for event in chart.events:
        x = frame.x.at(event.day.toordinal())
        yield element(
            "line", x1=x, x2=x, y1=1.4 * size, y2=frame.floor,
            stroke=palette.INK, stroke_dasharray="2 3", class_="wl-event wl-stroke",
        )  # fmt: skip
        yield text(event.letter, x, size, font_size=size, text_anchor="middle", font_weight="bold")


def _values(points: Sequence[PlottedPoint], frame: _Frame) -> Iterator[str]:
    """The line of values, broken where there is none, then the marks over it, together by what they mean."""
    line = _through(points, [point.value for point in points], frame)
    if line:
        yield element("path", d=line, fill="none", stroke=palette.LINE, stroke_width=1.5, class_="wl-line wl-values")
    drawn: dict[palette.Mark, list[palette.Shape]] = {}
    for point in points:
        if point.value is not None:
            shape = palette.shape(point.mark, *frame.place(point, point.value), size=frame.size)
            drawn.setdefault(point.mark, []).append(shape)
    yield from _without_value(points, frame)
    # Where marks lie close, their outlines would be all that is seen.
    outline = 1.2 if frame.size > 3 else 0.7
    yield from (palette.marks(one, *shapes, outline=outline) for one, shapes in drawn.items())


def _without_value(points: Sequence[PlottedPoint], frame: _Frame) -> Iterator[str]:
    """The signs of points that have no value to show, below the floor."""
    y, size = frame.floor + 0.8 * frame.width.type_size, min(frame.size, 4)
    for sign, is_hidden in ((palette.hidden, True), (palette.absent, False)):
        without = [point for point in points if point.value is None and point.is_hidden is is_hidden]
        if without:
            yield sign(*((frame.x.at(point.day.toordinal()), y) for point in without), size=size)


def _entries(chart: Plotted) -> list[Entry]:
    """What the signs in this chart mean; nothing of those that are not in it."""
    shown_marks = {point.mark for point in chart.points if point.value is not None}
    settled = sorted({palette.explained(one) for one in shown_marks if not one.is_provisional})
    found = [Entry(palette.WORDS[one.meaning] + _way(one), one) for one in settled]
    if any(one.is_provisional for one in shown_marks):
        found.append(Entry("part missing or in doubt, not judged", palette.Mark("common", is_provisional=True)))
    absences = {point.is_hidden for point in chart.points if point.value is None}
    found += [Entry("no figure", "absent")] * (False in absences) + [Entry("not shown", "hidden")] * (True in absences)
    return found + [Entry(event.short, event.letter) for event in chart.events]


def _way(mark: palette.Mark) -> str:
    """Which way a triangle points; other shapes have one form."""
    if mark.meaning != "improvement":
        return ""
    return ", high or rising" if mark.is_high else ", low or falling"
