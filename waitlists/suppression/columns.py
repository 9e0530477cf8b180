"""Many items of one kind in an answer, such as the steps of a series: what is shown of them, a field at a time.

What becomes of a field is found once for all items, and each value then by its place, where a pointer for every number
of every item would be made and looked up. As everywhere, what nobody declared is left out where it says something.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from operator import is_
from types import MappingProxyType
from typing import Any, NamedTuple

from waitlists.suppression.pointers import escaped, inside, says_something

Item = Mapping[str, Any]


class Column(NamedTuple):
    """What is shown of one field of all items, by place, where the field has a value; a field is no container.

    `exact` is what the values of counts are in the tables that were audited: one that is known otherwise is left out.
    `unsaid` is that of a `Shape`, by place.
    """

    shown: Sequence[object]
    exact: Sequence[object] | None = None
    unsaid: Mapping[int, bool] = MappingProxyType({})


class Columns(NamedTuple):
    """What is shown of each field of all items; those in `plain` count nobody."""

    fields: Mapping[str, Column]
    plain: AbstractSet[str] = frozenset()

    def shown(self, items: Sequence[Item]) -> tuple[list[dict[str, Any]], list[str]]:
        """The items as they may be shown, and pointers to what is hidden in them, from their list on."""
        new, hidden = [dict(item) for item in items], list[tuple[int, int]]()
        every = list(map(tuple, items))
        is_alike = every.count(every[0]) == len(every) if every else True
        names = dict.fromkeys(chain.from_iterable(every[:1] if is_alike else every))
        for order, name in enumerate(name for name in names if name not in self.plain):
            values = [item.get(name) for item in items]
            column = self.fields.get(name) or _undeclared(values)
            shown = column.shown if column.exact is None else _as_audited(column.shown, column.exact, values)
            if not column.unsaid and len(shown) == len(values) and all(map(is_, values, shown)):
                continue
            for item, old, now in zip(new, values, shown, strict=True):
                if old is not None:
                    item[name] = now
            for place in column.unsaid:
                if name in items[place]:
                    new[place][name] = shown[place]
            gone = [place for place in _gone(values, shown) if place not in column.unsaid]
            gone += [place for place, is_hidden in column.unsaid.items() if is_hidden and name in items[place]]
            hidden += [(place, order) for place in gone]
        steps = [escaped(name) for name in names if name not in self.plain]
        return new, [f"/{place}/{steps[order]}" for place, order in sorted(hidden)]


def _undeclared(values: Sequence[Any]) -> Column:
    """A field that nobody declared: what counts nobody is kept."""
    return Column([None if says_something(value) or inside(value) is not None else value for value in values])


def _as_audited(shown: Sequence[object], exact: Sequence[object], values: Sequence[object]) -> list[object]:
    return [one if value == known else None for one, known, value in zip(shown, exact, values, strict=True)]


def _gone(values: Sequence[Any], shown: Sequence[object]) -> list[int]:
    """Places of what was a number, or held some, and is null now; text that is no more is no number."""
    return [
        place
        for place, (old, now) in enumerate(zip(values, shown, strict=True))
        if now is None and old is not None and not isinstance(old, str)
    ]
