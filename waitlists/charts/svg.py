"""SVG as text: elements with their attributes and contents escaped, coordinates short, nothing that could run."""

import html
import re
from typing import Final

_UNSAYABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold, not even escaped."""

Attribute = str | float | None


def element(name: str, *inside: str, **attributes: Attribute) -> str:
    """An element around what is already markup; an attribute that is None is left out, `_` in a name becomes `-`.

    >>> element("line", x1=0.0, x2=12.345, stroke_width=2, class_="mean")
    '<line x1="0" x2="12.3" stroke-width="2" class="mean"/>'
    """
    said = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{said}>{''.join(inside)}</{name}>" if inside else f"<{name}{said}/>"


def text(words: str, x: float, y: float, **attributes: Attribute) -> str:
    """Words at a place."""
    return element("text", escaped(words), x=x, y=y, **attributes)


def escaped(words: str) -> str:
    """Words as they may stand in markup."""
    return html.escape(_UNSAYABLE.sub("", words))


def path(*points: tuple[float, float]) -> str:
    """The `d` of a path through points, each told by how far it is from the one before: far shorter than by its place.

    >>> path((10, 20), (13.5, 18), (17, 18))
    'M10 20l3.5-2l3.5 0'
    """
    (left, top), *others = [(round(10 * x), round(10 * y)) for x, y in points]
    drawn = [f"M{_pair(left, top)}"]
    for x, y in others:
        drawn.append(f"l{_pair(x - left, y - top)}")
        left, top = x, y
    return "".join(drawn)


def outlines(*shapes: tuple[float, float, str]) -> str:
    """The `d` of closed shapes: where each begins, told by how far from where the one before did, and its way round.

    >>> outlines((10, 20, "h5v5z"), (13.5, 18, "h5v5z"))
    'M10 20h5v5zm3.5-2h5v5z'
    """
    drawn, left, top = "", 0, 0
    for x, y, way in ((round(10 * x), round(10 * y), way) for x, y, way in shapes):
        drawn += f"{'m' if drawn else 'M'}{_pair(x - left, y - top)}{way}"
        left, top = x, y
    return drawn


def coordinate(value: float) -> str:
    """A coordinate to a tenth, as short as it can be written."""
    said = f"{value:.1f}".removesuffix(".0")
    return "0" if said == "-0" else said


def picture(
    *inside: str,
    title: str,
    description: str,
    ident: str,
    width: float,
    height: float,
    class_: str | None = None,
    **shared: Attribute,
) -> str:
    """The whole picture with its title and description for those who do not see it.

    `ident` keeps the ids of two pictures on one page apart; `shared` is what its words have in common.
    """
    return element(
        "svg",
        element("title", escaped(title), id=f"{ident}-title"),
        element("desc", escaped(description), id=f"{ident}-desc"),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {coordinate(width)} {coordinate(height)}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{ident}-title {ident}-desc",
        class_=class_,
        font_family="Arial, DejaVu Sans, sans-serif",
        **shared,
    )


def _pair(x: int, y: int) -> str:
    """Two numbers given in tenths; a minus parts them as well as a blank."""
    return f"{coordinate(x / 10)}{'' if y < 0 else ' '}{coordinate(y / 10)}"


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escaped(value) if isinstance(value, str) else coordinate(value)
