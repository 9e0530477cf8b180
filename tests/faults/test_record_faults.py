"""Faults of record extracts, by their ids: bad files are refused with a stable code, bad rows quarantined by rule.

The parts of these faults that concern storing (I09 to I11 across files) are tested with the store.
"""

import io
import random
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.extracts import DELIVERED, GOOD, accepted, csv_of, read, read_rows, rejected, row
from waitlists.errors import FileRefused, IdentifiersFound
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_extract import read_extract
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.record.schema import IDENTITY, REQUIRED, SENT

HEADER = ",".join(SENT)
LINES = csv_of([row(1), row(2), row(3)])
LAST_LINE = LINES.splitlines()[-1]


def refusal_of(content: bytes, mapping: ProviderMapping | None = None) -> FileRefused:
    with pytest.raises(FileRefused) as refusal:
        read(content, *([mapping] if mapping else []))
    return refusal.value


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", HEADER.encode(), f"{HEADER}\r\n\r\n\r\n".encode()]
)
def test_i01_an_empty_file_or_a_header_alone_is_refused(content):
    assert refusal_of(content).code in {"EMPTY", "COLUMNS"}


def test_i01_a_header_alone_is_called_empty():
    assert refusal_of(HEADER.encode()).code == refusal_of(csv_of([{}, {}])).code == refusal_of(b"").code == "EMPTY"


def test_i01_a_workbook_without_rows_is_called_empty():
    for sheets in [(), (Sheet("a", ()),), (Sheet("a", (SENT,), is_hidden=True),), (Sheet("a", (SENT,)),)]:
        with pytest.raises(FileRefused) as refusal:
            read_extract(Workbook(sheets), on=DELIVERED)
        assert refusal.value.code == "EMPTY"


@pytest.mark.parametrize("name", REQUIRED)
def test_i02_a_missing_required_column_refuses_the_file_naming_it(name):
    refusal = refusal_of(csv_of([row(1)], columns=[sent for sent in SENT if sent != name]))
    assert refusal.code == "COLUMNS"
    assert name in str(refusal)


def test_i02_a_column_twice_refuses_the_file_naming_it():
    refusal = refusal_of(LINES.replace(b"referral_spell_id", b"SERVICE", 1))
    assert refusal.code == "COLUMNS"
    assert "twice" in str(refusal)
    assert "SERVICE" in str(refusal)


def test_i02_order_letter_case_and_blanks_of_the_header_do_not_count():
    columns = [f" {name.upper().replace('_', ' ')} " for name in reversed(SENT)]
    texts = {f" {name.upper().replace('_', ' ')} ": value for name, value in GOOD.items()}
    assert accepted(read(csv_of([texts], columns=columns))) == accepted(read_rows(GOOD))


