"""ADHD management information (NHS England, from May 2025): open referrals by age and length, England alone.

No release is at hand: this is built to the layout as described, and tested on a file made to it. There is no row for
all ages, so the ages under 18 are added for the children's list, where each of them is a number. Later releases restate
earlier months by a lot; each stays a vintage of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from waitlists.domain import ENGLAND, TOTAL, Figure, Marker, ParsedDelivery
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

SOURCE: Final = "adhd"
SERVICE: Final = "ADHD"

KINDS: Final = {
    "ADHD003": "open",
    "ADHD003a": "open_0_13_weeks",
    "ADHD003b": "open_13_52_weeks",
    "ADHD003c": "open_52_104_weeks",
    "ADHD003d": "open_over_104_weeks",
}
"""Kinds by measure; each stands once for each age."""

CHILDREN: Final = ("0-4", "5-17")
SUMS: Final[Mapping[str, tuple[str, ...]]] = {
    "waiting": ("open",),
    "over_52_weeks": ("open_52_104_weeks", "open_over_104_weeks"),
    "over_104_weeks": ("open_over_104_weeks",),
}
"""What is added over the ages under 18, and of which kinds."""


def recognises(workbook: Workbook) -> bool:
    """Whether the table has the columns of the data set and measures of this collection."""
    table = find_table(workbook, COLUMNS)
    return table is not None and any(measure_of(table, row) in KINDS for row in list(table.rows())[:200])


def parse(workbook: Workbook) -> ParsedDelivery:
    """Open referrals of every month in the file, by age, and of the children.

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
    rows = [row for row in every if row.measure in KINDS and row.part]
    printed = [_printed(row, table) for row in rows]
    collected = collect(printed, table.sheet.name, Markers(), rounded_kinds=frozenset())
    whole = replace(collected, figures=dict(_with_children(collected.figures)))
    organisations = organisations_in(rows)
    remarks = [*remarks_on(rows, unread), *measures_not_read({row.measure for row in every} - KINDS.keys())]
    return delivery_of(SOURCE, whole, layout="adhd-long", organisations=organisations, remarks=remarks)


def _printed(row: LongRow, table: Table) -> Printed:
    band = age_band(row.part)
    return Printed(row.period_end, SERVICE, row.org, KINDS[row.measure], row.cell, row.row, table.places["value"], band)


def _with_children(figures: Mapping[date, Sequence[Figure]]) -> Iterator[tuple[date, tuple[Figure, ...]]]:
    for period_end, found in figures.items():
        by_age = {(figure.kind, figure.band): figure for figure in found if figure.org == ENGLAND}
        yield period_end, (*found, *_sums(by_age))


def _sums(by_age: Mapping[tuple[str, str], Figure]) -> Iterator[Figure]:
    """The children's figures; one age that is not there leaves none, one kept back leaves an unknown one."""
    for kind, parts in SUMS.items():
        wanted = [(part, age) for part in parts for age in CHILDREN]
        if all(key in by_age for key in wanted):
            values = [by_age[key].value for key in wanted]
            known = [value for value in values if value is not None]
            is_whole = len(known) == len(values)
            yield by_age[wanted[0]]._replace(
                kind=kind,
                band=TOTAL,
                value=sum(known) if is_whole else None,
                marker=Marker.NUMBER if is_whole else Marker.SUPPRESSED,
            )
