from datetime import date

import pytest

from waitlists.bands import CHS_BANDS
from waitlists.counts.histories import Cells, ListHistory, VintageCells, in_columns
from waitlists.domain import Measure
from waitlists.errors import BadArgument

BANDS = dict.fromkeys((band.label for band in CHS_BANDS), 2)
KNOWN = VintageCells(1, {**BANDS, "total": 16}, {"referrals": 3})
HIDDEN = VintageCells(2, {**BANDS, ">104": None, "total": 20}, {"over_52_weeks": 5})
SILENT = VintageCells(3, {}, {"removals": None})
CELLS = {(1, "RYY"): KNOWN, (2, "RYY"): HIDDEN, (3, "RYY"): SILENT, (3, "NQ7"): VintageCells(3, {"total": 7})}
HISTORY = ListHistory("weekly_return", "SALT", (), Cells(in_columns(CELLS)))


@pytest.mark.parametrize("cells", [CELLS, Cells(in_columns(CELLS))], ids=["by list", "by column"])
@pytest.mark.parametrize(("measure", "expected"), [
    (Measure.LIST_SIZE, [16, 20, None]),
    (Measure.REFERRALS, [3, None, None]),
    (Measure.REMOVALS, [None, None, None]),
    (Measure.OVER_18_WEEKS, [6, None, None]),
    (Measure.OVER_52_WEEKS, [4, 5, None]),
    (Measure.OVER_104_WEEKS, [2, None, None]),
    (Measure.OVER_208_WEEKS, [None, None, None]),
])  # fmt: skip
def test_a_column_of_counts_says_what_each_vintage_says(cells, measure, expected):
    column = ListHistory("weekly_return", "SALT", (), cells).columns("RYY").values(measure)
    assert [column.get(number) for number in (1, 2, 3)] == expected
    assert [cells[number, "RYY"].value(measure) for number in (1, 2, 3)] == expected


def test_cells_by_column_are_those_of_the_lists():
    assert HISTORY.cells == CELLS
    assert len(HISTORY.cells) == 4
    assert HISTORY.orgs == ["NQ7", "RYY"]
    assert ((1, "NQ7") in HISTORY.cells, (3, "NQ7") in HISTORY.cells, (1, "RPA") in HISTORY.cells) == (
        False,
        True,
        False,
    )
    assert HISTORY.cells.get((1, "NQ7")) is None


def test_of_an_organisation_that_is_nowhere_nothing_is_said():
    nowhere = HISTORY.columns("RPA")
    assert (nowhere.vintages, nowhere.values(Measure.LIST_SIZE), nowhere.spreads()) == (frozenset(), {}, {})
    assert HISTORY.vintages_of("RPA", as_of=date(2025, 6, 1)) == {}


@pytest.mark.parametrize("measure", [Measure.MEDIAN_WAIT, Measure.SHARE_WITHIN_STANDARD])
def test_a_wait_is_no_count(measure):
    for ask in (HISTORY.columns("RYY").values, KNOWN.value):
        with pytest.raises(BadArgument, match="cannot be built from published counts"):
            ask(measure)
