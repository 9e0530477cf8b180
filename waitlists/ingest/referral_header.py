"""Which column of an extract is which field of the record, and which columns nobody knows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from waitlists.errors import FileRefused
from waitlists.ingest.mapping import ProviderMapping
from waitlists.record.schema import REQUIRED, SENT

LONGEST_NAME = 60
"""Characters of a column's name that a message repeats."""
_NO_LETTERS = "-_\N{ZERO WIDTH NO-BREAK SPACE}"
MOST_DIGITS = 4
"""Figures in a column's name; a date, a number or a postcode and house number have more."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field stands in the header (from 0), what is constant, and the columns that are no field's."""

    header: tuple[str, ...]
    places: Mapping[str, int]
    constants: Mapping[str, str]
    unknown: tuple[str, ...]


def folded(name: str) -> str:
    """A column's name as it is compared: letter case, blanks, line breaks, hyphens and underscores do not count.

    >>> folded(" Age-Band ") == folded("age_band")
    True
    """
    return "".join(letter for letter in name.lower() if not letter.isspace() and letter not in _NO_LETTERS)


def shown(name: str) -> str:
    """A column's name as a message may repeat it: printable, at most 60 characters, and nothing like a value.

    In a file without a header a child's first row stands in its place.
    """
    if "@" in name or sum(letter.isdigit() for letter in name) > MOST_DIGITS:
        return "(a name that looks like a value)"
    return "".join(letter if letter.isprintable() else " " for letter in name.strip())[:LONGEST_NAME]


def wanted_columns(mapping: ProviderMapping) -> dict[str, str]:
    """Our field by the folded name of the column it is sent in; constants are sent in none."""
    return {
        folded(mapping.columns.get(name, name)): name
        for name in SENT
        if name in mapping.columns or name not in mapping.constants
    }


def known_columns(header: Sequence[str], mapping: ProviderMapping) -> int:
    """How many columns of a header are fields of the record under a mapping."""
    wanted = wanted_columns(mapping)
    return sum(folded(name) in wanted for name in header)


def low_header(place: str) -> FileRefused:
    """The refusal of a file whose header stands at a place below its first row; what is above would be guessed at."""
    do = "take out the rows above it and send the file again"
    return FileRefused(f"{place} names the columns of referral records: {do}", code="HEADER")


def laid_out(header: Sequence[str], mapping: ProviderMapping) -> Layout:
    """The layout of a file.

    Raises
    ------
    FileRefused
        COLUMNS: a column twice, or one missing that is required or named by the mapping; the message names them.
    """
    names = [folded(name) for name in header]
    wanted = wanted_columns(mapping)
    places = {wanted[name]: place for place, name in enumerate(names) if name in wanted}
    _refuse_missing(places, mapping)
    _refuse_repeated(header, names)
    passed_over = {folded(name) for name in (*mapping.ignore, *mapping.constants)} | {""}
    unknown = (shown(name) for name, one in zip(header, names, strict=True) if one not in wanted)
    return Layout(
        tuple(header), places, mapping.constants, tuple(name for name in unknown if folded(name) not in passed_over)
    )


def _refuse_repeated(header: Sequence[str], names: Sequence[str]) -> None:
    # Columns without a name are no column's double: spreadsheets leave them at the right edge.
    counts = Counter(names)
    twice = [shown(name) for name, one in zip(header, names, strict=True) if one and counts[one] > 1]
    if twice:
        raise FileRefused(f"these columns stand twice in the header: {', '.join(twice)}; which counts?", code="COLUMNS")


def _refuse_missing(places: Mapping[str, int], mapping: ProviderMapping) -> None:
    missing = [name for name in REQUIRED if name not in places and name not in mapping.constants]
    # Taken for empty, a column of ends that did not come would put everybody who left back on the list.
    named = [name for name in mapping.columns if name not in places and name not in missing]
    if missing or named:
        raise FileRefused("; ".join((*_required(missing, mapping), *_named(named, mapping))), code="COLUMNS")


def _required(missing: Sequence[str], mapping: ProviderMapping) -> Iterator[str]:
    if missing:
        said = ", ".join(map(mapping.named, missing))
        yield f"the header lacks required columns: {said}; add them, or name theirs in the mapping"


def _named(missing: Sequence[str], mapping: ProviderMapping) -> Iterator[str]:
    if missing:
        said = ", ".join(map(mapping.named, missing))
        yield (
            f"the header lacks columns that the mapping names: {said}; send them, empty where nothing is to be said,"
            " or correct their names in the mapping; what is never sent is taken out of it"
        )
