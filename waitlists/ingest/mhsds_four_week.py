"""Four-week waits of children's mental health (NHS England, MHSDS measures MRS08 to MRS14): from a table to figures.

A wait under this clock ends with a full clock stop, so the list is MRS09. Stocks are about one month and flows about
three, as their periods say; a flow over three months is kept as such and never divided. Below England counts are
rounded to 5. The measures of adults (MRS01 to MRS07) and printed shares, which follow from the counts, are not kept.
"""

from typing import Final

from waitlists.domain import ParsedDelivery
from waitlists.errors import FileRefused
from waitlists.ingest.mhsds_rows import (
    COLUMNS,
    LongRow,
    long_rows,
    measure_of,
    measures_not_read,
    organisations_in,
    remarks_on,
)
from waitlists.ingest.published import Markers, Printed, Table, collect, delivery_of, find_table
from waitlists.ingest.sheets import Workbook

__all__ = ["SOURCE", "parse", "recognises"]

SOURCE: Final = "mhsds_four_week"
SERVICE: Final = "CAMHS"

KINDS: Final = {
    "MRS08": "stops",
    "MRS08a": "stops_in_4_weeks",
    "MRS09": "waiting",
    "MRS09a": "over_104_weeks",
    "MRS09c": "over_78_weeks",
    "MRS09e": "over_52_weeks",
    "MRS10": "first",
    "MRS10a": "first_median_days",
    "MRS10b": "first_p90_days",
    "MRS11": "spells_started",
    "MRS12": "spells_closed",
    "MRS13": "spells_open",
    "MRS14a": "first_over_104",
    "MRS14c": "first_over_78",
    "MRS14e": "first_over_52",
}
"""Kinds of figure by measure; `first` is the wait for a first contact."""

_SHARES: Final = frozenset({"MRS08b", "MRS09b", "MRS09d", "MRS09f", "MRS14b", "MRS14d", "MRS14f"})
_ADULTS: Final = tuple(f"MRS0{number}" for number in range(1, 8))
_IN_DAYS: Final = frozenset({"first_median_days", "first_p90_days"})
_NOTE: Final = "Below England counts are rounded to the nearest 5 and those under 5 are not shown: parts do not add up."


def recognises(workbook: Workbook) -> bool:
    """Whether the table has the columns of the data set and measures of this collection."""
    table = find_table(workbook, COLUMNS)
    return table is not None and any(_is_ours(measure_of(table, row)) for row in list(table.rows())[:200])


def parse(workbook: Workbook) -> ParsedDelivery:
    """Every children's measure of the file's month.

    Raises
    ------
    FileRefused
        CONTRACT: a column is missing or a period is none. PERIOD_UNCLEAR: the rows end in different months. EMPTY: no
        measure of children.
    """
    table = find_table(workbook, COLUMNS)
    if table is None:
        raise FileRefused("expected the columns of the Mental Health Services Data Set", code="CONTRACT")
    unread: set[str] = set()
    rows = list(long_rows(table, unread=unread))
    if len({row.period_end for row in rows}) > 1:
        raise FileRefused("expected rows of one month; their periods end in several", code="PERIOD_UNCLEAR")
    children = [row for row in rows if not (row.measure.startswith(_ADULTS) or row.measure in _SHARES or row.part)]
    unknown = {row.measure for row in children} - KINDS.keys()
    kept = [_printed(row, table) for row in children if row.measure in KINDS]
    collected = collect(kept, table.sheet.name, Markers(), rounded_kinds=_IN_DAYS)
    status = table.text(rows[0].row, "status").lower() if rows else ""
    return delivery_of(
        SOURCE,
        collected,
        layout=f"mhsds-4ww-{status}"[:40],
        organisations=organisations_in(children),
        remarks=[*remarks_on(rows, unread), *measures_not_read(unknown)],
        notes=(_NOTE,),
    )


def _is_ours(measure: str) -> bool:
    return measure.startswith("MRS")


def _printed(row: LongRow, table: Table) -> Printed:
    kind = KINDS[row.measure] if row.months == 1 else f"{KINDS[row.measure]}_{row.months}m"
    return Printed(row.period_end, SERVICE, row.org, kind, row.cell, row.row, table.places["value"])
