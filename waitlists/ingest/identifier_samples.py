"""Columns whose heading says nothing and whose cells say it all: names, birth days and lines of addresses.

The first cells of each column are looked at together, beside the day of their rows' referrals: that is enough to judge
a column by how its cells vary, and costs a large file nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from waitlists.ingest.birth_days import are_birth_days
from waitlists.ingest.column_texts import first_filled
from waitlists.ingest.people_names import are_names
from waitlists.ingest.street_lines import are_street_lines

SAMPLED = 2_000
"""Filled cells of a column that are looked at."""


@dataclass(frozen=True, slots=True)
class Children:
    """What is known of a file with a row for each child's referral: where its day stands, and how days are written."""

    received: int | None = None
    forms: tuple[str, ...] = ()


class Samples:
    """The first filled cells of every column, and what they give away once the whole file was seen."""

    def __init__(self, width: int, *, children: Children | None, known: frozenset[int], days: frozenset[int]) -> None:
        """Sample so many columns; those at the places in `known` are fields of ours, those in `days` of days."""
        self._children = children
        self._known = known
        self._days = days
        self._cells: list[list[str]] = [[] for _ in range(width)]
        self._received: list[list[str]] = [[] for _ in range(width)]

    def look(self, columns: Sequence[pa.Array]) -> None:
        """Add what is wanted of some rows."""
        for place, column in enumerate(columns):
            wanted = SAMPLED - len(self._cells[place])
            if wanted and not (place in self._known and place in self._days):
                rows, texts = first_filled(column, wanted)
                self._cells[place] += texts
                self._received[place] += self._received_in(columns, rows)

    def likeness(self, place: int) -> str | None:
        """What the cells of a column are, where that names a child."""
        cells, children = self._cells[place], self._children
        if not cells:
            return None
        if are_names(cells, of_children=children is not None):
            return "people's names, children's or clinicians'"
        if are_street_lines(cells):
            return "lines of addresses"
        if children is not None and place not in self._days and self._received[place]:
            is_born = are_birth_days(cells, self._received[place], forms=children.forms)
            return "days of birth, years before the referrals" if is_born else None
        return None

    def _received_in(self, columns: Sequence[pa.Array], rows: object) -> list[str]:
        if self._children is None or self._children.received is None:
            return []
        texts = columns[self._children.received].take(pa.array(rows)).cast(pa.string())
        return [text or "" for text in texts.to_pylist()]
