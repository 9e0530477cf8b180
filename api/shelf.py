"""Lists of the board's matrix as worked out for the last who asked: the next page, and the next caller, find them."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from waitlists.store.judged import Place

Row = Mapping[str, Any]

Cells = Sequence[Sequence[Any]]
"""Variation, assurance, how many series of a list fall there, and how many of these are a real change."""

MOST_SHELVED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """One list of the matrix: how many of its series fall in each cell, and its rows where they are at hand."""

    place: Place
    view: str
    cells: Cells
    rows: tuple[Row, ...] | None = None


class Shelf:
    """Lists judged when they were asked for, the last ones; safe to share between threads."""

    def __init__(self, most: int = MOST_SHELVED) -> None:
        self._most = most
        self._lines: OrderedDict[Hashable, Line] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Line | None:
        """The line kept under a key, if it still is."""
        with self._lock:
            if key in self._lines:
                self._lines.move_to_end(key)
            return self._lines.get(key)

    def put(self, key: Hashable, line: Line) -> None:
        """Keep a line; the ones not asked for longest make room."""
        with self._lock:
            self._lines[key] = line
            while len(self._lines) > self._most:
                self._lines.popitem(last=False)
