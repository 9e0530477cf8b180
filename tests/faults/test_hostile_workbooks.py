"""Hostile files: each is refused, or read as what it is, within 2 seconds and 300 MiB, and this process lives on.

Faults I16 to I19 of the list, the golden files, and more of the kind. All files go through one process that reports the
processor time each took and the memory of its largest child.
"""

import json
import os
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sitrep_books import as_xlsx
from tests.zips import SHEET, changed, packed, parts_of, small, with_sheet

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "hostile"

SECONDS, MEMORY_KIB = 2.0, 300 * 1024
"""What a hostile file may cost."""

READ_ALL = """
import json, resource, sys, time
from pathlib import Path
from waitlists.errors import FileRefused
from waitlists.ingest import workbook

def spent():
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime

def one(path):
    start = spent()
    try:
        workbook.read(path.read_bytes())
        code = "READ"
    except FileRefused as refused:
        code = refused.code
    return code, spent() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss

print(json.dumps({path.stem: one(path) for path in map(Path, sys.argv[1:])}))
"""


def wide_bomb() -> bytes:
    """Unpacks to 60 MB from 60 kB."""
    return changed(lambda parts: parts.update({SHEET: b"<worksheet>" + b"<row/>" * 10**7}))


def six_million_rows() -> bytes:
    return changed(lambda parts: parts.update({SHEET: b"<worksheet>" + b"<row/>" * 6_000_000}))


def lying_bomb() -> bytes:
    """A part of 60 MB that the directory declares as 1 kB."""
    content = bytearray(wide_bomb())
    directory = content.index(b"PK\x01\x02", content.index(SHEET.encode()))
    while struct.unpack("<I", content[directory + 24 : directory + 28])[0] < 10**7:
        directory = content.index(b"PK\x01\x02", directory + 1)
    content[directory + 24 : directory + 28] = struct.pack("<I", 1000)
    return bytes(content)


def string_bomb() -> bytes:
    """One string of 1 MB that 20,000 cells refer to: 20 GB once read."""
    letters = random.Random(1).choices("abcdefghij", k=1_000_000)
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    parts = parts_of(with_sheet(cells))
    parts["xl/sharedStrings.xml"] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + "".join(letters).encode()
        + b"</t></si></sst>"
    )
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/'
        b'2006/relationships/sharedStrings"/></Relationships>',
    )
    return packed(parts)


def ten_thousand_sheets() -> bytes:
    sheets = b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(1, 10_001))

    def add(parts: dict[str, bytes]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</sheets>", sheets + b"</sheets>")

    return changed(add)


def many_parts() -> bytes:
    return packed(small() | {f"xl/media/{n}.png": b"" for n in range(5_000)}, method=zipfile.ZIP_STORED)


def deep() -> bytes:
    letters = random.Random(2).choices("ghijk", k=400_000)
    return changed(lambda parts: parts.update({SHEET: b"<worksheet>" + b"".join(b"<%c>" % ord(c) for c in letters)}))


def strings_entity() -> bytes:
    entity = (
        b'<!DOCTYPE sst [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    )
    return changed(lambda parts: parts.update({"xl/sharedStrings.xml": entity}))


def external_entity() -> bytes:
    entity = b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>'
    return changed(lambda parts: parts.update({SHEET: entity}))


def named(name: str) -> bytes:
    return changed(lambda parts: parts.update({name: b"x"}))


def cell(reference: str, value: str = "1", style: str = "") -> bytes:
    return with_sheet(f'<row><c r="{reference}"{style}><v>{value}</v></c></row>')


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "golden_sparse": ((GOLDEN / "sparse.xlsx").read_bytes, {"TOO_LARGE"}),
    "golden_lol": ((GOLDEN / "lol.xlsx").read_bytes, {"UNSAFE"}),
    "wide_bomb": (wide_bomb, {"TOO_LARGE"}),
    "six_million_rows": (six_million_rows, {"TOO_LARGE"}),
    "lying_bomb": (lying_bomb, {"UNREADABLE"}),
    "string_bomb": (string_bomb, {"TOO_LARGE"}),
    "ten_thousand_sheets": (ten_thousand_sheets, {"TOO_LARGE"}),
    "many_parts": (many_parts, {"TOO_LARGE"}),
    "deep": (deep, {"UNREADABLE"}),
    "strings_entity": (strings_entity, {"UNSAFE"}),
    "external_entity": (external_entity, {"UNSAFE"}),
    "far_row": (lambda: cell("A1048576"), {"TOO_LARGE"}),
    "far_column": (lambda: cell("XFD1"), {"TOO_LARGE"}),
    "row_of_twenty_digits": (lambda: cell("A99999999999999999999"), {"TOO_LARGE"}),
    "row_of_many_digits": (lambda: cell("A" + "9" * 5000), {"UNREADABLE"}),
    "row_zero": (lambda: cell("A0"), {"UNREADABLE"}),
    "a_day_beyond_the_calendar": (lambda: cell("A1", "1e308", ' s="1"'), {"READ"}),
    "encrypted": (lambda: OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), {"ENCRYPTED"}),
    "old_xls_renamed": (lambda: OLE + b"\0" * 5000, {"OLD_XLS"}),
    "pdf_called_xlsx": (lambda: b"%PDF-1.7\n" + b"x" * 5000, {"NOT_XLSX"}),
    "macros": (lambda: named("xl/vbaProject.bin"), {"MACROS"}),
    "leads_up": (lambda: named("../../etc/cron.d/x"), {"UNSAFE"}),
    "truncated": (lambda: (content := as_xlsx({"S": [[1] * 50] * 500}))[: len(content) // 2], {"UNREADABLE"}),
    "truncated_at_the_end": (lambda: as_xlsx({"S": [[1] * 50] * 500})[:-30], {"UNREADABLE"}),
    "random_bytes": (lambda: random.Random(3).randbytes(100_000), {"NOT_XLSX"}),
    "random_zip": (lambda: b"PK\x03\x04xl/workbook.xml" + random.Random(4).randbytes(100_000), {"UNREADABLE"}),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, float, int]]:
    """Code, seconds, and the largest child so far in KiB, by file; the first is a harmless one."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = [folder / f"{name}.xlsx" for name in ["harmless", *HOSTILE]]
    for path in paths:
        make = HOSTILE[path.stem][0] if path.stem in HOSTILE else lambda: packed(small())
        path.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, *map(str, paths)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.mark.parametrize(("name", "codes"), [(name, codes) for name, (_, codes) in HOSTILE.items()])
def test_a_hostile_file_is_refused_and_nothing_dies(outcomes, name: str, codes: set[str]):
    assert outcomes[name][0] in codes


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_costs_at_most_two_seconds(outcomes, name: str):
    assert outcomes[name][1] < SECONDS


def test_no_hostile_file_costs_more_memory_than_a_workbook_may(outcomes):
    start = outcomes["harmless"][2]

    assert outcomes["harmless"][0] == "READ"
    assert max(memory for _, _, memory in outcomes.values()) - start < MEMORY_KIB
