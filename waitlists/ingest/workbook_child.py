"""The part of the reader that runs in a process of its own, because a workbook can make its reader abort.

Run by path with one JSON argument (limits and import path), the workbook on standard input; the answer, cells or a
refusal, is one JSON object on standard output. It imports nothing of this project, so it starts in about 40 ms.

A workbook is an archive of XML parts. Every part the reader will see is first unpacked under a limit and parsed by
expat: a DOCTYPE is refused (entities need one), and so are cells beyond the limits. The reader then gets a fresh
archive of exactly these parts, so nothing it sees was not looked at.
"""

import io
import json
import posixpath
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any
from xml.parsers import expat

ERROR_CELL = "#ERROR!"
EMPTY_FORMULA = "#NO VALUE!"

_DAMAGE = (zipfile.BadZipFile, zlib.error, expat.ExpatError, struct.error)
_UNREADABLE = (*_DAMAGE, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, ValueError)
"""What the standard library raises on a damaged archive or part."""


class Refused(Exception):
    """A workbook not to be read, with the code and message its `FileRefused` will carry."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def answer(content: bytes, limits: Mapping[str, int]) -> dict[str, Any]:
    """The workbook's sheets as JSON values, or `{"refused": [code, message]}`."""
    try:
        return _read(_checked_parts(content, limits), limits)
    except Refused as refused:
        return {"refused": [refused.code, str(refused)]}
    except MemoryError:
        return {"refused": ["TOO_LARGE", "the workbook needs more memory than a workbook may"]}
    except _UNREADABLE:
        return {"refused": ["UNREADABLE", "the workbook is damaged or cut short"]}


def _checked_parts(content: bytes, limits: Mapping[str, int]) -> dict[str, tuple[bytes, "_Part"]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _check_directory(archive.infolist(), limits)
        return {
            entry.filename: (data := archive.read(entry), _scanned(data, limits))
            for entry in archive.infolist()
            if _is_read(entry.filename)
        }


def _check_directory(entries: list[zipfile.ZipInfo], limits: Mapping[str, int]) -> None:
    """Sizes and names as the archive declares them; reading stops at the declared size of each part."""
    if len(entries) > limits["max_entries"]:
        raise Refused("TOO_LARGE", f"the archive has more than {limits['max_entries']:,} parts")
    if sum(entry.file_size for entry in entries) > limits["max_unpacked_bytes"]:
        raise Refused("TOO_LARGE", f"the workbook unpacks to more than {limits['max_unpacked_bytes'] // 2**20} MiB")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) < len(names):
        raise Refused("UNSAFE", "the archive holds two parts of one name")
    for entry in entries:
        _check_entry(entry, limits)
    _check_kind(names)


def _check_entry(entry: zipfile.ZipInfo, limits: Mapping[str, int]) -> None:
    if entry.flag_bits & 1:
        raise Refused("ENCRYPTED", "the workbook is protected by a password; save it without one")
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise Refused("UNSAFE", "the archive holds a part whose name leads out of it")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused("UNREADABLE", "the archive is packed in a way no spreadsheet program uses")
    if entry.file_size > 2**20 and entry.file_size > limits["max_ratio"] * max(entry.compress_size, 1):
        raise Refused("TOO_LARGE", f"a part unpacks to more than {limits['max_ratio']} times its size")


def _check_kind(names: list[str]) -> None:
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise Refused("MACROS", "the workbook holds macros; save it as .xlsx without them")
    if "xl/workbook.xml" not in names:
        raise Refused("NOT_XLSX", "this is a zip archive, but not an xlsx workbook")


def _is_read(name: str) -> bool:
    """Whether the reader gets the part: workbook, sheets, strings, styles and what links them, no custom XML."""
    name = name.lower()
    return name.endswith((".xml", ".rels")) and name.startswith(("xl/", "_rels/", "[content_types]"))


