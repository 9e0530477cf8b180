"""Table 1: how many providers of each area sent nothing, by month, out of how many in scope.

A provider can also leave the scope, and then counts as nobody missing: who is really there is seen in Table 4.
"""

import re
from dataclasses import dataclass
from datetime import date

from waitlists.domain import NonSubmission
from waitlists.ingest.columns import found_columns, plain, texts
from waitlists.ingest.sitrep_contract import ORGANISATION_COLUMNS, TABLE_1
from waitlists.ingest.sitrep_england import checked_count, month_columns
from waitlists.ingest.sitrep_pages import Titled
from waitlists.ingest.sitrep_rows import Directory, Places, RowReader, unnamed_places

_SCOPE = re.compile(r"\bof (\d{1,4}) (?:providers |organisations )?in scope\b")


@dataclass(frozen=True, slots=True)
class Absent:
    """Providers that sent nothing, by area and month; how many are in scope by the title; notes around the table."""

    counts: tuple[NonSubmission, ...] = ()
    scope: int | None = None
    notes: tuple[str, ...] = ()


def read_absent(titled: Titled | None, directory: Directory, *, uses_1904: bool) -> Absent:
    """Table 1, or nothing where the workbook has none.

    Raises
    ------
    FileRefused
        CONTRACT: no header of months, an area without a type, or a value outside the contract.
    """
    if titled is None:
        return Absent()
    sheet = titled.sheet
    header, months = month_columns(sheet, uses_1904=uses_1904)
    named = found_columns(sheet.rows[header], ORGANISATION_COLUMNS)
    unnamed = [column for column in range(min(months)) if not plain(sheet.at(header, column))]
    by_content = unnamed_places(sheet.rows[header + 1 :], unnamed)
    places = Places(named.get("type", by_content.type), named.get("code"), named.get("name", by_content.name))
    reader = RowReader(sheet.name, places, directory)
    found: dict[tuple[str, date], int] = {}
    for row in reader.rows(sheet.rows, header + 1, list(months)):
        for column, month in months.items():
            reading = checked_count(sheet, row.row, column, TABLE_1)
            if reading.value is not None:
                found.setdefault((row.org, month), reading.value)
    scope = _SCOPE.search(plain(titled.title))
    counts = tuple(NonSubmission(org, month, count) for (org, month), count in found.items())
    return Absent(counts, int(scope[1]) if scope else None, (*texts(sheet, range(header)), *reader.notes))
