"""Colours, shapes and words of a chart: one shape for each meaning, so that none rests on colour alone.

Fills are those of Making Data Count. On white the grey and the blue have a contrast below 3:1 and look the same in
greyscale; the outline of every mark has more than 10:1.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from waitlists.charts.svg import coordinate, element, outlines, path

PAPER: Final = "#FFFFFF"
INK: Final = "#212B32"
LINE: Final = "#4C6272"
GRID: Final = "#D8DDE0"
TARGET: Final = "#DE1B1B"

Meaning = Literal["common", "improvement", "concern", "neutral", "unjudged"]

FILLS: Final[Mapping[Meaning, str]] = {
    "common": "#A6A6A6",
    "improvement": "#00B0F0",
    "concern": "#E46C0A",
    "neutral": "#490092",
    "unjudged": GRID,
}
LETTERS: Final[Mapping[Meaning, str]] = {
    "common": INK, "improvement": INK, "concern": INK, "neutral": PAPER, "unjudged": INK,
}  # fmt: skip
"""What is readable on each fill."""

WORDS: Final[Mapping[Meaning, str]] = {
    "common": "usual variation",
    "improvement": "unusual, for the better",
    "concern": "unusual, for the worse",
    "neutral": "unusual",
    "unjudged": "not judged",
}
"""What a point means on the chart it stands on; whether the series has really changed is the verdict's to say."""


class Mark(NamedTuple):
    """A point's mark: what it means, whether it lies high, which way a triangle points, and whether it may change."""

    meaning: Meaning
    is_high: bool = True
    is_provisional: bool = False


class Shape(NamedTuple):
    """A closed shape: where it begins, and the way round."""

    x: float
    y: float
    way: str


def mark(one: Mark, x: float, y: float, *, size: float) -> str:
    """One mark around a place; hollow where the value may still change."""
    return marks(one, shape(one, x, y, size=size))


def marks(one: Mark, *shapes: Shape, outline: float = 1.2) -> str:
    """Shapes that mean the same as one path; their outlines lie behind them, so that close ones cover no neighbour."""
    name = "provisional" if one.is_provisional else one.meaning
    fill = PAPER if one.is_provisional else FILLS[one.meaning]
    # Half of an outline lies behind the shape.
    return element(
        "path", d=outlines(*shapes), fill=fill, stroke=INK, stroke_width=2 * outline, paint_order="stroke",
        class_=f"wl-mark wl-{name}",
    )  # fmt: skip


def shape(one: Mark, x: float, y: float, *, size: float) -> Shape:
    """The shape of a mark around a place."""
    return _SHAPES[one.meaning](x, y, size if one.is_high else -size)


def explained(one: Mark) -> Mark:
    """The mark under which a legend explains this one: only a triangle has two forms."""
    return one if one.meaning == "improvement" else Mark(one.meaning)


def absent(*places: tuple[float, float], size: float) -> str:
    """The sign of periods without a figure: a cross, below the chart's floor where no value can be read off."""
    arms = (
        f"{path((x - size, y - size), (x + size, y + size))}{path((x - size, y + size), (x + size, y - size))}"
        for x, y in places
    )
    return element("path", d="".join(arms), fill="none", stroke=INK, stroke_width=1.6, class_="wl-absent wl-stroke")


def hidden(*places: tuple[float, float], size: float) -> str:
    """The sign of figures too small to be shown: a bar lying across, below the chart's floor."""
    wide, high = coordinate(2 * size), coordinate(size)
    bars = ((x - size, y - size / 2, f"h{wide}v{high}h-{wide}z") for x, y in places)
    return element(
        "path", d=outlines(*bars), fill=PAPER, stroke=INK, stroke_width=1.2, class_="wl-hidden wl-stroke wl-provisional"
    )


def range_of(place: tuple[float, float], *, size: float) -> str:
    """The sign of a range of values to come: a piece of the area that it is drawn as."""
    x, y = place
    return element(
        "rect", x=x - size, y=y - size, width=2 * size, height=2 * size,
        fill=GRID, stroke=LINE, stroke_width=1.2, class_="wl-line wl-range",
    )  # fmt: skip


def grid(*heights: float, left: float, right: float) -> str:
    """Level lines behind a chart."""
    across = coordinate(right - left)
    lines = (f"M{coordinate(left)} {coordinate(height)}h{across}" for height in heights)
    return element("path", d="".join(lines), fill="none", stroke=GRID, class_="wl-grid")


def _circle(x: float, y: float, size: float) -> Shape:
    radius = coordinate(abs(size))
    # All of the way round but a tenth: an arc back to where it began would be none.
    return Shape(x, y - abs(size), f"a{radius} {radius} 0 11-.1 0z")


def _triangle(x: float, y: float, size: float) -> Shape:
    wide, base = 1.25 * abs(size), coordinate(2.25 * size)
    return Shape(x, y - 1.25 * size, f"l{coordinate(wide)} {base}h{coordinate(-2 * wide)}z")


def _square(x: float, y: float, size: float) -> Shape:
    half, side = abs(size), coordinate(2 * abs(size))
    return Shape(x - half, y - half, f"h{side}v{side}h-{side}z")


def _diamond(x: float, y: float, size: float) -> Shape:
    half = coordinate(1.35 * abs(size))
    return Shape(x, y - 1.35 * abs(size), f"l{half} {half}l-{half} {half}l-{half}-{half}z")


_SHAPES: Final[Mapping[Meaning, Callable[[float, float, float], Shape]]] = {
    "common": _circle,
    "improvement": _triangle,
    "concern": _square,
    "neutral": _diamond,
    "unjudged": _circle,
}
