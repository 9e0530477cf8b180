"""Writes what is imagined as real files, the same bytes for the same figures: workbooks, extracts, returns."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jobs.outcomes import Progress
from waitlists.errors import BadArgument
from waitlists.synthetic import SyntheticSheet, SyntheticWorkbook, kent, workbooks

_CREATED = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Stands in every file instead of the moment of writing, which would make each run's bytes differ."""


def write_workbooks(folder: Path, *, seed: int, on_progress: Callable[[Progress], None]) -> tuple[Path, ...]:
    """Every synthetic workbook as a file of `folder`; one that is there already with the same bytes is left alone.

    Raises
    ------
    BadArgument
        When the folder cannot be written to or is full.
    """
    books = workbooks(seed=seed)
    written: list[Path] = []
    with writing_to(folder):
        for done, book in enumerate(books, start=1):
            written.append(_written(folder / book.name, content_of(book)))
            on_progress(Progress("workbooks", done, len(books), book.name))
    return tuple(written)


@dataclass(frozen=True, slots=True)
class DayOfFiles:
    """The files that come on one day."""

    on: date
    paths: tuple[Path, ...]


def write_sent(
    inbox: Path, mappings: Path, population: kent.Population, *, on_progress: Callable[[Progress], None]
) -> tuple[DayOfFiles, ...]:
    """What the imagined Kent and Medway sends, as files of `inbox` by day, with the mappings its extracts need.

    Of extracts there is one whole list a provider and the changes of the last week; of returns one file a provider, and
    the last week by itself.

    Raises
    ------
    BadArgument
        When a folder cannot be written to or is full.
    """
    sent = [*kent.sent_extracts(population, deltas=1), *kent.sent_returns(population, newest=1)]
    sent.sort(key=attrgetter("delivered_on", "name"))
    with writing_to(mappings):
        for name, mapping in {file.mapping_name: file.mapping for file in sent if file.mapping}.items():
            _written(mappings / f"{name}.toml", mapping.encode())
    days: list[DayOfFiles] = []
    with writing_to(inbox):
        for on, files in groupby(sent, key=attrgetter("delivered_on")):
            days.append(DayOfFiles(on, tuple(_written(inbox / file.name, file.content) for file in files)))
            on_progress(Progress("records", sum(len(day.paths) for day in days), len(sent), str(on)))
    return tuple(days)


@contextmanager
def writing_to(folder: Path) -> Generator[None]:
    """The folder is there while the block runs.

    Raises
    ------
    BadArgument
        When it cannot be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise BadArgument(f"cannot write to {folder}: {error.strerror}", field="--dir") from None


def content_of(book: SyntheticWorkbook) -> bytes:
    """The workbook's file, whole."""
    buffer = BytesIO()
    # The library types its arguments only in part.
    file: Any = xlsxwriter.Workbook(buffer, {"in_memory": True})
    file.set_properties({"title": "Synthetic community waiting lists", "created": _CREATED})
    day: Format = file.add_format({"num_format": "dd/mm/yyyy"})
    for page in book.sheets:
        _write_rows(file.add_worksheet(page.name), page, day)
    file.close()
    return buffer.getvalue()


def _write_rows(sheet: Worksheet, page: SyntheticSheet, day: Format) -> None:
    for row, cells in enumerate(page.rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001
            elif isinstance(cell, int):
                sheet.write_number(row, column, cell)
            elif cell is not None:
                sheet.write_string(row, column, cell)


def _written(path: Path, content: bytes) -> Path:
    """The file, replaced in one step so that a loader never meets half of it."""
    if not path.exists() or path.read_bytes() != content:
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)
    return path