def test_i02_an_unknown_column_is_reported_and_an_ignored_one_is_not():
    content = csv_of([row(1)], columns=(*SENT, "Team Colour", "Ward"))
    assert read(content).facts.unknown_columns == ("Team Colour", "Ward")
    assert read(content, ProviderMapping(ignore=frozenset({"team colour"}))).facts.unknown_columns == ("Ward",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_i03_encodings_and_line_ends_are_read_by_rule(encoding, end, last):
    text = LINES.decode().replace("\r\n", end)
    facts = read((text if last else text.removesuffix(end)).encode(encoding)).facts
    assert facts.accepted == 3
    assert facts.encoding == ("utf-16-le" if encoding == "utf-16" else "utf-8")


def test_i03_utf_16_the_other_way_round_is_read_too():
    assert read(b"\xfe\xff" + LINES.decode().encode("utf-16-be")).facts.encoding == "utf-16-be"


def test_i03_a_windows_text_is_read_only_where_it_is_declared():
    content = csv_of([row(1), row(2, Remark="caf\N{LATIN SMALL LETTER E WITH ACUTE}")], columns=(*SENT, "Remark"))
    windows = content.decode().encode("cp1252")
    refusal = refusal_of(windows)
    assert (refusal.code, "line 3" in str(refusal), "cp1252" in str(refusal)) == ("ENCODING", True, True)
    assert read(windows, ProviderMapping(encoding="cp1252")).facts.accepted == 2
    assert refusal_of(windows.replace(b"caf", b"\x81af"), ProviderMapping(encoding="cp1252")).code == "ENCODING"


def test_i03_a_nul_is_refused_naming_its_line():
    refusal = refusal_of(LINES.replace(b"ref-000002", b"ref-\x0000002"))
    assert (refusal.code, "line 3" in str(refusal)) == ("ENCODING", True)


@pytest.mark.parametrize("mapping", [ProviderMapping(), ProviderMapping(encoding="utf-16")])
def test_i03_utf_16_without_its_mark_is_refused(mapping):
    refusal = refusal_of(LINES.decode().encode("utf-16-le"), mapping)
    assert (refusal.code, "line 1" in str(refusal)) == ("ENCODING", True)


@pytest.mark.parametrize(
    "below",
    [
        b"Total,3\r\n",
        b"\r\nPrepared by the data team\r\n",
        b"Total," + b"," * (len(SENT) - 2) + b"\r\n",
        b"Total,3\r\n" + b"," * (len(SENT) - 1) + b"\r\nsee over\r\n",
        b"," * (len(SENT) - 2) + b",a note\r\nTotal,3\r\n",
    ],
)
def test_i04_notes_and_totals_below_the_list_are_nobodys_referral(below):
    """A row that says not whose it is would keep everybody on the list."""
    facts = read(LINES + below).facts
    notes = below.count(b"Total") + below.count(b"see over") + below.count(b"a note") + below.count(b"Prepared")
    assert (facts.accepted, facts.quarantined, facts.by_rule) == (3, 0, {"X_NOTE": notes})
    assert "W_UNIDENTIFIED" not in {one.code for one in facts.remarks}


@pytest.mark.parametrize(
    "content",
    [
        LINES.replace(b"\r\n", b"\r\nTotal,3\r\n", 2).replace(b"\r\nTotal,3", b"", 1),
        LINES + b"Total,3,of all\r\n",
        LINES + LAST_LINE[:39] + b"\r\n",
        LINES + b"Total,3\r\n" + LAST_LINE.replace(b"ref-000003", b"ref-000004") + b"\r\n",
    ],
)
def test_i04_what_stands_between_rows_or_says_more_may_be_anybodys(content):
    facts = read(content).facts
    assert facts.by_rule == {"R_CELLS": 1}
    assert "W_UNIDENTIFIED" in {one.code for one in facts.remarks}


def test_i04_a_last_row_that_says_whose_referral_it_is_and_no_more_keeps_it_on_the_list():
    whose = {**dict.fromkeys(SENT, ""), **{name: row(4)[name] for name in IDENTITY}}
    extract = read(csv_of([row(1), row(2), whose], columns=SENT))
    assert (extract.facts.accepted, extract.facts.quarantined, extract.facts.excluded) == (2, 1, 0)
    assert "W_UNIDENTIFIED" not in {one.code for one in extract.facts.remarks}


def test_i04_notes_below_a_list_on_a_sheet_are_nobodys_referral():
    rows = [SENT, *(tuple(one.get(name) for name in SENT) for one in (row(1), row(2))), (), ("Total", 2), ("a note",)]
    facts = read_extract(Workbook((Sheet("Data", tuple(rows)),)), on=DELIVERED).facts
    assert (facts.accepted, facts.quarantined, facts.by_rule) == (2, 0, {"X_NOTE": 2})


def test_i04_of_a_list_of_few_columns_no_row_is_a_note():
    few = ("pseudonym_id", "service_request_identifier", "referral_request_received_date", "age_band")
    constants = {name: GOOD[name] for name in REQUIRED if name not in few and name != "snapshot_date"}
    mapping = ProviderMapping(constants={**constants, "snapshot_date": "2026-11-15"})
    facts = read(csv_of([row(1), row(2)], columns=few) + b"Total,2\r\n", mapping).facts
    assert (facts.accepted, facts.by_rule) == (2, {"R_CELLS": 1})


def test_i14_a_note_below_the_list_is_searched_for_identifiers_too():
    with pytest.raises(IdentifiersFound):
        read(csv_of([{**row(1), "Remark": ""}] * 1, columns=(*SENT, "Remark")) + b"," * len(SENT) + b"943 476 5919\r\n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_i04_the_delimiter_is_found_from_the_header(delimiter):
    facts = read(csv_of([row(1)], delimiter=delimiter)).facts
    assert (facts.delimiter, facts.accepted) == (delimiter, 1)


@pytest.mark.parametrize(("declared", "word"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_i04_a_declared_delimiter_that_is_wrong_is_said_and_no_column_blamed(declared, word):
    refusal = refusal_of(LINES, ProviderMapping(delimiter=declared))
    assert refusal.code == "DELIMITER"
    assert f"the mapping declares a {word} between cells, but the header has a comma" in str(refusal)
    assert read(csv_of([row(1)], delimiter=declared), ProviderMapping(delimiter=declared)).facts.accepted == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [(b'"ref-000002', 3), (b'"ref-\r\n000002"', 3), (b'ref-000002"', 3)],
)
def test_i04_a_quotation_mark_left_open_is_refused_naming_its_line(text, line):
    refusal = refusal_of(LINES.replace(b"ref-000002", text))
    assert (refusal.code, f"line {line} " in str(refusal)) == ("QUOTES", True)


def test_i04_a_quotation_mark_left_open_on_the_last_line_is_refused():
    content = LINES.replace(b"ref-000003", b'"ref-000003').removesuffix(b"\r\n")
    assert "line 4 " in str(refusal_of(content))


@pytest.mark.parametrize("end", [b"\r\n\x1a", b"\n\x1a\x1a", b"\x1a"])
def test_i04_a_mark_of_old_behind_a_list_is_no_row(end):
    assert read(csv_of([row(1), row(2)]).removesuffix(b"\r\n") + end).facts.accepted == 2


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
@pytest.mark.parametrize("cut", [1, 5, 30, len(LAST_LINE) - 6])
def test_i04_a_list_cut_off_in_its_last_row_is_refused_naming_the_row(end, cut):
    content = LINES.replace(b"\r\n", end).removesuffix(end)
    refusal = refusal_of(content[: len(content) - len(LAST_LINE) + cut])
    assert (refusal.code, "row 4" in str(refusal)) == ("CUT_OFF", True)


def test_i04_a_list_cut_off_within_quotes_is_refused():
    content = LINES.replace(b"ref-000003", b'"ref-000003\r\n')
    assert refusal_of(content[: content.index(b"ref-000003") + 12]).code == "QUOTES"


@pytest.mark.parametrize("declared", ["utf-8", "cp1252"])
def test_i03_a_last_line_without_its_end_is_taken_and_said(declared):
    extract = read(LINES.removesuffix(b"\r\n"), ProviderMapping(encoding=declared))
    assert [(remark.code, remark.rows) for remark in extract.facts.remarks] == [("W_LAST_LINE", 1)]
    assert extract.facts.accepted == 3
    assert read(LINES, ProviderMapping(encoding=declared)).facts.remarks == ()


def test_i04_a_last_row_with_a_cell_too_many_is_not_cut_off():
    extract = read(LINES.removesuffix(b"\r\n") + b",more")
    assert [(number, rule) for number, rule, _ in rejected(extract)] == [(4, "R_CELLS")]


def test_i04_quoted_texts_are_read():
    content = LINES.replace(b"ref-000002", b'"ref ""two"", again"')
    assert [record["service_request_identifier"] for record in accepted(read(content))][1] == 'ref "two", again'


def test_i04_a_row_of_other_width_is_quarantined_and_the_rows_keep_their_numbers():
    lines = LINES.decode().splitlines()
    content = "\n".join(
        [*lines[:2], "a,b", lines[2], lines[3] + ",", "", lines[3].replace("SALT", "X"), "c,d,e\n"]
    ).encode()
    extract = read(content)
    assert [(number, rule) for number, rule, _ in rejected(extract)] == [
        (3, "R_CELLS"), (5, "R_CELLS"), (7, "R_UNKNOWN_SERVICE"), (8, "R_CELLS"),
    ]  # fmt: skip
    assert (extract.facts.read, extract.facts.accepted) == (6, 2)


BAD_DATES = ["31/02/2025", "01/13/2025", "5/4/25", "45321", "46144.0", "2026-02-30", "20260504", "04-May-26", "unknown"]


@pytest.mark.parametrize("text", BAD_DATES)
def test_i05_a_date_that_is_no_iso_day_is_never_guessed(text):
    extract = read_rows(row(1), row(2, referral_request_received_date=text))
    assert rejected(extract) == [(3, "R_DATE_INVALID", "referral_request_received_date")]


@pytest.mark.parametrize("text", ["1900-01-01", "9999-12-31", "0001-01-01"])
def test_i05_a_filler_date_is_quarantined(text):
    extract = read_rows(row(1), row(2, referral_request_received_date=text))
    assert rejected(extract) == [(3, "R_DATE_RANGE", "referral_request_received_date")]


def test_i05_the_declared_order_of_day_and_month_holds_for_every_row():
    sent = {"original_referral_request_received_date": "", "referral_request_received_date": "03/04/2026"}
    day_first = read_rows(row(1, **sent), mapping=ProviderMapping(date_format="DD/MM/YYYY"))
    month_first = read_rows(row(1, **sent), mapping=ProviderMapping(date_format="MM/DD/YYYY"))
    received = [str(accepted(one)[0]["referral_request_received_date"]) for one in (day_first, month_first)]
    assert received == ["2026-04-03", "2026-03-04"]
    bad = read_rows(
        row(1), row(2, referral_request_received_date="13/13/2026"), mapping=ProviderMapping(date_format="DD/MM/YYYY")
    )
    assert [rule for _, rule, _ in rejected(bad)] == ["R_DATE_INVALID"]


def test_i05_a_bare_number_in_a_workbook_is_no_date():
    cells = tuple(row(1, referral_request_received_date="").get(name) for name in SENT)
    serial = tuple(
        45321 if name == "referral_request_received_date" else cell for name, cell in zip(SENT, cells, strict=True)
    )
    good = tuple(row(2).get(name) for name in SENT)
    extract = read_extract(Workbook((Sheet("a", (SENT, serial, good)),)), on=DELIVERED)
    assert rejected(extract) == [(2, "R_DATE_INVALID", "referral_request_received_date")]


I06 = [
    ("R_FUTURE", {"referral_request_received_date": "2027-01-01"}),
    ("R_CONTACT_BEFORE_REFERRAL", {"first_care_contact_date": "2026-01-01"}),
    ("R_DISCHARGE_BEFORE_REFERRAL", {"service_discharge_date": "2026-01-01"}),
]


@pytest.mark.parametrize(("rule", "changes"), I06)
def test_i06_impossible_orders_of_dates_are_quarantined(rule, changes):
    assert [found for _, found, _ in rejected(read_rows(row(1), row(2, **changes)))] == [rule]


@pytest.mark.parametrize(
    "text", ["-1", "1.5", "1e9", "1000000000", "1,234", "*", "<5", "NULL", "-", "#REF!", "\N{FULLWIDTH DIGIT TWO}"]
)
def test_i07_what_is_no_number_is_quarantined(text):
    extract = read_rows(row(1), row(2, was_not_brought_count=text))
    assert rejected(extract) == [(3, "R_NUMBER", "was_not_brought_count")]


def test_i07_declared_markers_stand_for_nothing():
    mapping = ProviderMapping(empty=frozenset({"NULL", "-"}), decimal=".")
    extract = read_rows(row(1, was_not_brought_count="NULL", clock_stop_date="-", imd_decile="3.0"), mapping=mapping)
    (record,) = accepted(extract)
    assert {"was_not_brought_count", "clock_stop_date"}.isdisjoint(record)
    assert record["imd_decile"] == 3


@pytest.mark.parametrize("age", ["26", "30-34", "-1", "adult"])
def test_i08_adults_are_left_out_and_counted(age):
    facts = read_rows(row(1), row(2, age_band=age)).facts
    assert (facts.excluded, dict(facts.by_rule)) == (1, {"X_ADULT": 1})


def test_i09_a_copy_of_a_row_is_dropped_and_counted():
    extract = read_rows(row(1), row(2), row(1), row(1))
    assert (extract.facts.accepted, extract.facts.duplicates, rejected(extract)) == (2, 2, [])


def test_i09_the_same_referral_with_other_content_is_quarantined_both_rows():
    extract = read_rows(row(1), row(2), row(3), row(1, service="ASD"))
    assert rejected(extract) == [
        (2, "R_DUPLICATE_IDENTITY", "service_request_identifier"),
        (5, "R_DUPLICATE_IDENTITY", "service_request_identifier"),
    ]


def test_i09_a_good_row_beside_a_bad_one_of_the_same_referral_is_not_taken():
    extract = read_rows(row(1), row(2), row(1, age_band="?"), row(2, age_band="30"), row(3))
    assert dict(extract.facts.by_rule) == {"R_DUPLICATE_IDENTITY": 2, "R_UNKNOWN_CODE": 1, "X_ADULT": 1}


def test_i09_the_same_identifier_at_two_providers_is_two_referrals():
    other = row(1, organisation_identifier_code_of_provider="NQ7")
    facts = read_rows(row(1), other).facts
    assert (facts.accepted, facts.providers) == (2, ("NQ7", "RYY"))


def test_i12_a_file_without_one_good_row_is_refused_saying_why():
    refusal = refusal_of(csv_of([row(1, service="X"), row(2, service="X"), row(3, age_band="40")]))
    assert refusal.code == "ALL_ROWS_BAD"
    assert "R_UNKNOWN_SERVICE at service, rows: 2 (rows 2, 3). The service is none of the record" in str(refusal)


def test_i13_an_organisation_in_no_register_is_quarantined_and_a_merged_one_taken():
    unknown = row(2, organisation_identifier_code_of_provider="ZZ9")
    merged = row(3, organisation_identifier_code_of_provider="R1C")
    extract = read_rows(row(1), unknown, merged)
    assert rejected(extract) == [(3, "R_UNKNOWN_ORG", "organisation_identifier_code_of_provider")]
    assert [(remark.code, remark.rows) for remark in extract.facts.remarks] == [("W_SUCCEEDED_PROVIDER", 1)]


@pytest.mark.parametrize("name", ["NHS number", "Surname", "Postcode", "Date of birth", "E-mail"])
def test_i14_identifiers_refuse_the_file_and_no_value_is_said(name):
    with pytest.raises(IdentifiersFound) as refusal:
        read(csv_of([row(1, **{name: "zebra-crossing"})], columns=(*SENT, name)))
    assert name in str(refusal.value)
    assert "zebra" not in str(refusal.value)


def parquet_of(table: pa.Table) -> bytes:
    written = io.BytesIO()
    pq.write_table(table, written)
    return written.getvalue()


def test_a_parquet_file_cut_short_or_bent_is_refused_cleanly():
    whole = parquet_of(pa.table({name: pa.array([GOOD.get(name)], pa.string()) for name in SENT}))
    assert read(whole).facts.form == "parquet"
    for cut in (4, 12, len(whole) // 2, len(whole) - 1):
        assert refusal_of(whole[:cut]).code == "UNREADABLE"


def test_a_bent_parquet_file_is_read_or_refused_and_never_an_error():
    whole = parquet_of(pa.table({name: pa.array([GOOD.get(name)] * 9, pa.string()) for name in SENT}))
    rng, codes = random.Random(3), Counter()
    for _ in range(300):
        bent = bytearray(whole)
        for _ in range(rng.choice([1, 2, 8])):
            bent[rng.randrange(4, len(bent) - 4)] = rng.randrange(256)
        try:
            read(bytes(bent))
        except FileRefused as refusal:
            codes[refusal.code] += 1
    assert codes["UNREADABLE"] > 100


@pytest.mark.parametrize(("text", "code"), [("a\0b", "ENCODING")])
def test_a_parquet_text_that_no_database_takes_is_refused(text, code):
    table = pa.table({name: pa.array([GOOD.get(name)], pa.string()) for name in SENT}).append_column(
        "Extra", pa.array([text])
    )
    assert refusal_of(parquet_of(table)).code == code


def test_a_parquet_file_that_repeats_one_long_text_is_refused():
    table = pa.table({name: pa.array([GOOD.get(name)] * 2_000, pa.string()) for name in SENT})
    table = table.append_column("Extra", pa.array(["x" * 20_000] * 2_000))
    assert refusal_of(parquet_of(table)).code == "TOO_LARGE"


def test_a_parquet_column_of_lists_is_refused_by_its_place():
    table = pa.table({"service": ["SALT"], "things": pa.array([[1, 2]])})
    refusal = refusal_of(parquet_of(table))
    assert (refusal.code, "column 2" in str(refusal)) == ("CONTRACT", True)


def test_a_parquet_file_of_too_many_columns_is_refused():
    assert refusal_of(parquet_of(pa.table({f"c{n}": ["x"] for n in range(401)}))).code == "TOO_LARGE"


def test_a_line_longer_than_any_row_is_refused_without_showing_it():
    content = HEADER.encode() + b"\n" + b"secret," * 1_500_000 + b"\n"
    refusal = refusal_of(content)
    assert (refusal.code, "secret" in str(refusal)) == ("CONTRACT", False)


def test_a_first_line_without_an_end_is_refused():
    assert refusal_of(b"x" * 100_000).code == "ENCODING"
