"""The checks of the child process, made in this one: what is refused before a reader sees it, and why."""

import zipfile
from dataclasses import asdict
from typing import Any

import pytest

from tests.sitrep_books import as_xlsx
from tests.zips import SHEET, changed, packed, parts_of, small, with_sheet
from waitlists.ingest import sheets, workbook_child
from waitlists.ingest.sheets import Limits

LIMITS = asdict(Limits())


def answer(content: bytes, **limits: int) -> dict[str, Any]:
    return workbook_child.answer(content, {**LIMITS, **limits})


def refusal(content: bytes, **limits: int) -> tuple[str, str]:
    code, message = answer(content, **limits)["refused"]
    return code, message


def test_the_child_answers_with_plain_cells():
    assert answer(packed(small())) == {
        "sheets": [
            {
                "name": "Sheet",
                "is_hidden": False,
                "rows": [["Name", "Count"], ["Kent", 7], ["Medway", 5.5]],
                "formulas": 0,
            }
        ],
        "uses_1904": False,
    }


def test_child_and_parent_mean_the_same_by_their_markers():
    assert (workbook_child.ERROR_CELL, workbook_child.EMPTY_FORMULA) == (sheets.ERROR_CELL, sheets.EMPTY_FORMULA)


def with_workbook(old: bytes, new: bytes) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts["xl/workbook.xml"]
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(old, new)

    return changed(change)


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">]>'
REFUSED: dict[str, tuple[bytes, dict[str, int], str, str]] = {
    "too many parts": (packed(small()), {"max_entries": 3}, "TOO_LARGE", "more than 3 parts"),
    "too much unpacked": (packed(small()), {"max_unpacked_bytes": 2**10}, "TOO_LARGE", "unpacks to more than 0 MiB"),
    "too great a ratio": (
        changed(lambda parts: parts.update({"xl/media.xml": b" " * 2**21})), {}, "TOO_LARGE", "100 times its size"
    ),
    "too many sheets": (as_xlsx({"a": [], "b": [], "c": []}), {"max_sheets": 2}, "TOO_LARGE", "more than 2 sheets"),
    "too many cells": (as_xlsx({"a": [[1, 2]] * 4}), {"max_cells": 7}, "TOO_LARGE", "span more than 7 cells"),
    "too many rows": (as_xlsx({"a": [[1]] * 4}), {"max_rows": 3}, "TOO_LARGE", "beyond row 3"),
    "too many columns": (as_xlsx({"a": [[1] * 4]}), {"max_columns": 3}, "TOO_LARGE", "or column 3"),
    "too much text": (as_xlsx({"a": [["12345678"]]}), {"max_text": 7}, "TOO_LARGE", "more text"),
    "a row beyond, without references": (
        with_sheet('<row r="9"/><row><c><v>1</v></c></row>'), {"max_rows": 9}, "TOO_LARGE", "beyond row 9"
    ),
    "macros": (changed(lambda parts: parts.update({"xl/vbaProject.bin": b"x"})), {}, "MACROS", "holds macros"),
    "macros of the old kind": (
        changed(lambda parts: parts.update({"xl/macrosheets/sheet1.xml": b"<x/>"})), {}, "MACROS", "holds macros"
    ),
    "a name that leads up": (changed(lambda parts: parts.update({"../../etc/x": b""})), {}, "UNSAFE", "leads out"),
    "an absolute name": (changed(lambda parts: parts.update({"/etc/x": b""})), {}, "UNSAFE", "leads out"),
    "a drive": (changed(lambda parts: parts.update({"C:x": b""})), {}, "UNSAFE", "leads out"),
    "a backslash": (changed(lambda parts: parts.update({"xl\\x": b""})), {}, "UNSAFE", "leads out"),
    "two parts of one name": (
        changed(lambda parts: parts.update({SHEET.upper(): b""})), {}, "UNSAFE", "two parts of one name"
    ),
    "an entity in the strings": (
        changed(lambda parts: parts.update({"xl/sharedStrings.xml": DOCTYPE + b"<sst/>"})), {}, "UNSAFE", "entities"
    ),
    "an entity in a sheet": (
        changed(lambda parts: parts.update({SHEET: DOCTYPE + b"<worksheet/>"})), {}, "UNSAFE", "entities"
    ),
    "a part packed by bzip2": (packed(small(), method=zipfile.ZIP_BZIP2), {}, "UNREADABLE", "packed in a way"),
    "an archive without a workbook": (packed({"xl/x.xml": b"<a/>"}), {}, "NOT_XLSX", "not an xlsx workbook"),
    "no archive": (b"PK\x03\x04 and then nothing", {}, "UNREADABLE", "damaged"),
    "broken XML": (changed(lambda parts: parts.update({SHEET: b"<worksheet><row"})), {}, "UNREADABLE", "damaged"),
    "a reference that is none": (with_sheet('<row><c r="7A"><v>1</v></c></row>'), {}, "UNREADABLE", "damaged"),
    "a column of five letters": (with_sheet('<row><c r="ABCDE1"><v>1</v></c></row>'), {}, "UNREADABLE", "damaged"),
    "a sheet that is not there": (changed(lambda parts: parts.pop(SHEET)), {}, "UNREADABLE", "damaged"),
    "a sheet without a link": (with_workbook(b'r:id="rId1"', b'r:id="rId77"'), {}, "UNREADABLE", "damaged"),
    "a cell of an unknown kind": (with_sheet('<row><c r="A1" t="s"><v>x</v></c></row>'), {}, "UNREADABLE", "damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "limits", "code", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_workbook_beyond_the_rules_is_refused(content: bytes, limits: dict[str, int], code: str, words: str):
    refused = refusal(content, **limits)

    assert refused[0] == code
    assert words in refused[1]


def test_two_sheets_of_one_name_are_refused():
    parts = parts_of(as_xlsx({"a": [], "b": []}))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="b"', b'name="A"')

    assert refusal(packed(parts)) == ("UNSAFE", "the workbook has two sheets of one name")


def test_an_encrypted_part_is_refused():
    content = bytearray(packed(small()))
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1

    assert refusal(bytes(content))[0] == "ENCRYPTED"


def test_a_workbook_that_needs_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch):
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(workbook_child, "_checked_parts", exhausted)

    assert refusal(b"")[0] == "TOO_LARGE"


def test_blank_cells_far_away_take_no_room():
    content = with_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>')

    assert answer(content)["sheets"][0]["rows"] == [[1]]


def test_prefixed_elements_are_measured_like_others():
    sheet = (
        b'<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<x:sheetData><x:row r="1"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )

    assert refusal(changed(lambda parts: parts.update({SHEET: sheet})))[0] == "TOO_LARGE"


def test_parts_the_reader_does_not_need_are_not_unpacked():
    content = changed(lambda parts: parts.update({"docProps/custom.xml": DOCTYPE, "xl/media/image1.png": b"x"}))

    assert answer(content)["sheets"][0]["name"] == "Sheet"
