"""Where things go on a chart: two widths, scales from values and dates to places, ticks, labels that keep apart."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple


class Width(NamedTuple):
    """A chart for a kind of screen: units of its drawing, type that stays readable there, and how much is written."""

    name: str
    units: float
    type_size: float
    is_wordy: bool


WIDE: Final = Width("wide", 760.0, 14.0, is_wordy=True)
NARROW: Final = Width("narrow", 320.0, 12.0, is_wordy=False)
"""For 320 pixels: a wide chart made small would have letters of 5 pixels."""


class Scale(NamedTuple):
    """From values between `low` and `high` to places between `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value."""
        # Halves first: the difference of two numbers as large as a double holds would not fit one.
        span = self.high / 2 - self.low / 2
        return self.start + (value / 2 - self.low / 2) / span * (self.end - self.start)


def scale_of(values: Sequence[float], *, start: float, end: float) -> Scale:
    """A scale that holds every value with some room, and zero where it is near; any scale where there are none."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if low > 0 and low < 0.4 * high:
        low = 0.0
    room = (high - low) * 0.06 or abs(high) * 0.1 or 1.0
    return Scale(low if low == 0 else low - room, high + room, start, end)


def ticks_of(scale: Scale, *, most: int, whole_from: float = math.inf) -> list[float]:
    """Round values inside a scale, evenly spaced, `most` at most.

    On a scale that reaches `whole_from` they are whole, where there is a whole number at all: numbers are written so
    there, and 10.5 would stand as a second 10.
    """
    span = scale.high - scale.low
    step = _round_step(span / most)
    if scale.high >= whole_from and math.ceil(scale.low) <= scale.high:
        step = step if step.is_integer() else 5.0 if step > 1 else 1.0
    first = math.ceil(scale.low / step)
    found = [(first + place) * step for place in range(most + 1)]
    return [value for value in found if scale.low <= value <= scale.high][:most]


def spread(places: Sequence[float], *, least: float, low: float, high: float) -> list[float]:
    """Places in rising order moved as little as is needed to lie `least` apart, within `low` and `high`.

    >>> spread([10, 11, 50], least=12, low=0, high=60)
    [10, 22, 50]
    """
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + least) if moved else max(place, low))
    for number in range(len(moved) - 1, -1, -1):
        ceiling = high if number == len(moved) - 1 else moved[number + 1] - least
        moved[number] = min(moved[number], ceiling)
    return moved


def chosen(count: int, *, most: int) -> list[int]:
    """Which of so many places to write a date at: the first, the last and some evenly between, `most` at most."""
    if count <= most:
        return list(range(count))
    return sorted({round(place * (count - 1) / (most - 1)) for place in range(most)})


def is_monthly(days: Sequence[int]) -> bool:
    """Whether days, as ordinals in order, are a month or more apart."""
    return all(after - before >= 28 for before, after in pairwise(days))


def width_of(words: str, type_size: float) -> float:
    """About how wide words are: a little more than any usual face needs."""
    return len(words) * type_size * 0.56


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is at least so large."""
    power = 10.0 ** math.floor(math.log10(least))
    return next((times * power for times in (1, 2, 2.5, 5) if times * power >= least), 10 * power)
