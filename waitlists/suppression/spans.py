"""What a reader can conclude: the span of each number, narrowed by every sum until nothing moves, and what it rests on.

Each end of a span remembers the sums and the given spans that it was worked out from. So where a sum is left out, or a
given span becomes wider, only what rests on it is worked out again, and a sum on which nothing rests is not even tried.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from waitlists.suppression.rules import Span

MOST_USES: Final = 200
"""How often a sum is used, one with another; what is known from sums that hold is known after a few."""

FAR: Final = 10**9
"""More than any list holds: the end of a span of which nothing is known."""

ANY: Final = Span(0, FAR)
"""The span of a count of which nothing is known."""

Equation = tuple[tuple[str, int], ...]
"""Members with the sign they have in `parts - less - total = 0`."""


class _Links(NamedTuple):
    """Which ends hang together. The high end of a number is at an even place, the low end, turned round, at the next.

    A high end is at most the sum of the ends opposite to all others in an equation: `limits` are, twice an equation,
    the ends that it limits; the limit of each is made of the ends limited by the other of the two. By end, `makers` are
    the limits that limit it and `users` those made of it.
    """

    places: Mapping[str, int]
    limits: Sequence[Sequence[int]]
    makers: Sequence[Sequence[int]]
    users: Sequence[Sequence[int]]


@dataclass(slots=True)
class Spans:
    """Spans of numbers under equations that hold for them, as narrow as equations used one at a time make them.

    `rests` holds by end, as bits, the equations and the numbers whose given spans it was worked out from.
    """

    links: _Links
    given: list[int]
    ends: list[int]
    rests: list[int]
    left_out: int | None = field(default=None, init=False)

    @classmethod
    def of(cls, given: Mapping[str, Span], equations: Iterable[Equation]) -> "Spans":
        """The spans of numbers of which so much is given, narrowed."""
        links = _links(given, list(equations))
        ends = [end for span in given.values() for end in (span.high, -span.low)]
        spans = cls(links, ends, list(ends), [_bit(links, end) for end in range(len(ends))])
        spans._settle(set(range(len(links.limits))))
        return spans

    def of_name(self, name: str) -> Span:
        """The span of one number."""
        place = self.links.places[name]
        return Span(-self.ends[place + 1], self.ends[place])

    def width(self, name: str) -> int:
        """How many values a number can have."""
        place = self.links.places[name]
        return self.ends[place] + self.ends[place + 1] + 1

    def rests_on(self, names: Iterable[str]) -> int:
        """The equations, as bits by number, without which one of these spans may be wider."""
        found = 0
        for name in names:
            place = self.links.places[name]
            found |= self.rests[place] | self.rests[place + 1]
        return found

    def given_to(self, names: Iterable[str]) -> set[str]:
        """The numbers from whose given spans these were worked out."""
        rests = self.rests_on(names)
        return {name for name, place in self.links.places.items() if rests & _bit(self.links, place)}

    def copy(self) -> "Spans":
        """The same spans, to be narrowed or widened by themselves."""
        return Spans(self.links, list(self.given), list(self.ends), list(self.rests))

    def leave_out(self, equation: int) -> None:
        """Widen the spans to those of somebody who does not know one of the equations, by its number."""
        self.left_out = equation
        self._settle(self._forget(1 << equation))

    def give(self, spans: Mapping[str, Span]) -> None:
        """Put other given spans for some numbers, wider or narrower."""
        wider, changed = 0, list[int]()
        for name, span in spans.items():
            place = self.links.places[name]
            for end, value in ((place, span.high), (place + 1, -span.low)):
                wider |= _bit(self.links, end) if value > self.given[end] else 0
                self.given[end] = value
                changed.append(end)
        waiting = self._forget(wider)
        for end in changed:
            if self.given[end] < self.ends[end]:
                self.ends[end], self.rests[end] = self.given[end], _bit(self.links, end)
                waiting.update(self.links.users[end])
        self._settle(waiting)

    def _forget(self, bits: int) -> set[int]:
        """Put all ends that rest on something back to what is given; the limits that may narrow them again."""
        waiting: set[int] = set()
        if not bits:
            return waiting
        for end in [end for end, rests in enumerate(self.rests) if rests & bits]:
            self.ends[end], self.rests[end] = self.given[end], _bit(self.links, end)
            waiting.update(self.links.makers[end])
        return waiting

    def _settle(self, waiting: set[int]) -> None:
        # Sums that nearly contradict one another close in by one at a time, for as long as a list is.
        for _ in range(MOST_USES * len(self.links.limits)):
            if not waiting:
                break
            limit = waiting.pop()
            if limit >> 1 != self.left_out:
                self._use(limit, waiting)

    def _use(self, limit: int, waiting: set[int]) -> None:
        """Narrow each end of one side of an equation by all others; what is made of those that moved is to be used."""
        ends, limited = self.ends, self.links.limits[limit]
        made_of = self.links.limits[limit ^ 1]
        most = sum(map(ends.__getitem__, made_of))
        for end in limited:
            opposite = ends[end ^ 1]
            # Sums that contradict one another leave nothing between: to narrow on would never end, and tells nothing.
            if most < ends[end] + opposite and most >= 0:
                ends[end] = most - opposite
                self._rest(end, limit, made_of)
                waiting.update(self.links.users[end])

    def _rest(self, end: int, limit: int, made_of: Sequence[int]) -> None:
        found = 1 << (limit >> 1)
        for other in made_of:
            if other != end ^ 1:
                found |= self.rests[other]
        self.rests[end] = found


def _bit(links: _Links, end: int) -> int:
    """The bit of the given span of a number; those of the equations come before."""
    return 1 << (len(links.limits) // 2 + end // 2)


def _links(names: Iterable[str], equations: Sequence[Equation]) -> _Links:
    places = {name: 2 * place for place, name in enumerate(names)}
    limits: list[list[int]] = []
    makers: list[list[int]] = [[] for _ in range(2 * len(places))]
    for equation in equations:
        limit, one, other = len(limits), list[int](), list[int]()
        for name, sign in equation:
            end = places[name] if sign > 0 else places[name] + 1
            makers[end].append(limit)
            makers[end ^ 1].append(limit + 1)
            one.append(end)
            other.append(end ^ 1)
        limits += (one, other)
    # The limit beside one that limits an end is made of that end.
    return _Links(places, limits, makers, [[limit ^ 1 for limit in own] for own in makers])
