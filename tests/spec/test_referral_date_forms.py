"""What is said of dates that cannot be read: their columns and the form to declare, never a value."""

import io
from dataclasses import replace

import pytest

from tests.extracts import DELIVERED, csv_of, row
from tests.extracts import read_rows as read
from waitlists.errors import FileRefused
from waitlists.ingest.mapping import CANONICAL
from waitlists.ingest.referral_extract import read_extract

RECEIVED, CONTACT = "referral_request_received_date", "first_care_contact_date"
FIRST = row(1)


def said(*texts: str, mapping=CANONICAL, **fixed: str) -> list[tuple[str, int, str]]:
    """What is remarked of one good row and rows received on these days."""
    rows = [row(number, **fixed, **{RECEIVED: text}) for number, text in enumerate(texts, start=2)]
    remarks = read(FIRST, *rows, mapping=mapping).facts.remarks
    return [(one.field, one.rows, one.sentence) for one in remarks if one.code == "W_DATE_FORM"]


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["31/12/2025", "1/2/2026"], "DD/MM/YYYY"),
        (["12/31/2025", "02/01/2026"], "MM/DD/YYYY"),
        (["31-12-2025"], "DD-MM-YYYY"),
        (["31.12.2025"], "DD.MM.YYYY"),
        (["31-Dec-2025"], "DD-MMM-YYYY"),
        (["31 Dec 2025"], "DD MMM YYYY"),
        (["31/12/2025 09:30"], "DD/MM/YYYY hh:mm"),
        (["31/12/2025 09:30:00"], "DD/MM/YYYY hh:mm:ss"),
        (["2025/12/31"], "YYYY/MM/DD"),
        (["20251231"], "YYYYMMDD"),
        (["31/12/2025", "30/12/2025", "soon"], "DD/MM/YYYY"),
    ],
)
def test_the_form_of_most_unreadable_dates_is_named_with_what_to_declare(texts, form):
    assert said(*texts) == [
        (
            RECEIVED,
            len(texts),
            f'Most of the dates that cannot be read here fit {form}: declare date_format = "{form}" in the mapping.',
        )
    ]


def test_a_form_that_is_declared_as_told_reads_the_file():
    mended = replace(CANONICAL, date_format="DD/MM/YYYY")
    assert said("31/12/2025", "01/02/2026", mapping=mended) == []


def test_days_that_fit_day_first_and_month_first_are_told_with_both():
    ((_, _, sentence),) = said("01/02/2026", "03/04/2026")
    assert sentence == (
        "Most of the dates that cannot be read here fit DD/MM/YYYY and MM/DD/YYYY: declare date_format = whichever the"
        " source system writes in the mapping."
    )


@pytest.mark.parametrize(
    "texts", [["soon", "later"], ["31/12/2025", "soon"], ["46022", "soon"], ["2025-02-30"], ["31/02/2025"]]
)
def test_nothing_is_suggested_where_no_form_fits_most(texts):
    assert said(*texts) == []


def test_two_columns_of_one_form_are_named_together_and_two_forms_apart():
    ((field, rows, _),) = said("31/12/2025", "30/12/2025", **{CONTACT: "13/01/2026"})
    assert (field, rows) == (f"{RECEIVED}, {CONTACT}", 2)
    rows = [FIRST, row(2, **{RECEIVED: "31/12/2025"}), row(3, **{RECEIVED: "30/12/2025", CONTACT: "13/01/2026"})]
    assert [one.rows for one in read(*rows).facts.remarks] == [2]
    found = said("31/12/2025", **{CONTACT: "01/13/2026"})
    assert [(one, sentence.partition("declare ")[2]) for one, _, sentence in found] == [
        (RECEIVED, f'{RECEIVED} = "DD/MM/YYYY" under [date_formats] in the mapping.'),
        (CONTACT, f'{CONTACT} = "MM/DD/YYYY" under [date_formats] in the mapping.'),
    ]


def test_a_column_is_named_as_its_sender_calls_it():
    mapping = replace(CANONICAL, columns={RECEIVED: "Ref Date"})
    names = [name if name != RECEIVED else "Ref Date" for name in FIRST]
    rows = [FIRST, row(2, **{RECEIVED: "31/12/2025"})]
    content = csv_of([{**one, "Ref Date": one[RECEIVED]} for one in rows], columns=names)
    (remark,) = read_extract(io.BytesIO(content), mapping=mapping, on=DELIVERED).facts.remarks
    assert remark.field == f"{RECEIVED} (mapped from Ref Date)"


def test_where_another_form_is_declared_those_that_could_be_read_are_doubted():
    mapping = replace(CANONICAL, date_format="DD/MM/YYYY")
    ((_, _, sentence),) = said("12/31/2025", "12/30/2025", mapping=mapping)
    assert sentence.endswith(
        f'declare {RECEIVED} = "MM/DD/YYYY" under [date_formats] in the mapping. Those that could be read may have been'
        " read wrong."
    )


def test_one_column_that_is_declared_is_enough_for_a_doubt():
    mapping = replace(CANONICAL, date_formats={CONTACT: "MM/DD/YYYY"})
    ((field, _, sentence),) = said("31/12/2025", mapping=mapping, **{CONTACT: "13/01/2026"})
    assert field == f"{RECEIVED}, {CONTACT}"
    assert sentence.endswith("may have been read wrong.")


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["31/12/25", "01-Feb-26"], "years of two figures, which do not say the century"),
        (["46022", "46023.0"], "day numbers of a spreadsheet: give the column a date format"),
    ],
)
def test_what_no_mapping_can_read_is_told_by_what_it_looks_like(texts, words):
    ((_, _, sentence),) = said(*texts)
    assert sentence.startswith(f"Most of the dates that cannot be read here are {words}")


def test_a_file_of_which_no_row_can_be_read_is_refused_with_the_form():
    with pytest.raises(FileRefused) as refused:
        read(*(row(number, snapshot_date="15/11/2026") for number in range(1, 4)))
    said = str(refused.value)
    assert said.startswith(
        "no row of the file can be used; the old data stay. R_DATE_INVALID at snapshot_date, rows: 3"
    )
    assert said.endswith(
        "snapshot_date: Most of the dates that cannot be read here fit DD/MM/YYYY: declare date_format ="
        ' "DD/MM/YYYY" in the mapping'
    )
