"""Files that name a child are refused whole, naming the column and never a value; ordinary extracts pass."""

import numpy as np
import pytest

from tests.extracts import GOOD, csv_of, read, read_rows, row
from waitlists.errors import FileRefused, IdentifiersFound
from waitlists.ingest import identifiers, referral_csv, referral_text
from waitlists.ingest.identifiers import passes_nhs_check, refuse_named
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.mapping_check import check_mapping
from waitlists.referral_record import SENT

NUMBER = "9434765919"
"""The number that the NHS Data Dictionary and its users give as an example; it is nobody's."""

HEADINGS = """
NHS_NO|nhsNumber|NHS Number|nhs_num|Patient NHS ID|DOB|dob|patient_dob|birth_date|Date of Birth|DateOfBirth|
YearOfBirth|forename|Fore Names|SURNAME|LastName|Name|Patient Name|child_name|Mother's Name|initials|PostCode|
post code|post_code|PCDS|Address|Address Line 1|addr1|Addr|HOME_ADDR|UPRN|Street|LSOA|LSOA11|lsoa_2021|
MSOA11CD|output area|Email|E-mail|emailAddress|phone|Mobile No|TelNo|UPN|pupil number
""".replace("\n", "").split("|")


@pytest.mark.parametrize("name", HEADINGS)
def test_a_column_called_like_an_identifier_refuses_the_file(name):
    columns = (*SENT, name)
    with pytest.raises(IdentifiersFound, match="is called like") as refusal:
        read(csv_of([row(1)], columns=columns))
    assert (refusal.value.code, refusal.value.exit_code) == ("IDENTIFIERS", 11)
    assert name.strip() in str(refusal.value)


@pytest.mark.parametrize(
    "name", ["Team Name", "ServiceName", "provider_name", "Clinic Name", "NHS number status", "season"]
)
def test_a_column_called_like_a_place_or_a_thing_does_not(name):
    assert read(csv_of([row(1)], columns=(*SENT, name))).facts.unknown_columns == (name,)


def test_no_field_of_the_record_is_called_like_an_identifier():
    refuse_named(SENT)


def test_a_mapped_or_ignored_column_is_refused_all_the_same():
    mapping = ProviderMapping(columns={"pseudonym_id": "NHS No"}, ignore=frozenset({"Surname"}))
    for name in ("NHS No", "Surname"):
        with pytest.raises(IdentifiersFound, match=name):
            read(csv_of([row(1)], columns=(*SENT, name)), mapping)


SPELLINGS = [NUMBER, "943 476 5919", "943-476-5919", f"{NUMBER}.0", f" {NUMBER} ", "943\N{NO-BREAK SPACE}476 5919"]


@pytest.mark.parametrize("text", SPELLINGS)
@pytest.mark.parametrize("column", ["pseudonym_id", "service_request_identifier", "service", "imd_decile", "Remarks"])
def test_one_nhs_number_in_any_column_refuses_the_file(text, column):
    rows = [row(n) for n in range(1, 200)]
    rows[150][column] = text
    with pytest.raises(IdentifiersFound, match=column) as refusal:
        read(csv_of(rows, columns=(*SENT, "Remarks")))
    assert "9434" not in str(refusal.value)
    assert "943 " not in str(refusal.value)


def test_an_nhs_number_among_words_of_an_unknown_column_is_found():
    with pytest.raises(IdentifiersFound, match="Remarks"):
        read(csv_of([row(1, Remarks=f"seen with sibling ({NUMBER}) on Monday")], columns=(*SENT, "Remarks")))


def test_an_nhs_number_in_a_row_that_breaks_a_rule_is_found():
    with pytest.raises(IdentifiersFound, match="pseudonym_id"):
        read_rows(row(1), row(2, pseudonym_id=NUMBER, service="X"))


def test_a_number_whose_check_digit_is_wrong_is_only_quarantined():
    extract = read_rows(row(1), row(2, service_request_identifier="9434765918"))
    assert dict(extract.facts.by_rule) == {"R_ID_SHAPE": 1}


def test_the_check_is_that_of_the_data_dictionary():
    """The oracle is the rule in words, one number at a time."""
    numbers = np.random.default_rng(4).integers(0, 10, (2_000, 10))

    def passes(figures):
        left = 11 - sum(figure * weight for figure, weight in zip(figures, range(10, 1, -1), strict=False)) % 11
        return left != 10 and figures[9] == (0 if left == 11 else left)

    found = passes_nhs_check(numbers)
    assert found.tolist() == [passes(figures) for figures in numbers.tolist()]
    assert 0.07 < found.mean() < 0.11


