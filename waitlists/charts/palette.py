"""Colours, shapes and words of a chart: one shape for each meaning, so that none rests on colour alone.

Fills are those of Making Data Count. On white the grey and the blue have a contrast below 3:1 and look the same in
greyscale; the outline of every mark has more than 10:1.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from waitlists.charts.svg import element, path

PAPER: Final = "#FFFFFF"
INK: Final = "#212B32"
LINE: Final = "#4C6272"
GRID: Final = "#D8DDE0"
TARGET: Final = "#DE1B1B"

Meaning = Literal["common", "improvement", "concern", "neutral"]

FILLS: Final[Mapping[Meaning, str]] = {
    "common": "#A6A6A6",
    "improvement": "#00B0F0",
    "concern": "#E46C0A",
    "neutral": "#490092",
}
LETTERS: Final[Mapping[Meaning, str]] = {"common": INK, "improvement": INK, "concern": INK, "neutral": PAPER}
"""What is readable on each fill."""

WORDS: Final[Mapping[Meaning, str]] = {
    "common": "usual variation",
    "improvement": "unusual, for the better",
    "concern": "unusual, for the worse",
    "neutral": "unusual",
}
"""What a point means on the chart as it is; whether the series has really changed is the verdict's to say."""


class Mark(NamedTuple):
    """A point's mark: what it means, whether it lies high, which way a triangle points, and whether it may change."""

    meaning: Meaning
    is_high: bool = True
    is_provisional: bool = False


def mark(one: Mark, x: float, y: float, *, size: float) -> str:
    """One mark around a place; hollow where the value may still change."""
    return marks(one, shape(one, x, y, size=size))


def marks(one: Mark, *shapes: str, outline: float = 1.2) -> str:
    """Shapes that mean the same, with the colours they share written once."""
    name = "provisional" if one.is_provisional else one.meaning
    fill = PAPER if one.is_provisional else FILLS[one.meaning]
    return element("g", *shapes, fill=fill, stroke=INK, stroke_width=outline, class_=f"wl-mark wl-{name}")


def shape(one: Mark, x: float, y: float, *, size: float) -> str:
    """The shape of a mark around a place."""
    name, drawn = _SHAPES[one.meaning](x, y, size if one.is_high else -size)
    return element(name, **drawn)


def explained(one: Mark) -> Mark:
    """The mark under which a legend explains this one: only a triangle has two forms."""
    return one if one.meaning == "improvement" else Mark(one.meaning)


def absent(x: float, y: float, *, size: float) -> str:
    """The sign of a period without a figure: a cross, below the chart's floor where no value can be read off."""
    arms = f"{path((x - size, y - size), (x + size, y + size))}{path((x - size, y + size), (x + size, y - size))}"
    return element("path", d=arms, fill="none", stroke=INK, stroke_width=1.6, class_="wl-absent wl-stroke")


def hidden(x: float, y: float, *, size: float) -> str:
    """The sign of a figure too small to be shown: a bar lying across, below the chart's floor."""
    return element(
        "rect", x=x - size, y=y - size / 2, width=2 * size, height=size,
        fill=PAPER, stroke=INK, stroke_width=1.2, class_="wl-hidden wl-mark wl-provisional",
    )  # fmt: skip


_Drawn = tuple[str, dict[str, str | float]]


def _circle(x: float, y: float, size: float) -> _Drawn:
    return "circle", {"cx": x, "cy": y, "r": abs(size)}


def _triangle(x: float, y: float, size: float) -> _Drawn:
    wide = 1.25 * abs(size)
    corners = ((x, y - 1.25 * size), (x + wide, y + size), (x - wide, y + size))
    return "path", {"d": path(*corners, is_closed=True)}


def _square(x: float, y: float, size: float) -> _Drawn:
    half = abs(size)
    return "rect", {"x": x - half, "y": y - half, "width": 2 * half, "height": 2 * half}


def _diamond(x: float, y: float, size: float) -> _Drawn:
    half = 1.35 * abs(size)
    return "path", {"d": path((x, y - half), (x + half, y), (x, y + half), (x - half, y), is_closed=True)}


_SHAPES: Final[Mapping[Meaning, Callable[[float, float, float], _Drawn]]] = {
    "common": _circle,
    "improvement": _triangle,
    "concern": _square,
    "neutral": _diamond,
}
