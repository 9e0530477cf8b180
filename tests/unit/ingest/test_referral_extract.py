"""What a file is known by before it is read, and what its facts and batches are."""

import io
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.extracts import DELIVERED, GOOD, accepted, csv_of, read, read_rows, rejected, row
from waitlists.errors import BadArgument, FileRefused
from waitlists.ingest import referral_csv, referral_extract, referral_text
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_delivery import REJECTED_SCHEMA, FileFacts
from waitlists.ingest.referral_extract import header_of, looks_like_extract, read_extract
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.periods import LONDON
from waitlists.record.schema import REQUIRED, SCHEMA, SENT

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]


def bytes_in(text: str, encoding: str, end: str) -> bytes:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    return mark + text.replace("\r\n", end).encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_header_is_told_without_reading_on(encoding, end):
    stream = io.BytesIO(bytes_in(csv_of([row(1)]).decode(), encoding, end) + b"\x00\x81")
    assert header_of(stream) == SENT
    assert stream.tell() == 0


def test_a_header_of_parquet_and_of_a_workbook_is_told_too():
    written = io.BytesIO()
    pq.write_table(pa.table({name: [""] for name in SENT}), written)
    written.seek(0)
    assert header_of(written) == SENT
    assert written.tell() == 0
    assert header_of(Workbook((Sheet("notes", (("x",),)), Sheet("data", (SENT,))))) == SENT


def test_an_extract_that_lacks_a_required_column_is_still_told_for_one():
    assert looks_like_extract(SENT)
    assert looks_like_extract([name for name in REQUIRED if name != "pseudonym_id"])
    assert not looks_like_extract(["week_ending", "provider", "service", "waiting_for", "measure", "band", "count"])


def test_constants_do_not_make_a_file_an_extract():
    constants = dict.fromkeys(REQUIRED[:8], "x")
    mapping = ProviderMapping(columns={REQUIRED[8]: "A"}, constants=constants)
    assert looks_like_extract(["A"], mapping)
    assert not looks_like_extract(["B"], mapping)


def test_batches_have_the_canonical_schema_and_can_be_asked_for_again():
    extract = read_rows(row(1), row(2, service="X"))
    for _ in range(2):
        (batch,) = extract.batches()
        assert batch.records.schema.equals(SCHEMA)
        assert batch.rejected.schema.equals(REJECTED_SCHEMA)


def test_a_rejected_row_keeps_its_texts_ours_where_they_could_be_read():
    mapping = ProviderMapping(
        date_format="DD/MM/YYYY", codes={"waiting_for": {"FC": "first_contact"}}, empty=frozenset({"-"})
    )
    sent = row(2, service="X", waiting_for="fc", referral_request_received_date="04/05/2026", clock_start_date="4/5",
               clock_stop_date="-", imd_decile="three")  # fmt: skip
    (batch,) = read_rows(row(1), sent, mapping=mapping).batches()
    (found,) = batch.rejected.to_pylist()
    kept = {
        name: found[name] for name in ("service", "waiting_for", "imd_decile", "clock_start_date", "clock_stop_date")
    }
    assert kept == {
        "service": "X", "waiting_for": "first_contact", "imd_decile": "three", "clock_start_date": "4/5",
        "clock_stop_date": None,
    }  # fmt: skip
    assert found["referral_request_received_date"] == "2026-05-04"


def test_a_contradicted_row_keeps_its_texts_too():
    (batch,) = read_rows(row(1), row(2), row(2, imd_decile="4")).batches()
    assert [(one["imd_decile"], one["referral_request_received_date"]) for one in batch.rejected.to_pylist()] == [
        (None, "2026-05-04"), ("4", "2026-05-04"),
    ]  # fmt: skip


def test_rows_of_many_chunks_keep_their_numbers_and_are_told_apart(monkeypatch):
    """The chunks are made small, so that a few hundred rows are many of them; nothing else is changed."""
    monkeypatch.setattr(referral_text, "CHUNK_BYTES", 4_000)
    monkeypatch.setattr(referral_csv, "BLOCK_BYTES", 4_000)
    rows = [row(n, service="X" if n % 97 == 0 else "SALT") for n in range(1, 301)]
    lines = csv_of([*rows, row(5), row(6, age_band="0-4")]).decode().splitlines()
    lines.insert(150, "broken,row")
    extract = read("\n".join(lines).encode())
    assert sum(1 for _ in extract.batches()) > 5
    assert rejected(extract) == sorted(
        [(98, "R_UNKNOWN_SERVICE", "service"), (196, "R_UNKNOWN_SERVICE", "service"),
         (293, "R_UNKNOWN_SERVICE", "service"), (151, "R_CELLS", None),
         (7, "R_DUPLICATE_IDENTITY", "service_request_identifier"),
         (304, "R_DUPLICATE_IDENTITY", "service_request_identifier")]
    )  # fmt: skip
    facts = extract.facts
    assert (facts.read, facts.accepted, facts.quarantined, facts.duplicates) == (303, 296, 6, 1)


