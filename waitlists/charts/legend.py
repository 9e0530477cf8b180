"""What the signs in a chart mean, in rows below it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from waitlists.charts import palette
from waitlists.charts.layout import Width, width_of
from waitlists.charts.svg import text


class Entry(NamedTuple):
    """Words and the sign they belong to: a mark, `absent`, `hidden` or `range` for those signs, or a letter."""

    words: str
    sign: palette.Mark | str


def legend(entries: Sequence[Entry], *, top: float, width: Width) -> tuple[list[str], float]:
    """The rows as markup and the height of the whole picture; an entry never runs over the picture's edge."""
    size, x, y = width.type_size, 4.0, top
    drawn: list[str] = []
    for entry in entries:
        needed = 2 * size + width_of(entry.words, size)
        if x + needed > width.units and x > 4:
            x, y = 4.0, y + 1.6 * size
        drawn += [
            _sign(entry.sign, x + 0.6 * size, y - size / 3, size),
            text(entry.words, x + 1.5 * size, y, font_size=size),
        ]
        x += needed
    return drawn, y + size * 0.8


_DRAWN: Final[Mapping[str, Callable[..., str]]] = {
    "absent": palette.absent,
    "hidden": palette.hidden,
    "range": palette.range_of,
}


def _sign(sign: palette.Mark | str, x: float, y: float, size: float) -> str:
    if isinstance(sign, palette.Mark):
        return palette.mark(sign, x, y, size=5)
    if sign in _DRAWN:
        return _DRAWN[sign]((x, y), size=4)
    return text(sign, x, y + size / 3, font_size=size, font_weight="bold", text_anchor="middle")
