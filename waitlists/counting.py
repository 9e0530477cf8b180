"""Which weeks and months are counted from which providers' records, and from which day each count is known.

A period is counted from the providers whose extracts cover it; who is not among them is missing from the board's figure
and the checks say so. Periods before a provider's first extract are reconstructed from its referral dates, as far back
as its records hold waits that ended about as often as of late: further back only who waited longest would be seen.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from waitlists.clock import clocks
from waitlists.counted import vintages_of
from waitlists.domain import ParsedVintage
from waitlists.periods import period_range
from waitlists.record_columns import MISSING, Days, coded
from waitlists.referral_record import IDENTITY
from waitlists.snapshot import CUTS, Snapshot, snapshots
from waitlists.sources import Freq
from waitlists.vintages import RECONSTRUCTED_AFTER

LONGEST_BACK: Final = timedelta(weeks=260)
"""Five years: how far lists are reconstructed before a provider's first extract."""

CUT_WEEKS: Final = timedelta(weeks=13)
"""Groups of children are counted at every month end, and in weeks so far back from the newest one."""

UNCOUNTED: Final = frozenset(
    {
        "source_of_referral", "primary_reason_for_referral", "service_or_team_type_referred_to", "wheelchair_need_level",
        "treatment_function_code", "referral_rejection_reason", "next_appointment_date", "successor_provider",
        "reason_for_referral_closure", "was_not_brought_count", "patient_cancel_count", "provider_cancel_count",
        "source_system",
    }
)  # fmt: skip
"""Fields that no list is counted from, so that they need not be read for it."""

_EPOCH: Final = date(1970, 1, 1)
_YEAR: Final = 52
_MONTH: Final = 4
"""Weeks."""


@dataclass(frozen=True, slots=True)
class Cover:
    """From when to when a provider's records say what its lists were; `first` is the day of its first extract."""

    since: date
    first: date
    until: date

    def holds(self, period_end: date) -> bool:
        """Whether its lists can be counted for a period."""
        return self.since <= period_end <= self.until


def covers_of(table: pa.Table, days: Mapping[str, tuple[date, date]]) -> dict[str, Cover]:
    """What each provider's records cover.

    Parameters
    ----------
    table
        Records of all providers, as now known.
    days
        By provider, the days of its first and its newest extract.
    """
    if not days:
        return {}
    ended = clocks(table, on=max(last for _, last in days.values())).stop
    provider = coded(table, IDENTITY[0])
    found: dict[str, Cover] = {}
    for place, name in enumerate(provider.words):
        if name in days:
            first, until = days[name]
            own = ended[(provider.codes == place) & (ended != MISSING)]
            since = _whole_since(own, first)
            found[name] = Cover(max(since, first - LONGEST_BACK), first, until)
    return found


def _whole_since(ended: Days, first: date) -> date:
    """From when on waits that ended are there as often as in the year before the first extract, or nearly."""
    today = (first - _EPOCH).days
    ago = (today - ended[ended <= today]) // 7
    if not len(ago):
        return first
    per_week = np.bincount(ago)
    usual = np.median(per_week[:_YEAR])
    # Counted backwards: week 0 is the last one, and the four weeks of a week reach from it towards today.
    in_four = np.convolve(per_week, np.ones(_MONTH, int))[: len(per_week)]
    is_whole = (per_week >= usual / 2) & (in_four >= np.minimum(np.arange(len(per_week)) + 1, _MONTH) * usual / 2)
    return first - timedelta(weeks=int(np.flatnonzero(is_whole).max(initial=-1)) + 1)


def counted(table: pa.Table, covers: Mapping[str, Cover], *, freq: Freq, since: date) -> Iterator[ParsedVintage]:
    """Everything counted for the periods from `since` on, each from the providers whose records cover it."""
    if not covers:
        return
    newest = max(cover.until for cover in covers.values())
    by_cover: dict[frozenset[str], list[date]] = defaultdict(list)
    for end in period_range(since, newest, freq):
        covering = frozenset(name for name, cover in covers.items() if cover.holds(end))
        if covering:
            by_cover[covering].append(end)
    for covering, ends in by_cover.items():
        yield from vintages_of(_snapshots(_of_providers(table, covering), ends, freq, newest))


def _snapshots(table: pa.Table, ends: Sequence[date], freq: Freq, newest: date) -> Iterator[Snapshot]:
    own = clocks(table, on=max(ends))
    cut = [end for end in ends if freq == "M" or end > newest - CUT_WEEKS]
    plain = [end for end in ends if end not in set(cut)]
    yield from snapshots(table, own, ends=plain, freq=freq)
    yield from snapshots(table, own, ends=cut, freq=freq, cuts=tuple(CUTS))


def _of_providers(table: pa.Table, providers: Iterable[str]) -> pa.Table:
    provider = coded(table, IDENTITY[0])
    wanted = np.array([name in set(providers) for name in provider.words], bool)
    return table.filter(pa.array(wanted[provider.codes]))


def dated(
    part: ParsedVintage, covers: Mapping[str, Cover], *, new: frozenset[str], known_from: date, stood: bool
) -> ParsedVintage:
    """A count with the day from which it is known, marked where it was reconstructed.

    Parameters
    ----------
    new
        Providers of whom these records are the first.
    known_from
        The day from which the delivery counts as known.
    stood
        Whether it takes the place of another: what was known on a day is not changed later, so it then counts from now
        on, whoever it was that joined.
    """
    senders = {part.scope} if part.scope else {name for name, cover in covers.items() if cover.holds(part.period_end)}
    looked_back = {name for name in senders if part.period_end < covers[name].first}
    day = known_from
    if looked_back & new and not stood:
        day = min(known_from, part.period_end + RECONSTRUCTED_AFTER)
    return replace(part, known_from=day, is_reconstructed=bool(looked_back))
