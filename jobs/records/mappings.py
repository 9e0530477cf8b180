"""Which mapping a file of referral records is read with: the one named, or the one in the folder that fits its header.

A file whose header is in our own words needs none. What fits is told by the header alone, before a row is read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from waitlists.errors import BadArgument, FileRefused
from waitlists.ingest.fetch import printable_name, start_of
from waitlists.ingest.looks import is_parquet, is_text
from waitlists.ingest.mapping import CANONICAL, ProviderMapping
from waitlists.ingest.mapping_check import check_mapping
from waitlists.ingest.referral_extract import header_of, looks_like_extract
from waitlists.ingest.referral_header import known_columns, laid_out, low_header
from waitlists.ingest.referral_sheet import header_in
from waitlists.ingest.referral_source import HEAD_ROWS
from waitlists.ingest.sheets import Workbook

MOST_BYTES = 256 * 1024
"""Of a mapping; the longest list of codes a system has fits in a tenth of it."""


@dataclass(frozen=True, slots=True)
class NamedMapping:
    """A mapping, and the name of its file without the ending; `canonical` for our own words."""

    name: str
    mapping: ProviderMapping


OWN_WORDS = NamedMapping("canonical", CANONICAL)

_Fit = tuple[int, int]
"""How whole it is, and how many columns are ours: 2 where no column is missing, 1 where but the delimiter is wrong."""


def read_mapping(path: Path) -> NamedMapping:
    """The mapping in a TOML file.

    Raises
    ------
    BadArgument
        The file is not there, or the mapping is wrong: the first fault of it, and how many there are.
    """
    text = start_of(path, size=MOST_BYTES)
    name = printable_name(path.name)
    if not text:
        raise BadArgument(f"there is no mapping {name}", field="--mapping")
    try:
        found = check_mapping(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadArgument(f"the mapping {name} is not UTF-8 text", field="--mapping") from None
    if isinstance(found, ProviderMapping):
        return NamedMapping(path.stem, found)
    first, *others = found
    more = f" (one of {len(found)} faults)" if others else ""
    raise BadArgument(f"the mapping {name} cannot be used: {first}{more}", field="--mapping")


def read_mappings(folder: Path | None) -> tuple[NamedMapping, ...]:
    """Every mapping of the folder that WAITLISTS_MAPPINGS names, in order of name; ours is always among them.

    Raises
    ------
    BadArgument
        The folder is not there, or one of its mappings is wrong.
    """
    if folder is None:
        return (OWN_WORDS,)
    if not folder.is_dir():
        raise BadArgument("there is no such folder of mappings", field="WAITLISTS_MAPPINGS")
    return (OWN_WORDS, *(read_mapping(path) for path in sorted(folder.glob("*.toml"))))


def fitting(path: Path, mappings: Sequence[NamedMapping]) -> NamedMapping | None:
    """The mapping under which a text or Parquet file holds referral records, None where it holds none under any.

    Of several one under which no column is missing that is required or named; of those the one whose name begins the
    file's name, the longest such name; else the one under which most columns are ours.

    Raises
    ------
    FileRefused
        MAPPING: several fit alike.
    """
    if not (is_text(start := start_of(path, size=64)) or is_parquet(start)):
        return None
    with path.open("rb") as file:
        return _closest([(_fit(file, one.mapping), one) for one in mappings], path.name)


def fitting_workbook(book: Workbook, name: str, mappings: Sequence[NamedMapping]) -> NamedMapping | None:
    """The same of a workbook that was read already."""
    return _closest([(_fit(book, one.mapping), one) for one in mappings], name)


def refuse_low_header(book: Workbook, mappings: Sequence[NamedMapping]) -> None:
    """Pass silently over a workbook, or a text read as one, of which no row below the first names columns of records.

    Raises
    ------
    FileRefused
        HEADER: one does; what stands above it would have to be guessed at.
    """
    for sheet in book.sheets:
        for row in range(1, min(HEAD_ROWS, len(sheet.rows))):
            header = header_in(sheet, row)
            if not sheet.is_hidden and any(looks_like_extract(header, one.mapping) for one in mappings):
                raise low_header(f"sheet {sheet.name}, row {row + 1}" if sheet.name else f"row {row + 1}")


def _closest(found: Iterable[tuple[_Fit | None, NamedMapping]], name: str) -> NamedMapping | None:
    ranked = [(_rank(fit, one, name), one) for fit, one in found if fit is not None]
    if not ranked:
        return None
    closest = max(rank for rank, _ in ranked)
    best = [one for rank, one in ranked if rank == closest]
    if len(best) > 1:
        names = ", ".join(one.name for one in best)
        raise FileRefused(f"the mappings {names} fit alike: begin the file's name with one's", code="MAPPING")
    return best[0]


def _rank(fit: _Fit, named: NamedMapping, name: str) -> tuple[int, int, int]:
    whole, columns = fit
    return whole, len(named.name) if name.lower().startswith(named.name.lower()) else 0, columns


def _fit(source: BinaryIO | Workbook, mapping: ProviderMapping) -> _Fit | None:
    """How well a file fits a mapping, None for a header of something else."""
    try:
        header = header_of(source, mapping, is_any=True)
    except FileRefused:
        return None
    if not looks_like_extract(header, mapping):
        return None
    return _wholeness(source, header, mapping), known_columns(header, mapping)


def _wholeness(source: BinaryIO | Workbook, header: Sequence[str], mapping: ProviderMapping) -> int:
    try:
        laid_out(header, mapping)
    except FileRefused:
        return 0
    try:
        header_of(source, mapping)
    except FileRefused:
        return 1
    return 2
