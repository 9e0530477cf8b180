"""The same published tables as another month may bring them: each gives equal figures, or is refused by its cell."""

import csv
import io
from collections.abc import Callable

import pytest

from tests.conftest import shared
from tests.published_files import unpacked
from waitlists.domain import ParsedDelivery
from waitlists.errors import FileRefused
from waitlists.ingest import delimited, recognise

MOST_ROWS = 200
MHSDS = "mhsds_four_week"
VALUES = (
    "MEASURE_VALUE", "METRIC_VALUE", "INDICATOR_VALUE", "new_all_ehc", "TotalPatientsWaiting", "TotalPatientsSeen",
    "ReferralsAccepted", "FirstContactAppointments",
)  # fmt: skip
"""Columns that hold figures, one of each table."""

FILES = {
    MHSDS: "data/mhsds-cyp-4ww/MHSDS_Data_4WW_JunPerf_2024_v2.csv.gz",
    "autism": "data/autism-stats/asd19eg_pct_first_appt_after_13w_2019-2022.csv.gz",
    "dfe_ehc": "data/dfe-ehcp/ehcp_20week_timeliness_2017-2020.csv",
    "dfe_sen2": "data/dfe-ehcp/sen2_mi_2014-2020.csv",
    "phs_camhs": "data/phs-camhs/camhs-adjusted-patients-waiting.csv",
    "phs_camhs_seen": "data/phs-camhs/camhs-adjusted-patients-seen.csv",
    "phs_camhs_referrals": "data/phs-camhs/camhs-referrals.csv",
    "phs_camhs_missed": "data/phs-camhs/camhs-didnotattends.csv",
}
ADHD_COLUMNS = (
    "REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "BREAKDOWN", "PRIMARY_LEVEL", "PRIMARY_LEVEL_DESCRIPTION",
    "SECONDARY_LEVEL", "INDICATOR_ID", "INDICATOR_VALUE",
)  # fmt: skip
Rows = list[list[str]]


def rows_of(source: str) -> Rows:
    """The head of a real file; of ADHD, of which none is at hand, a table to its layout."""
    if source == "adhd":
        ages, measures = (("0 to 4", "100"), ("5 to 17", "2000"), ("25+", "*")), ("ADHD003", "ADHD003a", "ADHD003d")
        days = ("01/04/2025", "2025-05-01")
        england = ["England; Age Group", "England", "England"]
        return [
            list(ADHD_COLUMNS),
            *([day, day, *england, age, measure, value] for day in days for measure in measures for age, value in ages),
        ]
    text = unpacked(shared(FILES[source])).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[:MOST_ROWS]


def parsed(rows: Rows) -> tuple[str, ParsedDelivery]:
    """The source that a table is taken for, and what it says."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    book = delimited.read(text.getvalue().encode())
    source = recognise(book, name=None)
    return source.name, source.parse(book)


def figures(delivery: ParsedDelivery) -> set[tuple[object, ...]]:
    """All that a table says, wherever in it."""
    return {
        (vintage.period_end, one.service, one.org, one.kind, one.band, one.value, one.marker)
        for vintage in delivery.vintages
        for one in vintage.figures
    }


def header(change: Callable[[str], str]) -> Callable[[Rows], Rows]:
    return lambda rows: [[change(name) for name in rows[0]], *rows[1:]]


def cells(change: Callable[[str, str], str]) -> Callable[[Rows], Rows]:
    """Every cell changed, given with the name of its column."""
    return lambda rows: [
        rows[0],
        *([change(cell, name) for cell, name in zip(row, rows[0], strict=True)] for row in rows[1:]),
    ]


def apart(cell: str, name: str) -> str:
    """A plain count of more than three digits as it may be printed, where the column holds counts."""
    is_count = name in {"MEASURE_VALUE", "INDICATOR_VALUE", "new_all_ehc"} or name.startswith(("Total", "Number"))
    number = cell.removesuffix(".0")
    return f"{int(number):,}" if is_count and number.isdecimal() and not name.endswith("QF") else cell


VARIANTS: dict[str, Callable[[Rows], Rows]] = {
    "columns in another order": lambda rows: [row[::-1] for row in rows],
    "one more column": lambda rows: [[*row, "n"] for row in rows],
    "one more column before": lambda rows: [["NEW", *rows[0]], *(["n", *row] for row in rows[1:])],
    "headings in small letters": header(str.lower),
    "headings in capitals": header(str.upper),
    "headings with blanks for underscores": header(lambda name: f" {name.replace('_', ' ')} "),
    "a title above": lambda rows: [["A title of the release"], [], *rows],
    "rows in another order": lambda rows: [rows[0], *rows[:0:-1]],
    "blanks around cells": cells(lambda cell, _: f" {cell} "),
    "measures in capitals": cells(
        lambda cell, name: cell.upper() if name in {"MEASURE_ID", "METRIC", "INDICATOR_ID"} else cell
    ),
    "codes in small letters": cells(
        lambda cell, name: cell.lower() if name in {"region_code", "new_la_code", "HB"} else cell
    ),
    "thousands set apart": cells(apart),
    "shares with their sign": cells(lambda cell, name: f"{cell}%" if name.startswith("% of") and cell else cell),
}


@pytest.fixture(scope="module", params=[*FILES, "adhd"])
def table(request):
    """A source, its table, and what that says as it is."""
    rows = rows_of(request.param)
    name, delivery = parsed(rows)
    assert name == request.param
    return request.param, rows, figures(delivery)


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_another_month_may_bring_gives_equal_figures(table, variant):
    source, rows, as_it_is = table
    name, delivery = parsed(VARIANTS[variant](rows))
    assert name == source
    assert figures(delivery) == as_it_is
    assert delivery.counts["quarantined"] == 0


def test_a_note_below_the_table_changes_no_figure(table):
    source, rows, as_it_is = table
    noted = [*rows, ["Source: the publisher", *[""] * (len(rows[0]) - 1)]]
    if source in {MHSDS, "autism", "adhd"}:
        _, delivery = parsed(noted)
        assert figures(delivery) == as_it_is
        assert any("rows that name none" in one.sentence for one in delivery.findings)
    else:
        with pytest.raises(FileRefused, match=f"row {len(noted)}, cell"):
            parsed(noted)


def test_a_marker_of_another_collection_is_never_a_number(table):
    source, rows, as_it_is = table
    place = min(rows[0].index(name) for name in VALUES if name in rows[0])
    told = enumerate(rows[1:], 1)
    odd = next(number for number, row in told if row[place].strip() and (source != MHSDS or "MRS08" in row))
    _, delivery = parsed([*rows[:odd], [*rows[odd][:place], "<5", *rows[odd][place + 1 :]], *rows[odd + 1 :]])
    assert as_it_is - figures(delivery)
    assert not [one for one in figures(delivery) - as_it_is if one[5] is not None]
    assert delivery.counts["quarantined"] == 1


@pytest.mark.parametrize("measure", ["XYZ99q", "in words"])
@pytest.mark.parametrize("source", ["adhd", "autism", MHSDS])
def test_a_measure_that_nobody_knows_is_said(source, measure):
    rows = rows_of(source)
    place = next(place for place, name in enumerate(rows[0]) if name in {"MEASURE_ID", "METRIC", "INDICATOR_ID"})
    name, delivery = parsed([*rows, [*rows[-1][:place], measure, *rows[-1][place + 1 :]]])
    assert name == source
    (said,) = (one.sentence for one in delivery.findings if one.code == "unknown_measure_id")
    assert said.endswith(f"count: {measure}.")
