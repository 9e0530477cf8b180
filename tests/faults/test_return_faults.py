"""Faults I01, I02, I05, I06, I07, I09, I12, I13 and I20 on weekly returns."""

from datetime import date

import pytest

from tests import returns
from tests.returns import WEEK, counts_of, flows, parsed, parsed_csv, sentences, waiting
from waitlists.domain import Marker
from waitlists.errors import FileRefused
from waitlists.ingest import delimited
from waitlists.ingest.sheets import EMPTY_FORMULA, ERROR_CELL, Sheet, Workbook
from waitlists.ingest.weekly_return import parse
from waitlists.ingest.weekly_return_words import HEADINGS


def refusal(book: Workbook) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        parse(book)
    return refused.value


def test_i01_headings_without_rows_are_empty():
    assert refusal(returns.book([])).code == "EMPTY"
    assert refusal(delimited.read(",".join(HEADINGS).encode())).code == "EMPTY"


@pytest.mark.parametrize("kept", [2, 3, 4, 5])
def test_i04_a_row_that_ends_early_is_put_aside_and_a_note_is_not(kept: int):
    """Whoever cut it off may have ended its line; of a service it names, everything waits for the row to be mended."""
    lines = returns.as_csv(waiting()).decode().splitlines()
    row = ",".join(lines[-1].split(",")[:kept])
    delivery = parse(delimited.read("\r\n".join([*lines, "checked by hand", ""]).encode()))
    assert delivery.counts["quarantined"] == 0
    other = [*flows("COMM_PAEDS", referrals=3)]
    whole = returns.as_csv([*waiting(), *other]).decode().rstrip()
    found = parse(delimited.read(f"{whole}\r\n{row}\r\n".encode()))
    assert found.counts["quarantined"] >= 1
    assert any("expected" in finding.sentence for finding in found.findings)


@pytest.mark.parametrize("left", range(8))
def test_i02_a_missing_column_refuses_the_file_and_is_named(left: int):
    rows = [tuple(cell for n, cell in enumerate(row) if n != left) for row in (HEADINGS, *waiting())]
    error = refusal(Workbook((Sheet("Return", tuple(rows)),)))
    assert (error.code, str(error)) == (
        "CONTRACT",
        f"Sheet Return, row 1: expected columns named {HEADINGS[left]}; use the template's headings",
    )


def test_i02_a_column_twice_refuses_the_file():
    rows = [(*row, row[-1]) for row in (HEADINGS, *waiting())]
    assert "only one column each named count" in str(refusal(Workbook((Sheet("", tuple(rows)),))))


def test_i02_an_unknown_column_is_a_warning():
    rows = [(*HEADINGS, "Comment"), *((*row, "x") for row in waiting())]
    delivery = parse(Workbook((Sheet("Return", tuple(rows)),)))
    assert sentences(delivery, "unknown_column") == [
        "Sheet Return, row 1: columns that are not read: Comment; the file itself is not kept."
    ]
    assert counts_of(delivery, "waiting")["total"] == 36


@pytest.mark.parametrize(
    "week", ["31/02/2025", "01/13/2025", "46341", "1900-01-01", "9999-12-31", "0001-01-01", 46341.5]
)
def test_i05_a_date_that_no_rule_reads_is_put_aside(week: str):
    delivery = parsed([*waiting(), *flows("COMM_PAEDS", referrals=3, week=week)])
    assert [vintage.period_end for vintage in delivery.vintages] == [WEEK]
    assert delivery.counts["quarantined"] == 1


@pytest.mark.parametrize(
    "week", ["15/11/2026", "15/11/26", "2026-11-15", "15 November 2026", 46341, date(2026, 11, 15)]
)
def test_i05_days_are_read_day_first_by_one_rule(week: str):
    assert counts_of(parsed(waiting(week=week)), "waiting")["total"] == 36


@pytest.mark.parametrize("count", ["*", "<5", "< 8", "fewer than 8", "less than 5"])
def test_i07_suppression_markers_are_understood(count: str):
    delivery = parsed_csv(flows(referrals=count))
    (figure,) = delivery.vintages[0].figures
    assert (figure.value, figure.marker) == (None, Marker.SUPPRESSED)
    assert delivery.counts["suppressed"] == 1


@pytest.mark.parametrize(
    "count", [-1, "-1", 2.5, "2.5", 1e9, "1e9", "500001", "NULL", "-", "#REF!", ERROR_CELL, EMPTY_FORMULA, True, "c"]
)
def test_i07_what_is_no_count_is_put_aside_with_its_row(count: object):
    delivery = parsed([*waiting("COMM_PAEDS"), *flows(referrals=count)])
    assert counts_of(delivery, "referrals") == {}
    (sentence,) = sentences(delivery, "count_unclear")
    assert sentence.startswith("Sheet Return, row 10, count: expected a whole number")


@pytest.mark.parametrize("count", ["1,234", "1234.0", 1234.0, " 1234 "])
def test_i07_whole_numbers_saved_as_text_are_taken(count: object):
    assert counts_of(parsed(flows(referrals=count)), "referrals") == {"total": 1234}


@pytest.mark.parametrize("count", ["1.000", "2.500", "1.000.000", "1 234", "12,34"])
def test_i07_a_thousand_written_the_continental_way_is_none_and_never_1(count: object):
    assert len(sentences(parsed([*waiting(), *flows(referrals=count)]), "count_unclear")) == 1


def test_i12_a_file_of_bad_rows_is_refused_whole():
    error = refusal(returns.book([*waiting(counts=["x"] * 8), *flows(service="SALTY", referrals=1)]))
    assert error.code == "NOTHING_USABLE"
    assert "row 2, count: expected a whole number" in str(error)


def test_i13_unknown_codes_are_put_aside_and_successors_are_said():
    delivery = parsed([*waiting("CAMHS", provider="RAT"), *flows("CAMHS", referrals=1, provider="ZZZ9")])
    assert len(sentences(delivery, "unknown_provider")) == 1
    assert len(sentences(delivery, "succeeded_provider")) == 1


def test_i20_a_return_on_a_hidden_sheet_alone_is_no_return():
    from waitlists.ingest.weekly_return import recognises

    assert not recognises(returns.book(waiting(), is_hidden=True))
    assert recognises(returns.book(waiting()))
