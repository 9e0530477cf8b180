"""Identifiers in a file of no known source: looked for before it is refused, so that its sender is told of them first.

Nobody knows what its columns are, so they are judged by their headings and by what never stands in figures; days that
are far apart are no births here, and an address or two are those of whoever publishes a table.
"""

import re
from typing import BinaryIO

from waitlists.errors import FileRefused
from waitlists.ingest import delimited
from waitlists.ingest.delimited import TextLimits
from waitlists.ingest.identifiers import Watch, refuse_named
from waitlists.ingest.identifiers_in_sheets import refuse_in_sheets
from waitlists.ingest.referral_parquet import PARQUET_MARK, open_parquet
from waitlists.ingest.sheets import Sheet, Workbook

START_BYTES = 8 * 2**20
"""Of a text that is searched; a column that names children does so from its first rows."""

CONTACTS = 2
"""Addresses of a column that may be those of a publisher."""

_LIMITS = TextLimits(max_rows=START_BYTES, max_lines=START_BYTES)
_PARTED = re.compile(r'"?[,;\t|]"?')


def refuse_in_unknown(file: Workbook | BinaryIO) -> None:
    """Pass silently over a file that names no child.

    Parameters
    ----------
    file : a workbook that was read, or a stream of text or of Parquet bytes at its beginning

    Raises
    ------
    IdentifiersFound
        Naming the column, never a value.
    FileRefused
        UNREADABLE, TOO_LARGE, CONTRACT or ENCODING: a Parquet file that cannot be searched.
    """
    if isinstance(file, Workbook):
        _refuse_in(file)
        return
    start = file.read(START_BYTES + 1)
    file.seek(0)
    if start.startswith(PARQUET_MARK):
        _refuse_in_parquet(file)
    else:
        _refuse_in(_text(start))


def _refuse_in(book: Workbook) -> None:
    for sheet in book.sheets:
        width = max(map(len, sheet.rows), default=0)
        refuse_in_sheets([sheet], days=frozenset(range(width)), spared=CONTACTS)


def _refuse_in_parquet(stream: BinaryIO) -> None:
    opened = open_parquet(stream)
    refuse_named(opened.header)
    places = frozenset(range(len(opened.header)))
    watch = Watch(opened.header, known=frozenset(), days=places, spared=CONTACTS)
    for chunk in opened.read(places):
        watch.look(chunk)
    watch.finish()


def _text(start: bytes) -> Workbook:
    """The table a text begins with; where it cannot be taken apart by rule, parted at every mark that parts any."""
    if len(start) > START_BYTES:
        # The last line is cut through.
        start = start[: start.rfind(b"\n") + 1] or start
    try:
        return delimited.read(start, limits=_LIMITS)
    except FileRefused:
        lines = start.replace(b"\0", b"").decode("utf-8", "replace").splitlines()
        rows = (tuple(cell.strip(' "') or None for cell in _PARTED.split(line, _LIMITS.max_columns)) for line in lines)
        return Workbook((Sheet("", tuple(rows)),))
