"""An extract in a spreadsheet: the first sheet that is not hidden, its first row the header, its cells as text.

Spreadsheets are read in a child process under limits, which are low beside a CSV's: about 60,000 rows. Dates that the
spreadsheet knows as dates become ISO days; a date that is a bare number stays a number, and no date.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa

from waitlists.errors import FileRefused
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_header import known_columns
from waitlists.ingest.referral_source import HEAD_ROWS, Chunk, OpenSource
from waitlists.ingest.sheets import Cell, Limits, Row, Sheet, Workbook

EXTRACT_WORKBOOKS = Limits(
    max_unpacked_bytes=300 * 2**20,
    max_sheets=10,
    max_rows=60_001,
    max_columns=200,
    max_cells=3_600_000,
    max_text=120_000_000,
    memory_bytes=1024 * 2**20,
    cpu_seconds=60,
    wall_seconds=120.0,
)
"""What an extract may ask of the spreadsheet reader; a larger one is sent as CSV or Parquet."""


def open_sheet(workbook: Workbook, mapping: ProviderMapping) -> OpenSource:
    """The extract in a workbook.

    Raises
    ------
    FileRefused
        EMPTY, when no shown sheet holds a row.
    """
    sheet = chosen_sheet(workbook, mapping)
    header = header_in(sheet)
    return OpenSource("xlsx", header, partial(_chunks, sheet, len(header)), below=partial(_below, sheet))


def _below(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    return (header_in(sheet, row) for row in range(1, min(HEAD_ROWS, len(sheet.rows))))


def chosen_sheet(workbook: Workbook, mapping: ProviderMapping) -> Sheet:
    """The shown sheet whose first row names most columns of the record.

    Raises
    ------
    FileRefused
        EMPTY, when no shown sheet holds a row.
    """
    sheets = [sheet for sheet in workbook.sheets if not sheet.is_hidden and sheet.rows]
    if not sheets:
        raise FileRefused("the workbook has no sheet with rows that is not hidden", code="EMPTY")
    return max(sheets, key=lambda sheet: known_columns(header_in(sheet), mapping))


def header_in(sheet: Sheet, row: int = 0) -> tuple[str, ...]:
    """The names of the columns that stand in a row of a sheet, counted from 0."""
    return tuple(map(as_text, sheet.rows[row]))


def _chunks(sheet: Sheet, width: int, _: frozenset[int]) -> Iterator[Chunk]:
    rows = sheet.rows[1:]
    numbers = np.arange(2, len(rows) + 2, dtype=np.int64)
    is_whole = np.array([len(row) <= width for row in rows], np.bool_)
    whole = [row for row in rows if len(row) <= width]
    columns = tuple(_column(whole, place) for place in range(width))
    yield Chunk(columns, numbers[is_whole], tuple(numbers[~is_whole].tolist()))


def _column(rows: list[Row], place: int) -> pa.Array:
    texts = [as_text(row[place]) if place < len(row) else "" for row in rows]
    return pa.array(texts, pa.string())


def as_text(cell: Cell) -> str:
    """A cell as a CSV would hold it: 7.0 is 7, a date is an ISO day, true is TRUE."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
