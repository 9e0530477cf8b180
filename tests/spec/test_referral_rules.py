"""The rules of the record as tables: what is changed of a good row, and the rule and field it is quarantined under."""

import pytest

from tests.extracts import accepted, csv_of, read, read_rows, rejected, row
from waitlists.errors import FileRefused
from waitlists.ingest.referral_rule_facts import EXCLUSIONS, REMARKS, RULES

GOOD = row(1)
PROVIDER, COMMISSIONER = "organisation_identifier_code_of_provider", "organisation_identifier_code_of_commissioner"
RECEIVED, ORIGINAL = "referral_request_received_date", "original_referral_request_received_date"
STOPPED = {"clock_stop_date": "2026-08-03", "clock_stop_reason": "seen"}

BROKEN = [
    ("R_IDENTIFIER", "pseudonym_id", {"pseudonym_id": "NHSNO-9434765919"}),
    ("R_IDENTIFIER", "pseudonym_id", {"pseudonym_id": "0000009434765919"}),
    ("R_IDENTIFIER", "service_request_identifier", {"service_request_identifier": "9434765919-01"}),
    ("R_IDENTIFIER", "referral_spell_id", {"referral_spell_id": "SALT9434765919"}),
    ("R_IDENTIFIER", "source_system", {"source_system": "RiO 943 476 5919"}),
    ("R_IDENTIFIER", "clock_stop_date", {"clock_stop_date": "Smith John NHS 9434765919"}),
    ("R_ID_MISSING", "pseudonym_id", {"pseudonym_id": ""}),
    ("R_ID_MISSING", "pseudonym_id", {"pseudonym_id": "  "}),
    ("R_ID_MISSING", "service_request_identifier", {"service_request_identifier": ""}),
    ("R_ID_SHAPE", "pseudonym_id", {"pseudonym_id": "tooshort"}),
    ("R_ID_SHAPE", "pseudonym_id", {"pseudonym_id": "x" * 65}),
    ("R_ID_SHAPE", "pseudonym_id", {"pseudonym_id": "has a blank in the middle"}),
    ("R_ID_SHAPE", "service_request_identifier", {"service_request_identifier": "x" * 37}),
    ("R_ID_SHAPE", "service_request_identifier", {"service_request_identifier": "9434765910"}),
    ("R_ID_SHAPE", "service_request_identifier", {"service_request_identifier": "943 476 5910"}),
    ("R_ID_SHAPE", "referral_spell_id", {"referral_spell_id": "x" * 37}),
    ("R_ID_SHAPE", "referral_spell_id", {"referral_spell_id": "1.23457E+15"}),
    ("R_ID_SHAPE", "service_request_identifier", {"service_request_identifier": "9E+09"}),
    ("R_REQUIRED_MISSING", "service", {"service": ""}),
    ("R_REQUIRED_MISSING", "age_band", {"age_band": ""}),
    ("R_REQUIRED_MISSING", RECEIVED, {RECEIVED: ""}),
    ("R_REQUIRED_MISSING", "source_system", {"source_system": ""}),
    ("R_UNKNOWN_SERVICE", "service", {"service": "PODIATRY"}),
    ("R_UNKNOWN_ORG", PROVIDER, {PROVIDER: "ZZ9"}),
    ("R_UNKNOWN_ORG", PROVIDER, {PROVIDER: "QKS"}),
    ("R_UNKNOWN_ORG", COMMISSIONER, {COMMISSIONER: "RYY"}),
    ("R_UNKNOWN_ORG", "successor_provider", {"successor_provider": "ZZ9"}),
    ("R_UNKNOWN_CODE", "waiting_for", {"waiting_for": "miracle"}),
    ("R_UNKNOWN_CODE", "age_band", {"age_band": "7"}),
    ("R_UNKNOWN_CODE", "clock_rule_id", {"clock_rule_id": "sometime"}),
    ("R_UNKNOWN_CODE", "clinical_response_priority_type", {"clinical_response_priority_type": "soon"}),
    ("R_UNKNOWN_CODE", "wheelchair_need_level", {"wheelchair_need_level": "very high"}),
    ("R_UNKNOWN_CODE", "person_stated_gender_code", {"person_stated_gender_code": "7"}),
    ("R_UNKNOWN_CODE", "ethnic_category", {"ethnic_category": "I"}),
    ("R_UNKNOWN_CODE", "district_code", {"district_code": "E09000001"}),
    ("R_UNKNOWN_CODE", "source_of_referral", {"source_of_referral": "a letter from home"}),
    ("R_TEXT", "source_system", {"source_system": "x" * 41}),
    ("R_TEXT", "source_system", {"source_system": "Ri\N{LATIN SMALL LETTER O WITH DIAERESIS}"}),
    ("R_NUMBER", "imd_decile", {"imd_decile": "0"}),
    ("R_NUMBER", "imd_decile", {"imd_decile": "11"}),
    ("R_NUMBER", "was_not_brought_count", {"was_not_brought_count": "100"}),
    ("R_NUMBER", "patient_cancel_count", {"patient_cancel_count": "-1"}),
    ("R_NUMBER", "provider_cancel_count", {"provider_cancel_count": "1.5"}),
    ("R_NUMBER", "wait_adjustment_days", {"wait_adjustment_days": "12345678901"}),
    ("R_DATE_INVALID", RECEIVED, {RECEIVED: "31/02/2025"}),
    ("R_DATE_INVALID", "next_appointment_date", {"next_appointment_date": "soon"}),
    ("R_DATE_RANGE", RECEIVED, {RECEIVED: "1900-01-01"}),
    ("R_DATE_RANGE", RECEIVED, {RECEIVED: "1999-12-31"}),
    ("R_DATE_RANGE", "next_appointment_date", {"next_appointment_date": "2100-01-01"}),
    ("R_FUTURE", RECEIVED, {RECEIVED: "2026-11-16"}),
    ("R_FUTURE", "first_care_contact_date", {"first_care_contact_date": "2026-12-01"}),
    ("R_FUTURE", "clock_stop_date", {**STOPPED, "clock_stop_date": "2026-11-16"}),
    ("R_ORIGINAL_AFTER_RECEIVED", ORIGINAL, {ORIGINAL: "2026-05-05"}),
    ("R_CONTACT_BEFORE_REFERRAL", "first_care_contact_date", {"first_care_contact_date": "2026-05-03"}),
    (
        "R_CONTACT_BEFORE_REFERRAL",
        "first_care_contact_date",
        {"clock_start_date": "2026-06-01", "first_care_contact_date": "2026-05-31"},
    ),
    ("R_CONTACT_BEFORE_REFERRAL", "assessment_started_date", {"assessment_started_date": "2026-05-03"}),
    (
        "R_CONTACT_BEFORE_REFERRAL",
        "equipment_delivered_date",
        {"service": "WHEELCHAIR", "equipment_delivered_date": "2026-05-03"},
    ),
    ("R_STOP_BEFORE_START", "clock_stop_date", {**STOPPED, "clock_stop_date": "2026-05-03"}),
    (
        "R_REJECTION_BEFORE_REFERRAL",
        "referral_rejection_date",
        {"referral_rejection_date": "2026-05-03", "referral_rejection_reason": "01"},
    ),
    ("R_DISCHARGE_BEFORE_REFERRAL", "service_discharge_date", {"service_discharge_date": "2026-05-03"}),
    ("R_REASON_MISSING", "clock_stop_reason", {"clock_stop_date": "2026-08-03"}),
    ("R_REJECTION_REASON_MISSING", "referral_rejection_reason", {"referral_rejection_date": "2026-08-03"}),
    ("R_SUCCESSOR_MISSING", "successor_provider", {**STOPPED, "clock_stop_reason": "transferred"}),
    ("R_EQUIPMENT_SERVICE", "equipment_delivered_date", {"equipment_delivered_date": "2026-08-03"}),
    ("R_EQUIPMENT_SERVICE", "clock_stop_reason", {**STOPPED, "clock_stop_reason": "equipment_delivered"}),
]


