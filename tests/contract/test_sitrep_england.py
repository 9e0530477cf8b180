"""Tables 1 to 3: England's own series, who sent nothing, and what the workbook says twice."""

from dataclasses import replace
from datetime import date

import pytest

from tests import sitrep_books as books
from tests.sitrep_books import SALT, Book, bent, findings
from waitlists.domain import NonSubmission, ParsedDelivery, Severity
from waitlists.ingest import community_sitrep

FEBRUARY = date(2025, 2, 28)
PLAIN = books.parse(books.book())


def row_of(rows: books.Rows, label: str) -> list[object]:
    return next(row for row in rows if row and row[0] == label)


def england(delivery: ParsedDelivery, month: date) -> dict[str, int | None]:
    vintage = next(v for v in delivery.vintages if v.period_end == month and v.source == "chs_sitrep_t2")
    return {figure.service: figure.value for figure in vintage.figures}


def test_earlier_months_of_table_2_are_englands_series():
    assert len(PLAIN.vintages) == 12
    assert england(PLAIN, FEBRUARY) == {"ADULT_AUDIOLOGY": 90, "CYP_AUDIOLOGY": 180, "COMM_PAEDS": 360, "SALT": 720}


def test_months_to_come_are_no_months():
    def more(book: Book) -> None:
        for n, row in enumerate(book["Table 2"][2:]):
            row.extend(["Apr-25", "May-25"] if n == 0 else [None, ""])

    assert [v.period_end for v in bent(more).vintages] == [v.period_end for v in PLAIN.vintages]


def test_a_gap_among_the_months_stays_a_gap():
    delivery = bent(lambda book: [row.__setitem__(11, None) for row in book["Table 2"][3:]])

    assert FEBRUARY not in {vintage.period_end for vintage in delivery.vintages}


def test_a_star_or_a_blank_in_table_2_is_no_number():
    def change(book: Book) -> None:
        row_of(book["Table 2"], SALT)[11] = "*"
        row_of(book["Table 2"], books.AUDIOLOGY)[11] = None

    delivery = bent(change)

    assert england(delivery, FEBRUARY) == {"ADULT_AUDIOLOGY": 90, "COMM_PAEDS": 360, "SALT": None}
    assert (delivery.counts["suppressed"], delivery.counts["not_submitted"]) == (1, 1)


def test_a_foreign_marker_in_table_2_is_unknown_and_said():
    delivery = bent(lambda book: row_of(book["Table 2"], SALT).__setitem__(11, "-"))

    assert "SALT" not in england(delivery, FEBRUARY)
    assert delivery.counts["quarantined"] == 1
    assert [(f.service, f.cell, f.period_end) for f in findings(delivery, "unknown_marker")] == [
        ("SALT", "L10", FEBRUARY)
    ]


def test_a_month_printed_twice_is_put_aside_where_it_differs():
    def change(book: Book) -> None:
        book["Table 2"][2][10] = "Feb-25"
        row_of(book["Table 2"], SALT)[10] = 700

    delivery = bent(change)

    assert england(delivery, FEBRUARY) == {"ADULT_AUDIOLOGY": 90, "CYP_AUDIOLOGY": 180, "COMM_PAEDS": 360}
    assert date(2025, 1, 31) not in {vintage.period_end for vintage in delivery.vintages}
    (finding,) = findings(delivery, "duplicate_different_value")
    assert (finding.service, finding.period_end) == ("SALT", FEBRUARY)
    assert "one column may be another month, perhaps January 2025, which has none." in finding.sentence
    assert delivery.counts["quarantined"] == 2


def test_a_month_printed_twice_beside_no_hole_is_put_aside_too():
    def change(book: Book) -> None:
        for n, row in enumerate(book["Table 2"][2:]):
            row.append("Feb-25" if n == 0 else 5)

    (finding,) = [f for f in findings(bent(change), "duplicate_different_value") if f.service == "SALT"]

    assert "one column may be another month." in finding.sentence


def test_subtotals_and_other_counts_are_no_services():
    delivery = bent(lambda book: book["Table 2"].insert(4, ["Number of missing submissions (England)", *[3] * 12]))

    assert england(delivery, FEBRUARY) == england(PLAIN, FEBRUARY)
    assert not findings(delivery, "unknown_row")


@pytest.mark.parametrize(("label", "code"), [("(CYP) Play therapy", "unknown_line"), ("Something else", "unknown_row")])
def test_a_row_that_no_register_knows_is_said(label: str, code: str):
    delivery = bent(lambda book: book["Table 2"].append([label, *[3] * 12]))

    assert [f.sheet for f in findings(delivery, code)] == ["Table 2"]


def test_a_footnote_of_table_2_is_a_note():
    note = "* Figures of two trusts are estimates in this release"

    assert note in bent(lambda book: book["Table 2"].extend([[], [note]])).notes


def test_table_2_that_differs_from_table_4_is_said():
    delivery = bent(lambda book: row_of(book["Table 2"], SALT).__setitem__(12, 801))

    (finding,) = findings(delivery, "table2_differs")
    assert (finding.service, finding.org, finding.cell, finding.severity) == ("SALT", "ENG", "M10", Severity.WARNING)
    assert [f.period_end for f in findings(delivery, "subtotal_differs")] == [books.MARCH] * 2


