"""Weekly returns as hands and spreadsheets leave them: merged cells, rows of totals, names for codes, odd numbers."""

import pytest

from tests import returns
from tests.returns import WEEK, counts_of, flows, parsed, parsed_csv, sentences, waiting
from waitlists.domain import Marker, Severity
from waitlists.errors import FileRefused
from waitlists.ingest import recognise
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.ingest.weekly_return import parse
from waitlists.ingest.weekly_return_words import count_in

ROWS = [*waiting(), *flows(referrals=9, removed={"seen": 3})]


@pytest.mark.parametrize("place", [0, 1, 3])
@pytest.mark.parametrize("word", ["Total", "Grand total", "TOTALS:", " sum "])
def test_a_row_of_totals_is_not_read_and_said(place: int, word: str):
    total = tuple(word if column == place else 48 if column == 7 else None for column in range(8))
    delivery = parsed([*ROWS, (), total])
    assert delivery.counts == parsed(ROWS).counts
    assert sentences(delivery, "total_row") == ["Sheet Return, row 13: a row of totals; it was not read."]
    assert {one.severity for one in delivery.findings if one.code == "total_row"} == {Severity.INFO}


@pytest.mark.parametrize(
    "row",
    [
        (WEEK, "RYY", "SALT", None, None, "total", None, 48),
        (None, None, None, None, None, "total", "total", 48),
        (None, None, None, "Total", "waiting", None, None, 48),
    ],
)
def test_a_row_that_may_be_of_a_list_is_no_row_of_totals(row):
    delivery = parsed([*ROWS, *waiting("COMM_PAEDS"), row])
    assert sentences(delivery, "total_row") == []
    assert delivery.counts["quarantined"] >= 1


def test_a_file_of_which_nothing_can_be_used_names_the_cause_and_not_what_it_holds_back():
    with pytest.raises(FileRefused, match="no row can be used; Sheet Return, row 10, measure: expected waiting, refe"):
        parsed([*waiting(), (WEEK, "RYY", "SALT", None, "seen", None, None, 1)])


@pytest.mark.parametrize(("column", "name"), [(0, "week_ending"), (2, "service"), (4, "measure")])
def test_blanks_of_merged_cells_are_told_with_what_to_do(column: int, name: str):
    rows = [row if n == 0 else (*row[:column], None, *row[column + 1 :]) for n, row in enumerate(waiting())]
    with pytest.raises(FileRefused, match=rf"row 3, {name}: expected .*; the cell is blank: write it on every row"):
        parsed(rows)


def test_a_day_number_in_a_text_is_called_one():
    rows = [("46341", *row[1:]) for row in waiting()]
    with pytest.raises(FileRefused, match="this is a spreadsheet's day number, give it the format Date"):
        parsed_csv(rows)
    assert parsed([(46341, *row[1:]) for row in waiting()]).period_end == WEEK


@pytest.mark.parametrize("text", ["<5", "<=5", "\u22645", "fewer than 8", "up to 7", "5 or fewer", "7 or less", "*"])
def test_a_count_that_is_kept_back_may_be_written_in_many_ways(text: str):
    assert count_in(text).marker is Marker.SUPPRESSED


@pytest.mark.parametrize("text", ["-3", -3, 1.5, "N/A", "-", "1 234", "1.234", "5*", ">5", "~10", "O", "1e3", True])
def test_a_count_that_is_none_is_told_what_may_be_written(text):
    (sentence,) = sentences(parsed([*ROWS, *flows("COMM_PAEDS", referrals=text)]), "count_unclear")
    assert sentence == (
        "Sheet Return, row 12, count: expected a whole number from 0 to 500,000 in digits; write 0 where there are"
        " none, nothing where you do not know, * where it is kept back."
    )


def test_a_service_may_be_named_exactly_and_a_part_of_its_name_leads_to_it():
    assert parsed(waiting("Speech and language  therapy for children")).vintages[0].scope == "RYY/SALT"
    (sentence,) = sentences(parsed([*ROWS, *flows("Speech and language therapy", referrals=1)]), "unknown_service")
    assert "SALT (Speech and language therapy for children)" in sentence


