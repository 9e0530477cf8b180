"""Paging by cursor: where the last page ended, as an opaque text that says which list it belongs to.

A cursor is a position, not an offset: rows added meanwhile are neither skipped nor repeated, and a deep page costs no
more than the first. Every text that matches the cursor's pattern is a position, so none can break a query.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from waitlists.store.read import DatasetVersion

MAX_LIMIT = 1000
DEFAULT_LIMIT = 100
_SEPARATOR = "\x1f"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class IdCursor:
    """Positions in a list ordered by a number; `tag` is the one letter of the list."""

    tag: str

    @property
    def pattern(self) -> str:
        """What a cursor of this list looks like; 31 bits, as far as a database integer goes."""
        return f"^{self.tag}[0-7][0-9a-f]{{7}}$"

    def write(self, number: int) -> str:
        """The cursor of a page that ended with `number`."""
        return f"{self.tag}{number:08x}"

    def read(self, cursor: str | None) -> int | None:
        """The number a page goes on after, None for the first page."""
        return None if cursor is None else int(cursor[1:], 16)


@dataclass(frozen=True, slots=True)
class NameCursor:
    """Positions in a list ordered by one name or two; `tag` is the one letter of the list."""

    tag: str

    @property
    def pattern(self) -> str:
        """What a cursor of this list looks like."""
        return f"^{self.tag}([0-9a-f]{{2}}){{1,400}}$"

    def write(self, *names: str) -> str:
        """The cursor of a page that ended with the row of these names."""
        return self.tag + _SEPARATOR.join(names).encode().hex()

    def read(self, cursor: str | None) -> tuple[str, str] | None:
        """The names a page goes on after, None for the first page; bytes that are no text still are a position."""
        if cursor is None:
            return None
        text = bytes.fromhex(cursor[1:]).decode(errors="replace").replace("\0", "")
        first, _, second = text.partition(_SEPARATOR)
        return first, second


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the cursor of the next, None after the last."""

    items: tuple[Any, ...]
    next_cursor: str | None

    def body(self, *, dataset_version: DatasetVersion | None, **extra: object) -> dict[str, Any]:
        """The JSON form of the page, with what holds for all of it."""
        version = dataset_version.version if dataset_version else None
        return {"items": self.items, "next_cursor": self.next_cursor, "dataset_version": version, **extra}


def page(rows: Iterable[Item], *, limit: int, cursor: Callable[[Item], str]) -> Page:
    """The first `limit` of `rows`; the caller fetches one more, which shows whether another page follows."""
    kept: list[Item] = []
    for row in rows:
        if len(kept) == limit:
            return Page(tuple(kept), cursor(kept[-1]))
        kept.append(row)
    return Page(tuple(kept), None)


def page_of_register(
    entries: Sequence[Item], *, name: Callable[[Item], str], cursor: NameCursor, after: str | None, limit: int
) -> Page:
    """A page of a register kept in memory, ordered by `name`."""
    start = cursor.read(after)
    ordered = sorted(entries, key=name)
    rest = (entry for entry in ordered if start is None or name(entry) > start[0])
    return page(rest, limit=limit, cursor=lambda entry: cursor.write(name(entry)))


def next_link(path: str, query: Iterable[tuple[str, str]], cursor: str) -> str:
    """The address of the next page: the same question with its cursor."""
    kept = [(name, value) for name, value in query if name != "cursor"]
    return f"{path}?{urlencode([*kept, ('cursor', cursor)])}"