@pytest.mark.parametrize(("name", "column"), [("Table 2", 12), ("Table 3", 1)])
def test_a_figure_that_only_table_4_prints_is_said(name: str, column: int):
    delivery = bent(lambda book: row_of(book[name], SALT).__setitem__(column, None))

    (finding,) = findings(delivery, "table2_differs" if name == "Table 2" else "table3_differs")
    assert (finding.service, finding.severity) == ("SALT", Severity.INFO)


def test_table_3_that_differs_from_table_4_is_said():
    delivery = bent(lambda book: row_of(book["Table 3"], SALT).__setitem__(2, 81))

    (finding,) = findings(delivery, "table3_differs")
    assert (finding.service, finding.sheet, finding.cell) == ("SALT", "Table 3", "C10")
    assert "Table 4a, which is used" in finding.sentence
    assert "0-1 weeks" in findings(delivery, "subtotal_differs")[0].sentence


def test_a_figure_on_one_side_only_is_a_note_without_the_figure():
    delivery = bent(lambda book: book["Table 4h"][5].__setitem__(6, None))

    (finding,) = findings(delivery, "table3_differs")
    assert finding.severity is Severity.INFO
    assert not any(
        character.isdigit()
        for character in finding.sentence.replace("J10", "").replace("Table 3", "").replace("Table 4h", "")
    )


def test_a_band_that_only_table_3_prints_is_left_alone():
    def change(book: Book) -> None:
        for n, row in enumerate(book["Table 3"][2:]):
            row.append("Waiting >52 weeks" if n == 0 else 5)

    assert not findings(bent(change), "table3_differs")


def test_a_subtotal_of_the_total_that_is_wrong_is_said():
    delivery = bent(lambda book: row_of(book["Table 3"], "Adult services").__setitem__(1, 7))

    (finding,) = findings(delivery, "subtotal_differs")
    assert "(adult services, the total)" in finding.sentence
    assert finding.details == {"printed": 7, "added": 100}


def test_a_subtotal_may_exceed_lines_that_are_kept_back_but_not_fall_short():
    def hide(book: Book) -> None:
        row_of(book["Table 3"], SALT)[1] = "*"

    assert not findings(bent(hide), "subtotal_differs")

    def short(book: Book) -> None:
        hide(book)
        row_of(book["Table 3"], "CYP services")[1] = 599

    assert len(findings(bent(short), "subtotal_differs")) == 1


@pytest.mark.parametrize("name", ["Table 1", "Table 2", "Table 3"])
def test_a_missing_table_of_england_is_said_and_no_reason_to_refuse(name: str):
    delivery = bent(lambda book: book.pop(name))

    assert delivery.vintages[0].figures == PLAIN.vintages[0].figures
    assert [name in finding.sentence for finding in findings(delivery, "missing_table")] == [True]


def test_table_1_counts_who_sent_nothing():
    assert NonSubmission("ENG", date(2024, 5, 31), 2) in PLAIN.non_submissions
    assert NonSubmission("QKS", books.MARCH, 1) in PLAIN.non_submissions
    assert PLAIN.providers_in_scope == 146


def test_table_1_without_a_scope_in_its_title_gives_none():
    title = "Number of organisations that did not submit data at national, regional and ICB level"

    assert bent(lambda book: book["Table 1"].__setitem__(0, [title])).providers_in_scope is None


def test_an_area_twice_in_table_1_counts_once_and_a_blank_not_at_all():
    def change(book: Book) -> None:
        book["Table 1"] += [["ICB", "Kent and Medway", 9, None]]

    assert bent(change).non_submissions == PLAIN.non_submissions


def overlapping(parts: tuple[str, ...]) -> ParsedDelivery:
    book = books.book()
    whole = books.band_table("Table 4g", scale=2)
    whole[0] = ["Number waiting over 52 weeks (over 365 days) by service, March 2025"]
    for name in {"Table 4g", "Table 4h"} - set(parts):
        del book[name]
    return books.parse(book | {"Table 4x": whole})


@pytest.mark.parametrize(
    ("parts", "kept", "left_out"),
    [
        (("Table 4g", "Table 4h"), {">52-104", ">104"}, ["Table 4x"]),
        (("Table 4h",), {">52"}, ["Table 4h"]),
        ((), {">52"}, []),
    ],
)
def test_nobody_counts_twice_where_tables_over_52_weeks_overlap(parts, kept: set[str], left_out: list[str]):
    delivery = overlapping(parts)

    assert {f.band for f in delivery.vintages[0].figures} & {">52", ">52-104", ">104"} == kept
    assert [f.sheet for f in findings(delivery, "overlapping_bands")] == left_out


def test_formulas_are_said_since_their_saved_values_may_be_stale():
    book = books.workbook(books.book())
    sheet = next(sheet for sheet in book.sheets if sheet.name == "Table 4")
    sheets = tuple(replace(s, formulas=12) if s is sheet else s for s in book.sheets)

    (finding,) = findings(community_sitrep.parse(replace(book, sheets=sheets)), "formula_values")

    assert finding.sheet == "Table 4"
    assert "12 formulas" in finding.sentence


def test_a_kind_of_finding_met_very_often_is_listed_in_part():
    def change(book: Book) -> None:
        for n in range(150):
            for rows in books.tables_4(book)[:2]:
                rows.append(["Provider", f"X{n:03}", f"TRUST {n}", "-", "-", 1, 1])

    delivery = bent(change)
    said = findings(delivery, "unknown_marker")

    assert len(said) == 201
    assert said[-1].sentence == "400 more findings of the kind unknown_marker are not listed."
    assert delivery.counts["quarantined"] == 600
