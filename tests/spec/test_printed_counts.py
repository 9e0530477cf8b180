"""What a cell meant for a count says: a number, one of the kinds of nothing, a foreign marker, or a breach.

N7 and I07 of the lists of nasty inputs and faults, as a table.
"""

from datetime import date

import pytest

from waitlists.domain import Marker
from waitlists.ingest.columns import Reading, read_count

HIGHEST = 5_000_000
NOTHING, SUPPRESSED, FOREIGN = Reading(Marker.NOT_SUBMITTED), Reading(Marker.SUPPRESSED), Reading(None)

NUMBERS = [
    (0, 0), (7, 7), (HIGHEST, HIGHEST), (7.0, 7), ("7", 7), (" 7 ", 7), ("007", 7), ("1,234", 1234),
    ("9,999,999", None), ("1,234.00", 1234), ("12.0", 12), ("0", 0),
]  # fmt: skip
BLANKS = [None, "", "  ", "\xa0"]
MARKERS = [
    "-",
    "--",
    ":",
    ".",
    "..",
    "z",
    "x",
    "c",
    "X",
    "<5",
    "< 8",
    ">1000",
    "52+",
    "NULL",
    "n/a",
    "N/K",
    "None",
    "**",
]
BREACHES = [
    -1, 7.5, 1e9, HIGHEST + 1, "-7", "7.5", "1e9", "1,23", "1 234", "1234*", "*7", "#REF!", "#ERROR!", "#NO VALUE!",
    "seven", True, False, date(2024, 1, 1), float("nan"), float("inf"), "\N{FULLWIDTH DIGIT SEVEN}", "9" * 5000,
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), NUMBERS)
def test_a_whole_number_is_a_count_however_it_is_saved(cell, value: int | None):
    assert read_count(cell, highest=HIGHEST) == (None if value is None else Reading(Marker.NUMBER, value))


@pytest.mark.parametrize("cell", BLANKS)
def test_a_blank_was_not_submitted_and_is_never_zero(cell):
    assert read_count(cell, highest=HIGHEST) == NOTHING


def test_a_star_is_suppressed():
    assert read_count("*", highest=HIGHEST) == read_count(" * ", highest=HIGHEST) == SUPPRESSED


@pytest.mark.parametrize("cell", MARKERS)
def test_a_marker_of_another_collection_is_quarantined(cell: str):
    assert read_count(cell, highest=HIGHEST) == FOREIGN


@pytest.mark.parametrize("cell", BREACHES)
def test_anything_else_breaks_the_contract(cell):
    assert read_count(cell, highest=HIGHEST) is None