@pytest.mark.parametrize(("rule", "field", "changes"), BROKEN)
def test_a_row_that_breaks_a_rule_is_quarantined_under_it(rule, field, changes):
    extract = read_rows(GOOD, row(2, **changes))
    assert rejected(extract) == [(3, rule, field)]
    assert dict(extract.facts.by_rule) == {rule: 1}
    assert [record["service_request_identifier"] for record in accepted(extract)] == ["ref-000001"]


def test_every_rule_for_single_rows_stands_in_the_table():
    others = {"R_CELLS", "R_DUPLICATE_IDENTITY"}
    assert {rule for rule, _, _ in BROKEN} == set(RULES) - EXCLUSIONS - others


KEPT = [
    {ORIGINAL: "2026-05-04"},
    {RECEIVED: "2026-11-15"},
    {RECEIVED: "2000-01-01"},
    {"first_care_contact_date": "2026-05-04"},
    {"clock_start_date": "2026-04-01", "first_care_contact_date": "2026-04-01"},
    {ORIGINAL: "2025-01-01", "first_care_contact_date": "2025-02-01"},
    {"next_appointment_date": "2027-02-01"},
    {**STOPPED, "clock_stop_date": "2026-05-04"},
    {**STOPPED, "clock_stop_reason": "transferred", "successor_provider": "NQ7"},
    {"service": "WHEELCHAIR", **STOPPED, "clock_stop_reason": "equipment_delivered"},
    {"referral_rejection_date": "2026-05-04", "referral_rejection_reason": "01"},
    {"service_discharge_date": "2026-05-04"},
    {"imd_decile": "10", "wait_adjustment_days": "0", "was_not_brought_count": "99"},
    {"ethnic_category": "99", "district_code": "OUT", "person_stated_gender_code": "X"},
    {"age_band": "18-25"},
    {PROVIDER: "E10000016", "service": "EHC", COMMISSIONER: "E10000016"},
    {PROVIDER: "LOCAL:WHEELCHAIR_KM", "service": "WHEELCHAIR"},
    {COMMISSIONER: "91Q"},
    {"service_request_identifier": "R/2026-05 #1"},
    {"treatment_function_code": "other"},
]


