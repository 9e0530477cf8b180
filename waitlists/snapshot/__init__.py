"""Referral records as snapshots: what each list was at the end of each week or month, and how it came there.

One snapshot is one service, organisation, stage and cut on one census day. Opening + referrals - removals - closing is
its residual: 0 but for referrals that went out of sight. Weeks end on Sundays; flows are counted after the census day
before and up to this one. A longest wait is given as a band alone, since a single wait may be one child's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from waitlists.bands import band_of
from waitlists.clock import Clocks
from waitlists.domain import Level
from waitlists.errors import BadArgument
from waitlists.periods import add_months, is_month_end, week_ending
from waitlists.record.columns import day_number
from waitlists.record.schema import REASONS
from waitlists.snapshot.counts import OVER_WEEKS, Ages, Lists, ages, order_by_list
from waitlists.snapshot.listed import CUTS, Listed, joined, listed_of
from waitlists.snapshot.lists import Asked, Counted, Freq, Named, Shares, asked_of, counted_of, named_of
from waitlists.stages import Stage
from waitlists.standards import standards_for

__all__ = [
    "CUTS",
    "OVER_WEEKS",
    "Freq",
    "Listed",
    "Snapshot",
    "Within",
    "joined",
    "listed_of",
    "snapshots",
    "snapshots_of",
]

Within = tuple[int, int]
"""How many are within a standard, and of how many."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One list on one census day; waits are in days, `bands` as in CHS_BANDS, `weeks` whole ones, 260 and more last.

    `cut` and `group` are empty for a whole list. `over` counts those who wait over so many weeks; `removals` those who
    left, by reason, where there were any. `waiting_within` is of those on the list, `completed_within` of those who
    left it in the period because what they waited for happened, each by standard. `adjusted_within` is
    `waiting_within` without the days that families chose to wait, and stands beside it.
    """

    service: str
    org: str
    level: Level
    cut: str
    group: str
    stage: Stage
    period_end: date
    freq: Freq
    list_size: int
    bands: tuple[int, ...]
    weeks: tuple[int, ...]
    over: Mapping[int, int]
    referrals: int
    removals: Mapping[str, int]
    residual: int
    median_days: float | None
    mean_days: float | None
    p92_days: float | None
    longest_band: str | None
    waiting_within: Mapping[str, Within]
    adjusted_within: Mapping[str, Within]
    completed_within: Mapping[str, Within]


def snapshots(
    table: pa.Table, clocks: Clocks, *, ends: Sequence[date], freq: Freq, cuts: Sequence[str] = ()
) -> list[Snapshot]:
    """Snapshots of every list of a records table on every census day, as `snapshots_of` has them."""
    return snapshots_of(listed_of(table, clocks), ends=ends, freq=freq, cuts=cuts)


def snapshots_of(
    listed: Listed, *, ends: Sequence[date], freq: Freq, cuts: Sequence[str] = (), has_wholes: bool = True
) -> list[Snapshot]:
    """Snapshots of every list that stays are on, on every census day from the first on which a child was on it.

    Parameters
    ----------
    ends
        Census days: Sundays for weeks, month ends for months.
    cuts
        Words of CUTS; boards' lists are given by their groups too, or alone where it has no wholes.

    Returns
    -------
    list of Snapshot
        By service, organisation, stage, cut and group, then day. Providers and boards both; what a provider's
        later extracts did not cover is for the caller to leave out.

    Raises
    ------
    BadArgument
        For a census day that ends no period of the frequency, or an unknown cut.
    """
    census = [_previous(end, freq) for end in ends] + list(ends)
    if set(cuts) - CUTS.keys():
        raise BadArgument(f"a list is cut by {', '.join(CUTS)}", field="cuts")
    if not len(listed.stays.row) or not ends:
        return []
    days = np.unique(np.array([day_number(day) for day in census], np.int32))
    asked = asked_of(listed, tuple(sorted(set(ends))), days, freq)
    return [found for named in _named(listed, cuts, has_wholes=has_wholes) for found in _of_lists(asked, named)]


def _named(listed: Listed, cuts: Sequence[str], *, has_wholes: bool) -> Iterator[Named]:
    """The ways in which stays are put on lists: by provider, by board, and by groups of a board's."""
    if has_wholes:
        yield named_of(listed, listed.provider, Level.PROVIDER, cut="")
    for cut in (*([""] if has_wholes else []), *dict.fromkeys(cuts)):
        yield named_of(listed, listed.board, Level.ICB, cut=cut)