def test_a_quotation_mark_open_over_a_chunk_is_named_by_its_line(monkeypatch):
    monkeypatch.setattr(referral_text, "CHUNK_BYTES", 1_000)
    lines = csv_of([row(n, source_system='"Ri,O"') for n in range(1, 60)]).decode().splitlines()
    assert read("\n".join(lines).encode()).facts.accepted == 59
    lines[40] = lines[40].replace("SALT", '"SALT')
    with pytest.raises(FileRefused, match="line 41 "):
        read("\n".join(lines).encode())


def test_a_character_that_two_chunks_share_is_read(monkeypatch):
    monkeypatch.setattr(referral_text, "CHUNK_BYTES", 7)
    rows = [row(n, Remark="\N{SNOWMAN}" * 9) for n in range(1, 4)]
    content = csv_of(rows, columns=(*SENT, "Remark"))
    assert read(content).facts.accepted == 3
    with pytest.raises(FileRefused, match="line 2 "):
        read(
            content.replace("\N{SNOWMAN}".encode() * 9 + b"\r\n" + rows[2]["pseudonym_id"].encode(), b"\xe2\x98\r\n", 1)
        )


def test_a_file_of_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(referral_extract, "MOST_ROWS", 3)
    assert read_rows(*(row(n) for n in range(3))).facts.accepted == 3
    with pytest.raises(FileRefused, match="more than 3 rows") as refusal:
        read_rows(*(row(n) for n in range(4)))
    assert refusal.value.code == "TOO_LARGE"


def test_facts_whose_rows_do_not_add_up_cannot_be_made():
    facts = read_rows(row(1)).facts
    with pytest.raises(BadArgument, match="every row read"):
        FileFacts(**{name: getattr(facts, name) for name in FileFacts.__slots__} | {"read": 2})


def test_typed_parquet_columns_are_read_as_their_texts():
    columns = {name: pa.array([GOOD.get(name)] * 2, pa.string()) for name in SENT}
    columns |= {
        "referral_request_received_date": pa.array([20577, 20578], pa.date32()),
        "clock_stop_date": pa.array([1785715200000000, None], pa.timestamp("us")),
        "imd_decile": pa.array([3.0, None], pa.float64()),
        "was_not_brought_count": pa.array([2, 1], pa.int8()),
        "clock_stop_reason": pa.array(["seen", None]).dictionary_encode(),
        "service_request_identifier": pa.array(["a", "b"], pa.large_string()),
        "ethnic_category": pa.nulls(2),
    }
    written = io.BytesIO()
    pq.write_table(pa.table(columns), written)
    written.seek(0)
    first, second = accepted(read_extract(written, on=DELIVERED))
    assert [str(one["referral_request_received_date"]) for one in (first, second)] == ["2026-05-04", "2026-05-05"]
    assert (str(first["clock_stop_date"]), first["imd_decile"], first["was_not_brought_count"]) == ("2026-08-03", 3, 2)
    assert "imd_decile" not in second


def test_odd_parquet_columns_are_read_as_their_texts():
    """Databases write identifiers as decimals, and midnight in London in summer as the evening before in UTC."""
    columns = {name: pa.array([GOOD.get(name)] * 2, pa.string()) for name in SENT}
    summer = [datetime(2026, 7, 1, tzinfo=LONDON), datetime(2026, 1, 5, tzinfo=LONDON)]
    columns |= {
        "service_request_identifier": pa.array([Decimal("100001.00"), Decimal("100002.00")], pa.decimal128(12, 2)),
        "referral_spell_id": pa.array(["s1", None], pa.string_view()),
        "referral_request_received_date": pa.array(summer, pa.timestamp("ns", tz="Europe/London")),
        "first_care_contact_date": pa.array(summer, pa.timestamp("s", tz="UTC")),
        "age_band": pa.array(["5-10", "0-4"], pa.large_string()).dictionary_encode(),
    }
    written = io.BytesIO()
    pq.write_table(pa.table(columns), written)
    written.seek(0)
    first, second = accepted(read_extract(written, on=DELIVERED))
    assert [one["service_request_identifier"] for one in (first, second)] == ["100001", "100002"]
    for field in ("referral_request_received_date", "first_care_contact_date"):
        assert [str(one[field]) for one in (first, second)] == ["2026-07-01", "2026-01-05"]
    assert (first["referral_spell_id"], first["age_band"], second["age_band"]) == ("s1", "5-10", "0-4")


