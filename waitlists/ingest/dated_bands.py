"""Wait bands that spreadsheet software took for dates, as it does with 1-2 (1 February) or 12-18 (December 2018).

Such a cell is never read as a band: what the software keeps depends on whose computer it was. It is named, with the
band that it most likely was and how to keep the software from doing it again.
"""

import re
from datetime import date
from typing import Final

from waitlists.bands import CHS_BANDS
from waitlists.ingest.columns import day_in, plain
from waitlists.ingest.sheets import Cell

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED: Final = re.compile(rf"(?:([0-9]{{1,4}})[-/ ])?({'|'.join(_MONTHS)})[a-z]*(?:[-/ ]([0-9]{{1,4}}))?")
_BY_EDGES: Final = {
    frozenset(map(int, re.findall("[0-9]+", band.label))): band.label for band in CHS_BANDS if band.to_days is not None
}
"""Bands by their two weeks, in whichever order a date has them."""

_FIRST_DAY_NUMBER: Final = 36_526
"""1 January 2000 as a spreadsheet counts days; no list has so many single weeks."""


def dated_band(cell: Cell) -> str | None:
    """What to write in place of a date where a band belongs; None for what is no date.

    >>> dated_band("02-Apr")
    'a wait band, not the date that spreadsheet software made of it: give the column the format Text and write >2-4'
    """
    numbers = _numbers(cell)
    if numbers is None:
        return None
    likely = next((label for edges, label in _BY_EDGES.items() if edges in numbers), "the band, such as >1-2")
    made = "a wait band, not the date that spreadsheet software made of it"
    return f"{made}: give the column the format Text and write {likely}"


def _numbers(cell: Cell) -> list[frozenset[int]] | None:
    """The pairs of numbers that a date may have been made of: day and month, month and year."""
    if isinstance(cell, str) and (named := _NAMED.fullmatch(plain(cell))):
        month = _MONTHS.index(named[2]) + 1
        return [frozenset({month, int(figures) % 100}) for figures in (named[1], named[3]) if figures] or None
    if isinstance(cell, str | date) or (cell is not None and cell >= _FIRST_DAY_NUMBER):
        day = day_in(cell, uses_1904=False)
        return None if day is None else [frozenset({day.day, day.month}), frozenset({day.month, day.year % 100})]
    return None
