"""Of a row that broke a rule nothing is kept that names a child: which texts stay, and which leave but their length."""

import pyarrow as pa
import pytest

from tests.extracts import DELIVERED, read_rows, row
from waitlists.errors import IdentifiersFound
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_extract import read_extract
from waitlists.ingest.referral_raw import kept_text

KEPT = [
    ("service", "THEIRS"),
    ("service", "SALT"),
    ("age_band", "26+"),
    ("imd_decile", "11"),
    ("was_not_brought_count", "-1"),
    ("source_system", "A system of forty printable characters"),
    ("clock_stop_date", "31/02/2026"),
    ("clock_stop_date", "31-Feb-2026"),
    ("clock_stop_date", "1900-01-01"),
    ("clock_stop_date", "45123"),
    ("pseudonym_id", "tooshort1"),
    ("pseudonym_id", "q83vASNFZ4mrze8BI0Vniavcl7z+/w=="),
    ("service_request_identifier", "9434765918"),
]
NOT_KEPT = [
    ("clock_stop_date", "Smith John"),
    ("clock_stop_date", "Smith"),
    ("clock_stop_date", "07700900123"),
    ("clock_stop_date", "Smith John NHS 9434765919"),
    ("source_of_referral", "Mrs Jane Smith (mother) 07700 900123"),
    ("source_of_referral", "07700900123"),
    ("source_of_referral", "mum:j.smith@example.com"),
    ("source_of_referral", "a" * 21),
    ("district_code", "ME141XX"),
    ("district_code", "E01024000"),
    ("age_band", "01/03/2010"),
    ("age_band", "05-Mar-2012"),
    ("age_band", "20120305"),
    ("service", "Jane Smith"),
    ("pseudonym_id", "Jane Smith"),
    ("pseudonym_id", "JaneSmith"),
    ("pseudonym_id", "NHSNO-9434765919"),
    ("service_request_identifier", "x" * 201),
    ("source_system", "seen by jane@example.org"),
]


@pytest.mark.parametrize(("field", "text"), KEPT)
def test_a_code_a_day_or_a_key_is_kept(field, text):
    assert kept_text(field, text) == text


@pytest.mark.parametrize(("field", "text"), NOT_KEPT)
def test_of_any_other_text_its_length_is_kept(field, text):
    assert kept_text(field, text) == f"«text of {len(text)} characters, not kept»"


def raw_of(*rows):
    (batch,) = read_rows(row(1), *rows).batches()
    return batch.rejected.to_pylist()


def test_a_rejected_row_keeps_its_good_texts_and_no_free_ones():
    text = "Mrs Jane Smith (mother) 07700 900123"
    (found,) = raw_of(row(2, source_of_referral=text, clock_stop_date="John", clock_stop_reason="seen"))
    assert found["source_of_referral"] == f"«text of {len(text)} characters, not kept»"
    assert found["clock_stop_date"] == "«text of 4 characters, not kept»"
    assert (found["clock_stop_reason"], found["service"], found["service_request_identifier"]) == (
        "seen", "SALT", "ref-000002",
    )  # fmt: skip


def test_of_a_row_with_an_nhs_number_only_whose_it_is_stays():
    (found,) = raw_of(row(2, clock_stop_date="Smith John NHS 9434765919"))
    filled = {name for name, text in found.items() if text is not None}
    assert filled == {
        "row", "rule", "field", "pseudonym_id", "service_request_identifier",
        "organisation_identifier_code_of_provider",
    }  # fmt: skip
    (other,) = raw_of(row(3, pseudonym_id="NHSNO-9434765919"))
    assert "9434765919" not in str(other)


@pytest.mark.parametrize("field", ["source_system", "service", "pseudonym_id", "clock_stop_date", "age_band"])
def test_what_was_not_kept_is_never_released(field):
    text = "Mrs Jane Smith of a street that is far too long for a field"
    (batch,) = read_rows(row(1), row(3, **{field: text})).batches()
    held = batch.rejected
    assert text not in str(held.to_pylist())
    assert rejected_again(held) == [(3, field)]


def rejected_again(held: pa.Table) -> list[tuple[int, str]]:
    """Row and field of what breaks a rule when held rows are read again beside a good one."""
    good = {**dict.fromkeys(held.column_names), **row(9), "row": 9}
    table = pa.Table.from_pylist([*held.to_pylist(), good], schema=held.schema)
    extract = read_extract(table, mapping=ProviderMapping(), on=DELIVERED)
    return [(one["row"], one["field"]) for batch in extract.batches() for one in batch.rejected.to_pylist()]


def test_an_e_mail_address_among_words_refuses_the_file():
    with pytest.raises(IdentifiersFound, match="source_of_referral"):
        read_rows(row(1), row(2, source_of_referral="mum jane.smith@example.com"))
