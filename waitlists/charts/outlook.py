"""A list and what may come of it: the figures there are, and from the last of them the range of each step ahead.

The range is an area with an outline, widening as it goes; the middle is dashed, since it is one of many ways. Values so
far are dots, as on the chart of the list itself, and both ends of the last range are written at its end. A figure of
which part is missing, or in doubt, is hollow and stands apart: no line leads to it, and no range goes on from it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from waitlists.charts import palette
from waitlists.charts.layout import WIDE, Scale, Width, chosen, is_monthly, scale_of, spread, ticks_of, width_of
from waitlists.charts.legend import Entry, legend
from waitlists.charts.numbers import day_in_words, day_on_axis, shown
from waitlists.charts.svg import element, path, picture, text
from waitlists.charts.tables import Table
from waitlists.trends.measures import SMALL

_HEIGHT: Final = 180.0
_MARKS: Final = {True: palette.Mark("common"), False: palette.Mark("common", is_provisional=True)}
"""How figures so far are drawn: of the whole list, or set apart."""


class SoFar(NamedTuple):
    """A day, the list on it, and whether that is all of the list and not in doubt."""

    day: date
    value: float
    is_whole: bool = True


class Ahead(NamedTuple):
    """A day to come and the range of the list on it."""

    day: date
    low: float
    middle: float
    high: float


class _Frame(NamedTuple):
    width: Width
    x: Scale
    y: Scale

    def at(self, day: date, value: float) -> tuple[float, float]:
        return self.x.at(day.toordinal()), self.y.at(value)


def outlook_chart(
    past: Sequence[SoFar],
    ahead: Sequence[Ahead],
    *,
    title: str,
    description: str,
    ident: str,
    width: Width = WIDE,
) -> str:
    """The picture of figures so far, one at least, and of the ranges after them, one at least."""
    frame = _frame(past, ahead, width)
    size = width.type_size
    entries = [Entry("figures so far", _MARKS[True]), Entry("likely range: 8 in 10", "range")]
    if len(_whole(past)) < len(past):
        entries.insert(1, Entry("part missing or in doubt", _MARKS[False]))
    below, height = legend(entries, top=frame.y.start + 4.6 * size, width=width)
    return picture(
        *_ground(frame, [*(one.day for one in past), *(one.day for one in ahead)]),
        *_range(_whole(past)[-1:], ahead, frame),
        *_so_far(past, frame),
        *_ends(ahead[-1], frame),
        *below,
        title=title,
        description=description,
        ident=ident,
        width=width.units,
        height=height,
        class_=f"wl-chart wl-chart-{width.name}",
        font_size=size - 1,
        fill=palette.INK,
    )


def outlook_table(past: Sequence[SoFar], ahead: Sequence[Ahead], *, caption: str) -> Table:
    """The ranges as text, and which figures so far stand apart."""
    rows = ((day_in_words(one.day), *(shown(value, "people") for value in one[1:])) for one in ahead)
    return Table(caption, ("On", "From", "Middle", "To"), tuple(rows), tuple(apart(past)))


def apart(past: Sequence[SoFar]) -> Iterator[str]:
    """Which figures so far stand apart, and which one the range goes on from; nothing where all are whole."""
    parts = [_dated(one) for one in past if not one.is_whole]
    if parts:
        start = _dated(whole[-1]) if (whole := _whole(past)) else "none of the figures so far"
        yield (
            "Part of the list is missing or in doubt, so these figures stand apart and are no sign that fewer wait: "
            f"{', '.join(parts)}. The range goes on from {start}."
        )


def _dated(one: SoFar) -> str:
    return f"{day_in_words(one.day)} ({shown(one.value, 'people')})"


def _whole(past: Sequence[SoFar]) -> list[SoFar]:
    return [one for one in past if one.is_whole]


def _frame(past: Sequence[SoFar], ahead: Sequence[Ahead], width: Width) -> _Frame:
    size = width.type_size
    values = [one.value for one in past] + [edge for one in ahead for edge in (one.low, one.high)]
    y = scale_of(values, start=_HEIGHT, end=2 * size)
    left = max(width_of(shown(tick, "people"), size) for tick in (*ticks_of(y, most=5, whole_from=SMALL), 0.0)) + 18
    right = width.units - max(width_of(words, size) for _, words in _said(ahead[-1])) - 18
    return _Frame(width, Scale(past[0].day.toordinal(), ahead[-1].day.toordinal(), left, right), y)


def _ground(frame: _Frame, days: Sequence[date]) -> Iterator[str]:
    """Grid, axis and what is written along both."""
    small, left, right = frame.width.type_size - 1, frame.x.start - 8, frame.x.end + 6
    ticks = ticks_of(frame.y, most=5, whole_from=SMALL)
    yield palette.grid(*map(frame.y.at, ticks), left=left, right=right)
    for tick in ticks:
        yield text(shown(tick, "people"), left - 6, frame.y.at(tick) + small / 3, text_anchor="end")
    floor = frame.y.start + 8
    yield element("line", x1=left, x2=right, y1=floor, y2=floor, stroke=palette.LINE, class_="wl-line wl-floor")
    monthly = is_monthly([day.toordinal() for day in days])
    room = int((right - left) / (1.6 * width_of(day_on_axis(days[0], is_monthly=monthly), small)))
    places = chosen(len(days), most=max(2, room))
    for place in places:
        anchor = "start" if place == 0 else "end" if place == places[-1] else "middle"
        said = day_on_axis(days[place], is_monthly=monthly)
        yield text(said, frame.x.at(days[place].toordinal()), floor + 1.5 * small, text_anchor=anchor)


def _range(last: Sequence[SoFar], ahead: Sequence[Ahead], frame: _Frame) -> Iterator[str]:
    """The area and its middle, from the last whole figure where there is one."""
    start = [frame.at(one.day, one.value) for one in last]
    upper = [frame.at(one.day, one.high) for one in ahead]
    lower = [frame.at(one.day, one.low) for one in reversed(ahead)]
    yield element(
        "path", d=f"{path(*start, *upper, *lower)}z", fill=palette.GRID, stroke=palette.LINE,
        stroke_width=1.2, class_="wl-line wl-range",
    )  # fmt: skip
    middle = path(*start, *(frame.at(one.day, one.middle) for one in ahead))
    yield element(
        "path", d=middle, fill="none", stroke=palette.INK, stroke_width=1.5, stroke_dasharray="6 4",
        class_="wl-stroke wl-middle",
    )  # fmt: skip


def _so_far(past: Sequence[SoFar], frame: _Frame) -> Iterator[str]:
    runs = [
        (is_whole, [frame.at(one.day, one.value) for one in run])
        for is_whole, run in groupby(past, key=lambda one: one.is_whole)
    ]
    if line := "".join(path(*places) for is_whole, places in runs if is_whole):
        yield element("path", d=line, fill="none", stroke=palette.LINE, stroke_width=1.5, class_="wl-line wl-values")
    for is_whole, mark in _MARKS.items():
        shapes = [palette.shape(mark, x, y, size=3) for kind, run in runs if kind is is_whole for x, y in run]
        if shapes:
            yield palette.marks(mark, *shapes, outline=0.7)


def _said(last: Ahead) -> list[tuple[float, str]]:
    return [(last.high, f"To {shown(last.high, 'people')}"), (last.low, f"From {shown(last.low, 'people')}")]


def _ends(last: Ahead, frame: _Frame) -> Iterator[str]:
    size = frame.width.type_size - 1
    wanted = [frame.y.at(value) + size / 3 for value, _ in _said(last)]
    for (_, words), y in zip(
        _said(last), spread(wanted, least=size + 2, low=size, high=frame.y.start + 8), strict=True
    ):
        yield text(words, frame.x.end + 12, y)
