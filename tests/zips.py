"""Workbooks taken apart and put together again with one thing wrong: for tests of what is refused."""

import io
import zipfile
from collections.abc import Callable, Mapping

from tests.sitrep_books import as_xlsx

Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def parts_of(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


def small() -> Parts:
    """The parts of a workbook of one sheet."""
    return parts_of(as_xlsx({"Sheet": [["Name", "Count"], ["Kent", 7], ["Medway", 5.5]]}))


def with_sheet(cells: str) -> bytes:
    """A workbook whose only sheet holds this XML inside `sheetData`."""
    sheet = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    return packed(small() | {SHEET: sheet.encode()})


def changed(change: Callable[[Parts], object]) -> bytes:
    parts = small()
    change(parts)
    return packed(parts)
