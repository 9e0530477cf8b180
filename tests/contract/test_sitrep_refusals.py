"""Where meaning is not certain the whole file is refused: the message names sheet and place, never the value there."""

import pytest

from tests import sitrep_books as books
from tests.sitrep_books import SALT, Book
from waitlists.errors import BadArgument, FileRefused
from waitlists.ingest import SOURCES, recognise


def refusal(change) -> FileRefused:
    book = books.book()
    change(book)
    with pytest.raises(FileRefused) as refused:
        books.parse(book)
    return refused.value


def set_cell(sheet: str, row: int, column: int, value: object):
    return lambda book: book[sheet][row].__setitem__(column, value)


def in_every_table_4(book: Book, change) -> None:
    for rows in books.tables_4(book):
        rows[4:] = [change(row) for row in rows[4:]]


def untitle(rows: books.Rows) -> None:
    rows[0] = [rows[0][0].replace(", March 2025", "")]


def keep_header(rows: list[list[object]]) -> None:
    del rows[5:]


REFUSED = {
    "a negative count": (set_cell("Table 4b", 9, 6, -1), "Table 4b, row 10, cell G10: expected a whole number"),
    "a fraction": (set_cell("Table 4", 9, 6, 7.5), "Table 4, row 10, cell G10"),
    "a count beyond belief": (set_cell("Table 4", 9, 6, 10**9), "from 0 to 5,000,000"),
    "an error cell": (set_cell("Table 4", 9, 6, "#ERROR!"), "Table 4, row 10, cell G10"),
    "a formula without a value": (set_cell("Table 4", 9, 6, "#NO VALUE!"), "Table 4, row 10, cell G10"),
    "text for a count": (set_cell("Table 4", 9, 6, "see note"), "Table 4, row 10, cell G10"),
    "a truth value for a count": (set_cell("Table 4", 9, 6, True), "Table 4, row 10, cell G10"),
    "a broken count in Table 1": (set_cell("Table 1", 4, 2, "many"), "Table 1, row 5, cell C5"),
    "a broken count in Table 2": (set_cell("Table 2", 6, 2, -3), "Table 2, row 7, cell C7"),
    "a broken subtotal in Table 3": (set_cell("Table 3", 3, 2, "x1"), "Table 3, row 4, cell C4"),
    "a table missing": (lambda book: book.pop("Table 4d"), "Tables 4 to 4h: expected a table of >4-12 weeks"),
    "the top bands missing": (
        lambda book: (book.pop("Table 4g"), book.pop("Table 4h")),
        "expected a table of >52-104 weeks, >104 weeks",
    ),
    "one of the two top bands missing": (lambda book: book.pop("Table 4h"), "expected a table of >104 weeks"),
    "an unknown band": (
        set_cell("Table 4g", 0, 0, "Number waiting >52-78 weeks by service, March 2025"),
        "Table 4g: expected a title that names a known wait band",
    ),
    "weeks and days that disagree": (
        set_cell("Table 4f", 0, 0, "Number waiting >18-52 weeks (85-126 days) by service, March 2025"),
        "Table 4f: expected a title that names a known wait band",
    ),
    "a band table without a title": (
        set_cell("Table 4c", 0, 0, "Sheet"),
        "Table 4c: expected a title that names the total waiting list or a wait band",
    ),
    "two tables for one band": (
        lambda book: book.update({"Table 4i": books.band_table("Table 4a")}),
        "Table 4i: expected a table that is not there yet; Table 4a has a title that says the same",
    ),
    "a title of two months": (
        set_cell("Table 4", 0, 0, "Total waiting list by service, March 2025 and April 2025"),
        "Table 4: expected a title that names one month",
    ),
    "a table without lines": (
        lambda book: book.update({"Table 4": [[books.BANDS["Table 4"][0]], ["a", "b"]]}),
        "Table 4: expected a header row with service lines",
    ),
    "a table with nothing but its title": (
        lambda book: book.update({"Table 4": [[books.BANDS["Table 4"][0]]]}),
        "Table 4: expected a header row with service lines",
    ),
    "a line missing from one table": (
        lambda book: [row.pop() for row in book["Table 4e"][4:]],
        f"Table 4e, row 5: expected the columns {SALT}, as in another table",
    ),
    "a line missing from Table 4 but not from Table 2": (
        lambda book: in_every_table_4(book, lambda row: row[:-1]),
        f"Table 4, row 5: expected the columns {SALT}",
    ),
    "no column of types": (
        lambda book: in_every_table_4(book, lambda row: row[1:]),
        "Table 4, row 5: expected a column Organisation Type",
    ),
    "no column of names": (
        lambda book: in_every_table_4(book, lambda row: [row[0], *row[3:]]),
        "Table 4, row 5: expected a column Organisation Name",
    ),
    "figures of nobody": (
        lambda book: book["Table 4a"].append(["Provider", None, None, 1, 2, 3, 4]),
        "Table 4a, row 11: expected an organisation code or name",
    ),
    "an unknown type of organisation": (
        set_cell("Table 4a", 8, 0, "Cluster"),
        "Table 4a, row 9, cell A9: expected a type such as Region, ICB or Provider",
    ),
    "figures before any type": (
        lambda book: [rows.insert(5, [None, "RDR", "X", 1, 2, 3, 4]) for rows in books.tables_4(book)],
        "Table 4, row 6, cell A6: expected a type",
    ),
    "a code that is none": (
        set_cell("Table 4a", 8, 1, "see note 2"), "Table 4a, row 9, cell B9: expected an organisation code"
    ),
    "no row for England": (lambda book: book["Table 4a"].pop(5), "Table 4a: expected a row for England"),
    "Table 2 without months": (
        lambda book: book["Table 2"].pop(2), "Table 2: expected a header row with months such as Apr-24"
    ),
    "Table 2 without months, its figures like day numbers": (
        lambda book: book.update(
            {"Table 2": [row if n < 2 else [row[0], *[45_000] * 12] for n, row in enumerate(book["Table 2"]) if n != 2]}
        ),
        "Table 2: expected a header row with months such as Apr-24",
    ),
    "Table 2 without lines": (
        lambda book: book["Table 2"].__delitem__(slice(6, None)), "Table 2, row 3: expected a column of service lines"
    ),
    "Table 3 without bands": (
        lambda book: book["Table 3"].pop(2), "Table 3: expected a header row with wait bands such as"
    ),
    "Table 1 of nothing but its title": (
        lambda book: book["Table 1"].__delitem__(slice(1, None)), "Table 1: expected a header row with months"
    ),
    "Table 1 without months": (lambda book: book["Table 1"].pop(2), "Table 1: expected a header row with months"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_breaks_its_contract_is_refused_whole(change, message: str):
    refused = refusal(change)

    assert message in str(refused)
    assert refused.code == "CONTRACT"


@pytest.mark.parametrize("cell", ["-12345", "see note 99", "#REF!"])
def test_a_message_never_repeats_the_value(cell: str):
    assert cell not in str(refusal(set_cell("Table 4", 9, 6, cell)))


EMPTY = {
    "header only": lambda book: keep_header(book["Table 4"]),
    "blank counts": lambda book: book.update(
        {"Table 4a": [row[:3] if n > 4 else row for n, row in enumerate(book["Table 4a"])]}
    ),
    "stars only": lambda book: book.update(
        {"Table 4a": [[*row[:3], *["*"] * 4] if n > 4 else row for n, row in enumerate(book["Table 4a"])]}
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", EMPTY.values(), ids=EMPTY.keys())
def test_a_table_without_a_single_count_is_refused(change):
    refused = refusal(change)

    assert refused.code == "EMPTY"
    assert "expected counts of those waiting" in str(refused)


MONTHS = {
    "Table 4c of another month": (
        set_cell("Table 4c", 0, 0, "Number waiting >2-4 weeks (15-28 days) by service, February 2025"),
        "Table 4c: expected the month that the title of Table 4 names",
    ),
    "Table 2 a month short": (
        lambda book: [row.pop() for row in book["Table 2"][2:]],
        "Table 2: expected figures up to the month that the title of Table 4 names",
    ),
    "Table 2 a month on": (
        lambda book: [row.append("Apr-25" if n == 0 else 5) for n, row in enumerate(book["Table 2"][2:])],
        "Table 2: expected figures up to the month",
    ),
    "no month anywhere": (
        lambda book: (
            book.pop("Table 2"),
            [untitle(rows) for rows in [*books.tables_4(book), book["Table 3"]]],
        ),
        "Tables 2 to 4h: expected a month in a title, or figures by month in Table 2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), MONTHS.values(), ids=MONTHS.keys())
def test_a_file_whose_month_is_not_certain_is_refused(change, message: str):
    refused = refusal(change)

    assert message in str(refused)
    assert refused.code == "PERIOD_UNCLEAR"


def test_a_required_table_that_is_hidden_is_missing():
    with pytest.raises(FileRefused, match=">4-12 weeks; a hidden sheet is not read"):
        books.parse(books.book(), hidden=["Table 4d"])


def test_a_table_of_more_organisations_than_there_are_is_refused():
    def many(book: Book) -> None:
        book["Table 4"] += [["Provider", f"X{n:04}", f"Trust {n}", 1, 1, 1, 1] for n in range(1001)]

    assert "at most 1,000 organisations" in str(refusal(many))


def test_a_workbook_says_itself_which_source_it_is_of():
    assert recognise(books.workbook(books.book()), name=None) is SOURCES["chs_sitrep"]
    assert recognise(books.workbook(books.book()), name="chs_sitrep") is SOURCES["chs_sitrep"]
    without_cover = books.workbook({"Table 4": books.band_table("Table 4")})
    assert recognise(without_cover, name=None) is SOURCES["chs_sitrep"]


@pytest.mark.parametrize("name", [None, "chs_sitrep"])
def test_a_workbook_of_no_known_source_is_refused(name: str | None):
    cover = [["Title:", "Referral to treatment"], ["Source:", "x"], ["Published:", "x"]]
    with pytest.raises(FileRefused, match="neither its headings nor its tables say so") as refused:
        recognise(books.workbook({"Cover": cover, "Table 4": [["RTT"]]}), name=name)

    assert refused.value.code == "UNKNOWN_SOURCE"


def test_a_source_that_does_not_exist_is_a_bad_argument():
    with pytest.raises(BadArgument, match=r"there are .*chs_sitrep") as refused:
        recognise(books.workbook(books.book()), name="chs")

    assert refused.value.field == "source"
