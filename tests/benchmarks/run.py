"""`make bench`: run every `bench_*` function beside this file, print a table, write build/bench.json.

Exit 1 when a goal is missed; a benchmark that cannot run here is listed with its reason and fails nothing.
"""

import argparse
import importlib
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.rows import Failed, Row, Skipped

HERE = Path(__file__).parent
REPORT = HERE.parents[1] / "build/bench.json"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="measure, compare, and write build/bench.json")
    parser.add_argument("--only", default="", help="part of a benchmark's name")
    only = parser.parse_args(arguments).only
    chosen = [bench for bench in benchmarks() if only in bench.__name__]
    if not chosen:
        print(f"no benchmark is called {only}; there are: {', '.join(bench.__name__ for bench in benchmarks())}")
        return 2
    results = [result for bench in chosen for result in measured(bench)]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps({"machine": machine(), "results": results}, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten to {REPORT.relative_to(Path.cwd()) if REPORT.is_relative_to(Path.cwd()) else REPORT}")
    return 0 if all(result.get("met") is not False for result in results) else 1


def benchmarks() -> list[Callable[[], Iterable[Row]]]:
    modules = [importlib.import_module(f"tests.benchmarks.{path.stem}") for path in sorted(HERE.glob("bench_*.py"))]
    return [value for module in modules for name, value in vars(module).items() if name.startswith("bench_")]


def measured(bench: Callable[[], Iterable[Row]]) -> Iterator[dict[str, Any]]:
    name = bench.__name__.removeprefix("bench_")
    try:
        for row in bench():
            print(line(row), flush=True)
            yield row.as_json()
    except Skipped as reason:
        print(f"{name:<38} skipped: {reason}", flush=True)
        yield {"name": name, "met": None, "skipped": str(reason)}
    except Failed as reason:
        print(f"{name:<38} FAILED: {reason}", flush=True)
        yield {"name": name, "met": False, "failed": str(reason)}


def line(row: Row) -> str:
    against, kind = (row.limit, "limit") if row.limit is not None else (row.peer, row.peer_name)
    verdict = "met" if row.is_met else "MISSED"
    return (
        f"{row.name:<38} {row.ours:>10.2f} {row.unit:<5} {kind:<12} {against:>10.2f}  ratio {row.ratio:5.2f}  {verdict}"
    )


def machine() -> dict[str, Any]:
    cores = len(os.sched_getaffinity(0))
    # The load tells whether somebody else was using the machine: wall times are then not ours alone.
    load = os.getloadavg()[0]
    return {"cores": cores, "load": load, "python": platform.python_version(), "system": platform.platform()}


if __name__ == "__main__":
    sys.exit(main())
