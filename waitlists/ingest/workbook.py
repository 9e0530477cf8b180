"""Reads workbooks, hostile ones too: in a child process under limits of memory, CPU and time.

The spreadsheet reader can be made to ask for 512 GiB and abort by a file of 5 kB, so it never runs in this process.
What the child refuses, and any way it can die, becomes a `FileRefused`. What is read is described in `sheets`.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, cast

from waitlists.errors import FileRefused
from waitlists.ingest.looks import require_zip
from waitlists.ingest.sheets import PUBLISHED_WORKBOOKS, Cell, Limits, Sheet, Workbook, without_controls

__all__ = ["Cell", "Limits", "Sheet", "Workbook", "read"]

_CHILD = str(Path(__file__).with_name("workbook_child.py"))


def read(content: bytes, *, limits: Limits = PUBLISHED_WORKBOOKS) -> Workbook:
    """The workbook's sheets as plain values.

    Rules for what spreadsheets do: hidden sheets are read and flagged, hidden rows and columns are read; a merged
    cell's value stands in its top left cell; a formula counts with the value it was saved with; an error cell and a
    formula without a saved value become texts that no contract takes for a blank; dates follow the file's 1900 or
    1904 system; a time of day is dropped from a date; whole numbers are ints; a control character becomes a blank, but
    for tab and line ends.

    Raises
    ------
    FileRefused
        EMPTY, NOT_XLSX, ENCRYPTED, OLD_XLS, MACROS, UNSAFE, TOO_LARGE, TIMEOUT or UNREADABLE.
    """
    require_zip(content)
    found = _answer(content, limits)
    if "refused" in found:
        code, message = found["refused"]
        raise FileRefused(message, code=code)
    sheets = tuple(_sheet(sheet) for sheet in found["sheets"])
    return Workbook(sheets, uses_1904=found["uses_1904"])


def _answer(content: bytes, limits: Limits) -> dict[str, Any]:
    # The child gets our import path as data: isolated from the environment, without site, it starts three times faster.
    settings = json.dumps({**asdict(limits), "path": sys.path})
    child = subprocess.Popen(  # noqa: S603  # our own file by our own interpreter; the workbook is data on stdin
        [sys.executable, "-I", "-S", _CHILD, settings],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        output, complaint = child.communicate(content, timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        raise FileRefused("the workbook takes too long to read", code="TIMEOUT") from None
    finally:
        _end(child)
    if child.returncode != 0:
        raise _death(child.returncode, complaint)
    return json.loads(output)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child's whole group if it still runs, and collect it: no zombie, whatever happened."""
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    with child:
        child.wait()


def _death(returncode: int, complaint: bytes) -> FileRefused:
    """Why a child that gave no answer died: too much memory, too much CPU, or a fault in the reader."""
    if returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return FileRefused("the workbook takes too long to read", code="TIMEOUT")
    if b"memory" in complaint.lower():
        return FileRefused("the workbook needs more memory than a workbook may", code="TOO_LARGE")
    return FileRefused("the workbook is damaged: the reader gave up on it", code="UNREADABLE")


def _sheet(found: dict[str, Any]) -> Sheet:
    rows = tuple(tuple(_cell(cell) for cell in row) for row in found["rows"])
    return Sheet(_clean(found["name"]), rows, is_hidden=found["is_hidden"], formulas=found["formulas"])


def _cell(cell: Any) -> Cell:
    if isinstance(cell, str):
        return without_controls(cell)
    return date.fromisoformat(cast("list[str]", cell)[0]) if isinstance(cell, list) else cell


def _clean(name: str) -> str:
    """A sheet's name as printable text; spreadsheets allow 31 characters, the store has room for 40."""
    return "".join(letter if letter.isprintable() else " " for letter in name)[:40]
