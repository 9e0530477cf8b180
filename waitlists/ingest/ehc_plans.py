"""Education, health and care plans (DfE, SEN2): how many are issued, and the share of them within 20 weeks.

Two tables, each a source of its own: the yearly share that the department publishes, and the management fields: of 83
columns those that say how long plans take. Calendar years; England, regions and councils, a region by its
ONS code. Shares are kept as printed, in tenths of a percent, without the cases that the rules except and with them; the
first is the published one, figure for figure (2017 to 2020).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from waitlists.domain import ENGLAND, Level, ParsedDelivery, PrintedOrganisation
from waitlists.errors import FileRefused
from waitlists.ingest.columns import Column, plain
from waitlists.ingest.published import Markers, Printed, Table, collect, delivery_of, find_table
from waitlists.ingest.sheets import Cell, Workbook

SERVICE: Final = "EHC"

_AREAS: Final = (
    Column("year", frozenset({"time_period"})),
    Column("level", frozenset({"geographic_level"})),
    Column("region", frozenset({"region_code"})),
    Column("region name", frozenset({"region_name"})),
    Column("authority", frozenset({"new_la_code"})),
    Column("authority name", frozenset({"la_name"})),
)
"""Year and place of a row in the department's tables."""

_MARKERS: Final = Markers(suppressed=frozenset({"c"}), nothing=frozenset({"z", "x", ":", "."}))
"""`c` is suppressed to protect people; `z` does not apply, `x` is not available."""

_LEVELS: Final = {"national": Level.ENGLAND, "regional": Level.REGION, "local authority": Level.LOCAL_AUTHORITY}
_YEAR: Final = re.compile(r"(20[0-9]{2})(?:\.0)?")


@dataclass(frozen=True, slots=True)
class Collection:
    """One of the tables: its source, and the kind of figure in each column of counts and of percentages.

    `title` says in a refusal what was expected.
    """

    source: str
    layout: str
    title: str
    counts: Mapping[str, str]
    shares: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def kinds(self) -> Mapping[str, str]:
        """Kinds of figure by column."""
        return {**self.counts, **self.shares}

    @property
    def columns(self) -> tuple[Column, ...]:
        """The contract: year, place, and each figure."""
        return (*_AREAS, *(Column(kind, frozenset({column})) for column, kind in self.kinds.items()))

    def recognises(self, workbook: Workbook) -> bool:
        """Whether a table has the columns of this collection."""
        return find_table(workbook, self.columns) is not None

    def parse(self, workbook: Workbook) -> ParsedDelivery:
        """Every year of every council.

        Raises
        ------
        FileRefused
            CONTRACT: a column is missing, or a year, level or code is none; the message names the cell. EMPTY: no
            figure.
        """
        table = find_table(workbook, self.columns)
        if table is None:
            raise FileRefused(f"expected {self.title}", code="CONTRACT")
        named = {row: _organisation_of(table, row) for row in table.rows()}
        printed = [
            self._printed(table, row, place.code, kind) for row, place in named.items() for kind in self.kinds.values()
        ]
        collected = collect(printed, table.sheet.name, _MARKERS, rounded_kinds=frozenset(self.counts.values()))
        organisations = named.values()
        return delivery_of(self.source, collected, layout=self.layout, organisations=organisations, notes=self.notes)

    def _printed(self, table: Table, row: int, org: str, kind: str) -> Printed:
        cell = table.cell(row, kind)
        told = _tenths(cell) if kind in self.shares.values() else cell
        return Printed(_year_of(table, row), SERVICE, org, kind, told, row, table.places[kind])


COLLECTIONS: Final = (
    Collection(
        "dfe_ehc",
        "dfe-20-weeks",
        "the columns of plans issued within 20 weeks",
        {"new_all_ehc": "plans_issued"},
        {"% of ehcps issued within 20 weeks": "in_20_weeks_per_1000"},
    ),
    Collection(
        "dfe_sen2",
        "dfe-sen2-mi",
        "the management fields of education, health and care plans",
        {"new_all_ehc": "plans_issued", "inreq_ehc": "requests"},
        {"no_exc_20week_rate": "in_20_weeks_per_1000", "inc_exc_20week_rate": "all_in_20_per_1000"},
        ("Of the management fields plans issued, requests and the shares within 20 weeks are read.",),
    ),
)
"""The two tables; the second share of the management fields has the excepted cases in it."""


def _year_of(table: Table, row: int) -> date:
    """The last day of a row's calendar year."""
    year = _YEAR.fullmatch(table.text(row, "year"))
    return date(int(year[1]), 12, 31) if year else table.wrong(row, "year", "a year such as 2020")


def _organisation_of(table: Table, row: int) -> PrintedOrganisation:
    """Whom a row is about, by code."""
    level = _LEVELS.get(plain(table.cell(row, "level")))
    if level is None:
        table.wrong(row, "level", "National, Regional or Local authority")
    if level is Level.ENGLAND:
        return PrintedOrganisation(ENGLAND, "England", level)
    column = "region" if level is Level.REGION else "authority"
    code = table.text(row, column).upper()
    if not code:
        table.wrong(row, column, "a code; a name alone identifies nobody")
    return PrintedOrganisation(code, table.text(row, f"{column} name") or code, level)


def _tenths(cell: Cell) -> Cell:
    """58.8 percent as 588; a marker as it is.

    >>> _tenths("85.700000000000"), _tenths("78.8%"), _tenths("z")
    (857, 788, 'z')
    """
    try:
        return round(float(str(cell).rstrip("% ")) * 10)
    except (ValueError, OverflowError):
        return cell
