"""Files that name a child are refused whole, naming the column and never a value; ordinary extracts pass."""

import base64
import uuid

import numpy as np
import pyarrow as pa
import pytest

from tests.extracts import csv_of, read, read_rows, row
from waitlists.errors import FileRefused, IdentifiersFound
from waitlists.ingest import identifiers, referral_csv, referral_text
from waitlists.ingest.identifiers import FEWEST_NUMBERS, refuse_named
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.mapping_check import check_mapping
from waitlists.ingest.nhs_numbers import holders, passes_nhs_check, tells
from waitlists.record.schema import SENT

NUMBER = "9434765919"
"""The number that the NHS Data Dictionary and its users give as an example; it is nobody's."""

HEADINGS = """
NHS_NO|nhsNumber|NHS Number|nhs_num|Patient NHS ID|DOB|dob|patient_dob|birth_date|Date of Birth|DateOfBirth|
YearOfBirth|forename|Fore Names|SURNAME|LastName|Name|Patient Name|child_name|Mother's Name|initials|PostCode|
post code|post_code|PCDS|Address|Address Line 1|addr1|Addr|HOME_ADDR|UPRN|Street|LSOA|LSOA11|lsoa_2021|
MSOA11CD|DofB|BORN|Born on|YOB|Surn|FName|LNAME|
output area|Email|E-mail|emailAddress|phone|Mobile No|TelNo|UPN|pupil number
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


@pytest.mark.parametrize("column", ["age_band", "source_of_referral", "service_request_identifier", "source_system"])
def test_birth_dates_in_a_third_of_a_field_that_is_none_of_days_refuse_the_file(column):
    births = {n: f"{n % 28 + 1:02}/03/20{10 + n // 3 % 9}" for n in range(0, 40, 3)}
    with pytest.raises(IdentifiersFound, match=f"{column} .*dates of birth"):
        read_rows(*[row(n, **({column: births[n]} if n in births else {})) for n in range(40)])


def test_days_of_many_years_in_a_field_of_days_are_no_births():
    rows = [row(n, referral_request_received_date=f"{2008 + n % 18}-03-04") for n in range(40)]
    assert read_rows(*rows).facts.accepted == 40


@pytest.mark.parametrize(
    "shape", ["{1:02}-Mar-{0}", "{0}03{1:02}", "{1}.3.{0}", "{1:02} March {0}", "{0}-03-{1:02} 00:00"]
)
def test_births_are_found_in_other_spellings(shape):
    rows = [row(n, Extra=shape.format(2010 + n % 9, n % 28 + 1)) for n in range(1, 41)]
    with pytest.raises(IdentifiersFound, match=r"Extra .*dates of birth"):
        read(csv_of(rows, columns=(*SENT, "Extra")))


WORDS = ["Smith", "Jones", "Brown", "Green", "Hill", "Wood", "Lake", "Field", "Stone", "Rivers", "Marsh", "Ford"]


@pytest.mark.parametrize("column", ["Patient", "client", "CHILD"])
@pytest.mark.parametrize(
    "texts", [["Smith, Jane"], ["Jane Smith"], ["Jane O\N{RIGHT SINGLE QUOTATION MARK}Hill"], ["Jane O'Hill"], WORDS]
)
def test_words_under_what_children_are_called_are_names(column, texts):
    rows = [row(n, **{column: texts[n % len(texts)]}) for n in range(40)]
    with pytest.raises(IdentifiersFound, match=f"{column} holds words as names are") as refusal:
        read(csv_of(rows, columns=(*SENT, column)))
    assert "Smith" not in str(refusal.value)


@pytest.mark.parametrize("texts", [["Yes", "No", "Unknown"], ["c0ffee12", "0badcafe"], ["1", ""]])
def test_keys_and_flags_under_what_children_are_called_are_none(texts):
    rows = [row(n, Client=texts[n % len(texts)]) for n in range(40)]
    assert read(csv_of(rows, columns=(*SENT, "Client"))).facts.accepted == 40


def test_keys_sent_as_client_are_taken():
    keys = hashes(400)["base64url"]
    rows = [{**row(n), "Client": key} for n, key in enumerate(keys)]
    columns = ["Client" if name == "pseudonym_id" else name for name in SENT]
    mapping = ProviderMapping(columns={"pseudonym_id": "Client"})
    assert read(csv_of(rows, columns=columns), mapping).facts.accepted == 400


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


def nhs_numbers(count: int) -> list[str]:
    """Invented numbers that pass the check, from the range that is given to nobody."""
    bases = np.random.default_rng(5).integers(0, 1_000_000, 2 * count)
    figures = np.array([[int(figure) for figure in f"999{base:06}0"] for base in bases], np.int64)
    rest = (11 - (figures[:, :9] @ np.arange(10, 1, -1)) % 11) % 11
    figures[:, 9] = rest
    return ["".join(map(str, row)) for row in figures[rest < 10].tolist()][:count]


@pytest.mark.parametrize(
    ("column", "shape"),
    [
        ("service_request_identifier", "{}-01"),
        ("service_request_identifier", "SALT{}"),
        ("service_request_identifier", "ED{}"),
        ("referral_spell_id", "9{}/{}"),
        ("pseudonym_id", "000000{}"),
        ("pseudonym_id", "NHSNO-{}"),
    ],
)
def test_nhs_numbers_inside_the_identifiers_of_a_third_of_the_rows_refuse_the_file(column, shape):
    found = [shape.format(number, number) for number in nhs_numbers(15)]
    rows = [row(n, **({column: found[n // 3]} if n % 3 == 0 else {"referral_spell_id": f"s{n}"})) for n in range(42)]
    with pytest.raises(IdentifiersFound, match=f"{column} holds NHS numbers") as refusal:
        read_rows(*rows)
    assert "999" not in str(refusal.value)


def test_too_few_numbers_to_judge_a_column_by_cost_their_rows_alone():
    found = [f"SALT{number}" for number in nhs_numbers(FEWEST_NUMBERS - 1)]
    extract = read_rows(row(1), *[row(n, service_request_identifier=one) for n, one in enumerate(found, start=2)])
    assert dict(extract.facts.by_rule) == {"R_IDENTIFIER": FEWEST_NUMBERS - 1}


def test_references_with_a_ten_digit_number_refuse_no_file():
    """One of eleven passes by chance; these rows are put aside, and the file is taken."""
    rows = [row(n, service_request_identifier=f"SRI{1_000_000_000 + 7 * n}") for n in range(220)]
    facts = read_rows(*rows).facts
    assert 10 <= facts.by_rule["R_IDENTIFIER"] == 220 - facts.accepted <= 30


@pytest.mark.parametrize("width", [10, 13, 26])
def test_counters_padded_with_zeros_are_no_numbers(width):
    rows = [
        row(n, pseudonym_id=f"child-{n:0{width}}", service_request_identifier=f"R{n:0{width}}") for n in range(2_000)
    ]
    assert read_rows(*rows).facts.accepted == 2_000


def hashes(count: int) -> dict[str, list[str]]:
    """Random keys as keyed pseudonyms are written."""
    rng = np.random.default_rng(11)
    raw = [rng.bytes(16) for _ in range(count)]
    return {
        "hex": [one.hex() for one in raw],
        "HEX": [one.hex().upper()[:24] for one in raw],
        "uuid": [str(uuid.UUID(bytes=one, version=4)) for one in raw],
        "base64": [base64.b64encode(one).decode() for one in raw],
        "base64url": [base64.urlsafe_b64encode(one).decode().rstrip("=") for one in raw],
    }


@pytest.mark.parametrize("column", ["pseudonym_id", "Remarks"])
def test_hashes_some_of_which_hold_a_number_refuse_no_file_and_no_row(column):
    keys = hashes(40_000)["hex"]
    texts = [keys[one.place] for one in holders(pa.array(keys))][:40]
    assert len(texts) == 40
    others = hashes(500)["hex"]
    rows = [row(n, **{column: text}) for n, text in enumerate([*texts, *others], start=1)]
    assert read(csv_of(rows, columns=(*SENT, "Remarks"))).facts.accepted == 540


@pytest.mark.parametrize("text", ["c09434765919a7b2", f"{NUMBER}abcd", "12345678901", "9434765918", "9" * 30, ""])
def test_what_is_no_number_or_a_piece_of_a_hash_tells_nothing(text):
    assert not tells(text)


@pytest.mark.parametrize(
    "text", [f"ab-{NUMBER}-cdef01", f"CAMHSED{NUMBER}x", f"{NUMBER}-01", f"0{NUMBER}", f"z{NUMBER}"]
)
def test_a_number_that_stands_alone_or_among_other_letters_tells(text):
    assert tells(text)


@pytest.mark.parametrize("prefix", ["", "R", "0"])
def test_serial_numbers_of_ten_figures_lose_rows_and_those_with_a_1_before_them_none(prefix):
    """As the rules' sentences say; a letter or a zero before them does not help."""
    serials = [str(4_010_232_100 + n) for n in range(220)]
    passing = [serial for serial in serials if tells(prefix + serial)]
    assert 15 <= len(passing) <= 25
    named = [row(n, service_request_identifier=f"1{serial}") for n, serial in enumerate(serials, start=1)]
    assert read(csv_of(named)).facts.accepted == 220


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


def test_a_number_is_found_in_texts_that_are_not_remembered(monkeypatch):
    monkeypatch.setattr(identifiers, "MOST_SEEN", 0)
    rows = [row(n) for n in range(1, 200)]
    rows[150]["Remarks"] = f"seen with sibling ({NUMBER}) on Monday"
    with pytest.raises(IdentifiersFound, match="Remarks"):
        read(csv_of(rows, columns=(*SENT, "Remarks")))
