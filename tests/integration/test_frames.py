"""Arrow tables into the database and out of it: every value comes back as it was, and a wrong one says no value."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.referrals import NOW, records
from waitlists.errors import BadArgument
from waitlists.record.schema import SCHEMA
from waitlists.store import frames, tables, write
from waitlists.store.frames import insert_table, read_table
from waitlists.store.session import reading, writing

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30) | st.sampled_from(
    ["", "NULL", '"', "a,b", "%s %%", "\\N", "line\nend", "it's", "'", "''", "\u00e9"]
)


def stamped(rows: pa.Table) -> pa.Table:
    added = {
        "version_id": list(range(1, rows.num_rows + 1)),
        "delivery_id": [1] * rows.num_rows,
        "known_from": [date(2026, 1, 4)] * rows.num_rows,
        "stated_on": [date(2026, 1, 4)] * rows.num_rows,
        "is_absent": [number % 2 == 0 for number in range(rows.num_rows)],
        "identity": list(range(-1, rows.num_rows - 1)),
        "digest": [-(2**63)] * rows.num_rows,
    }
    columns = [*(pa.array(values) for values in added.values()), *rows.columns]
    return pa.Table.from_arrays(columns, names=[*added, *SCHEMA.names])


@given(st.lists(st.tuples(st.none() | TEXTS, st.none() | st.integers(0, 9), st.none() | st.dates()), max_size=6))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_goes_in_comes_out(database, drawn):
    rows = records(
        [{"district_code": text, "imd_decile": number, "clock_start_date": day} for text, number, day in drawn]
    )
    columns = [tables.referral.c[name] for name in SCHEMA.names]
    with writing(database) as connection:
        connection.execute(tables.referral.delete())
        insert_table(connection, tables.referral, stamped(rows))
        query = select(*columns).order_by(tables.referral.c.version_id)
        assert read_table(connection, query, SCHEMA).to_pylist() == rows.to_pylist()
        flags = select(tables.referral.c.is_absent).where(tables.referral.c.district_code == "NULL")
        found = read_table(connection, flags, pa.schema([("is_absent", pa.bool_())]))
        assert found.num_rows == sum(text == "NULL" for text, _, _ in drawn)


@pytest.mark.parametrize("wrong", [{"district_code": "canary" * 9}, {"source_system": "canary" * 9}])
def test_a_row_that_does_not_fit_is_refused_without_its_values(database, wrong):
    def load() -> None:
        with writing(database) as connection:
            write.start_run(connection, command="load", as_of=None, now=NOW)
            insert_table(connection, tables.referral, stamped(records([wrong])))

    with pytest.raises(BadArgument, match="do not fit the table referral") as refused:
        load()
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None
    with reading(database) as connection:
        assert connection.execute(select(tables.run)).first() is None


def test_a_long_answer_is_read_in_pieces_of_whole_rows(database, monkeypatch):
    monkeypatch.setattr(frames, "_LINES", 3)
    rows = records([{"imd_decile": number, "district_code": "one\ntwo"} for number in range(8)])
    with writing(database) as connection:
        insert_table(connection, tables.referral, stamped(rows))
        query = select(*(tables.referral.c[name] for name in SCHEMA.names)).order_by(tables.referral.c.version_id)
        found = read_table(connection, query, SCHEMA)
    assert found.to_pylist() == rows.to_pylist()
    assert [len(piece) for piece in found.column("imd_decile").chunks if len(piece)] == [3, 3, 2]
