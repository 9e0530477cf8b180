"""Where waits lie among bands of whole days, the children of a band spread evenly over its days.

All is worked out in whole numbers and divided once at the end: as exact as fractions are, for a twentieth of their
time. Which bands there are, and which lists can be used, is said in `waitlists.bands`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple


class Spread(NamedTuple):
    """Children by band, every band known.

    Attributes
    ----------
    firsts
        First day of each band, shortest wait first.
    widths
        Days of each band but the last, which has no end.
    upto
        How many children are in each band or one before it.
    """

    firsts: Sequence[int]
    widths: Sequence[int]
    upto: Sequence[int]

    @property
    def everybody(self) -> int:
        """Children in all bands together."""
        return self.upto[-1]

    def from_day(self, day: int) -> int | None:
        """Children in the bands from a day on; None where no band but the first begins on it.

        >>> Spread((0, 8, 15), (8, 7), (3, 5, 9)).from_day(8)
        6
        """
        place = bisect_left(self.firsts, day, 1)
        return self.everybody - self.upto[place - 1] if day in self.firsts[place : place + 1] else None

    def share_before(self, day: int) -> float | None:
        """The share of children whose wait is less than so many days; None of nobody, and inside the last band.

        >>> Spread((0, 8, 15), (8, 7), (3, 5, 9)).share_before(8)
        0.3333333333333333
        """
        firsts, upto = self.firsts, self.upto
        if not upto[-1] or day > firsts[-1]:
            return None
        place = bisect_right(firsts, day - 1) - 1
        before, width = upto[place - 1] if place else 0, self.widths[place]
        return (before * width + (upto[place] - before) * (day - firsts[place])) / (width * upto[-1])

    def wait_of(self, q: float) -> float | None:
        """The wait in days that a share `q` of the children, and there are some, do not exceed; None in the last band.

        >>> Spread((0, 8, 15), (8, 7), (3, 5, 9)).wait_of(0.5)
        13.25
        """
        (part, whole), upto = _as_written(q), self.upto
        rank = part * upto[-1]
        place = bisect_left(upto, max(1, -(-rank // whole)))
        if place == len(self.widths):
            return None
        before = upto[place - 1] if place else 0
        count = whole * (upto[place] - before)
        return (self.firsts[place] * count + (rank - whole * before) * self.widths[place]) / count


@lru_cache(maxsize=64)
def _as_written(q: float) -> tuple[int, int]:
    """The decimal as written: 0.07 x 100 is 7, not 7.000000000000001, which would fall into the next band."""
    return Fraction(str(q)).as_integer_ratio()
