"""The cover page: when the workbook was published or revised, what it says of its coverage, whether it is synthetic."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from waitlists.domain import Severity
from waitlists.ingest.columns import day_in, is_blank, plain, printed
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sheets import Cell, Sheet
from waitlists.ingest.sitrep_contract import COVER_LABELS, NO_DATE, SYNTHETIC_MARK

_DAY = re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9} \d{4}\b")

_LONG_NOTE = 60
"""Characters from which a text without a label is a note and not the rest of a line above."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What a workbook says of itself; `published_on` is the later of Published and Revised, None without either."""

    published_on: date | None = None
    period: tuple[date, date] | None = None
    notes: tuple[str, ...] = ()
    is_synthetic: bool = False
    remarks: tuple[Remark, ...] = ()


def read_cover(sheet: Sheet | None, *, uses_1904: bool) -> Cover:
    """The cover page, whichever of its rows are there; nothing known where there is no cover page."""
    if sheet is None:
        return Cover(remarks=(_unclear("There is no cover page, so no publication date is known."),))
    said, notes = _labelled(sheet)
    days: list[date] = []
    remarks: list[Remark] = []
    for label in ("published", "revised"):
        cell = said.get(label)
        day = _day(cell, uses_1904=uses_1904)
        if day is not None:
            days.append(day)
        elif plain(cell) not in NO_DATE:
            remarks.append(_unclear(f"The {label} date on the cover page cannot be read as a day.", sheet.name))
    if not days and not remarks:
        remarks.append(_unclear("The cover page prints no publication date.", sheet.name))
    is_synthetic = any(SYNTHETIC_MARK in plain(said.get(label)) for label in ("title", "summary"))
    return Cover(max(days, default=None), _period(said.get("period")), notes, is_synthetic, tuple(remarks))


def believed(cover: Cover, period_end: date) -> tuple[date | None, tuple[Remark, ...]]:
    """The publication day and the remarks, once the data month is known.

    Notes
    -----
    A day before the month was over cannot be right. It is not believed, since figures would be known before they
    existed: the day of loading counts instead.
    """
    remarks = list(cover.remarks)
    published_on = cover.published_on
    if published_on is not None and published_on <= period_end:
        published_on = None
        remarks.append(_unclear("The publication date lies before the end of the data month and is not believed."))
    if cover.period is not None and not cover.period[0] <= period_end <= cover.period[1]:
        sentence = "The period on the cover page does not hold the data month that the tables name."
        remarks.append(Remark("period_differs", Severity.WARNING, sentence))
    return published_on, tuple(remarks)


def _labelled(sheet: Sheet) -> tuple[dict[str, Cell], tuple[str, ...]]:
    """What stands beside each label, and the texts that stand alone; a summary may run on in the next row."""
    said: dict[str, Cell] = {}
    notes: list[str] = []
    last = ""
    for row in sheet.rows:
        cells = [cell for cell in row if not is_blank(cell)]
        label, value = _label_and_value(cells)
        if label:
            last = label
            said.setdefault(label, value)
        elif cells and last == "summary" and len(printed(cells[0])) <= _LONG_NOTE:
            said["summary"] = f"{printed(said['summary'])} {printed(cells[0])}"
        else:
            notes.extend(_sentences(cells))
    return said, tuple(notes)


def _label_and_value(cells: list[Cell]) -> tuple[str, Cell]:
    """A known label and what stands in the next cell, or after the colon in its own; no label for any other row."""
    first, _, rest = printed(cells[0]).partition(":") if cells else ("", "", "")
    value = cells[1] if len(cells) > 1 else rest.strip() or None
    return COVER_LABELS.get(plain(first), ""), value


def _sentences(cells: list[Cell]) -> Iterator[str]:
    """Texts long enough to say something; a lone word in a corner is none."""
    for cell in cells:
        if isinstance(cell, str) and len(text := printed(cell)) > _LONG_NOTE:
            yield text


def _day(cell: Cell, *, uses_1904: bool) -> date | None:
    """The day in a cell, also among other words if it is the only one: `Thursday 10 October 2024, 9.30am`."""
    day = day_in(cell, uses_1904=uses_1904)
    if day is None and isinstance(cell, str):
        days = {day_in(match, uses_1904=False) for match in _DAY.findall(printed(cell))}
        return days.pop() if len(days) == 1 else None
    return day


def _period(cell: Cell) -> tuple[date, date] | None:
    first, _, last = plain(cell).partition(" - ")
    start, end = day_in(first, uses_1904=False), day_in(last, uses_1904=False)
    return (start, end) if start is not None and end is not None and start <= end else None


def _unclear(sentence: str, sheet: str | None = None) -> Remark:
    return Remark("published_date_unclear", Severity.WARNING, sentence, sheet=sheet)
