"""Autism waiting time statistics (NHS England, from MHSDS, experimental): from the long tables to figures.

The measures keep their ids, since their suffixes split by age and state in ways that changed; a part is an age, and the
total of all ages stands beside its parts and is never added to them. ASD16 of those under 18 is the list of ASD. It
holds mental health services alone: most children under 11 wait in community paediatrics.
"""

import re
from typing import Final

from waitlists.domain import TOTAL, ParsedDelivery, Severity
from waitlists.errors import FileRefused
from waitlists.ingest.columns import plain
from waitlists.ingest.mhsds_rows import COLUMNS, LongRow, long_rows, organisations_in
from waitlists.ingest.published import Markers, Printed, Table, collect, delivery_of, find_table
from waitlists.ingest.remarks import Remark
from waitlists.ingest.sheets import Workbook

__all__ = ["SOURCE", "parse", "recognises"]

SOURCE: Final = "autism"
SERVICE: Final = "ASD"

_MEASURE: Final = re.compile(r"ASD[0-9]{2}[a-z]?")
_SHARES: Final = frozenset({"asd19e", "asd19g"})
_NOTE: Final = (
    "Mental health services only: most children under 11 with suspected autism wait in community paediatrics."
)


def recognises(workbook: Workbook) -> bool:
    """Whether the table has the columns of the data set and measures of this collection."""
    table = find_table(workbook, COLUMNS)
    return table is not None and any(_MEASURE.fullmatch(table.text(row, "measure")) for row in list(table.rows())[:200])


def parse(workbook: Workbook) -> ParsedDelivery:
    """Every measure of every month in the file, by age.

    Raises
    ------
    FileRefused
        CONTRACT: a column is missing or a period is none. EMPTY: no figure.
    """
    table = find_table(workbook, COLUMNS)
    if table is None:
        raise FileRefused("expected the columns of the Mental Health Services Data Set", code="CONTRACT")
    unread: set[str] = set()
    rows = [row for row in long_rows(table, unread=unread) if _MEASURE.fullmatch(row.measure)]
    collected = collect([_printed(row, table) for row in rows], table.sheet.name, Markers(), rounded_kinds=_SHARES)
    remarks: list[Remark] = []
    if unread:
        sentence = f"Breakdowns that count the same people again are not read: {', '.join(sorted(unread)[:5])}."
        remarks.append(Remark("unknown_breakdown", Severity.WARNING, sentence))
    if count := sum(row.is_one_day for row in rows):
        sentence = f"In {count:,} rows the period ends on the day it begins; the month of that day is taken."
        remarks.append(Remark("period_of_one_day", Severity.INFO, sentence))
    organisations = organisations_in(rows)
    return delivery_of(
        SOURCE, collected, layout="autism-long", organisations=organisations, remarks=remarks, notes=(_NOTE,)
    )


def _printed(row: LongRow, table: Table) -> Printed:
    band = age_band(row.part) if row.part else TOTAL
    kind = row.measure.lower()
    if (kind, band) == ("asd16", "0-17"):
        kind, band = "waiting", TOTAL
    return Printed(row.period_end, SERVICE, row.org, kind, row.cell, row.row, table.places["value"], band)


def age_band(printed: str) -> str:
    """An age as all files would print it: "0 - 17" and "0 to 17" are `0-17`, "Under 10" is `0-9`.

    >>> age_band("0 - 17"), age_band("10 to 17"), age_band("Under 10"), age_band("65 and Over")
    ('0-17', '10-17', '0-9', '65+')
    """
    text = plain(printed).replace(" to ", "-").replace(" ", "").replace("andover", "+")
    under = re.fullmatch(r"under([0-9]{1,3})", text)
    return f"0-{int(under[1]) - 1}" if under else text[:20]
