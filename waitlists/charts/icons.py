"""Icons for the two verdicts of a trend, drawn by us: H and L for variation, P, F and ? for assurance.

There is no icon without a verdict: too little data is said in words.
"""

from collections.abc import Mapping
from typing import Final

from waitlists.charts import palette
from waitlists.charts.svg import element, path, picture, text
from waitlists.trends.verdict import Assurance, Variation

_SIZE: Final = 48.0

_VARIATIONS: Final[Mapping[Variation, tuple[palette.Meaning, bool, str]]] = {
    "common_cause": ("common", True, "usual variation, no sign of a real change"),
    "improvement_high": ("improvement", True, "real change for the better, upwards"),
    "improvement_low": ("improvement", False, "real change for the better, downwards"),
    "concern_high": ("concern", True, "real change for the worse, upwards"),
    "concern_low": ("concern", False, "real change for the worse, downwards"),
    "neutral_high": ("neutral", True, "real change upwards"),
    "neutral_low": ("neutral", False, "real change downwards"),
}
_ASSURANCES: Final[Mapping[Assurance, tuple[str, palette.Meaning, str]]] = {
    "pass": ("P", "improvement", "the target will be met as things are"),
    "fail": ("F", "concern", "the target will not be met as things are"),
    "inconsistent": ("?", "common", "the target will be met in some periods and missed in others"),
}


def variation_icon(variation: Variation | None, *, ident: str) -> str | None:
    """The icon of what varies and how; None without a verdict."""
    if variation is None:
        return None
    meaning, is_high, words = _VARIATIONS[variation]
    shape = palette.mark(palette.Mark(meaning, is_high), _SIZE / 2, _SIZE / 2, size=14)
    # A triangle on its tip is widest above its middle.
    y = 27 if meaning == "improvement" and not is_high else 31
    sign = _wave() if meaning == "common" else _letter("H" if is_high else "L", meaning, y=y)
    return _icon(shape, sign, title=f"Variation: {words}", ident=ident)


def assurance_icon(assurance: Assurance | None, *, ident: str) -> str | None:
    """The icon of whether a target is met; None without a target or a verdict."""
    if assurance is None:
        return None
    letter, meaning, words = _ASSURANCES[assurance]
    plate = element(
        "rect", x=8, y=8, width=32, height=32, rx=10,
        fill=palette.FILLS[meaning], stroke=palette.INK, stroke_width=1.2, class_=f"wl-mark wl-{meaning}",
    )  # fmt: skip
    return _icon(plate, _letter(letter, meaning, y=31), title=f"Assurance: {words}", ident=ident)


def _icon(*inside: str, title: str, ident: str) -> str:
    ring = element(
        "circle", cx=_SIZE / 2, cy=_SIZE / 2, r=22.5,
        fill=palette.PAPER, stroke=palette.INK, stroke_width=1.5, class_="wl-mark wl-provisional",
    )  # fmt: skip
    return picture(ring, *inside, title=title, description="", ident=ident, width=_SIZE, height=_SIZE, class_="wl-icon")


def _letter(words: str, meaning: palette.Meaning, *, y: float) -> str:
    return text(
        words, _SIZE / 2, y, font_size=19, font_weight="bold", text_anchor="middle", fill=palette.LETTERS[meaning]
    )


def _wave() -> str:
    """Ups and downs around one level."""
    return element(
        "path", d=path((13, 27), (18, 20), (23, 28), (28, 20), (35, 26)), fill="none",
        stroke=palette.INK, stroke_width=2,
    )  # fmt: skip
