"""A picture as PNG for what cannot show SVG, such as most mail programs; the same drawing, so the same numbers."""

from importlib.metadata import distribution
from pathlib import Path
from typing import Final

import resvg_py

_FACES: Final = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
_FAMILY: Final = "DejaVu Sans"


def to_png(svg: str, *, width: int) -> bytes:
    """The picture on white, `width` pixels wide; twice what is shown suits fine screens.

    Raises
    ------
    ValueError
        When the text is no SVG.

    Notes
    -----
    The faces come with matplotlib, which Prophet brings: a machine's own may lack any, and would change the bytes.
    """
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        width=width,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[str(_faces() / name) for name in _FACES],
        font_family=_FAMILY,
        sans_serif_family=_FAMILY,
    )


def _faces() -> Path:
    """Where matplotlib keeps its faces, found without importing it."""
    return Path(str(distribution("matplotlib").locate_file("matplotlib/mpl-data/fonts/ttf")))
