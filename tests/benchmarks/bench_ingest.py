"""A million referral records into both databases beside their own bulk loads, and a week of changes on top of them.

Ours reads the CSV with all rules, gates it, merges it and commits. The peers put the very rows that ours stored into a
copy of the same table, with the same columns, checks and indexes: PostgreSQL by COPY from ready CSV, SQLite by
executemany of ready tuples. Counting all lists of the first load has a row for its memory; how fast lists are counted
`bench_snapshots` says. The changes are loaded as a load is: merged, then their lists counted.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import Run, run
from tests.benchmarks.rows import Failed, Row, within
from tests.databases import new_postgresql, sqlite_template

ROWS = 1_000_000
CHANGES = 20_000
HALF, TWO_FIFTHS = 1 / 0.5, 1 / 0.4
"""How many times as long ours may take, for 50% and 40% of the peer's rows a second."""


def bench_ingest() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _step("write", folder, ROWS, CHANGES)
        shutil.copy(sqlite_template(), folder / "bench.db")
        yield from _into("SQLite", f"sqlite:///{folder / 'bench.db'}", folder, "executemany", TWO_FIFTHS)
        with new_postgresql() as url:
            yield from _into("PostgreSQL", url, folder, "COPY", HALF)


def _into(engine: str, url: str, folder: Path, peer: str, most: float) -> Iterator[Row]:
    first, first_run = _step("load", folder / "records.csv", url)
    raw, _ = _step("raw", url)
    counted, count_run = _step("count", url)
    delta, delta_run = _step("load", folder / "changes.csv", url, "delta")
    if first["taken"] != ROWS or raw["rows"] != ROWS or delta["read"] != CHANGES:
        raise Failed(f"not all rows were stored: {first}, {raw}, {delta}")
    name = f"{ROWS:,} records, {engine}"
    yield Row(
        f"{name}, time", "s", round(first["seconds"], 2), peer=round(raw["seconds"], 2), peer_name=f"raw {peer}",
        goal_ratio=most, raw={**first, "cpu_seconds": first_run.cpu_seconds},
    )  # fmt: skip
    yield within(f"{name}, memory", "MiB", first_run.peak_mib, 800.0)
    raw = {**counted, "cpu_seconds": count_run.cpu_seconds}
    yield within(f"{name}, lists counted, memory", "MiB", count_run.peak_mib, 800.0, **raw)
    loading = delta["reading"] + delta["storing"]
    yield within(f"{CHANGES:,} changes on them, {engine}", "s", loading, 10.0)
    raw = {**delta, "cpu_seconds": delta_run.cpu_seconds}
    yield within(f"{CHANGES:,} changes on them, lists counted, {engine}", "s", delta["seconds"], 10.0, **raw)
    yield within(f"{CHANGES:,} changes, {engine}, memory", "MiB", delta_run.peak_mib, 800.0)


def _step(*words: object) -> tuple[dict[str, float], Run]:
    """A step in a process of its own: its own time without its start, and the memory of that process."""
    done = run([sys.executable, "-m", "tests.benchmarks.ingest_steps", *map(str, words)])
    if done.exit_code:
        raise Failed(f"the step {words[0]} ended with {done.exit_code}: {done.output.strip()[-500:]}")
    return json.loads(done.output.splitlines()[-1]), done
