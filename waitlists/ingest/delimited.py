"""Reads delimited text, damaged text too, into the same plain values as a workbook: one sheet of text cells.

Encoding and delimiter are decided by rule, from the whole content, and never row by row; what no rule decides is
refused with its line. Lines are those of a text editor, counted from 1; rows are those a spreadsheet would show.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple, NoReturn

from waitlists.errors import FileRefused
from waitlists.ingest.marks import DELIMITERS
from waitlists.ingest.sheets import Cell, Row, Sheet, Workbook, without_controls

SAMPLED_RECORDS = 200
"""Records from which the delimiter is told; a table shows its width in fewer."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, the longer of two alike first; UTF-32 is not read."""

_NOT_WESTERN = re.compile(
    "[^\x00-\x7f\u00a0\u00a3\u00a7\u00a9\u00ae\u00b0-\u00b3\u00b7\u00ba\u00bc-\u00be\u00c0-\u00ff"
    "\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac\u2122]"
)
"""What no Windows-1252 text of this country holds: it has western letters, quotes, dashes, money and a few signs."""

_MOJIBAKE = re.compile("\u00c3[\u0080-\u00bf\u0192\u2013-\u203a]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]")
"""What UTF-8 looks like once it was read as Windows-1252."""

_LINE_END = re.compile(r"\r\n|\r|\n")

# The forms our own CSV writes an apostrophe before; full-width ones too.
_GUARDED = re.compile("'(?=['=+@\t\r\n\uff1d\uff0b\uff0d\uff20-])")


@dataclass(frozen=True, slots=True)
class TextLimits:
    """How much a text may ask for: bytes, rows, columns, characters of a cell, lines of a row with quoted breaks."""

    max_bytes: int = 48 * 2**20
    max_rows: int = 250_000
    max_columns: int = 600
    max_cell: int = 20_000
    max_lines: int = 40


PUBLISHED_TEXTS = TextLimits()


class _Record(NamedTuple):
    """The cells of one record, and the first and last line it stands on."""

    line: int
    last_line: int
    cells: list[str]


def read(content: bytes, *, limits: TextLimits = PUBLISHED_TEXTS) -> Workbook:
    """The table of a text as one sheet without a name, every cell a text or nothing.

    Rules: UTF-8 with or without a mark, UTF-16 with one; Windows-1252 where every character is one that such a text
    would hold, which is then noted; cells parted by comma, semicolon, tab or bar, whichever gives most rows one width;
    line ends of every system; a last line without one is told, and taken for cut off where it also lacks cells; quoted
    cells may hold delimiters and line ends; an apostrophe that guards a formula is taken off.

    Raises
    ------
    FileRefused
        EMPTY, TOO_LARGE, ENCODING, NUL, QUOTES, DELIMITER or CUT_OFF; all but EMPTY name the line.
    """
    if len(content) > limits.max_bytes:
        raise FileRefused(f"the text has more than {limits.max_bytes / 2**20:,.0f} MiB", code="TOO_LARGE")
    text, notes = _decoded(content)
    if (zero := text.find("\0")) >= 0:
        _refuse(text, zero, "text without a zero byte (NUL); export the file again", code="NUL")
    rows = _trimmed(_rows(text, _delimiter_of(text), limits))
    if not rows:
        raise FileRefused("the file holds no text but blanks", code="EMPTY")
    return Workbook((Sheet("", rows),), notes=notes, is_ended=_is_ended(text) or len(rows) == 1)


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    encoding = "utf-8"
    for mark, marked in _MARKS:
        if content.startswith(mark):
            content, encoding = content.removeprefix(mark), marked
            break
    if not encoding:
        raise FileRefused("line 1: expected UTF-8 or UTF-16, not UTF-32; save it as UTF-8", code="ENCODING")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            return _western(content, error.start)
        before = content[: error.start].decode(encoding, "ignore")
        _refuse(before, len(before), "whole characters of UTF-16; save it as UTF-8", code="ENCODING")
    if (lost := text.find("\N{REPLACEMENT CHARACTER}")) >= 0:
        _refuse(text, lost, "no character that was lost before; export the file again as UTF-8", code="ENCODING")
    if found := _MOJIBAKE.search(text):
        sentence = f"Line {_line_at(text, found.start())} seems to have been decoded wrongly before it was sent."
        return text, (sentence,)
    return text, ()


