"""Funnel plots: which providers or boards differ from the share of all by more than their size explains.

Source: Spiegelhalter, Statistics in Medicine 2005; limits widened where all differ more than chance, as he advises for
NHS indicators.
"""

import math
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

WARNING: Final = 1.959964
ALARM: Final = 3.090232
LEAST_FOR_DISPERSION: Final = 10
TRIMMED: Final = 0.1


class FunnelPoint(NamedTuple):
    """One organisation's share between its warning (95%) and alarm (99.8%) limits; `position` by the alarm limits."""

    org: str
    share: float
    of: int
    low: float
    high: float
    alarm_low: float
    alarm_high: float
    position: Literal["low", "usual", "high"]


class Funnel(NamedTuple):
    """The share of all, how many times more than by chance organisations vary (1: no more), and who stands where."""

    share: float | None
    dispersion: float
    points: tuple[FunnelPoint, ...]


def funnel_of(counts: Mapping[str, tuple[int, int]]) -> Funnel:
    """The funnel of counts within and of all by organisation; one with nobody is left out.

    With ten organisations or more, limits are widened by the root of the mean squared z-score, a tenth of the scores
    on either side pulled in first so that the outliers looked for do not hide themselves.
    """
    used = {org: (within, of) for org, (within, of) in sorted(counts.items()) if of > 0}
    everyone = sum(of for _, of in used.values())
    if not everyone:
        return Funnel(None, 1.0, ())
    share = sum(within for within, _ in used.values()) / everyone
    errors = {org: math.sqrt(share * (1 - share) / of) for org, (_, of) in used.items()}
    dispersion = _dispersion([
        (within / of - share) / errors[org] for org, (within, of) in used.items() if errors[org]
    ])  # fmt: skip
    widened = math.sqrt(dispersion)
    points = tuple(_point(org, used[org], share, errors[org] * widened) for org in used)
    return Funnel(share, dispersion, points)


def _dispersion(scores: list[float]) -> float:
    if len(scores) < LEAST_FOR_DISPERSION:
        return 1.0
    ordered, cut = sorted(scores), int(len(scores) * TRIMMED)
    low, high = ordered[cut], ordered[-cut - 1]
    return max(1.0, sum(min(max(score, low), high) ** 2 for score in scores) / len(scores))


def _point(org: str, counts: tuple[int, int], all_share: float, error: float) -> FunnelPoint:
    within, of = counts
    share = within / of
    edges = [min(1.0, max(0.0, all_share + z * error)) for z in (-WARNING, WARNING, -ALARM, ALARM)]
    position = "low" if share < edges[2] else "high" if share > edges[3] else "usual"
    return FunnelPoint(org, share, of, edges[0], edges[1], edges[2], edges[3], position)
