"""The rows of a weekly return, each understood by itself: an entry, or what is wrong with it and what that holds back.

A row that cannot be used holds back every figure it may have been a part of: half a list is not a shorter list.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from waitlists.domain import TOTAL, Severity, cell_address
from waitlists.ingest.columns import Reading, day_in, is_blank
from waitlists.ingest.remarks import Remark
from waitlists.ingest.weekly_return_pages import Page, where
from waitlists.ingest.weekly_return_words import (
    BAND_LABELS,
    Wrong,
    band_in,
    count_in,
    measure_in,
    nearest_sundays,
    provider_in,
    reason_in,
    service_in,
    waiting_for_in,
    week_in,
)
from waitlists.stages import STAGE_KINDS, stage_of

WEEKS: Final = "weeks"
LATER_FLOWS: Final = "later_flows"
FLOWS: Final = ("referrals", "removed")
ALL_PARTS: Final = (*STAGE_KINDS, WEEKS, *FLOWS)


_MERGED: Final = "; the cell is blank: write it on every row, merged cells keep it in their first alone"


class Entry(NamedTuple):
    """One row that can be used: what it is about, what it counts, and where it stands (row and column from 1)."""

    week: date
    service: str
    measure: str
    waiting_for: str
    band: str
    reason: str
    reading: Reading
    sheet: str
    row: int
    column: int

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two rows the same."""
        return self[:6]

    @property
    def part(self) -> str:
        """The part of the return it belongs to: a stage's list, the single weeks of the list, or a flow."""
        stage = stage_of(self.service, self.waiting_for) if self.waiting_for else "list"
        if self.measure != "waiting":
            return self.measure if stage == "list" else LATER_FLOWS
        return stage if self.band in {*BAND_LABELS, TOTAL} else WEEKS if stage == "list" else LATER_FLOWS


class Fault(NamedTuple):
    """A row that cannot be used, why, and what it may have been a part of: weeks, a service, parts of its return."""

    remark: Remark
    weeks: tuple[date, ...] = ()
    service: str = ""
    parts: tuple[str, ...] = ()


def sender_of(pages: Sequence[Page]) -> str | None:
    """The provider that sent the file: the one most rows are about, the first of two alike; None if none is known."""
    found = Counter(provider_in(page.cell(row, "provider")) for page in pages for row in page.rows())
    known = {code: count for code, count in found.items() if isinstance(code, str)}
    return max(known, key=lambda code: known[code], default=None)


def read_row(page: Page, row: int, sender: str | None) -> Entry | Fault:
    """A row understood, or what is wrong with it."""
    found = _list_of(page, row, sender)
    if isinstance(found, Wrong):
        return _fault(page, row, found)
    week, service = found
    words = _words(page, row)
    if isinstance(words, Wrong):
        remark = _remark(page, row, words)._replace(service=service, org=sender, period_end=week)
        return Fault(remark, (week,), service, _parts_of(page, row, service))
    entry = Entry(week, service, *words, Reading(None), page.sheet.name, row + 1, page.places["count"] + 1)
    reading = count_in(page.cell(row, "count"))
    if isinstance(reading, Wrong):
        remark = _remark(page, row, reading)._replace(service=service, org=sender, period_end=week)
        return Fault(remark, (week,), service, (entry.part,))
    return entry._replace(reading=reading)


def _fault(page: Page, row: int, wrong: Wrong) -> Fault:
    """A row whose list is not clear; unless it is another provider's, it counts with the weeks and service it names."""
    service = service_in(page.cell(row, "service"))
    day = day_in(page.cell(row, "week_ending"), uses_1904=page.uses_1904)
    if wrong.code in {"other_provider", "week_out_of_range"} or isinstance(service, Wrong) or day is None:
        return Fault(_remark(page, row, wrong))
    return Fault(_remark(page, row, wrong), nearest_sundays(day), service, _parts_of(page, row, service))


def _list_of(page: Page, row: int, sender: str | None) -> tuple[date, str] | Wrong:
    """Week and service of a row of the sender's."""
    week = week_in(page.cell(row, "week_ending"), uses_1904=page.uses_1904)
    if isinstance(week, Wrong):
        return week
    provider = provider_in(page.cell(row, "provider"))
    if isinstance(provider, Wrong):
        return provider
    if provider != sender:
        return Wrong("other_provider", "provider", f"expected {sender}, whose return this is; send one file a provider")
    service = service_in(page.cell(row, "service"))
    return service if isinstance(service, Wrong) else (week, service)


def _words(page: Page, row: int) -> tuple[str, str, str, str] | Wrong:
    """Measure, waiting_for, band and reason of a row, the ones that do not belong to its measure left empty."""
    measure = measure_in(page.cell(row, "measure"))
    if isinstance(measure, Wrong):
        return measure
    wait_cell = page.cell(row, "waiting_for")
    wait = "" if measure != "waiting" and is_blank(wait_cell) else waiting_for_in(wait_cell)
    band = band_in(page.cell(row, "band")) if measure == "waiting" else ""
    reason = reason_in(page.cell(row, "reason")) if measure == "removed" else ""
    for found in (wait, band, reason):
        if isinstance(found, Wrong):
            return found
    return measure, str(wait), str(band), str(reason)


def _parts_of(page: Page, row: int, service: str) -> tuple[str, ...]:
    """What a row with a wrong word may have been a part of; the more words are wrong, the more."""
    measure = measure_in(page.cell(row, "measure"))
    if isinstance(measure, Wrong):
        return ALL_PARTS
    if measure != "waiting":
        return (measure,)
    wait = waiting_for_in(page.cell(row, "waiting_for"))
    return tuple(STAGE_KINDS) if isinstance(wait, Wrong) else (stage_of(service, wait),)


def _remark(page: Page, row: int, wrong: Wrong) -> Remark:
    hint = _MERGED if is_blank(page.cell(row, wrong.column)) else ""
    sentence = f"{where(page.sheet.name, row + 1)}, {wrong.column}: {wrong.expected}{hint}."
    cell = cell_address(row + 1, page.places[wrong.column] + 1)
    return Remark(wrong.code, Severity.ERROR, sentence, sheet=page.sheet.name, cell=cell)
