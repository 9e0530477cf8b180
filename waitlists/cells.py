"""Texts as cells of a CSV that is opened in a spreadsheet: none of them becomes a formula."""

# Full-width forms are turned into the plain ones by some spreadsheets on import.
_STARTS_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the full-width forms are meant


def safe(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would run it (ASVS 5.0, 1.2.10).

    A text that begins with an apostrophe gets one too, so that taking one off always gives the text back.

    >>> safe("=1+1"), safe("Kent")
    ("'=1+1", 'Kent')
    """
    return "'" + text if text[:1] in _STARTS_FORMULA or text.startswith("'") else text


def plain(cell: str) -> str:
    """The text that `safe` was given: what a program that reads our CSV does to each text cell."""
    return cell.removeprefix("'")
