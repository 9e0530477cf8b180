"""What the sender of an extract is told of rows that broke a rule."""

from dataclasses import replace

import pytest

from tests.extracts import csv_of, read, read_rows, row
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_told import Broken

DAY_FIRST = ProviderMapping(date_format="DD/MM/YYYY", columns={"first_care_contact_date": "Seen"})


@pytest.mark.parametrize(
    ("broken", "begins", "ends"),
    [
        (Broken("R_CELLS", "", 1, (7,)), "R_CELLS, rows: 1 (row 7). The row", "which."),
        (
            Broken("R_ID_SHAPE", "pseudonym_id", 4, (2, 3, 9)),
            "R_ID_SHAPE at pseudonym_id, rows: 4 (rows 2, 3, 9 and more). An identifier",
            "It holds 16 to 64 characters of A-Z a-z 0-9 - _; never 10 digits.",
        ),
        (
            Broken("R_DATE_INVALID", "first_care_contact_date", 2, (2, 1_003)),
            "R_DATE_INVALID at first_care_contact_date (mapped from Seen), rows: 2 (rows 2, 1,003). The date",
            "Declared: DD/MM/YYYY.",
        ),
        (
            Broken("R_UNKNOWN_CODE", "age_band", 1, (2,)),
            "R_UNKNOWN_CODE at age_band, rows: 1 (row 2). The code",
            "18-25. See that no spreadsheet made a date of a band such as 5-10.",
        ),
        (
            Broken("R_UNKNOWN_CODE", "clock_stop_reason", 1, (2,)),
            "R_UNKNOWN_CODE at clock_stop_reason, rows: 1 (row 2). The code",
            "died | data_correction.",
        ),
        (Broken("R_FUTURE", "clock_stop_date", 1, (2,)), "R_FUTURE at clock_stop_date", "the day of the snapshot."),
        (Broken("X_ADULT", "", 3), "X_ADULT, rows: 3. The age", "these lists."),
    ],
)
def test_a_kind_of_broken_row_is_told_with_its_place_and_what_may_stand_there(broken, begins, ends):
    told = broken.told(DAY_FIRST)
    assert told.startswith(begins)
    assert told.endswith(ends)


def test_an_extract_tells_of_each_rule_and_field_by_itself():
    rows = [row(1), row(2, service="X"), row(3, imd_decile="11"), row(4, service="Y"), row(5, age_band="26+")]
    facts = read_rows(*rows).facts
    assert [told.partition(". ")[0] for told in facts.broken] == [
        "R_UNKNOWN_SERVICE at service, rows: 2 (rows 3, 5)",
        "R_NUMBER at imd_decile, rows: 1 (row 4)",
        "X_ADULT, rows: 1",
    ]
    assert facts.by_rule == {"R_NUMBER": 1, "R_UNKNOWN_SERVICE": 2, "X_ADULT": 1}


def test_a_row_of_too_many_cells_is_told_by_its_number_alone():
    content = csv_of([row(1), row(2)]) + b"a,b,c\r\n"
    (told,) = read(content).facts.broken
    assert told.startswith("R_CELLS, rows: 1 (row 4). ")


THEIRS = ProviderMapping(columns={"first_care_contact_date": "Seen", "district_code": "Area"})


def test_a_mapped_column_without_a_cell_is_told_of_a_whole_list_and_not_of_changes():
    rows = [{**row(number), "Seen": "", "Area": ""} for number in (1, 2)]
    content = csv_of(rows, columns=list(rows[0]))
    facts = read(content, THEIRS).facts
    (told,) = [one for one in facts.remarks if one.code == "W_EMPTY_COLUMN"]
    assert told.field == "first_care_contact_date (mapped from Seen), district_code (mapped from Area)"
    assert (told.rows, facts.filled_of("RYY")["pseudonym_id"]) == (2, 2)
    assert not [one for one in read(content, replace(THEIRS, kind="delta")).facts.remarks if "EMPTY" in one.code]


def test_a_cell_of_a_row_that_broke_a_rule_says_something_too():
    rows = [{**row(1), "Seen": "", "Area": ""}, {**row(2), "Seen": "31/02/2026", "Area": ""}]
    facts = read(csv_of(rows, columns=list(rows[0])), THEIRS).facts
    assert (facts.filled_of("RYY")["first_care_contact_date"], list(facts.empty)) == (1, ["district_code"])


def test_how_full_a_column_is_is_counted_of_each_provider():
    name, whose = "first_care_contact_date", "organisation_identifier_code_of_provider"
    ours = [{**row(number), "Seen": "2026-06-01", "Area": ""} for number in (1, 2)]
    theirs = {**row(3), whose: "RXY", "Seen": "", "Area": ""}
    nobodys = {**row(4), whose: "", "Seen": "2026-06-01", "Area": ""}
    both = read(csv_of([*ours, theirs, nobodys], columns=list(theirs)), THEIRS).facts
    assert [both.filled_of(code)[name] for code in ("RYY", "RXY")] == [2, 0]
    assert both.filled_of("RXY")["pseudonym_id"] == 1
    assert list(both.empty) == ["district_code"]
    alone = read(csv_of([*ours, nobodys], columns=list(theirs)), THEIRS).facts
    assert (alone.filled_of("RYY")[name], alone.filled_of("RXY")) == (3, {})


def test_a_column_in_our_own_words_may_be_empty():
    assert read_rows(row(1)).facts.empty == {}
