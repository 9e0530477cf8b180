"""What other workbooks of the collection may look like and still be read: where meaning is certain, looks differ."""

from datetime import date

import pytest

from tests import sitrep_books as books
from tests.sitrep_books import AUDIOLOGY, LINES, SALT, Book, bent, figure, findings
from waitlists.domain import Level, Marker, ParsedDelivery, Severity

PLAIN = books.parse(books.book())


def same_figures(delivery: ParsedDelivery) -> bool:
    """Whether the figures of the month are those of the plain book, whatever sheet or cell they stood in."""
    return values(delivery) == values(PLAIN)


def values(delivery: ParsedDelivery) -> dict[tuple[str, str, str], int | None]:
    return {(f.service, f.org, f.band): f.value for f in delivery.vintages[0].figures}


def rename(book: Book, old: str, new: str) -> None:
    book[new] = book.pop(old)


def in_every_table_4(book: Book, row: int, change) -> None:
    for rows in books.tables_4(book):
        rows[row] = change(rows[row])


def retitled(book: Book, change) -> None:
    for rows in [*books.tables_4(book), book["Table 3"]]:
        rows[0] = [change(rows[0][0])]


def new_order(book: Book) -> None:
    for rows in books.tables_4(book):
        rows[4:] = [[row[1], *reversed(row[3:]), row[2], row[0]] for row in rows[4:]]


def merged_headings(book: Book) -> None:
    for rows in books.tables_4(book):
        rows[3] = rows[4][:3]
        rows[4] = [None, None, None, *rows[4][3:]]


def totals_last(book: Book) -> None:
    for rows in books.tables_4(book):
        rows.append([None, *rows.pop(5)[1:]])


def fill_down(book: Book) -> None:
    for rows in books.tables_4(book):
        rows[9][0] = None


def notes_below(book: Book) -> None:
    for rows in books.tables_4(book):
        rows += [[], ["* Data for adult safeguarding is only published at national level"], [None, None, "Source: NHS"]]


def padded(book: Book) -> None:
    for name, rows in book.items():
        book[name] = [[*row, *[None] * 60] for row in rows] + [[None] * 60] * 40


def blank_texts(book: Book) -> None:
    for rows in book.values():
        for row in rows:
            row[:] = [" " if cell is None else cell for cell in row] + ["", "  "]
        rows.append([" ", ""])


def note_column(book: Book) -> None:
    in_every_table_4(book, 4, lambda row: [*row, None, "Notes"])
    in_every_table_4(book, 8, lambda row: [*row, None, "late return"])


def lower_case(book: Book) -> None:
    in_every_table_4(book, 4, lambda row: [str(cell).lower() if cell else cell for cell in row])
    for row in book["Table 2"][3:]:
        row[0] = row[0].replace("Speech and language", "speech and language ")


def text_numbers(book: Book) -> None:
    for rows in books.tables_4(book):
        rows[5:] = [[*row[:3], *(f"{cell:,}" for cell in row[3:])] for row in rows[5:]]