class _Part:
    """What one XML part holds that decides whether and how it is read.

    `row` and `column` count from 1 and follow the reader: a cell without a reference stands right of the one before.
    """

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = limits
        self.row = self.column = self.last_row = self.last_column = self.formulas = 0
        self.reference: str | None = None
        self.marked: dict[tuple[int, int], str] = {}
        self.sheets: list[dict[str, str]] = []
        self.targets: dict[str, str] = {}
        self.uses_1904 = False
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = _refuse_doctype
        self.parser.StartElementHandler = self._root

    def _root(self, name: str, _: dict[str, str]) -> None:
        handlers = {"worksheet": self._in_sheet, "workbook": self._in_workbook, "Relationships": self._in_links}
        self.parser.StartElementHandler = handlers.get(_local(name))

    def _in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = _local(name)
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self._place()
                self.column += 1
            # Most cells are blank: where one stands is worked out once it turns out to hold something.
            self.reference = reference
            if attributes.get("t") == "e":
                self._place()
                self.marked[self.row, self.column] = ERROR_CELL
        elif name in ("v", "is", "f"):
            self._value(name)
        elif name == "row":
            self.row, self.column, self.reference = int(attributes.get("r", self.row + 1)), 0, None

    def _value(self, name: str) -> None:
        self._place()
        if name == "f":
            self.formulas += 1
            self.marked.setdefault((self.row, self.column), EMPTY_FORMULA)
        elif self.marked.get((self.row, self.column)) == EMPTY_FORMULA:
            del self.marked[self.row, self.column]

    def _place(self) -> None:
        """Work out where the cell at hand stands, and refuse it beyond the limits."""
        if self.reference is not None:
            letters = self.reference.rstrip("0123456789")
            self.row, self.column = int(self.reference[len(letters) :]), _column_number(letters)
            self.reference = None
        self.last_row, self.last_column = max(self.row, self.last_row), max(self.column, self.last_column)
        rows, columns = self.limits["max_rows"], self.limits["max_columns"]
        if self.last_row > rows or self.last_column > columns:
            raise Refused("TOO_LARGE", f"a sheet has cells beyond row {rows:,} or column {columns:,}")

    def _in_workbook(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        if name == "workbookPr":
            self.uses_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            self.sheets.append({_local(key): value for key, value in attributes.items()})

    def _in_links(self, _: str, attributes: dict[str, str]) -> None:
        target = posixpath.normpath(posixpath.join("xl", attributes.get("Target", "")))
        self.targets[attributes.get("Id", "")] = target.lstrip("/").lower()


def _scanned(data: bytes, limits: Mapping[str, int]) -> _Part:
    part = _Part(limits)
    part.parser.Parse(data, True)
    return part


def _refuse_doctype(*_: object) -> None:
    raise Refused("UNSAFE", "the workbook declares entities, which no spreadsheet program writes")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


_COLUMNS: dict[str, int] = {}


def _column_number(letters: str) -> int:
    """1 for A, 27 for AA; remembered, since a sheet asks for the same few hundred again and again."""
    number = _COLUMNS.get(letters)
    if number is None:
        if not (letters.isascii() and letters.isalpha() and len(letters) <= 4):
            raise ValueError("not a cell reference")
        number = 0
        for letter in letters.upper():
            number = number * 26 + ord(letter) - ord("A") + 1
        _COLUMNS[letters] = number
    return number


def _read(parts: Mapping[str, tuple[bytes, _Part]], limits: Mapping[str, int]) -> dict[str, Any]:
    scans = {name.lower(): part for name, (_, part) in parts.items()}
    workbook = scans["xl/workbook.xml"]
    _check_size(workbook, scans, limits)
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        reader = CalamineWorkbook.from_filelike(_archive_of(parts))
        sheets = [
            {
                "name": found.name,
                "is_hidden": found.visible != SheetVisibleEnum.Visible,
                **_cells(reader.get_sheet_by_name(found.name), _scan_of(found.name, workbook, scans), limits),
            }
            for found in reader.sheets_metadata
            if found.typ == SheetTypeEnum.WorkSheet
        ]
    except CalamineError:
        raise Refused("UNREADABLE", "the workbook is damaged: a part of it cannot be read") from None
    return {"sheets": sheets, "uses_1904": workbook.uses_1904}


def _check_size(workbook: _Part, scans: Mapping[str, _Part], limits: Mapping[str, int]) -> None:
    names = [sheet.get("name", "").lower() for sheet in workbook.sheets]
    if len(names) > limits["max_sheets"]:
        raise Refused("TOO_LARGE", f"the workbook has more than {limits['max_sheets']} sheets")
    if len(set(names)) < len(names):
        raise Refused("UNSAFE", "the workbook has two sheets of one name")
    # The reader lays out the whole rectangle from A1 to the last cell, filled or not.
    if sum(part.last_row * part.last_column for part in scans.values()) > limits["max_cells"]:
        raise Refused("TOO_LARGE", f"the sheets span more than {limits['max_cells']:,} cells")


def _scan_of(name: str, workbook: _Part, scans: Mapping[str, _Part]) -> _Part:
    identity = next(sheet["id"] for sheet in workbook.sheets if sheet.get("name") == name)
    return scans[scans["xl/_rels/workbook.xml.rels"].targets[identity]]


def _archive_of(parts: Mapping[str, tuple[bytes, _Part]]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, (data, _) in parts.items():
            archive.writestr(name, data)
    packed.seek(0)
    return packed


def _cells(sheet: Any, scan: _Part, limits: Mapping[str, int]) -> dict[str, Any]:
    rows: list[list[Any]] = [_trimmed(row) for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in scan.marked.items():
        rows.extend([] for _ in range(len(rows), row))
        rows[row - 1].extend(None for _ in range(len(rows[row - 1]), column))
        rows[row - 1][column - 1] = text
    while rows and not rows[-1]:
        rows.pop()
    if sum(len(cell) for row in rows for cell in row if type(cell) is str) > limits["max_text"]:
        raise Refused("TOO_LARGE", "the sheets hold more text than a table does")
    return {"rows": rows, "formulas": scan.formulas}


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] == "":
        row.pop()
    return [_plain(cell) for cell in row]


def _plain(cell: Any) -> Any:
    """A JSON value: whole floats become ints, a day becomes a list of one ISO text, a blank becomes null."""
    if cell == "":
        return None
    if type(cell) is float:
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, date):
        return [cell.isoformat()[:10]]
    return str(cell) if isinstance(cell, (time, timedelta)) else cell


def restrain(memory_bytes: int, cpu_seconds: int) -> None:  # pragma: no cover - limits bind the process that asks
    """Lower this process's own limits: memory beyond what it has now, CPU time, no new files, no core dump."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123  # no pathlib in the child
        used_now = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used_now + memory_bytes, used_now + memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: Iterable[str]) -> None:  # pragma: no cover - runs in the child alone
    """Answer for the workbook on standard input; `arguments` holds one JSON object of limits and the import path."""
    limits = json.loads(next(iter(arguments)))
    sys.path[:] = limits["path"]
    restrain(limits["memory_bytes"], limits["cpu_seconds"])
    json.dump(answer(sys.stdin.buffer.read(), limits), sys.stdout)


if __name__ == "__main__":  # pragma: no cover - runs in the child alone
    main(sys.argv[1:])
