"""The steps of `bench_ingest`, each a process: write the files, load one, put the same rows into a copy of a table."""

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.records.basis import Change
from jobs.records.files import Chosen, ReadExtract, read_records
from jobs.records.mappings import OWN_WORDS, NamedMapping
from jobs.records.snapshots import count_again
from jobs.records.storing import When, store_records
from waitlists.ingest.mapping import ProviderMapping
from waitlists.record.schema import IDENTITY
from waitlists.store import write
from waitlists.store.counted import extract_days
from waitlists.store.referral_write import Merged
from waitlists.store.session import make_engine, reading, writing
from waitlists.synthetic.kent import PROVIDERS, extract, population, to_csv

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
SCALE = 3.6
"""Makes some more than the million rows that are taken."""

AT_ONCE = 50_000
LONG_AGO = date(2000, 1, 1)
DELTA = NamedMapping("delta", ProviderMapping(source_system="RiO", kind="delta"))


def written(folder: str, rows: str, changes: str) -> dict[str, float]:
    """A week's snapshot of all providers, and what changed in the week after: of those in it, and who came since."""
    kent = population(5, end=date(2026, 11, 15), weeks=156, scale=SCALE)
    before, after = kent.weeks[-2:]
    snapshot = (extract(kent, provider, on=before) for provider in PROVIDERS)
    changed = (extract(kent, provider, on=after, since=before) for provider in PROVIDERS)
    first = _without_oldest(pa.concat_tables(snapshot), int(rows))
    later = pa.concat_tables(changed)
    came = pc.greater(later["referral_request_received_date"], before)
    is_known = pc.is_in(later[IDENTITY[1]], value_set=first[IDENTITY[1]].combine_chunks())
    for name, found, wanted in (("records", first, rows), ("changes", later.filter(pc.or_(came, is_known)), changes)):
        table = found.slice(0, int(wanted))
        if table.num_rows < int(wanted):
            raise SystemExit(f"{name}: {table.num_rows} rows are fewer than {wanted}")
        (Path(folder) / f"{name}.csv").write_bytes(to_csv(table))
    return {}


def _without_oldest(table: pa.Table, rows: int) -> pa.Table:
    """So many rows, those left out that were discharged longest ago."""
    oldest_first = pc.sort_indices(table["service_discharge_date"]).to_numpy()
    return table.take(pa.array(np.sort(oldest_first[max(table.num_rows - rows, 0) :])))


def loaded(path: str, url: str, kind: str = "snapshot") -> dict[str, float]:
    """The counts of one file loaded, and the seconds from opening it to the commit; of changes their lists counted."""
    engine = make_engine(url)
    gc.disable()  # as `load` does
    start = time.perf_counter()
    item = read_records(Chosen(Path(path), DELTA if kind == "delta" else OWN_WORDS), on=NOW.date())
    if not isinstance(item, ReadExtract):
        raise SystemExit(item.reason)
    read = time.perf_counter()
    with writing(engine) as connection:
        run_id = write.start_run(connection, command="load", as_of=None, now=NOW)
        stored = store_records(connection, item, When(run_id, NOW), None)
        merged = time.perf_counter()
        if kind == "delta":
            count_again(connection, [Change(stored.outcome.delivery_id or 0, stored.merged)], known_from=NOW.date())
    end = time.perf_counter()
    engine.dispose()
    parts = {"reading": read - start, "storing": merged - read, "counting": end - merged}
    return {"seconds": end - start, **parts, **stored.outcome.counts}


def counted(url: str) -> dict[str, float]:
    """The lists of all that was loaded, as the load itself would have counted them."""
    engine = make_engine(url)
    gc.disable()
    start = time.perf_counter()
    with writing(engine) as connection:
        providers = frozenset(extract_days(connection, known_on=NOW.date()))
        count_again(connection, [Change(1, Merged(affected_from=LONG_AGO, providers=providers))], known_from=NOW.date())
    seconds = time.perf_counter() - start
    engine.dispose()
    return {"seconds": seconds}


def raw(url: str) -> dict[str, float]:
    """The same rows put into a copy of the table by the database's own bulk load."""
    engine = make_engine(url)
    steps = _copied(engine) if engine.dialect.name == "postgresql" else _inserted(engine)
    seconds, rows = 0.0, 0
    for step in steps:
        start = time.perf_counter()
        rows += step()
        seconds += time.perf_counter() - start
    engine.dispose()
    return {"seconds": seconds, "rows": rows}


def _copied(engine) -> Iterator[Callable[[], int]]:
    taken = "COPY referral TO STDOUT (FORMAT csv)"
    with reading(engine) as connection, _driver(connection).cursor() as cursor, cursor.copy(taken) as copy:
        ready = [bytes(row) for row in copy]
    pieces = [b"".join(ready[first : first + AT_ONCE]) for first in range(0, len(ready), AT_ONCE)]

    def put() -> int:
        with writing(engine) as connection, _driver(connection).cursor() as cursor:
            cursor.execute("CREATE TABLE raw_referral (LIKE referral INCLUDING ALL)")
            with cursor.copy("COPY raw_referral FROM STDIN (FORMAT csv)") as copy:
                for piece in pieces:
                    copy.write(piece)
        return len(ready)

    yield put


def _inserted(engine) -> Iterator[Callable[[], int]]:
    """Tuples are fetched untimed between timed parts of one transaction, as a million of them would not fit."""
    copy = make_engine(str(engine.url).replace("bench.db", "raw.db"))
    with reading(engine) as source, copy.connect() as target, target.begin():
        ours, theirs = _driver(source), _driver(target)
        for (statement,) in ours.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'referral' AND sql NOT NULL"):
            theirs.execute(statement)
        cursor = ours.execute("SELECT * FROM referral")
        marks = ", ".join("?" * len(cursor.description))
        while rows := cursor.fetchmany(AT_ONCE):

            def put(rows=rows) -> int:
                theirs.executemany(f"INSERT INTO referral VALUES ({marks})", rows)
                return len(rows)

            yield put
        yield lambda: theirs.commit() or 0
    copy.dispose()


def _driver(connection):
    return connection.connection.driver_connection


STEPS = {"write": written, "load": loaded, "count": counted, "raw": raw}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
