"""What the commands of `waitlists analyse` share: reading a file of one's own, and answering the same bytes each time.

Nothing here knows a database or a method. A file that cannot be used is refused in one sentence that names the line and
the column, never a value of it.
"""

import csv
import io
import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

from jobs.analysis.identified import refuse_identified
from jobs.version import version
from waitlists.errors import BadArgument, FileRefused

MISSING, SUPPRESSED = "", "*"

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Warned(NamedTuple):
    """Something to know about an answer: a stable word and one sentence."""

    code: str
    message: str


class Line(NamedTuple):
    """One row of a file: its line, counted from 1 with the header, and its cells by column, blanks around them cut."""

    number: int
    cells: Mapping[str, str]


def text_of(path: Path) -> str:
    """A whole file as text, without a byte order mark.

    Raises
    ------
    BadArgument
        When there is no such file or it cannot be read.
    FileRefused
        When it is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadArgument(f"cannot read {path}: {error.strerror or 'it is no file'}", field="INPUT") from None
    except UnicodeDecodeError:
        raise FileRefused(f"{path.name} is not text in UTF-8; save it as CSV UTF-8", code="NOT_UTF8") from None


def lines_of(
    path: Path, needed: Sequence[str], optional: Sequence[str] = (), *, of_children: bool = False
) -> list[Line]:
    """Rows of a CSV file with the columns named, in either letter case; other columns and empty lines are passed over.

    Parameters
    ----------
    of_children
        Whether a row is a child's referral.

    Raises
    ------
    IdentifiersFound
        When one of the other columns names children.
    FileRefused
        When a column is missing or there twice, or a row has not as many cells as the header.
    """
    reader = csv.reader(io.StringIO(text_of(path), newline=""), strict=True)
    first: list[str] = []
    try:
        printed = next(reader, first)
        header = [name.strip().lower() for name in printed]
        columns = _places(header, needed, optional, path)
        rows: list[list[str]] = []
        lines: list[Line] = []
        for row in reader:
            if len(row) <= 1 and not "".join(row).strip():
                continue
            if len(row) != len(header):
                raise unusable(path, f"line {reader.line_num} has {len(row)} cells where the header has {len(header)}")
            rows.append(row)
            lines.append(Line(reader.line_num, {name: row[place].strip() for name, place in columns.items()}))
    except csv.Error:
        raise unusable(path, f"line {reader.line_num} is not well-formed CSV") from None
    refuse_identified(printed, rows, asked=frozenset(columns.values()), of_children=of_children)
    return lines


def day_in(line: Line, column: str, path: Path) -> date | None:
    """The date in a cell, None where it is empty or suppressed."""
    text = line.cells.get(column, MISSING)
    if text in {MISSING, SUPPRESSED}:
        return None
    found = iso_day(text)
    if found is None:
        raise unusable(path, f"line {line.number}, column {column}: expected a date such as 2026-03-31")
    return found


def iso_day(text: str) -> date | None:
    """The day of an ISO date, None for anything else."""
    try:
        return date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def json_of(path: Path) -> Any:
    """The content of a JSON file.

    Raises
    ------
    FileRefused
        When it is not JSON.
    """
    try:
        return json.loads(text_of(path))
    except (ValueError, RecursionError):
        raise unusable(path, "it is not JSON") from None


def unusable(path: Path, why: str) -> FileRefused:
    """The refusal of a file that breaks its contract; `why` says where, and holds no value of it."""
    return FileRefused(f"{path.name} cannot be used: {why}", code="CONTRACT")


def answered(command: str, body: Mapping[str, Any], warnings: Sequence[Warned]) -> dict[str, Any]:
    """An answer as every `analyse` command gives it, dates as text."""
    facts = {name: value.isoformat() if isinstance(value, date) else value for name, value in body.items()}
    said = [warned._asdict() for warned in warnings]
    return {"command": f"analyse {command}", "version": version(), **facts, "warnings": said}


NO_LABELS: Mapping[str, str] = {}


def deliver(
    answer: Mapping[str, Any],
    *,
    as_json: bool,
    output: Path | None,
    labels: Mapping[str, str] = NO_LABELS,
    closing: str | None = None,
) -> None:
    """Print an answer, or write it to a file: JSON for programs, else a plain table for people.

    Parameters
    ----------
    labels
        What the table calls the facts, by name.
    closing
        A sentence at the end of the table.
    """
    table = _table(answer, labels) + (f"  {closing}\n" if closing else "")
    put(json.dumps(answer, indent=2, allow_nan=False) + "\n" if as_json else table, output)


def put(text: str, output: Path | None) -> None:
    """Text on standard output or in a file.

    Raises
    ------
    BadArgument
        When the file cannot be written.
    """
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_bytes(text.encode())
    except OSError as error:
        raise BadArgument(f"cannot write {output}: {error.strerror}", field="--output") from None


def _places(header: Sequence[str], needed: Sequence[str], optional: Sequence[str], path: Path) -> dict[str, int]:
    missing = [name for name in needed if name not in header]
    if missing:
        raise unusable(path, f"there is no column {' and no column '.join(missing)}{_found_instead(header)}")
    known = [name for name in (*needed, *optional) if name in header]
    if any(header.count(name) > 1 for name in known):
        raise unusable(path, f"more than one column is called {' or '.join(known)}")
    return {name: header.index(name) for name in known}


def _found_instead(header: Sequence[str]) -> str:
    """What the first line is, without repeating it: where a file has no header it holds values."""
    if not header:
        return "; the file is empty"
    if any(";" in name for name in header):
        return "; its cells are parted by semicolons: save it as CSV with commas"
    return f"; the first line has {len(header)} column{'s' * (len(header) != 1)}"


def _table(answer: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Facts one below the other, a list of facts as a table under headings, then the warnings."""
    facts = {name: value for name, value in answer.items() if name not in {"command", "version", "warnings"}}
    width = max(22, *(len(label) + 2 for label in labels.values())) if labels else 22
    lines = [line for name, value in facts.items() for line in _shown(labels.get(name, name), value, width)]
    return "\n".join([*lines, *(f"! {warned['message']}" for warned in answer["warnings"])]) + "\n"


def _shown(name: str, value: Any, width: int) -> list[str]:
    if isinstance(value, list):
        return [name, *_columns(cast("list[Mapping[str, Any]]", value))]
    return [f"{name:<{width}}{_plain(value)}"]


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Rows under the names of their columns, each column as wide as its widest cell."""
    if not rows:
        return ["  none"]
    cells = [list(rows[0]), *(list(map(_plain, row.values())) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in cells)
    return [f"  {line}".rstrip() for line in lines]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        counts = cast("Mapping[str, int]", value)
        return ", ".join(f"{name} {count}" for name, count in counts.items())
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)
