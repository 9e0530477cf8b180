"""What holds for every extract: rows add up, and neither their order nor the file's dress changes what is taken."""

import io
from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.extracts import DELIVERED, GOOD, accepted, csv_of, read, rejected
from waitlists.errors import FileRefused
from waitlists.ingest.mapping import ProviderMapping
from waitlists.ingest.referral_extract import read_extract
from waitlists.ingest.referral_sheet import EXTRACT_WORKBOOKS
from waitlists.ingest.sheets import Sheet, Workbook
from waitlists.record.schema import IDENTITY, SENT

CHANGES = st.sampled_from(
    [
        {}, {}, {}, {"service": "ASD"}, {"service": "NONE"}, {"age_band": "30+"}, {"age_band": "11-15"},
        {"referral_request_received_date": "31/02/2025"}, {"referral_request_received_date": "2026-01-02"},
        {"clock_stop_date": "2026-06-01"}, {"organisation_identifier_code_of_provider": "NQ7"}, {"imd_decile": "3"},
        {"clock_stop_date": "2026-06-01", "clock_stop_reason": "seen"}, {"pseudonym_id": ""},
        {"service_request_identifier": ""},
    ]
)  # fmt: skip
FEW = settings(max_examples=25)
ROWS = st.lists(
    st.builds(
        lambda number, changes: {**GOOD, "service_request_identifier": f"r{number}", **changes},
        st.integers(1, 6),
        CHANGES,
    ),
    min_size=1,
    max_size=14,
)


@contextmanager
def allowing(code):
    """Let an example go in which the whole file is refused with this code, and no other."""
    try:
        yield
    except FileRefused as refusal:
        if refusal.code != code:
            raise
        assume(False)


def read_or_assume(rows):
    with allowing("ALL_ROWS_BAD"):
        return read(csv_of(rows))


@FEW
@given(ROWS)
def test_every_row_is_taken_quarantined_left_out_or_a_copy(rows):
    facts = read_or_assume(rows).facts
    assert facts.read == len(rows) == facts.accepted + facts.quarantined + facts.excluded + facts.duplicates
    assert sum(facts.by_rule.values()) == facts.quarantined + facts.excluded


@FEW
@given(ROWS)
def test_no_referral_is_taken_twice_and_none_that_is_contradicted(rows):
    """The oracle is a loop over the rows as dictionaries."""
    versions = defaultdict(set)
    for row in rows:
        versions[tuple(row[name] for name in IDENTITY)].add(tuple(sorted(row.items())))
    taken = Counter(tuple(record.get(name) for name in IDENTITY) for record in accepted(read_or_assume(rows)))
    assert set(taken.values()) == {1}
    assert all(len(versions[identity]) == 1 for identity in taken)


@FEW
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    first, shuffled = read_or_assume(rows), random.sample(rows, len(rows))
    second = read(csv_of(shuffled))
    assert sorted(map(repr, accepted(first))) == sorted(map(repr, accepted(second)))
    # Which rows are broken is said by their numbers.
    assert replace(first.facts, broken=()) == replace(second.facts, broken=())


@FEW
@given(ROWS, st.permutations(SENT), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(["utf-8-sig", "utf-16"]))
def test_the_dress_of_a_file_does_not_matter(rows, columns, delimiter, encoding):
    plain = read_or_assume(rows)
    dressed = csv_of(rows, columns=columns, delimiter=delimiter).decode().replace("\r\n", "\n").encode(encoding)
    other = read(dressed)
    assert accepted(other) == accepted(plain)
    assert rejected(other) == rejected(plain)


@FEW
@given(ROWS)
def test_parquet_and_workbooks_say_the_same_as_csv(rows):
    plain = read_or_assume(rows)
    written = io.BytesIO()
    table = pa.table(
        {name: [row.get(name) for row in rows] for name in SENT}, schema=pa.schema([(n, "string") for n in SENT])
    )
    pq.write_table(table, written)
    written.seek(0)
    cells = tuple(tuple(row.get(name) for name in SENT) for row in rows)
    workbook = Workbook((Sheet("Extract", (tuple(SENT), *cells)),))
    for source in (written, workbook):
        other = read_extract(source, on=DELIVERED)
        assert accepted(other) == accepted(plain)
        assert rejected(other) == rejected(plain)
    assert len(rows) < EXTRACT_WORKBOOKS.max_rows


@FEW
@given(ROWS)
def test_rejected_rows_read_again_are_rejected_again(rows):
    extract = read_or_assume(rows)
    good = {**dict.fromkeys(SENT), **GOOD, "row": 99, "rule": "", "field": "", "service_request_identifier": "good"}
    tables = [batch.rejected for batch in extract.batches()]
    again = pa.concat_tables([*tables, pa.Table.from_pylist([good], schema=tables[0].schema)])
    second = read_extract(again, on=DELIVERED)
    alone = Counter(rule for _, rule, _ in rejected(extract) if rule != "R_DUPLICATE_IDENTITY")
    assert alone <= Counter(rule for _, rule, _ in rejected(second))
    assert second.facts.form == "rows"


@FEW
@given(ROWS)
def test_codes_and_columns_of_a_sender_come_out_as_ours(rows):
    plain = read_or_assume(rows)
    words = {"SALT": "Speech", "ASD": "Autism"}
    theirs = [
        {"Line" if name == "service" else name: words.get(value, value) for name, value in row.items()} for row in rows
    ]
    columns = ["Line" if name == "service" else name for name in SENT]
    codes = {"service": {theirs: ours for ours, theirs in words.items()}}
    mapped = read(csv_of(theirs, columns=columns), ProviderMapping(columns={"service": "Line"}, codes=codes))
    assert accepted(mapped) == accepted(plain)
    assert mapped.facts.unknown_columns == ()
