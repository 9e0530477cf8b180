"""What the rows of a return say it is about, where it may be refused: codes of the registers, and a day."""

from datetime import date
from typing import NamedTuple

from waitlists.ingest.sheets import Cell, Sheet, Workbook
from waitlists.ingest.weekly_return_pages import places_in
from waitlists.ingest.weekly_return_words import provider_in, service_in, week_in


class Named(NamedTuple):
    """What the rows of a return say it is about: providers and services, and the last of its weeks."""

    providers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    until: date | None = None


def named_in(workbook: Workbook) -> Named:
    """What the rows of a return name, in order; of a return that may lack any column."""
    providers, services, weeks = set[str](), set[str](), set[date]()
    for sheet in workbook.sheets:
        providers.update(code for cell in _under(sheet, "provider") if isinstance(code := provider_in(cell), str))
        services.update(code for cell in _under(sheet, "service") if isinstance(code := service_in(cell), str))
        days = (week_in(cell, uses_1904=workbook.uses_1904) for cell in _under(sheet, "week_ending"))
        weeks.update(day for day in days if isinstance(day, date))
    return Named(tuple(sorted(providers)), tuple(sorted(services)), max(weeks, default=None))


def _under(sheet: Sheet, heading: str) -> set[Cell]:
    """The different cells of the column of a heading; none where there is no such column."""
    column = places_in(sheet).get(heading)
    return set() if column is None else {sheet.at(row, column) for row in range(len(sheet.rows))}
