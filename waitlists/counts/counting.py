"""Which weeks and months are counted from which providers' records, and from which day each count is known.

A period is counted from the providers whose extracts cover it; who is not among them is missing from the board's figure
and the checks say so. Periods before a provider's first extract are reconstructed from its referral dates, as far back
as its records hold waits that ended about as often as of late: further back only who waited longest would be seen.
Who came and left is known from then on alone, so a period that began before it has a list and no flows.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from waitlists.counts.begun import Begun, with_nobody
from waitlists.counts.counted import groups_of, vintages_of
from waitlists.details import Detail
from waitlists.domain import ParsedVintage
from waitlists.periods import add_months, period_range
from waitlists.record.columns import MISSING, Days, Flags, coded, day_number, days_of
from waitlists.record.schema import IDENTITY
from waitlists.snapshot import CUTS, Listed, snapshots_of
from waitlists.sources import Freq
from waitlists.vintages import RECONSTRUCTED_AFTER

LONGEST_BACK: Final = timedelta(weeks=260)
"""Five years: how far lists are reconstructed before a provider's first extract."""

CUT_WEEKS: Final = timedelta(weeks=13)
"""Groups of children are counted at every month end, in weeks so far back from the newest one, and where they were."""

UNCOUNTED: Final = frozenset(
    {
        "source_of_referral", "wheelchair_need_level", "treatment_function_code", "referral_rejection_reason",
        "next_appointment_date", "successor_provider", "reason_for_referral_closure", "was_not_brought_count",
        "patient_cancel_count", "provider_cancel_count", "source_system",
    }
)  # fmt: skip
"""Fields that no list is counted from, so that they need not be read for it."""

FEWEST_ENDED: Final = 13
"""Waits that must have ended in a year, one in four weeks, before anything is said of the weeks before an extract."""

_YEAR: Final = 52
_QUARTER: Final = 13
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


def covers_of(table: pa.Table, ended: Days, days: Mapping[str, tuple[date, date]]) -> dict[str, Cover]:
    """What each provider's records cover.

    Parameters
    ----------
    table
        Records of whole providers, as now known.
    ended : (n,) days
        When the clock of each stopped, as known on the newest day.
    days
        By provider, the days of its first and its newest extract.
    """
    received = days_of(table, "referral_request_received_date")
    provider, service = coded(table, IDENTITY[0]), coded(table, "service")
    found: dict[str, Cover] = {}
    for place, name in enumerate(provider.words):
        if name in days:
            first, until = days[name]
            own = provider.codes == place
            each = (own & (service.codes == one) for one in np.unique(service.codes[own]))
            since = [_whole_since(ended[these], received[these], first) for these in each]
            # A provider's lists are counted together, so all of them have to be whole.
            latest = max((day for day in since if day is not None), default=first)
            found[name] = Cover(max(latest, first - LONGEST_BACK), first, until)
    return found


def _whole_since(ended: Days, received: Days, first: date) -> date | None:
    """From when on a service's waits that ended are there as often as in the year before the first extract, or nearly.

    None of a service with too few children to tell: it is as whole as the others are.
    """
    ago = _weeks_before(first, ended[ended != MISSING])
    if np.count_nonzero(ago < _YEAR) < FEWEST_ENDED:
        came = np.count_nonzero(_weeks_before(first, received) < _YEAR)
        return first if came >= FEWEST_ENDED else None
    per_week = np.bincount(ago)
    year = per_week[:_YEAR]
    usual = np.median(year) or year.mean()
    is_whole = per_week >= usual / 2
    # Counted backwards: week 0 is the last one, and the weeks of a window reach from each towards today.
    for weeks in (_MONTH, _QUARTER):
        within = np.convolve(per_week, np.ones(weeks, int))[: len(per_week)]
        is_whole &= within >= np.minimum(np.arange(len(per_week)) + 1, weeks) * usual / 2
    return first - timedelta(weeks=int(np.flatnonzero(is_whole).max(initial=-1)) + 1)


def _weeks_before(first: date, days: Days) -> NDArray[np.int64]:
    """Whole weeks from each day to `first`, of those not after it."""
    today = day_number(first)
    return (today - days[days <= today].astype(np.int64)) // 7