def test_sheets_that_contradict_each_other_are_both_named():
    first, second = returns.book(waiting(), name="A"), returns.book(waiting(counts=[9] * 8), name="B")
    delivery = parse(Workbook((*first.sheets, *second.sheets, *returns.book(flows(referrals=1), name="C").sheets)))
    said = sentences(delivery, "conflicting_rows")
    assert len(said) == 8
    assert said[0].startswith("Sheet A, row 2; Sheet B, row 2: the bands of the list of Speech and language therapy")
    assert "(sheet A row 2, sheet B row 2); send one of them" in said[0]
    assert counts_of(delivery, "waiting") == {}


def test_a_file_of_no_known_kind_is_told_where_returns_and_records_begin():
    wide = (("week_ending", "provider", "service", "0-1", ">1-2"), (WEEK, "RYY", "SALT", 1, 2))
    for sheet in (Sheet("S", wide), Sheet("S", tuple(map(tuple, ROWS)))):
        with pytest.raises(FileRefused, match="the headings that `waitlists template weekly-return` writes") as refused:
            recognise(Workbook((sheet,)), name=None)
        assert refused.value.code == "UNKNOWN_SOURCE"


def test_a_column_for_each_band_is_told_what_a_return_has_instead():
    wide = (("Return",), ("week_ending", "provider", "service", "0-1", ">1-2"), (WEEK, "RYY", "SALT", 1, 2))
    said = (
        "Sheet S, row 2 has columns of a weekly return, a row for each band and reason, "
        "and lacks waiting_for, measure, band, reason, count"
    )
    with pytest.raises(FileRefused) as refused:
        recognise(Workbook((Sheet("T", ()), Sheet("S", wide))), name=None)
    assert said in str(refused.value)


@pytest.mark.parametrize("is_hidden", [False, True])
def test_a_list_of_referrals_beside_a_return_is_said_and_the_file_not_kept(is_hidden):
    sheets = (
        *returns.book(waiting()).sheets,
        Sheet("Guide", (("How to fill this in",), ("count:", "whole numbers", "from 0"))),
    )
    assert parse(Workbook(sheets)).is_kept
    listed = Sheet("Data", (("key", "team", "received", "stage"), ("a", "b", WEEK, "c")), is_hidden=is_hidden)
    delivery = parse(Workbook((*sheets, listed)))
    (said,) = sentences(delivery, "unread_sheet")
    assert said == "Sheet Data holds a table that is no return; it was not read, and the file is not kept."
    assert (delivery.is_kept, counts_of(delivery, "waiting")["total"]) == (False, 36)


def test_headings_that_stand_again_between_the_rows_are_passed_over_and_said():
    delivery = parsed([*waiting(), returns.HEADINGS, *flows(referrals=3)])
    assert counts_of(delivery, "referrals") == {"total": 3}
    (said,) = sentences(delivery, "repeated_header")
    assert said == "Sheet Return, row 10: the headings again; they were not read."
    odd = parsed([*waiting(), (WEEK, "RYY", "ASD", None, "measure", None, None, 4)])
    assert len(sentences(odd, "unknown_measure")) == 1


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("Speech & Language", "expected the code of a service; near: SALT (Speech and language therapy for children)"),
        ("ADULT_SPEECH_AND_LANGUAGE", "expected a service for children; leave out lists of adults"),
        ("Podiatry for adults only", "expected the code of a service."),
    ],
)
def test_a_list_of_adults_is_neither_taken_nor_proposed(service: str, expected: str):
    delivery = parsed([*waiting(), *flows(service, referrals=4)])
    (said,) = sentences(delivery, "unknown_service")
    assert said.startswith(f"Sheet Return, row 10, service: {expected}")


@pytest.mark.parametrize("whole", [None, "*", 36])
def test_single_weeks_beside_a_list_that_is_not_whole_are_put_aside_with_it(whole):
    total = [(WEEK, "RYY", "SALT", "first_contact", "waiting", "total", None, whole)] if whole else []
    weeks = waiting(counts=[20, 16], bands=["0", "52"])
    delivery = parsed([*waiting()[:3], *total, *weeks, *waiting("COMM_PAEDS")])
    assert counts_of(delivery, "weeks") == counts_of(delivery, "waiting") == {}
    assert len(sentences(delivery, "bands_missing")) == 1
    (sentence,) = sentences(delivery, "weeks_without_bands")
    assert sentence.endswith("stand beside a list that cannot be used; correct its bands first.")
