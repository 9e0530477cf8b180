"""Management fields of education, health and care plans (DfE, SEN2): of 83 columns those that say how long plans take.

Calendar years; England, regions and councils. Both shares within 20 weeks are kept, without the cases that the rules
except and with them, and so is how many assessments were asked for. The first is the share that the department
publishes by itself, figure for figure (2017 to 2020), which is a source of its own.
"""

from typing import Final

from waitlists.domain import ParsedDelivery
from waitlists.errors import FileRefused
from waitlists.ingest.columns import Column
from waitlists.ingest.ehc_timeliness import AREAS, MARKERS, SERVICE, organisation_of, tenths, year_of
from waitlists.ingest.published import Printed, collect, delivery_of, find_table
from waitlists.ingest.sheets import Workbook

__all__ = ["SOURCE", "parse", "recognises"]

SOURCE: Final = "dfe_sen2"

COUNTS: Final = {"new_all_ehc": "plans_issued", "inreq_ehc": "requests"}
SHARES: Final = {"no_exc_20week_rate": "in_20_weeks_per_1000", "inc_exc_20week_rate": "all_in_20_per_1000"}
"""Kinds of figure by column, counts and percentages; the second share has the excepted cases in it."""

_KINDS: Final = {**COUNTS, **SHARES}
COLUMNS: Final = (*AREAS, *(Column(kind, frozenset({column})) for column, kind in _KINDS.items()))
_NOTE: Final = "Of the management fields plans issued, requests and the shares within 20 weeks are read."


def recognises(workbook: Workbook) -> bool:
    """Whether a table has the columns of this collection."""
    return find_table(workbook, COLUMNS) is not None


def parse(workbook: Workbook) -> ParsedDelivery:
    """Every year of every council.

    Raises
    ------
    FileRefused
        CONTRACT: a column is missing, or a year, level or code is none; the message names the cell. EMPTY: no figure.
    """
    table = find_table(workbook, COLUMNS)
    if table is None:
        raise FileRefused("expected the management fields of education, health and care plans", code="CONTRACT")
    named = {row: organisation_of(table, row) for row in table.rows()}
    printed = [
        Printed(
            year_of(table, row),
            SERVICE,
            place.code,
            kind,
            tenths(table.cell(row, kind)) if kind in SHARES.values() else table.cell(row, kind),
            row,
            table.places[kind],
        )
        for row, place in named.items()
        for kind in _KINDS.values()
    ]
    collected = collect(printed, table.sheet.name, MARKERS, rounded_kinds=frozenset(COUNTS.values()))
    return delivery_of(SOURCE, collected, layout="dfe-sen2-mi", organisations=named.values(), notes=(_NOTE,))
