"""What a newcomer and an operator wait for: the demo, and the start of the API process."""

import statistics
import sys
import tempfile
from collections.abc import Iterator

from tests.benchmarks.measure import WAITLISTS, run
from tests.benchmarks.rows import Failed, Row, within


def bench_api_start() -> Iterator[Row]:
    runs = [run([sys.executable, "-c", "import api.app"]) for _ in range(5)]
    if any(one.exit_code for one in runs):
        raise Failed(f"api.app cannot be imported: {runs[0].output.strip().splitlines()[-1]}")
    seconds, memory = [one.seconds for one in runs], [one.peak_mib for one in runs]
    cpu = [one.cpu_seconds for one in runs]
    yield within("api start, time", "s", statistics.median(seconds), 3.0, seconds=seconds, cpu_seconds=cpu)
    yield within("api start, memory", "MiB", max(memory), 130.0, peak_mib=memory)


def bench_demo() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        done = run([*WAITLISTS, "demo", "--no-serve", "--dir", f"{folder}/demo"])
    if done.exit_code:
        raise Failed(f"the demo ended with {done.exit_code}: {done.output.strip()[-300:]}")
    yield within("demo, environment ready", "s", done.seconds, 60.0, cpu_seconds=done.cpu_seconds)