def _previous(end: date, freq: Freq) -> date:
    """The census day before one, which has to end a period itself."""
    if freq == "W":
        if end != week_ending(end):
            raise BadArgument("a week's census day is a Sunday", field="ends")
        return end - timedelta(days=7)
    if not is_month_end(end):
        raise BadArgument("a month's census day is its last", field="ends")
    return add_months(end, -1)


def _of_lists(asked: Asked, named: Named) -> Iterator[Snapshot]:
    """Snapshots of every list, one list after the other."""
    counted, stays = counted_of(asked, named), asked.listed.stays
    order = order_by_list(named.of, len(named.names))
    days = (when[order] for when in (stays.start, stays.entered, stays.left))
    lists = Lists(len(named.names), named.of[order], *days)
    first = np.minimum.reduceat(lists.entered, np.searchsorted(lists.of, np.arange(lists.size)))
    at = np.searchsorted(asked.days, [day_number(end) for end in asked.ends])
    own = [_standards(service, stage) for service, _, stage, _ in named.names]
    by_list: list[list[Snapshot]] = [[] for _ in named.names]
    for end, column, waits in zip(asked.ends, at.tolist(), ages(lists, asked.days[at]), strict=True):
        shown = _shown(waits)
        for place in np.flatnonzero(first <= asked.days[column]).tolist():
            found = _snapshot(named, (end, asked.freq), (place, column), counted, shown, own[place])
            by_list[place].append(found)
    yield from (found for one in by_list for found in one)


class _Shown(NamedTuple):
    """The waits of all lists on one day in plain numbers, by place of the list."""

    weeks: list[list[int]]
    bands: list[list[int]]
    over: list[list[int]]
    figures: list[list[float]]


def _shown(waits: Ages) -> _Shown:
    return _Shown(
        weeks=waits.weeks.tolist(),
        bands=waits.bands.tolist(),
        over=waits.over.tolist(),
        figures=np.stack([waits.median, waits.mean, waits.p92, waits.longest], axis=1).tolist(),
    )


def _snapshot(
    named: Named,
    period: tuple[date, Freq],
    at: tuple[int, int],
    counted: Counted,
    shown: _Shown,
    own: frozenset[str],
) -> Snapshot:
    place, column = at
    service, org, stage, group = named.names[place]
    removals = counted.removals[place, :, column].tolist()
    opening, size = counted.size[place, column - 1 : column + 1].tolist()
    referrals = int(counted.referrals[place, column])
    median, mean, p92, longest = shown.figures[place] if size else [None] * 4
    return Snapshot(
        service=service,
        org=org,
        level=named.level,
        cut=named.cut,
        group=group,
        stage=stage,
        period_end=period[0],
        freq=period[1],
        list_size=size,
        bands=tuple(shown.bands[place]),
        weeks=tuple(shown.weeks[place]),
        over=dict(zip(OVER_WEEKS, shown.over[place], strict=True)),
        referrals=referrals,
        removals={reason: count for reason, count in zip(REASONS, removals, strict=True) if count},
        residual=opening + referrals - sum(removals) - size,
        median_days=median,
        mean_days=mean,
        p92_days=p92,
        longest_band=None if longest is None else band_of(int(longest)),
        waiting_within=_shares(counted.waiting, own, at),
        adjusted_within=_shares(counted.adjusted, own, at),
        completed_within=_shares(counted.completed, own, at),
    )


def _standards(service: str, stage: Stage) -> frozenset[str]:
    """The standards that a list's shares are given by: those of its service, for its own list alone."""
    return frozenset(standard.id for standard in standards_for(service)) if stage == "list" else frozenset()


def _shares(shares: Shares, own: frozenset[str], at: tuple[int, int]) -> dict[str, Within]:
    return {standard.id: (int(within[at]), int(among[at])) for standard, within, among in shares if standard.id in own}