def other_months(book: Book) -> None:
    header = ["Service", *(date(2024 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(4, 16))]
    book["Table 2"][2] = header
    book["Table 1"][2] = ["Organisation Type", "Organisation Name", *header[1:]]


def swapped_letters(book: Book) -> None:
    book["Table 4g"], book["Table 4h"] = book["Table 4h"], book["Table 4g"]


TOLERATED = {
    "names of sheets in another case, with blanks": lambda book: (
        rename(book, "Table 4g", "4g"),
        rename(book, "Table 4h", "TABLE 4H "),
        rename(book, "Table 4", "Table 4 "),
    ),
    "titles without `by service`": lambda book: retitled(book, lambda title: title.replace(" by service", "")),
    "titles with the number of the table": lambda book: retitled(book, lambda title: f"Table 4x: {title}"),
    "titles with a long dash": lambda book: retitled(book, lambda title: title.replace("-", "\N{EN DASH}")),
    "titles with the number and no colon": lambda book: retitled(book, lambda title: f"Table 4x {title}"),
    "titles in other words": lambda book: retitled(
        book,
        lambda title: title.replace("Total waiting list", "Total number of people waiting").replace(
            "1 weeks", "1 week"
        ),
    ),
    "titles with a month of two digits": lambda book: retitled(book, lambda title: title.replace("2025", "25")),
    "blanks that are blank texts": blank_texts,
    "months marked as revised": lambda book: book["Table 2"].__setitem__(
        2, ["Service", *(f"{month} (r)" for month in books.MONTHS), "Mar-25 *"]
    ),
    "titles with a short month": lambda book: retitled(book, lambda title: title.replace("March", "Mar")),
    "titles without a month": lambda book: retitled(book, lambda title: title.replace(", March 2025", "")),
    "bands in the order of another year": swapped_letters,
    "columns in another order": new_order,
    "headings called level and name": lambda book: in_every_table_4(
        book, 4, lambda row: ["level", "code", "name", *row[3:]]
    ),
    "headings merged downwards": merged_headings,
    "headings merged over three rows": lambda book: (
        merged_headings(book),
        [rows.insert(4, []) for rows in books.tables_4(book)],
    ),
    "England called a total": lambda book: in_every_table_4(book, 5, lambda row: ["National", None, "Total", *row[3:]]),
    "a short note below a gap": lambda book: [
        rows.extend([[], [None, None, "Late return"]]) for rows in books.tables_4(book)
    ],
    "headings with note marks": lambda book: in_every_table_4(book, 4, lambda row: [f"{cell} **" for cell in row]),
    "lines in another letter case": lower_case,
    "a blank row between header and data": lambda book: [rows.insert(5, []) for rows in books.tables_4(book)],
    "rows above the title": lambda book: [rows.insert(0, [None]) for rows in books.tables_4(book)],
    "England in the last row, without a type": totals_last,
    "types only on the first row of a block": fill_down,
    "types in the plural": lambda book: in_every_table_4(book, 8, lambda row: ["Providers", *row[1:]]),
    "type words of early 2023": lambda book: in_every_table_4(book, 8, lambda row: ["Organisation", *row[1:]]),
    "a block heading of its own": lambda book: [rows.insert(8, ["Provider"]) for rows in books.tables_4(book)],
    "notes below the table": notes_below,
    "padded with blanks": padded,
    "a column of notes": note_column,
    "numbers saved as text": text_numbers,
    "real dates over Tables 1 and 2": other_months,
    "a cover page without most of its rows": lambda book: book.update({"Cover page": [books.cover()[6]]}),
    "the early layout": lambda book: book.update(books.early_2023(book)),
}


@pytest.mark.parametrize("change", TOLERATED.values(), ids=TOLERATED.keys())
def test_a_look_that_changes_no_meaning_changes_no_figure(change):
    delivery = bent(change)

    assert same_figures(delivery)
    assert delivery.period_end == books.MARCH
    assert delivery.published_on == date(2025, 5, 15)
    assert delivery.counts["quarantined"] == 0
    assert [v.period_end for v in delivery.vintages] == [v.period_end for v in PLAIN.vintages]
    assert {finding.code for finding in delivery.findings} <= {"missing_line", "publisher_note", "unknown_column"}


def test_of_two_sheets_with_one_title_the_one_called_as_its_table_is_read():
    other = [["National overview of waiting list metrics by sex, March 2025"], ["a", 1]]
    book = {"Table 9": books.band_table("Table 4a", scale=2), **books.book(), "Table 3x": other}

    delivery = books.parse(book)

    assert same_figures(delivery)
    assert [finding.sheet for finding in findings(delivery, "unknown_sheet")] == ["Table 9", "Table 3x"]


def test_headings_merged_over_three_rows_still_name_the_codes():
    delivery = bent(lambda book: (merged_headings(book), [rows.insert(4, []) for rows in books.tables_4(book)]))

    assert delivery.layout == PLAIN.layout == "coded-104"


def test_an_extra_sheet_is_said_and_not_read():
    extra = bent(lambda book: book.update({"Annex": [["Something else"]], "Empty": [[], [None]]}))

    assert same_figures(extra)
    assert [finding.sheet for finding in findings(extra, "unknown_sheet")] == ["Annex"]


def test_a_hidden_sheet_is_said_and_not_read():
    book = books.book() | {"Old": books.band_table("Table 4", scale=2)}

    hidden = books.parse(book, hidden=["Old"])

    assert same_figures(hidden)
    assert [finding.sheet for finding in findings(hidden, "hidden_sheet")] == ["Old"]


def test_a_new_provider_row_is_taken():
    def add(book: Book) -> None:
        for rows in books.tables_4(book):
            rows.append(["Provider", "RDR", "SUSSEX COMMUNITY NHS FOUNDATION TRUST", 0, 0, 0, 0])

    delivery = bent(add)

    assert figure(delivery, "SALT", "RDR") == 0
    assert not findings(delivery, "unknown_organisation")


def test_a_code_in_no_register_is_kept_under_the_code_and_said():
    delivery = bent(lambda book: in_every_table_4(book, 8, lambda row: ["Provider", "XX9", "A NEW TRUST", *row[3:]]))

    assert figure(delivery, "SALT", "XX9") == 480
    assert [(f.org, f.severity) for f in findings(delivery, "unknown_organisation")] == [("XX9", Severity.WARNING)]


def test_a_name_that_no_register_knows_stays_apart_under_its_own_name():
    delivery = bent(lambda book: in_every_table_4(book, 8, lambda row: ["Provider", None, "A New  Trust", *row[3:]]))

    assert figure(delivery, "SALT", "NAME:a new trust") == 480
    assert [f.org for f in findings(delivery, "name_without_code")] == ["NAME:a new trust"]
    assert ("NAME:a new trust", "A New Trust", Level.PROVIDER) in delivery.organisations


def test_a_known_name_without_a_code_gets_the_registers_code():
    delivery = bent(lambda book: in_every_table_4(book, 8, lambda row: ["Provider", "-", row[2].title(), *row[3:]]))

    assert same_figures(delivery)


def test_one_code_under_several_names_is_one_organisation():
    delivery = bent(lambda book: book["Table 4c"][7].__setitem__(2, "KENT AND MEDWAY STP"))

    assert same_figures(delivery)
    assert [o.name for o in delivery.organisations if o.code == "QKS"] == ["NHS KENT AND MEDWAY INTEGRATED CARE BOARD"]


def test_a_code_printed_at_another_level_than_registered_is_said():
    delivery = bent(lambda book: in_every_table_4(book, 8, lambda row: ["ICB", *row[1:]]))

    assert [f.org for f in findings(delivery, "level_differs")] == ["RYY"]


def test_a_total_that_says_not_whose_it_is_is_no_organisation():
    delivery = bent(lambda book: [rows.append([None, None, "Total", 1, 2, 3, 4]) for rows in books.tables_4(book)])

    assert same_figures(delivery)
    assert len(findings(delivery, "unknown_row")) == 9


def test_an_unknown_line_is_put_aside_counted_and_named():
    def add(book: Book) -> None:
        in_every_table_4(book, 4, lambda row: [*row, "(CYP) Play therapy"])
        in_every_table_4(book, 8, lambda row: [*row, 12])

    delivery = bent(add)

    assert same_figures(delivery)
    assert delivery.counts["quarantined"] == 9
    (finding,) = findings(delivery, "unknown_line")
    assert "(CYP) Play therapy" in finding.sentence
    assert "Table 4, Table 4a" in finding.sentence


def test_a_line_missing_from_the_whole_file_is_said():
    def drop(book: Book) -> None:
        for rows in books.tables_4(book):
            rows[4:] = [row[:-1] for row in rows[4:]]
        for name in ("Table 2", "Table 3"):
            book[name] = [row for row in book[name] if row[0] != SALT]

    delivery = bent(drop)

    assert "SALT" in {finding.service for finding in findings(delivery, "missing_line")}


def test_a_row_missing_from_one_band_is_said():
    delivery = bent(lambda book: book["Table 4c"].pop())

    assert [(f.org, f.sheet) for f in findings(delivery, "row_missing")] == [("NQ7", "Table 4c")]


def test_kinds_of_nothing_are_kept_apart():
    def change(book: Book) -> None:
        book["Table 4"][9][3:] = ["*", None, "", 0]

    delivery = bent(change)
    row = {f.service: f for f in delivery.vintages[0].figures if f.org == "NQ7" and f.band == "total"}

    assert set(row) == {"ADULT_AUDIOLOGY", "SALT"}
    assert (row["ADULT_AUDIOLOGY"].marker, row["ADULT_AUDIOLOGY"].value) == (Marker.SUPPRESSED, None)
    assert (row["SALT"].marker, row["SALT"].value) == (Marker.NUMBER, 0)
    assert delivery.counts["suppressed"] == 1
    assert delivery.counts["not_submitted"] == 2


def test_a_foreign_marker_is_unknown_and_not_zero():
    delivery = bent(lambda book: book["Table 4"][9].__setitem__(6, "<5"))

    assert ("SALT", "NQ7", "total") not in values(delivery)
    assert delivery.counts["quarantined"] == 1
    assert [(f.service, f.org, f.cell) for f in findings(delivery, "unknown_marker")] == [("SALT", "NQ7", "G10")]


def test_the_same_row_twice_is_taken_once():
    delivery = bent(lambda book: book["Table 4"].append(list(book["Table 4"][9])))

    assert same_figures(delivery)
    assert [(f.org, f.sheet) for f in findings(delivery, "duplicate_same_value")] == [("NQ7", "Table 4")]


def test_two_values_for_one_list_are_both_put_aside():
    def change(book: Book) -> None:
        book["Table 4"] += [[*book["Table 4"][9][:6], 7], [*book["Table 4"][9][:6], 8]]

    delivery = bent(change)

    assert ("SALT", "NQ7", "total") not in values(delivery)
    assert figure(delivery, "CYP_AUDIOLOGY", "NQ7") == 80
    assert delivery.counts["quarantined"] == 3
    (finding,) = findings(delivery, "duplicate_different_value")
    assert (finding.service, finding.org, finding.severity) == ("SALT", "NQ7", Severity.ERROR)


def test_a_line_in_two_columns_follows_the_same_rule():
    def change(book: Book) -> None:
        in_every_table_4(book, 4, lambda row: [*row, row[-1].lower()])
        for row in range(5, 10):
            in_every_table_4(book, row, lambda cells: [*cells, cells[-1]])

    assert same_figures(bent(change))


@pytest.mark.parametrize("code", ["publisher_note"])
def test_a_note_of_the_publisher_is_kept_and_said_once(code: str):
    note = "** Increased Community paediatric service waiting lists reflect a new pathway"

    delivery = bent(lambda book: [rows.insert(2, [note]) for rows in [*books.tables_4(book), book["Table 3"]]])

    assert note in delivery.notes
    (finding,) = [f for f in findings(delivery, code) if "pathway" in f.sentence]
    assert finding.service == "COMM_PAEDS"
    assert finding.sentence.startswith("The publisher notes: Increased")


def test_a_note_that_stands_on_every_workbook_is_no_news():
    note = "A handful of submitters have been affected by a recent cyber incident, causing an increase"

    delivery = bent(lambda book: book["Table 1"][1].__setitem__(0, note))

    assert delivery.notes == (note,)
    assert not findings(delivery, "publisher_note")


def test_a_note_on_the_cover_is_kept_and_a_lone_word_is_not():
    note = "Please note: this month has seen an increase in the waiting list for the community paediatric service!"

    delivery = bent(lambda book: book["Cover page"].extend([[], [note, 7], ["Draft"]]))

    assert delivery.notes[0] == note
    assert "Draft" not in delivery.notes
    assert findings(delivery, "publisher_note")[0].sentence == f"The publisher notes: {note[:-1]}."


def test_a_note_that_names_two_services_is_about_the_file():
    note = "** Audiology figures of two trusts were left out of Table 4"

    delivery = bent(lambda book: book["Table 4"].insert(2, [note]))

    assert {f.service for f in findings(delivery, "publisher_note")} == {None}


def test_a_synthetic_workbook_says_so():
    assert not PLAIN.is_synthetic
    assert bent(lambda book: book["Cover page"][0].__setitem__(1, "SYNTHETIC waiting times")).is_synthetic
    assert bent(lambda book: book["Cover page"][2].__setitem__(1, "Synthetic figures")).is_synthetic


def test_a_later_revision_counts_as_the_publication():
    assert bent(lambda book: book["Cover page"][7].__setitem__(1, "12 June 2025")).published_on == date(2025, 6, 12)


@pytest.mark.parametrize(
    "row",
    [
        ["Published:", "15 May 2025"],
        ["Published", "Thursday 15th May 2025, 9:30am"],
        ["Publication date:", date(2025, 5, 15)],
        ["Date published: 15/05/2025"],
        [None, "Published:", None, 45792],
    ],
)
def test_the_day_of_publication_is_found_however_it_is_put(row: list[object]):
    delivery = bent(lambda book: book["Cover page"].__setitem__(6, row))

    assert delivery.published_on == date(2025, 5, 15)
    assert not findings(delivery, "published_date_unclear")


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book["Cover page"][6].__setitem__(1, "15 May 2025, corrected 3 June 2025"),
        lambda book: book.pop("Cover page"),
        lambda book: book["Cover page"].pop(6),
        lambda book: book["Cover page"][6].__setitem__(1, "soon"),
        lambda book: book["Cover page"][6].__setitem__(1, "15/05/2024"),
        lambda book: book["Cover page"][6].__setitem__(1, "31/03/2025"),
        lambda book: book["Cover page"][6].pop(),
    ],
)
def test_without_a_believable_day_of_publication_none_is_given(change):
    delivery = bent(change)

    assert delivery.published_on is None
    assert len(findings(delivery, "published_date_unclear")) == 1
    assert {finding.known_from for finding in delivery.findings} == {books.MARCH}


def test_a_financial_year_on_the_cover_that_does_not_hold_the_month_is_said():
    delivery = bent(lambda book: book["Cover page"][3].__setitem__(1, "01 April 2023 - 31 March 2024"))

    assert len(findings(delivery, "period_differs")) == 1


def test_dates_saved_as_numbers_follow_the_files_date_system():
    book = books.book()
    book["Cover page"][6][1] = 45792
    assert books.parse(book).published_on == date(2025, 5, 15)

    book["Cover page"][6][1] = 45792 - 1462
    assert books.parse(book, uses_1904=True).published_on == date(2025, 5, 15)


def test_audiology_of_adults_and_of_children_are_two_lists():
    assert figure(PLAIN, "ADULT_AUDIOLOGY", "ENG") == 100
    assert figure(PLAIN, "CYP_AUDIOLOGY", "ENG") == 200
    assert len(LINES) == len({AUDIOLOGY, *LINES})


def test_the_order_of_rows_and_sheets_does_not_matter():
    def shuffle(book: Book) -> None:
        for rows in books.tables_4(book):
            rows[5:] = rows[:4:-1]
        for name in sorted(book, reverse=True):
            rename(book, name, name)

    assert same_figures(bent(shuffle))
