"""A workbook as plain values: what the reader hands to the parsers, and the limits it reads within.

Nothing here opens a file. Rows keep their true place: row 0 is spreadsheet row 1 and column 0 is column A; only
blanks at the right end of a row and below the last filled row are left out.
"""

from dataclasses import dataclass
from datetime import date

Cell = str | int | float | bool | date | None
Row = tuple[Cell, ...]

ERROR_CELL = "#ERROR!"
"""What stands for a cell that holds a spreadsheet error such as #REF!; a reader alone would call it blank."""

EMPTY_FORMULA = "#NO VALUE!"
"""What stands for a formula that was saved without its result; a reader alone would call it blank."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its name, its cells, whether it is hidden, and how many of its cells are formulas.

    Hidden rows and columns are read like any other: hiding changes the view, not the figure. Merged cells hold their
    value in the top left one and nothing in the others.
    """

    name: str
    rows: tuple[Row, ...]
    is_hidden: bool = False
    formulas: int = 0

    def at(self, row: int, column: int) -> Cell:
        """The cell at a row and column that count from 0; nothing beyond the edge."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else None


@dataclass(frozen=True, slots=True)
class Workbook:
    """The worksheets of a file in its own order. Dates already follow the 1904 system where the file uses it.

    `uses_1904` says how to read a day that was saved as a bare number; `notes` are sentences on what the reader had to
    decide, such as the encoding of a text. Where `is_ended` is false the last line of a text has no line end.
    """

    sheets: tuple[Sheet, ...]
    uses_1904: bool = False
    notes: tuple[str, ...] = ()
    is_ended: bool = True


_CONTROLS = dict.fromkeys((*range(9), *range(11, 13), *range(14, 32), *range(127, 160)), " ")
"""Characters that no one sees and PostgreSQL in part refuses; a spreadsheet may write NUL as `_x0000_`."""


def without_controls(text: str) -> str:
    """A text with a blank for each control character but tab and line ends.

    A blank and not nothing: two numbers with a control character between them must not become one.
    """
    return text if text.isprintable() else text.translate(_CONTROLS)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a workbook may ask for. The largest published one unpacks to 11 MB, 14 sheets of 200 by 200 cells.

    `max_ratio` is unpacked to packed size of any part above 1 MiB; `max_cells` counts the rectangles from A1 to the
    last filled cell of every sheet; `memory_bytes` is beyond what the child needs to start.
    """

    max_entries: int = 2_000
    max_unpacked_bytes: int = 40 * 2**20
    max_ratio: int = 100
    max_sheets: int = 60
    max_rows: int = 20_000
    max_columns: int = 600
    max_cells: int = 2_000_000
    max_text: int = 20_000_000
    memory_bytes: int = 256 * 2**20
    cpu_seconds: int = 15
    wall_seconds: float = 30.0


PUBLISHED_WORKBOOKS = Limits()
