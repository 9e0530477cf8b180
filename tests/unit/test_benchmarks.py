import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import measure, rows
from tests.benchmarks import run as harness


def test_time_and_memory_count_the_processes_a_command_starts():
    child = "import time; held = bytearray(80 * 2**20); time.sleep(0.3)"
    done = measure.run(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"]
    )
    assert done.exit_code == 0
    assert done.seconds >= 0.3
    assert done.peak_mib > 80


def test_a_command_keeps_its_exit_code_and_words():
    done = measure.run([sys.executable, "-c", "import sys; print('refused'); sys.exit(10)"])
    assert (done.exit_code, done.output.strip()) == (10, "refused")


def test_a_row_over_its_limit_is_missed():
    assert rows.within("load", "s", 39.9, 40.0).is_met
    assert not rows.within("load", "s", 40.1, 40.0).is_met


def test_a_row_beside_a_peer_is_judged_by_their_ratio():
    row = rows.Row("load", "s", 3.0, peer=4.0, peer_name="raw copy", goal_ratio=0.7)
    assert row.ratio == 0.75
    assert not row.is_met
    assert row.as_json()["goal"] == "ratio <= 0.7"


def test_a_row_of_which_none_is_allowed_is_missed_by_one():
    assert rows.Row("recovered", "found", 0, limit=0.0, goal_ratio=0.0).is_met
    assert not rows.Row("recovered", "found", 1, limit=0.0, goal_ratio=0.0).is_met


def test_a_row_without_anything_beside_it_is_refused():
    with pytest.raises(ValueError, match="nothing to be compared"):
        rows.Row("load", "s", 3.0).as_json()


def test_the_report_names_what_was_skipped_and_fails_what_was_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def bench_slow() -> Iterator[rows.Row]:
        yield rows.within("slow", "s", 2, 1, seconds=[2])

    def bench_elsewhere() -> Iterator[rows.Row]:
        raise rows.Skipped("no workbooks here")
        yield

    def bench_broken() -> Iterator[rows.Row]:
        raise rows.Failed("load ended with 12")
        yield

    monkeypatch.setattr(harness, "REPORT", tmp_path / "build/bench.json")
    monkeypatch.setattr(harness, "benchmarks", lambda: [bench_slow, bench_elsewhere, bench_broken])
    assert harness.main([]) == 1
    assert harness.main(["--only", "elsewhere"]) == 0
    assert harness.main(["--only", "broken"]) == 1
    assert harness.main(["--only", "nothing"]) == 2
    printed = capsys.readouterr().out
    assert "MISSED" in printed
    assert "skipped: no workbooks here" in printed
    assert "FAILED: load ended with 12" in printed
    assert '"failed": "load ended with 12"' in (tmp_path / "build/bench.json").read_text(encoding="utf-8")


def test_every_benchmark_is_found():
    names = {bench.__name__ for bench in harness.benchmarks()}
    assert names >= {"bench_load_workbooks", "bench_hostile_files", "bench_demo", "bench_api_speed"}