SHAPED = {
    "e-mail addresses": ["somebody@example.org"],
    "postcodes": ["ME14 1XX", "ct1 2ab", "TN1 1AA"],
    "small areas": ["E01024000", "E01024001"],
    "dates of birth": ["2011-03-04", "05/06/2014", "2019-01-31", "2024-12-01"],
}


@pytest.mark.parametrize(("likeness", "texts"), SHAPED.items())
def test_a_column_shaped_like_an_identifier_refuses_the_file(likeness, texts):
    rows = [row(n, Extra=texts[n % len(texts)]) for n in range(1, 41)]
    with pytest.raises(IdentifiersFound, match=f"Extra .*{likeness}"):
        read(csv_of(rows, columns=(*SENT, "Extra")))


@pytest.mark.parametrize("likeness", ["postcodes", "small areas"])
def test_a_code_or_two_that_look_like_one_do_not(likeness):
    rows = [row(n, Extra=SHAPED[likeness][0] if n == 7 else f"team {n}") for n in range(1, 41)]
    assert read(csv_of(rows, columns=(*SENT, "Extra"))).facts.accepted == 40


def test_postcodes_in_a_column_of_the_record_are_found():
    with pytest.raises(IdentifiersFound, match="district_code"):
        read_rows(row(1), row(2, district_code="ME14 1XX"))


def test_dates_of_the_wait_in_an_unknown_column_are_no_births():
    rows = [row(n, Extra=f"{2022 + n % 5}-03-04") for n in range(1, 41)]
    assert read(csv_of(rows, columns=(*SENT, "Extra"))).facts.accepted == 40


def test_one_old_date_among_many_is_no_column_of_births():
    rows = [row(n, Extra="2001-03-04" if n == 3 else "2026-03-04") for n in range(1, 41)]
    assert read(csv_of(rows, columns=(*SENT, "Extra"))).facts.accepted == 40


def test_dates_here_and_there_among_words_are_no_births():
    rows = [row(n, Extra=f"{2005 + n}-03-04" if n % 10 == 0 else "word") for n in range(1, 41)]
    assert read(csv_of(rows, columns=(*SENT, "Extra"))).facts.accepted == 40


def test_a_file_without_a_header_is_refused_without_repeating_its_first_row():
    with pytest.raises(FileRefused) as refusal:
        read(b"ABC@example.org,1/2/2015,SALT\n" + b"x,y,z\n")
    assert "example" not in str(refusal.value)
    assert "2015" not in str(refusal.value)


@pytest.mark.slow
def test_a_hundred_thousand_random_identifiers_never_pass_for_anything():
    rng = np.random.default_rng(11)
    keys = ["".join(key) for key in rng.choice(list("0123456789abcdef"), (100_000, 16))]
    rows = ({**GOOD, "pseudonym_id": key, "service_request_identifier": key[:9]} for key in keys)
    facts = read(csv_of(rows)).facts
    assert facts.accepted + facts.quarantined + facts.duplicates == 100_000


def test_a_mapping_cannot_allow_an_identifier():
    found = check_mapping('source_system = "RiO"\nkind = "snapshot"\nallow = ["NHS No"]')
    assert [problem.where for problem in found] == ["allow"]


def test_an_identifier_is_found_when_more_texts_came_than_are_remembered(monkeypatch):
    monkeypatch.setattr(identifiers, "MOST_SEEN", 1)
    rows = [row(n, district_code=f"E0700{n:04}") for n in range(1, 30)]
    assert set(read_rows(row(100), *rows).facts.by_rule) <= {"R_UNKNOWN_CODE"}
    with pytest.raises(IdentifiersFound, match="district_code"):
        read_rows(*rows, row(30, district_code=NUMBER))


def test_postcodes_are_counted_over_all_chunks_of_a_file(monkeypatch):
    """One postcode in a chunk is little; one in every chunk of ten rows is a column of them."""
    monkeypatch.setattr(referral_text, "CHUNK_BYTES", 1_500)
    monkeypatch.setattr(referral_csv, "BLOCK_BYTES", 1_500)
    rows = [row(n, district_code="ME14 1XX" if n % 10 == 0 else "OUT") for n in range(1, 100)]
    with pytest.raises(IdentifiersFound, match="district_code"):
        read_rows(*rows)
