"""Weekly returns and extracts in workbooks are searched on every sheet and in every column before anything is kept."""

from datetime import date

import pytest

from tests import returns
from tests.extracts import DELIVERED, row
from tests.returns import HEADINGS, WEEK, as_csv, counts_of, waiting
from waitlists.errors import IdentifiersFound
from waitlists.ingest import delimited
from waitlists.ingest.referral_extract import read_extract
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.ingest.weekly_return import parse
from waitlists.ingest.weekly_return_template import HOW_TO

NUMBER = "9434765919"


def refusal(book: Workbook) -> str:
    with pytest.raises(IdentifiersFound) as refused:
        parse(book)
    assert refused.value.exit_code == 11
    assert NUMBER not in str(refused.value)
    assert "Smith" not in str(refused.value)
    return str(refused.value)


def widened(*extra: tuple[object, object]) -> Workbook:
    """A return with more columns: a heading each and what stands below."""
    heads, cells = zip(*extra, strict=True)
    rows = ((*HEADINGS, *heads), *((*one, *cells) for one in waiting()))
    return Workbook((Sheet("Return", rows),))


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        (("child name", "Jane Smith"), "column I of sheet Return is called like a name"),
        (("NHS number", None), "column I of sheet Return is called like an NHS number"),
        (("Comment", f"see {NUMBER}"), "column I of sheet Return holds NHS numbers"),
        (("Comment", 9434765919), "column I of sheet Return holds NHS numbers"),
        (("Comment", 9434765919.0), "column I of sheet Return holds NHS numbers"),
        (("Comment", "ask jane@example.org"), "column I of sheet Return holds texts shaped like e-mail"),
        (("Comment", "ME14 1XX"), "column I of sheet Return holds texts shaped like postcodes"),
    ],
)
def test_a_column_of_a_return_that_names_children_refuses_it(extra, why):
    assert why in refusal(widened(extra))


def test_a_return_as_text_is_searched_too():
    lines = as_csv(waiting()).decode().splitlines()
    content = "\n".join([lines[0] + ",child name", *(line + ",Jane Smith" for line in lines[1:])])
    assert "column I is called like a name" in refusal(delimited.read(content.encode()))


@pytest.mark.parametrize("is_hidden", [False, True])
@pytest.mark.parametrize(
    "rows",
    [
        (("NHS number", "weeks"), ("x", 3)),
        (("List of the team",), (), ("Surname", "weeks"), ("Smith", 3)),
        (("x", 3), (NUMBER, 4)),
        (("since",), *((date(2010 + n, 3, 4),) for n in range(9))),
    ],
)
def test_another_sheet_is_searched_hidden_or_not(rows, is_hidden):
    book = returns.book(waiting())
    said = refusal(Workbook((*book.sheets, Sheet("Working", rows, is_hidden=is_hidden))))
    assert "column A of sheet Working" in said


def test_what_tells_how_to_fill_it_in_and_years_of_weeks_refuse_nothing():
    weeks = [date(2016, 11, 20), *(WEEK.replace(year=year) for year in (2020, 2026))]
    rows = [one for week in weeks for one in waiting(week=week)]
    notes = Sheet("How to", tuple((line,) if line else () for line in HOW_TO))
    delivery = parse(Workbook((notes, *returns.book(rows).sheets, Sheet("Empty", ()))))
    assert counts_of(delivery, "waiting")["total"] == 36


def extract_with(sheet: Sheet) -> Workbook:
    rows = [row(n) for n in range(1, 4)]
    return Workbook((Sheet("Records", (tuple(rows[0]), *(tuple(one.values()) for one in rows))), sheet))


@pytest.mark.parametrize("is_hidden", [False, True])
def test_the_other_sheets_of_an_extract_are_searched(is_hidden):
    book = extract_with(Sheet("Keys", (("pseudonym", "NHS number"), ("a", NUMBER)), is_hidden=is_hidden))
    with pytest.raises(IdentifiersFound, match="column B of sheet Keys"):
        read_extract(book, on=DELIVERED)


def test_an_extract_with_a_harmless_sheet_beside_it_is_read():
    book = extract_with(Sheet("Teams", (("Team name", "code"), ("North", 3))))
    assert read_extract(book, on=DELIVERED).facts.accepted == 3
