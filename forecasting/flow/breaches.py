"""How many children cross a threshold: today's list aged with recent exit rates, beside two ways that know less.

Each way is a `CrossingModel`, given the censuses of the past and nothing later, so that a better one can take its place
and be judged by the same past (`forecasting.flow.outlook`).
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from forecasting.flow.census import Census, crossed, over
from forecasting.flow.exits import ExitRates, exit_rates, no_exits
from forecasting.results import Method

FEWEST_CENSUSES = 3
"""Censuses that any way of counting ahead needs: two steps of the past."""


class Expected(NamedTuple):
    """Children of the list expected to cross within some days, and those expected to be over at the end of them."""

    crossing: float
    over: float


class CrossingModel(Protocol):
    """A way to say how many cross a threshold, from censuses a step apart, oldest first, all of one open top."""

    @property
    def name(self) -> Method:
        """What it is called where its answers are stored."""
        ...

    def expected(self, past: Sequence[Census], *, over_days: int, days: int) -> Expected:
        """What is expected within so many days of the last census; its threshold lies below the open top."""
        ...


class Ageing:
    """Everybody on the list waits on, and leaves as often as children of that wait have lately left."""

    name: Method = "ageing"

    def expected(self, past: Sequence[Census], *, over_days: int, days: int) -> Expected:
        """Children who reach the threshold while they wait, and those over it at the end who still wait then."""
        return _carried(past[-1], exit_rates(past), over_days=over_days, days=days)


class NoExits:
    """Everybody on the list waits on and nobody leaves: the most that can cross."""

    name: Method = "no_exits"

    def expected(self, past: Sequence[Census], *, over_days: int, days: int) -> Expected:
        """All who can reach the threshold do, and all over it stay."""
        return _carried(past[-1], no_exits(past[-1].open_from), over_days=over_days, days=days)


class LastCrossings:
    """As many cross a day as crossed lately, and the number over goes on as it went in the last step."""

    name: Method = "last_crossings"

    def expected(self, past: Sequence[Census], *, over_days: int, days: int) -> Expected:
        """The crossings of the last step carried on."""
        before, last = past[-2], past[-1]
        gap = (last.on - before.on).days
        was, now = over(before, over_days) or 0.0, over(last, over_days) or 0.0
        lately = newly_over(past, over_days=over_days)
        reach = min(days, over_days + 1)
        return Expected(lately / gap * reach, max(0.0, now + (now - was) / gap * days))


MODELS: tuple[CrossingModel, ...] = (Ageing(), NoExits(), LastCrossings())
"""The one to be preferred first, then those it has to beat."""


def newly_over(past: Sequence[Census], *, over_days: int) -> float:
    """Children who crossed in the last step: by their own weeks waited, else as the bands before it say.

    Notes
    -----
    From bands it is what ageing the bands of the step before says, never fewer than the number over has grown by and
    never more than are over.
    """
    before, last = past[-2], past[-1]
    gap = (last.on - before.on).days
    if last.basis == "weeks":
        return crossed(last, over_days, within=gap)
    now = over(last, over_days) or 0.0
    aged_over = _carried(before, exit_rates(past), over_days=over_days, days=gap).crossing
    return min(now, max(0.0, now - (over(before, over_days) or 0.0), aged_over))


def not_yet_referred(past: Sequence[Census], *, over_days: int, days: int, per_week: float | None) -> float | None:
    """Children whom nobody has referred yet and who may cross within so many days; None where there is no time for it.

    Parameters
    ----------
    per_week
        Children referred a week; None where that is not known, and then nothing is said.
    """
    to_come = days - over_days - 1
    if to_come <= 0 or per_week is None:
        return None
    reaching = exit_rates(past).staying(np.array([0]), np.array([over_days + 1]))
    return per_week / 7 * to_come * float(reaching[0])


def _carried(census: Census, rates: ExitRates, *, over_days: int, days: int) -> Expected:
    edge, top = over_days + 1, census.open_from
    waits = np.arange(top + 1)
    children = np.append(census.days, census.beyond)
    due = slice(max(0, edge - days), edge)
    crossing = children[due] @ rates.staying(waits[due], np.full_like(waits[due], edge))
    there = slice(due.start, None)
    return Expected(float(crossing), float(children[there] @ rates.staying(waits[there], waits[there] + days)))