def test_cells_of_a_workbook_are_read_as_a_csv_would_hold_them():
    changes = {
        "referral_request_received_date": DELIVERED.replace(day=2),
        "imd_decile": 3.0,
        "was_not_brought_count": 2,
    }
    cells = tuple(GOOD.get(name) for name in SENT)
    good = tuple({**row(9), **changes}.get(name) for name in SENT)
    odd = tuple(True if name == "imd_decile" else GOOD.get(name) for name in SENT)
    sheet = Sheet("data", (SENT, good, (), cells[:4], (*cells, "beyond"), odd))
    extract = read_extract(Workbook((sheet,)), on=DELIVERED)
    assert rejected(extract) == [
        (4, "R_REQUIRED_MISSING", "organisation_identifier_code_of_provider"), (5, "R_CELLS", None),
        (6, "R_NUMBER", "imd_decile"),
    ]  # fmt: skip
    assert extract.facts.read == 4


def test_a_file_whose_every_row_is_of_other_width_is_refused():
    content = csv_of([row(1)]).splitlines()[0] + b"\n" + b"a,b,c\n" * 3
    with pytest.raises(FileRefused, match="R_CELLS, rows: 3") as refusal:
        read(content)
    assert refusal.value.code == "ALL_ROWS_BAD"


def test_broken_rows_after_the_last_good_one_are_counted(monkeypatch):
    monkeypatch.setattr(referral_text, "CHUNK_BYTES", 2_000)
    monkeypatch.setattr(referral_csv, "BLOCK_BYTES", 2_000)
    content = csv_of([row(1), row(2)]) + b"a,b\n" * 3_000
    facts = read(content).facts
    assert (facts.read, facts.accepted, dict(facts.by_rule)) == (3_002, 2, {"R_CELLS": 3_000})


def test_a_blank_row_among_others_is_no_row_and_keeps_its_number():
    lines = csv_of([row(1), row(2, service="X"), row(3)]).decode().splitlines()
    for blank in ("", "," * 41, " ," * 41):
        extract = read("\n".join([*lines[:2], blank, *lines[2:]]).encode())
        assert (extract.facts.read, rejected(extract)) == (3, [(4, "R_UNKNOWN_SERVICE", "service")])


def test_rejected_rows_can_be_read_again_once_they_are_mended():
    (batch,) = read_rows(row(1), row(2, service="X"), row(3, age_band="?")).batches()
    mended = batch.rejected.set_column(
        batch.rejected.column_names.index("service"), "service", pa.array(["ASD", "SALT"], pa.string())
    )
    again = read_extract(mended, on=DELIVERED)
    assert [one["service"] for one in accepted(again)] == ["ASD"]
    assert rejected(again) == [(4, "R_UNKNOWN_CODE", "age_band")]
    assert (header_of(mended), again.facts.form) == (SENT, "rows")


def test_a_name_of_a_column_that_looks_like_a_value_is_not_repeated():
    with pytest.raises(FileRefused) as refusal:
        read(csv_of([row(1)], columns=(*SENT, "ref 20260504", "ref 20260504")))
    assert "20260504" not in str(refusal.value)
    assert read(csv_of([row(1)], columns=(*SENT, "a@b"))).facts.unknown_columns == ("(a name that looks like a value)",)


@pytest.mark.parametrize(
    "above", [b"Waiting list\r\n\r\n", b"Waiting list" + b"," * 41 + b"\r\n\r\n", b"sep=,\r\n\r\n"]
)
def test_a_header_below_a_title_is_told_with_its_row(above):
    with pytest.raises(FileRefused, match="row 3 names the columns of referral records: take out the rows") as refusal:
        read(above + csv_of([row(1)]))
    assert refusal.value.code == "HEADER"


def test_a_header_below_a_title_on_a_sheet_is_told_with_its_row():
    cells = tuple(row(1).get(name) for name in SENT)
    with pytest.raises(FileRefused, match="row 4 names") as refusal:
        read_extract(Workbook((Sheet("Data", (("Waiting list",), (), (), SENT, cells)),)), on=DELIVERED)
    assert refusal.value.code == "HEADER"


def test_headings_broken_into_lines_are_those_of_one_line():
    cells = tuple(row(1).get(name) for name in SENT)
    broken = tuple(name.replace("_", "\n", 1) for name in SENT)
    assert read_extract(Workbook((Sheet("Data", (broken, cells)),)), on=DELIVERED).facts.accepted == 1


def test_a_file_of_one_line_that_lacks_columns_says_which():
    with pytest.raises(FileRefused, match="lacks required columns"):
        read(b"service,waiting_for,age_band")


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r"])
def test_a_delimiter_that_ends_every_row_but_the_header_parts_nothing(end):
    header, *lines = csv_of([row(n) for n in range(1, 40)]).splitlines()
    content = end.join([header, b"", *(line + b"," for line in lines), b""])
    facts = read(content).facts
    assert (facts.read, facts.accepted, facts.unknown_columns) == (39, 39, ())
    mixed = end.join([header, *(line + b"," for line in lines[:3]), *lines[3:], b""])
    assert read(mixed).facts.by_rule == {"R_CELLS": 3}
    filled = end.join([header, *(line + b",x" for line in lines[:3]), *lines[3:], b""])
    assert read(filled).facts.by_rule == {"R_CELLS": 3}
