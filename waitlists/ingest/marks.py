"""The characters that may stand between the cells of an extract, and what people and mappings call them."""

from typing import Final

DELIMITERS: Final = (",", ";", "\t", "|")
"""Those that are looked for in a header; any other has to be declared."""

_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
_IN_CELLS: Final = "-_"
_NO_MARKS: Final = "\r\n\v\f\"'"
_CONTROLS: Final = frozenset("\x01\x1c\x1d\x1e\x1f")
"""Control characters that were made for this, and the one that Hive writes; other files of text have none of them."""


def mark_problem(mark: str, *, formats: tuple[str, ...] = ()) -> str:
    """Why a text cannot be what parts the cells of an extract whose days are written so; nothing where it can.

    >>> mark_problem("^"), mark_problem("x")
    ('', 'is a letter or a figure, of which cells are made')
    """
    if len(mark) != 1:
        return "must be one character"
    if mark.isalnum() or mark in _IN_CELLS:
        kind = "a letter or a figure" if mark.isalnum() else f'"{mark}"'
        return f"is {kind}, of which cells are made"
    if mark in _NO_MARKS:
        return "is a quotation mark or a line end"
    if not (mark.isprintable() or mark == "\t" or mark in _CONTROLS):
        return "is a character that nobody sees"
    if form := next((form for form in formats if mark in form), None):
        return f"stands in the days of the date format {form}"
    return ""


def named(mark: str) -> str:
    """A delimiter as a sentence names it.

    >>> named(";"), named("^")
    ('a semicolon', '"^"')
    """
    return f"a {_NAMES[mark]}" if mark in _NAMES else f'"{_escaped(mark)}"'


def spelt(mark: str) -> str:
    r"""A delimiter as a mapping spells it.

    >>> spelt("\t"), spelt("\x1f")
    ('"\\t"', '"\\u001F"')
    """
    return r'"\t"' if mark == "\t" else f'"{_escaped(mark)}"'


def _escaped(mark: str) -> str:
    return mark if mark.isprintable() and mark != "\\" else f"\\u{ord(mark):04X}"
