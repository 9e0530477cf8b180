"""Education, health and care plans issued within 20 weeks (DfE, SEN2): from the yearly table to figures.

Calendar years; England, regions and local authorities, a region by its ONS code. Shares are kept as printed, in tenths
of a percent. With and without exceptions both exist: the table says which, and only its own column is read.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from waitlists.domain import ENGLAND, Level, ParsedDelivery, PrintedOrganisation
from waitlists.errors import FileRefused
from waitlists.ingest.columns import Column, plain
from waitlists.ingest.published import Markers, Printed, Table, collect, delivery_of, find_table
from waitlists.ingest.sheets import Cell, Workbook

__all__ = ["AREAS", "MARKERS", "SERVICE", "SOURCE", "organisation_of", "parse", "recognises", "tenths", "year_of"]

SOURCE: Final = "dfe_ehc"
SERVICE: Final = "EHC"

AREAS: Final = (
    Column("year", frozenset({"time_period"})),
    Column("level", frozenset({"geographic_level"})),
    Column("region", frozenset({"region_code"})),
    Column("region name", frozenset({"region_name"})),
    Column("authority", frozenset({"new_la_code"})),
    Column("authority name", frozenset({"la_name"})),
)
"""Year and place of a row in the department's tables."""

COLUMNS: Final = (
    *AREAS,
    Column("plans_issued", frozenset({"new_all_ehc"})),
    Column("in_20_weeks_per_1000", frozenset({"% of ehcps issued within 20 weeks"})),
)
MARKERS: Final = Markers(suppressed=frozenset({"c"}), nothing=frozenset({"z", "x", ":", "."}))
"""`c` is suppressed to protect people; `z` does not apply, `x` is not available."""

_LEVELS: Final = {"national": Level.ENGLAND, "regional": Level.REGION, "local authority": Level.LOCAL_AUTHORITY}
_YEAR: Final = re.compile(r"(20[0-9]{2})(?:\.0)?")


def recognises(workbook: Workbook) -> bool:
    """Whether a table has the columns of this collection."""
    return find_table(workbook, COLUMNS) is not None


def parse(workbook: Workbook) -> ParsedDelivery:
    """Every year of every authority.

    Raises
    ------
    FileRefused
        CONTRACT: a column is missing, or a year, level or code is none; the message names the cell. EMPTY: no figure.
    """
    table = find_table(workbook, COLUMNS)
    if table is None:
        raise FileRefused("expected the columns of plans issued within 20 weeks", code="CONTRACT")
    named = {row: organisation_of(table, row) for row in table.rows()}
    printed = [item for row, place in named.items() for item in _figures(table, row, place.code)]
    collected = collect(printed, table.sheet.name, MARKERS, rounded_kinds=frozenset({"plans_issued"}))
    return delivery_of(SOURCE, collected, layout="dfe-20-weeks", organisations=named.values())


def _figures(table: Table, row: int, org: str) -> Iterator[Printed]:
    period_end = year_of(table, row)
    for kind in ("plans_issued", "in_20_weeks_per_1000"):
        cell = table.cell(row, kind)
        told = tenths(cell) if kind == "in_20_weeks_per_1000" else cell
        yield Printed(period_end, SERVICE, org, kind, told, row, table.places[kind])


def year_of(table: Table, row: int) -> date:
    """The last day of a row's calendar year.

    Raises
    ------
    FileRefused
        CONTRACT: it is no year; the message names the cell.
    """
    year = _YEAR.fullmatch(table.text(row, "year"))
    return date(int(year[1]), 12, 31) if year else table.wrong(row, "year", "a year such as 2020")


def organisation_of(table: Table, row: int) -> PrintedOrganisation:
    """Whom a row is about, by code.

    Raises
    ------
    FileRefused
        CONTRACT: its level is none of the table's, or its code is missing; the message names the cell.
    """
    level = _LEVELS.get(plain(table.cell(row, "level")))
    if level is None:
        table.wrong(row, "level", "National, Regional or Local authority")
    if level is Level.ENGLAND:
        return PrintedOrganisation(ENGLAND, "England", level)
    column = "region" if level is Level.REGION else "authority"
    code = table.text(row, column)
    if not code:
        table.wrong(row, column, "a code; a name alone identifies nobody")
    return PrintedOrganisation(code, table.text(row, f"{column} name") or code, level)


def tenths(cell: Cell) -> Cell:
    """58.8 percent as 588; a marker as it is.

    >>> tenths("85.700000000000"), tenths("z")
    (857, 'z')
    """
    try:
        return round(float(str(cell)) * 10)
    except (ValueError, OverflowError):
        return cell
