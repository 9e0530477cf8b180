"""What a newcomer waits for: the demo."""

import tempfile
from collections.abc import Iterator

from tests.benchmarks.measure import WAITLISTS, run
from tests.benchmarks.rows import Failed, Row, within


def bench_demo() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        done = run([*WAITLISTS, "demo", "--no-serve", "--dir", f"{folder}/demo"])
    if done.exit_code:
        raise Failed(f"the demo ended with {done.exit_code}: {done.output.strip()[-300:]}")
    yield within("demo, environment ready", "s", done.seconds, 60.0, cpu_seconds=done.cpu_seconds)
