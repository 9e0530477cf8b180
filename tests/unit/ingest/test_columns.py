"""Headers by content, columns by meaning, and where a message says that something was expected."""

from datetime import date

import pytest

from waitlists.errors import FileRefused
from waitlists.ingest import columns
from waitlists.ingest.columns import Column
from waitlists.ingest.sheets import Sheet

TYPE = Column("type", frozenset({"organisation type", "level"}))
NAME = Column("name", frozenset({"name"}))


def test_columns_are_found_by_any_of_their_names_in_any_order():
    header = ("Name ", None, " organisation  TYPE**", 7)

    assert columns.found_columns(header, (TYPE, NAME)) == {"name": 0, "type": 2}


def test_the_first_of_two_columns_alike_counts():
    assert columns.found_columns(("level", "Organisation Type"), (TYPE,)) == {"type": 0}


@pytest.mark.parametrize(
    ("row", "column", "where"),
    [(None, None, "Table 4"), (5, None, "Table 4, row 6"), (11, 36, "Table 4, row 12, cell AK12")],
)
def test_a_breach_says_where_and_what_was_expected(row: int | None, column: int | None, where: str):
    with pytest.raises(FileRefused) as refused:
        columns.refuse("Table 4", row=row, column=column, expected="a count")

    assert str(refused.value) == f"{where}: expected a count"
    assert refused.value.code == "CONTRACT"


def test_texts_for_comparing_forgive_case_blanks_and_dashes():
    assert columns.plain("  Waiting\n 18\N{EN DASH}52\xa0WEEKS ") == "waiting 18-52 weeks"
    assert columns.plain(None) == ""
    assert columns.plain(3) == "3"
    assert columns.printed(" Kent  and\xa0Medway ") == "Kent and Medway"
    assert columns.printed(None) == ""


def test_stars_of_a_note_are_no_part_of_a_heading():
    assert columns.without_note_marks("(CYP) Audiology **") == "(CYP) Audiology"


@pytest.mark.parametrize(
    ("cell", "uses_1904", "month"),
    [
        ("Apr-23", False, date(2023, 4, 30)),
        ("Sept 2023", False, date(2023, 9, 30)),
        (date(2023, 1, 1), False, date(2023, 1, 31)),
        (45017, False, date(2023, 4, 30)),
        (45017 - 1462, True, date(2023, 4, 30)),
        (date(2023, 4, 1), True, date(2023, 4, 30)),
        ("Total", False, None),
        (None, False, None),
    ],
)
def test_a_month_is_read_from_text_dates_and_bare_day_numbers(cell, uses_1904: bool, month: date | None):
    assert columns.month_in(cell, uses_1904=uses_1904) == month


@pytest.mark.parametrize(
    ("cell", "uses_1904", "day"),
    [("10/10/2024", False, date(2024, 10, 10)), (45575, False, date(2024, 10, 10)), ("-", False, None)],
)
def test_a_day_is_read_day_first_or_from_a_number(cell, uses_1904: bool, day: date | None):
    assert columns.day_in(cell, uses_1904=uses_1904) == day


def test_texts_of_rows_leave_out_numbers_and_blanks():
    sheet = Sheet("Notes", (("A  note", 7, None), (" ",), ("Another",)))

    assert list(columns.texts(sheet, range(9))) == ["A note", "Another"]


def test_a_sheet_has_nothing_beyond_its_edge():
    sheet = Sheet("Sheet", ((1,), ()))

    assert [sheet.at(0, 0), sheet.at(0, 1), sheet.at(1, 0), sheet.at(9, 9)] == [1, None, None, None]
