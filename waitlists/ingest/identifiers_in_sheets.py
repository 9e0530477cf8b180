"""Identifiers anywhere in a workbook that a provider sends: on every sheet, hidden ones too, and in every column.

A sheet that nobody reads is kept with the bytes of its file all the same. Nothing on such a sheet says which of its
rows is a header, so a refusal names the column by its letter.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from waitlists.domain import cell_address
from waitlists.ingest.identifiers import Watch, refuse_called
from waitlists.ingest.referral_sheet import as_text
from waitlists.ingest.referral_source import Chunk
from waitlists.ingest.sheets import Row, Sheet

HEAD_WIDTHS = (1, 2, 5)
"""The first rows with so many filled cells are taken for headers: titles and notes may stand above one."""

LONGEST_HEADING = 60
"""Characters of a heading; a longer text is a sentence."""


def refuse_in_sheets(
    sheets: Iterable[Sheet],
    *,
    known: frozenset[int] = frozenset(),
    days: frozenset[int] = frozenset(),
    spared: int = 0,
) -> None:
    """Pass silently over sheets that name no child.

    Parameters
    ----------
    known, days : places of columns that are fields of ours, and those of them that hold days
    spared : how many addresses of a column are still nobody's

    Raises
    ------
    IdentifiersFound
        Naming the sheet and the column.
    """
    for sheet in sheets:
        names = _names(sheet)
        for row in _heads(sheet):
            for name, cell in zip(names, row, strict=False):
                if isinstance(cell, str) and len(cell) <= LONGEST_HEADING:
                    refuse_called(cell, name)
        watch = Watch(names, known=known, days=days, spared=spared)
        columns = tuple(_column(sheet, place) for place in range(len(names)))
        watch.look(Chunk(columns, np.arange(1, len(sheet.rows) + 1, dtype=np.int64)))
        watch.finish()


def _names(sheet: Sheet) -> list[str]:
    letters = (cell_address(1, column + 1)[:-1] for column in range(max(map(len, sheet.rows), default=0)))
    return [f"{letter} of sheet {sheet.name}" if sheet.name else letter for letter in letters]


def _heads(sheet: Sheet) -> Iterator[Row]:
    for width in HEAD_WIDTHS:
        yield next((row for row in sheet.rows if sum(cell is not None for cell in row) >= width), ())


def _column(sheet: Sheet, place: int) -> pa.Array:
    return pa.array([as_text(sheet.at(row, place)) for row in range(len(sheet.rows))], pa.string()).dictionary_encode()