@pytest.mark.parametrize("changes", KEPT)
def test_a_row_at_the_edge_of_a_rule_is_taken(changes):
    extract = read_rows(row(1, **changes))
    assert (extract.facts.accepted, rejected(extract)) == (1, [])


def test_a_row_is_quarantined_under_the_first_rule_it_breaks():
    extract = read_rows(GOOD, row(2, service="X", age_band="?", clock_stop_date="2026-08-03"))
    assert rejected(extract) == [(3, "R_UNKNOWN_SERVICE", "service")]


ADULTS = [
    "26",
    "26+",
    "65+",
    "26-64",
    "18+",
    "18-64",
    "adult",
    "Adults",
    "Adult pathway",
    "over 25",
    "> 25",
    "-1",
    ">=26",
]


@pytest.mark.parametrize("age", ADULTS)
def test_an_adult_is_left_out_and_counted(age):
    extract = read_rows(GOOD, row(2, age_band=age, service="X"))
    assert (extract.facts.excluded, extract.facts.quarantined) == (1, 0)
    assert dict(extract.facts.by_rule) == {"X_ADULT": 1}
    assert rejected(extract) == []


ODD = [
    ("W_AGE_AT_PROVIDER", {"age_band": "11-15", "waiting_for": "treatment"}),
    ("W_AGE_AT_PROVIDER", {PROVIDER: "RAT", "service": "ASD", "first_care_contact_date": "2026-06-01"}),
    ("W_REASON_WITHOUT_STOP", {"clock_stop_reason": "seen"}),
    ("W_SUCCEEDED_PROVIDER", {PROVIDER: "RAT", "service": "CAMHS", "age_band": "16-17"}),
]


@pytest.mark.parametrize(("code", "changes"), ODD)
def test_what_is_odd_is_a_remark_and_refuses_nothing(code, changes):
    extract = read_rows(row(1, **changes))
    assert extract.facts.accepted == 1
    assert [(remark.code, remark.rows, remark.sentence) for remark in extract.facts.remarks] == [
        (code, 1, REMARKS[code])
    ]


NOT_ODD = [
    {"age_band": "11-15"},
    {PROVIDER: "RAT", "service": "ASD", "age_band": "16-17", "waiting_for": "assessment"},
    {PROVIDER: "RXY", "service": "CAMHS", "age_band": "16-17"},
]


@pytest.mark.parametrize("changes", NOT_ODD)
def test_what_is_usual_makes_no_remark(changes):
    assert read_rows(row(1, **changes)).facts.remarks == ()


def test_a_code_that_was_succeeded_is_taken_before_its_day_without_a_remark():
    earlier = {"snapshot_date": "2026-03-29", RECEIVED: "2025-05-04"}
    extract = read_rows(row(1, **{PROVIDER: "RAT", "service": "CAMHS", "age_band": "16-17"}, **earlier))
    assert (extract.facts.accepted, extract.facts.remarks) == (1, ())


@pytest.mark.parametrize(("day", "codes"), [("2026-11-13", ["W_SNAPSHOT_DAY"]), ("2026-10-31", []), ("2026-11-08", [])])
def test_a_snapshot_is_of_a_sunday_or_a_month_end(day, codes):
    assert [remark.code for remark in read_rows(row(1, snapshot_date=day)).facts.remarks] == codes


def test_a_snapshot_of_a_later_day_than_the_delivery_is_refused():
    with pytest.raises(FileRefused, match="lies after 2026-11-16") as refusal:
        read_rows(row(1, snapshot_date="2026-11-17"))
    assert refusal.value.code == "SNAPSHOT"


def test_snapshots_of_two_days_in_one_file_are_refused_naming_rows():
    with pytest.raises(FileRefused, match=r"2026-11-15 \(row 2\), 2026-11-08 \(row 4\)") as refusal:
        read(csv_of([row(1), row(2), row(3, snapshot_date="2026-11-08")]))
    assert refusal.value.code == "SNAPSHOT"


def test_a_referral_is_open_until_a_stop_a_discharge_or_a_rejection():
    over = [STOPPED, {"service_discharge_date": "2026-08-03"}]
    over.append({"referral_rejection_date": "2026-08-03", "referral_rejection_reason": "01"})
    rows = [row(n, **changes) for n, changes in enumerate(over, start=3)]
    extract = read_rows(row(1), row(2, service="ASD"), *rows)
    assert dict(extract.facts.open_by_list) == {("RYY", "ASD"): 1, ("RYY", "SALT"): 1}
    assert extract.facts.accepted == 5