def _western(content: bytes, first: int) -> tuple[str, tuple[str, ...]]:
    """Text that is not UTF-8 as Windows-1252, if it can be nothing else."""
    line = _line_at(content[:first].decode("utf-8"), first)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("latin-1")
        _refuse(before, len(before), "UTF-8; save it as UTF-8", code="ENCODING")
    if odd := _NOT_WESTERN.search(text):
        _refuse(text, odd.start(), "UTF-8; save it as UTF-8", code="ENCODING")
    if found := _MOJIBAKE.search(text):
        _refuse(text, found.start(), "one encoding, not two mixed; save it as UTF-8", code="ENCODING")
    return text, (f"The file is not UTF-8 (line {line}); it was read as Windows-1252. Save it as UTF-8 to be sure.",)


def _delimiter_of(text: str) -> str:
    """The delimiter under which most records have one width above 1; a comma where no delimiter parts anything."""
    scored = sorted(((_most_of_one_width(text, mark), mark) for mark in DELIMITERS), reverse=True)
    (best, delimiter), (second, _) = scored[:2]
    if best == (0, 0):
        return ","
    if best == second:
        raise FileRefused("line 1: expected one delimiter of comma, semicolon, tab or bar, not two", code="DELIMITER")
    return delimiter


def _most_of_one_width(text: str, delimiter: str) -> tuple[int, int]:
    """How many of the first records have the most frequent width, and that width."""
    widths: Counter[int] = Counter()
    try:
        for record in islice(_records(text, delimiter), SAMPLED_RECORDS):
            widths[len(record.cells)] += 1
    except FileRefused:
        # Wrong delimiters break quotes; if the right one does too, the reading itself says so.
        pass
    return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))


def _records(text: str, delimiter: str) -> Iterator[_Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield _Record(line, reader.line_num, cells)
            line = reader.line_num + 1
    except csv.Error:
        expected = "a quote that closes, with a delimiter or the line's end after it"
        raise FileRefused(f"line {line}: expected {expected}", code="QUOTES") from None


def _rows(text: str, delimiter: str, limits: TextLimits) -> Iterator[Row]:
    """Every record within the limits as a row without the blanks at its right end."""
    seen: dict[str, Cell] = {"": None}
    last: list[str] = []
    above: list[str] = []
    for number, record in enumerate(_records(text, delimiter), start=1):
        last, above = record.cells, last
        if broken := _broken_limit(number, record, limits):
            raise FileRefused(f"line {record.line}: expected {broken}", code="TOO_LARGE")
        filled = next((n for n in range(len(record.cells), 0, -1) if record.cells[n - 1].strip()), 0)
        yield tuple(_cell(cell, seen) for cell in record.cells[:filled])
    if not _is_ended(text) and _is_cut(last, above):
        expected = "as many cells as on the line above; the file is cut off here, send it whole"
        _refuse(text, len(text), expected, code="CUT_OFF")


def _is_cut(last: list[str], above: list[str]) -> bool:
    """Whether a row without its line end stops short of the one above; a single cell may be a note below the table."""
    return len(last) < len(above) and (len(last) > 1 or above[0].startswith(last[0].strip() or "\n"))


def _is_ended(text: str) -> bool:
    return text.rstrip(" \t\x1a").endswith(("\n", "\r"))


def _broken_limit(number: int, record: _Record, limits: TextLimits) -> str | None:
    if number > limits.max_rows:
        return f"at most {limits.max_rows:,} rows"
    if len(record.cells) > limits.max_columns:
        return f"at most {limits.max_columns:,} columns"
    if max(map(len, record.cells), default=0) > limits.max_cell:
        return f"cells of at most {limits.max_cell:,} characters"
    if record.last_line - record.line >= limits.max_lines:
        return f"rows of at most {limits.max_lines} lines; a quote that opens in this one may never close"
    return None


def _cell(text: str, seen: dict[str, Cell]) -> Cell:
    """A cell, one object for all that are alike: tables repeat themselves a great deal."""
    if text not in seen:
        seen[text] = without_controls(text[1:] if _GUARDED.match(text) else text)
    return seen[text]


def _trimmed(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Rows without the empty ones below the last filled row."""
    kept = list(rows)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _refuse(text: str, index: int, expected: str, *, code: str) -> NoReturn:
    raise FileRefused(f"line {_line_at(text, index)}: expected {expected}", code=code)


def _line_at(text: str, index: int) -> int:
    return sum(1 for _ in _LINE_END.finditer(text, 0, index)) + 1
