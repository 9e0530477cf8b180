"""How many wait how long: a bar for each wait band, with its number at the bar's end, and the same as a table.

Bands are of different lengths in weeks, so a bar is a count of children and not a density; the title says so. A count
too small to be shown, or unknown, has words in place of a bar.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from waitlists.charts import palette
from waitlists.charts.layout import WIDE, Width, width_of
from waitlists.charts.numbers import shown
from waitlists.charts.svg import element, picture, text
from waitlists.charts.tables import Table

_BAR: Final = 20.0
_ROW: Final = 30.0


class Band(NamedTuple):
    """A wait band in words, how many wait so long, and, where there is none, why in few words."""

    words: str
    children: float | None
    instead: str = "no figure"


def bands_chart(bands: Sequence[Band], *, title: str, description: str, ident: str, width: Width = WIDE) -> str:
    """The bars as SVG, from the shortest wait down to the longest."""
    left = max(width_of(band.words, width.type_size) for band in bands) + 8
    right = width.units - max(width_of(_said(band), width.type_size) for band in bands) - 10
    most = max([band.children for band in bands if band.children], default=1.0)
    rows = [_bar(band, place, left, (right - left) / most, width) for place, band in enumerate(bands)]
    axis = element("line", x1=left, x2=left, y1=0, y2=_ROW * len(bands), stroke=palette.INK, class_="wl-stroke")
    return picture(
        *[part for row in rows for part in row],
        axis,
        title=title,
        description=description,
        ident=ident,
        width=width.units,
        height=_ROW * len(bands),
        class_=f"wl-chart wl-chart-{width.name}",
        font_size=width.type_size,
        fill=palette.INK,
    )


def bands_table(bands: Sequence[Band], *, caption: str) -> Table:
    """The same bands and numbers as text."""
    return Table(caption, ("Time waited", "Children and young people"), tuple((one.words, _said(one)) for one in bands))


def _bar(band: Band, place: int, left: float, scale: float, width: Width) -> list[str]:
    top, size = _ROW * place + (_ROW - _BAR) / 2, width.type_size
    length = (band.children or 0) * scale
    bar = element(
        "rect", x=left, y=top, width=length, height=_BAR,
        fill=palette.LINE, stroke=palette.INK, class_="wl-bar",
    )  # fmt: skip
    baseline = top + _BAR / 2 + size / 3
    words = text(band.words, left - 8, baseline, text_anchor="end")
    count = text(_said(band), left + length + 6, baseline)
    return [words, *[bar] * bool(band.children), count]


def _said(band: Band) -> str:
    return band.instead if band.children is None else shown(band.children, "people")