def counted(
    listed: Listed,
    covers: Mapping[str, Cover],
    begun: Begun,
    *,
    freq: Freq,
    since: date,
    only: Collection[date] | None = None,
    stood: Mapping[tuple[str, date], str | None] | None = None,
    with_groups: Collection[date] = (),
) -> Iterator[ParsedVintage]:
    """Everything counted for the periods from `since` on, each from the providers whose records cover it.

    Parameters
    ----------
    listed
        Stays as known on the newest day covered or later: what happened by then is known of every period alike.
    begun
        Since when each list has had a child on it, be it that none of its stays is listed.
    only
        Of these periods those alone.
    stood
        Digests of what was counted before, by scope and period; what came out the same is left out.
    with_groups
        Weeks whose groups were counted before: they are counted again with the week, however old it is.
    """
    if not covers:
        return
    newest = max(cover.until for cover in covers.values())
    wanted = [end for end in period_range(since, newest, freq) if only is None or end in only]
    for (covering, joining), ends in _by_cover(covers, wanted, freq).items():
        cut = [end for end in ends if freq == "M" or end > newest - CUT_WEEKS or end in with_groups]
        periods = _Periods(covering, joining, ends, cut, freq)
        yield from _counted_alike(listed, begun, periods, stood)


class _Periods(NamedTuple):
    """Periods that the same providers cover, of whom some did not yet when they began; in those `cut` groups count."""

    covering: frozenset[str]
    joining: frozenset[str]
    ends: list[date]
    cut: list[date]
    freq: Freq


def _counted_alike(
    listed: Listed,
    begun: Begun,
    periods: _Periods,
    stood: Mapping[tuple[str, date], str | None] | None,
) -> Iterator[ParsedVintage]:
    """Everything counted for some periods, from the stays of these days alone."""
    covering, joining, ends, cut, freq = periods
    without = _lists_of(begun, joining)
    is_asked = _of_providers(listed, covering) & _within(listed, before(ends[0], freq), ends[-1])
    own = listed.take(np.flatnonzero(is_asked))
    taken = snapshots_of(own, ends=ends, freq=freq)
    wholes = with_nobody(taken, begun, providers=covering, ends=ends, freq=freq)
    several = list(vintages_of(wholes, without_flows=without))
    if stood is not None:
        several = [one for one in several if stood.get((one.scope, one.period_end)) != one.digest]
    again = sorted({one.period_end for one in several if not one.scope}.intersection(cut))
    groups = snapshots_of(own, ends=again, freq=freq, cuts=tuple(CUTS), has_wholes=False)
    yield from _grouped(several, groups_of(groups, without_flows=without))


def _grouped(parts: Iterable[ParsedVintage], groups: Mapping[date, tuple[Detail, ...]]) -> Iterator[ParsedVintage]:
    """Vintages, those of boards with their groups."""
    for one in parts:
        yield one if one.scope else replace(one, details=(*one.details, *groups.get(one.period_end, ())))


def _by_cover(
    covers: Mapping[str, Cover], ends: Iterable[date], freq: Freq
) -> Mapping[tuple[frozenset[str], frozenset[str]], list[date]]:
    """Periods by who covers them, and who of these did not yet when the period began."""
    found: dict[tuple[frozenset[str], frozenset[str]], list[date]] = defaultdict(list)
    for end in ends:
        covering = frozenset(name for name, cover in covers.items() if cover.holds(end))
        joining = frozenset(name for name in covering if covers[name].since > before(end, freq))
        if covering:
            found[covering, joining].append(end)
    return found


def before(period_end: date, freq: Freq) -> date:
    """The last day before a period."""
    return period_end - timedelta(weeks=1) if freq == "W" else add_months(period_end, -1)


def _lists_of(begun: Begun, providers: Collection[str]) -> frozenset[tuple[str, str]]:
    """Service and organisation of every list that records of some providers are part of."""
    parts = [part for part in begun if part.provider in providers]
    return frozenset((part.service, org) for part in parts for org in (part.provider, part.board))


def _of_providers(listed: Listed, providers: Collection[str]) -> Flags:
    wanted = np.array([name in providers for name in listed.provider.words], bool)
    return wanted[listed.provider.codes]


def _within(listed: Listed, after: date, until: date) -> Flags:
    """The stays of which any day, or the end, lies after a day and not after another."""
    return (listed.stays.left > day_number(after)) & (listed.stays.entered <= day_number(until))


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
