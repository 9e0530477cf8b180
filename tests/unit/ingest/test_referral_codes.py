"""Codes are ours whatever their letter case, and whatever a report wrapped around them for a spreadsheet."""

import pytest

from tests.extracts import accepted, csv_of, read, read_rows, rejected, row
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_codes import allowed_words, spellings
from waitlists.record.schema import SENT

THEIRS = {
    "service": ("salt", "SALT"), "waiting_for": ("First_Contact", "first_contact"), "age_band": ("5-10", "5-10"),
    "organisation_identifier_code_of_provider": (" ryy ", "RYY"), "ethnic_category": ("z", "Z"),
    "organisation_identifier_code_of_commissioner": ("qks", "QKS"), "person_stated_gender_code": ("x", "X"),
    "clinical_response_priority_type": ("Routine", "routine"), "district_code": ("e07000105", "E07000105"),
}  # fmt: skip


@pytest.mark.parametrize("field", THEIRS)
def test_letter_case_does_not_tell_codes_apart(field: str):
    theirs, ours = THEIRS[field]
    (record,) = accepted(read_rows(row(1, **{field: theirs})))
    assert record[field] == ours


@pytest.mark.parametrize("dash", ["\N{EN DASH}", "\N{EM DASH}", "\N{NON-BREAKING HYPHEN}", "\N{MINUS SIGN}"])
def test_a_dash_that_an_office_program_made_is_a_hyphen(dash: str):
    mapping = ProviderMapping(codes={"age_band": {"05-10": "5-10"}})
    first, second = accepted(read_rows(row(1, age_band=f"11{dash}15"), row(2, age_band=f"05{dash}10"), mapping=mapping))
    assert (first["age_band"], second["age_band"]) == ("11-15", "5-10")


def test_letter_case_of_what_a_mapping_makes_of_a_code_does_not_count_either():
    mapping = ProviderMapping(codes={"service": {"sl": "salt"}})
    (record,) = accepted(read_rows(row(1, service="SL"), mapping=mapping))
    assert record["service"] == "SALT"


def test_codes_that_are_not_listed_stay_as_sent():
    (record,) = accepted(read_rows(row(1, source_of_referral="c3", source_system="rio")))
    assert (record["source_of_referral"], record["source_system"]) == ("c3", "rio")


@pytest.mark.parametrize("field", SENT)
def test_no_two_words_of_a_field_differ_by_letter_case_alone(field: str):
    assert len(spellings(field)) == len(allowed_words(field) or ())


def test_what_keeps_zeros_from_a_spreadsheet_is_taken_off():
    wrapped = {"service_request_identifier": '="000123"', "referral_spell_id": '=" 07 "', "service": '="SALT"'}
    first, second = accepted(read(csv_of([row(1, **wrapped), row(2, referral_spell_id='="7')])))
    assert [first[name] for name in wrapped] == ["000123", "07", "SALT"]
    assert second["referral_spell_id"] == '="7'


def test_an_nhs_number_in_such_a_cell_is_no_identifier():
    extract = read_rows(row(1), row(2, service_request_identifier='="9434765919"'))
    assert rejected(extract) == [(3, "R_IDENTIFIER", "service_request_identifier")]
