"""The published workbooks into SQLite in one command, and hostile files refused without harm."""

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measure import ROOT, WAITLISTS, Run, run
from tests.benchmarks.rows import Failed, Row, Skipped, within

SHARED = ROOT.parent / "shared"
WORKBOOKS = SHARED / "data/chs-sitrep/original"
REFUSED = 10


def bench_load_workbooks() -> Iterator[Row]:
    files = sorted(map(str, WORKBOOKS.glob("*.xlsx")))
    if not files:
        raise Skipped("the published workbooks are not on this machine")
    with tempfile.TemporaryDirectory() as folder:
        _waitlists(folder, "migrate")
        done = _waitlists(folder, "load", *files)
        size = (Path(folder) / "bench.db").stat().st_size / 2**20
    if done.exit_code:
        raise Failed(f"load ended with {done.exit_code}: {done.output.strip()[-300:]}")
    raw = {"files": len(files), "cpu_seconds": done.cpu_seconds, "database_mib": size}
    yield within(f"load {len(files)} workbooks, time", "s", done.seconds, 40.0, **raw)
    yield within(f"load {len(files)} workbooks, memory", "MiB", done.peak_mib, 500.0, **raw)


def bench_hostile_files() -> Iterator[Row]:
    """Time and memory beyond those of refusing an empty file, which is read by no child process."""
    with tempfile.TemporaryDirectory() as folder:
        _waitlists(folder, "migrate")
        (Path(folder) / "empty.xlsx").touch()
        idle = min((_waitlists(folder, "load", f"{folder}/empty.xlsx") for _ in range(3)), key=lambda one: one.seconds)
        for path in hostile_files(Path(folder)):
            done = _waitlists(folder, "load", str(path))
            beyond, more = max(done.seconds - idle.seconds, 0), max(done.peak_mib - idle.peak_mib, 0)
            raw = {"seconds": done.seconds, "peak_mib": done.peak_mib, "start_up": [idle.seconds, idle.peak_mib]}
            if done.exit_code != REFUSED:
                raise Failed(f"{path.name} ended with {done.exit_code}, not {REFUSED}: {done.output.strip()[-300:]}")
            yield within(f"refuse {path.name}, time", "s", beyond, 2.0, **raw)
            yield within(f"refuse {path.name}, memory", "MiB", more, 300.0, **raw)


def hostile_files(folder: Path) -> Iterator[Path]:
    """The golden hostile workbooks and some of our own."""
    yield from sorted((SHARED / "golden/hostile").glob("*.xlsx"))
    yield _bomb(folder / "bomb.xlsx")
    for name, start in (("encrypted.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("document.xlsx", b"%PDF-1.7\n")):
        path = folder / name
        path.write_bytes(start + b"\0" * 8192)
        yield path
    real = sorted(WORKBOOKS.glob("*.xlsx"))
    if real:
        path = folder / "truncated.xlsx"
        path.write_bytes(real[-1].read_bytes()[:100_000])
        yield path


def _bomb(path: Path) -> Path:
    """About a megabyte that unpacks to 600: rows without end in one sheet."""
    row = b'<row><c t="n"><v>1</v></c></row>' * 32_768
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for _ in range(600):
                sheet.write(row)
    return path


def _waitlists(folder: str, *words: str) -> Run:
    url = f"sqlite:///{folder}/bench.db"
    return run([*WAITLISTS, *words], environment={"WAITLISTS_DATABASE_URL": url, "WAITLISTS_LOG_LEVEL": "warning"})
