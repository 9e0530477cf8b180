"""Autism waiting time statistics (NHS England, from MHSDS, experimental): from the long tables to figures.

The measures keep their ids, since their suffixes split by age and state in ways that changed; a part is an age, and the
total of all ages stands beside its parts and is never added to them. ASD16 of those under 18 is the list of ASD. It
holds mental health services alone: most children under 11 wait in community paediatrics.
"""

import re
from typing import Final

from waitlists.domain import TOTAL, ParsedDelivery
from waitlists.errors import FileRefused
from waitlists.ingest.mhsds_rows import (
    COLUMNS,
    LongRow,
    age_band,
    long_rows,
    measure_of,
    measures_not_read,
    organisations_in,
    remarks_on,
)
from waitlists.ingest.published import Markers, Printed, Table, collect, delivery_of, find_table
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
    return table is not None and any(_MEASURE.fullmatch(measure_of(table, row)) for row in list(table.rows())[:200])


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
    every = list(long_rows(table, unread=unread))
    rows = [row for row in every if _MEASURE.fullmatch(row.measure)]
    collected = collect([_printed(row, table) for row in rows], table.sheet.name, Markers(), rounded_kinds=_SHARES)
    others = {row.measure for row in every} - {row.measure for row in rows}
    remarks = [*remarks_on(rows, unread), *measures_not_read(others)]
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
