"""What past looks ahead taught by a day: how far a pace that is carried on errs, in what is usual for each list.

A total errs by chance, which a list's own ups and downs tell, and by more, in large lists as in small ones: a pace does
not stay as it was, and of that of a number waiting only a share lasts. Section "Clearance" of docs/methods.md.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from forecasting.flow.panel import STEPS, Came, Panel
from forecasting.flow.rates import PERIODS
from forecasting.results import LEVELS
from forecasting.scale import DEFAULT_CHANGE, TypicalChange, running_scales, typical_change
from forecasting.scores import FloatArray
from forecasting.spread import SMALLEST_POOL, at_every_step, tamed
from waitlists.sources import Freq

UNTOLD: Final = DEFAULT_CHANGE.factor
"""By this share of itself, and no less than nearer by, a pace is taken to go astray where too few past ones tell."""

USUAL_PERIODS: Final[Mapping[Freq, int]] = {freq: 2 * periods for freq, periods in PERIODS.items()}
"""So long is the past that a list's usual change is taken from: what it once was makes errors since look small."""

_MEDIAN_SQUARE: Final = 0.4549
"""Of an error of variance 1: the median of chi squared with one degree of freedom."""

_FROM_CHANGES: Final = math.pi / 4
"""Variance of a figure over the squared mean change from one to the next, of figures that vary by chance."""

_FROM_STEPS: Final = math.pi / 2
"""Variance of a step over its squared mean size, of a number that wanders by chance."""


class Past(NamedTuple):
    """A panel with its paces and what came after each; `is_stock` where its totals are numbers waiting."""

    panel: Panel
    paces: FloatArray
    came: Came
    is_stock: bool


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """By distance: `lasting` (H,) the share of a pace that does, `wander` (H,) the share by which totals go astray.

    `offsets` (H, k) are errors in `units` (series, periods, H), what is usual for each list and past period; `change`
    is what is typical of a level.
    """

    lasting: FloatArray
    wander: FloatArray
    offsets: FloatArray
    change: TypicalChange
    units: FloatArray


def learnt(past: Past, *, by: int) -> Learnt:
    """What was known by a day, over all lists."""
    usual = np.where(past.panel.known <= by, past.panel.usual, np.nan)
    change = typical_change(usual)
    scales = running_scales(usual, change, periods=USUAL_PERIODS[past.panel.freq])[..., None]
    came = past.came.changes
    said = past.paces[..., None] * past.came.weeks
    base = np.broadcast_to(past.panel.stands[..., None], said.shape) if past.is_stock else said
    chance = by_chance(scales, past.came.weeks, freq=past.panel.freq, is_stock=past.is_stock)
    is_told = np.isfinite([came, said, chance]).all(axis=0) & (base > 0) & (past.came.known <= by)
    horizon = said.shape[-1]
    lasting, wander, found = np.ones(horizon), np.full(horizon, UNTOLD), dict[int, FloatArray]()
    for place in range(horizon):
        told = is_told[..., place]
        if told.sum() > SMALLEST_POOL:
            whole = base[..., place][told]
            what_came, what_was_said, usually = (of[..., place][told] / whole for of in (came, said, chance))
            lasting[place] = _lasting(what_was_said, what_came) if past.is_stock else 1.0
            off = what_came - lasting[place] * what_was_said
            wander[place] = _beyond(off, usually)
            found[place + 1] = tamed(off / np.hypot(usually, wander[place]), LEVELS)
        elif place:
            lasting[place] = lasting[place - 1]
            wander[place] = max(UNTOLD, wander[place - 1])
    units = np.hypot(chance, wander * base)
    return Learnt(lasting, wander, at_every_step(found, horizon, LEVELS), change, units)


def by_chance(scale: FloatArray | float, weeks: FloatArray, *, freq: Freq, is_stock: bool) -> FloatArray:
    """(..., H) children by which a total is off after each distance by a list's own ups and downs alone.

    Parameters
    ----------
    scale
        The usual change from one period to the next, of removals a week or of a number waiting.
    weeks
        (..., H) how long each distance takes.

    Notes
    -----
    Removals vary around their pace in the periods to come and in those that the pace was taken from. A number waiting
    strays further with each period.
    """
    steps = np.array(STEPS[freq], dtype=float)
    if is_stock:
        return scale * np.sqrt(_FROM_STEPS * steps)
    return scale * weeks * np.sqrt(_FROM_CHANGES * (1 / steps + 1 / PERIODS[freq]))


def _beyond(off: FloatArray, usually: FloatArray) -> float:
    """The share by which totals go astray beyond chance; both (n,) as shares of what they are to be."""
    seen, chance = (float(np.median(np.square(of))) for of in (off, usually))
    return math.sqrt(max(0.0, seen / _MEDIAN_SQUARE - chance))


def _lasting(said: FloatArray, came: FloatArray) -> float:
    """The share of a pace that lasted, by least squares, between none and all of it."""
    square = float(said @ said)
    return min(max(float(said @ came) / square, 0.0), 1.0) if square else 1.0
