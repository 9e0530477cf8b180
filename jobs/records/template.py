"""Writes the template of the weekly return: a workbook with drop-down lists and locked headings, or a CSV file.

How to fill it in is a workbook's first sheet; beside a CSV file it is a text of its own.

The same request gives the same bytes. Counts are blank, and blank is not sent: an unchanged template is refused.
"""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from waitlists.domain import TOTAL
from waitlists.errors import BadArgument
from waitlists.ingest.sheets import Cell
from waitlists.ingest.weekly_return_template import HOW_TO
from waitlists.ingest.weekly_return_words import BAND_LABELS, HEADINGS, HIGHEST, MEASURES
from waitlists.record.schema import REASONS
from waitlists.services import CHILDREN_SERVICES, SERVICES
from waitlists.stages import WAITING_FOR

FORMATS = ("xlsx", "csv")
MORE_ROWS = 300
"""Open rows below the prepared ones, for single weeks of one list."""

_CREATED = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Stands in every file instead of the moment of writing, which would make each one's bytes differ."""

_SERVICES = tuple(code for code in SERVICES if SERVICES[code].line is None or code in CHILDREN_SERVICES)
_CHOICES = {
    "service": _SERVICES,
    "waiting_for": WAITING_FOR,
    "measure": MEASURES,
    "band": (*BAND_LABELS, TOTAL),
    "reason": REASONS,
}
_WIDTHS = (14, 12, 16, 16, 12, 10, 22, 12)
_COUNT = len(HEADINGS) - 1


def write_template(rows: Sequence[Sequence[Cell]], *, form: str, path: Path) -> tuple[Path, ...]:
    """The template as a new file, and the text beside it that says how to fill it in; the paths of both.

    Raises
    ------
    BadArgument
        The format is unknown, the file exists already, or cannot be written.
    """
    if form not in FORMATS:
        raise BadArgument("expected xlsx or csv", field="--format")
    if form == "xlsx":
        _written(path, as_workbook(rows))
        return (path,)
    _written(path, as_csv(rows))
    beside = path.with_name(f"{path.stem}-how-to-fill-in.txt")
    if not beside.exists():
        _written(beside, "\n".join((*HOW_TO, "")).encode())
    return path, beside


def _written(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise BadArgument(
            f"{path} is there already; it may be filled in: give another name", field="--output"
        ) from None
    except OSError as error:
        raise BadArgument(f"cannot write {path}: {error.strerror}", field="--output") from None


def as_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Headings and rows as CSV, marked as UTF-8 so that spreadsheets open it as such."""
    buffer = StringIO(newline="")
    csv.writer(buffer).writerows([HEADINGS, *rows])
    return buffer.getvalue().encode("utf-8-sig")


def as_workbook(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Three sheets: how to fill it in, the return, and (hidden) what the drop-down lists offer."""
    buffer = BytesIO()
    # The library types its arguments only in part.
    book: Any = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": HOW_TO[0], "created": _CREATED})
    _how_to(book.add_worksheet("How to fill in"), book)
    sheet: Worksheet = book.add_worksheet("Return")
    _choices(book.add_worksheet("Lists"))
    _return(sheet, rows, book)
    book.close()
    return buffer.getvalue()


def _how_to(sheet: Worksheet, book: Any) -> None:
    sheet.set_column(0, 0, 110)
    title: Format = book.add_format({"bold": True, "font_size": 14})
    wrapped: Format = book.add_format({"text_wrap": True})
    for row, line in enumerate(HOW_TO):
        sheet.write_string(row, 0, line, wrapped if row else title)


def _choices(sheet: Worksheet) -> None:
    for column, words in enumerate(_CHOICES.values()):
        for row, word in enumerate(words):
            sheet.write_string(row, column, word)
    sheet.hide()


def _return(sheet: Worksheet, rows: Sequence[Sequence[Cell]], book: Any) -> None:
    heading: Format = book.add_format({"bold": True, "locked": True, "bottom": 1})
    day: Format = book.add_format({"num_format": "dd/mm/yyyy", "locked": True})
    open_day: Format = book.add_format({"num_format": "dd/mm/yyyy", "locked": False})
    open_cell: Format = book.add_format({"locked": False, "bg_color": "#FFF8DC"})
    for column, name in enumerate(HEADINGS):
        sheet.set_column(column, column, _WIDTHS[column])
        sheet.write_string(0, column, name, heading)
    for row, cells in enumerate(rows, start=1):
        _row(sheet, row, cells, day=day, open_cell=open_cell)
    for row in range(len(rows) + 1, len(rows) + 1 + MORE_ROWS):
        sheet.write_blank(row, 0, None, open_day)
        for column in range(1, len(HEADINGS)):
            sheet.write_blank(row, column, None, open_cell)
    _rules(sheet, last=len(rows) + MORE_ROWS)
    sheet.freeze_panes(1, 0)
    sheet.protect("", {"delete_rows": True, "insert_rows": True, "format_columns": True})
    sheet.activate()


def _row(sheet: Worksheet, row: int, cells: Sequence[Cell], *, day: Format, open_cell: Format) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, date):
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
        elif cell is not None:
            sheet.write_string(row, column, str(cell))
        elif column in {HEADINGS.index("provider"), _COUNT}:
            sheet.write_blank(row, column, None, open_cell)


def _rules(sheet: Worksheet, *, last: int) -> None:
    """Drop-down lists that may be overruled (a single week is no listed band), and what a count must be."""
    for place, (heading, words) in enumerate(_CHOICES.items()):
        letter = chr(ord("A") + place)
        column = HEADINGS.index(heading)
        listed = {"validate": "list", "source": f"=Lists!${letter}$1:${letter}${len(words)}", "error_type": "warning"}
        sheet.data_validation(1, column, last, column, listed)
    count = {
        "validate": "integer",
        "criteria": "between",
        "minimum": 0,
        "maximum": HIGHEST,
        "error_type": "warning",
        "error_title": "A whole number",
        "error_message": "Write a whole number, 0 where there are none; * or <5 for a number that is kept back.",
    }
    sheet.data_validation(1, _COUNT, last, _COUNT, count)
