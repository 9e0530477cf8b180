"""Shares and waits from counts as shown, so that they tell nothing that those do not."""

from collections.abc import Mapping

from waitlists import bands
from waitlists.bands import CHS_BANDS, OVER_52, Share, WaitBands
from waitlists.suppression.lists import OVER_18_WEEKS, OVER_52_WEEKS, TOTAL, UNBANDED, cut
from waitlists.suppression.rules import Span, shown_change, shown_share, small_span
from waitlists.suppression.tables import Plan
from waitlists.suppression.thresholds import about_name, over_name

_LABELS = tuple(band.label for band in CHS_BANDS)
_OVER = {7 * 18: OVER_18_WEEKS, 7 * 52: OVER_52_WEEKS}


def wait_from_shown(plan: Plan, org: str, q: float) -> int | None:
    """A percentile wait in whole weeks from counts as shown, so that it tells nothing that they do not.

    A hidden count is taken as the middle of what it may be. None where the list is hidden, where the wait would fall
    into another band with the least or the most that hidden counts may be, and in the open top band.
    """
    labels = [label for label in (*_LABELS, OVER_52) if cut(org, label) in plan.shown]
    counts, total = {label: plan.shown[cut(org, label)] for label in labels}, plan.shown.get(cut(org, TOTAL))
    small = small_span(plan.rule)
    if not total or not _adds_up(counts, total, small):
        return None
    ends = (small.low, small.high, (small.low + small.high) // 2)
    # Where no band is hidden there is one wait, whatever hidden ones may be.
    tried = ends if None in counts.values() else ends[-1:]
    found = [bands.percentile_wait(WaitBands(_filled(counts, value), None), q) for value in tried]
    days = [wait.days for wait in found if wait is not None and wait.days is not None]
    if len(days) < len(found) or len({bands.band_of(int(day)) for day in days}) > 1:
        return None
    return round(days[-1] / 7)


def share_from_shown(plan: Plan, org: str, days: int) -> float | None:
    """The share of those in a band who have waited at most so many days, from counts as shown.

    Where those over it are in the table it is one less these, of those whom a standard of so many days is about; for
    another wait, and where not even those are shown, all bands have to be. Of a standard about a part of the list these
    tell nothing, since they are of all.
    """
    over, whole = _over(plan, org, days), _whole(plan, org, days)
    if over is not None and whole is not None:
        return shown_share(shown_change(whole, plan.shown[over]), whole, plan.rule)
    share = None if cut(org, about_name(days)) in plan.shown else _share_in_bands(plan, org, days)
    return None if share is None else round(share.value, 2)


def share_method_from_shown(plan: Plan, org: str, days: int) -> str | None:
    """How that share is found: `exact` at the edge of a band, `interpolated` inside one; None without a share."""
    if share_from_shown(plan, org, days) is None:
        return None
    is_counted = _over(plan, org, days) is not None and _whole(plan, org, days) is not None
    share = None if is_counted else _share_in_bands(plan, org, days)
    return "exact" if share is None else share.method


def _over(plan: Plan, org: str, days: int) -> str | None:
    """The count of those over a wait, by its name in the table, if it is there."""
    name = cut(org, _OVER.get(days, over_name(days)))
    return name if name in plan.shown else None


def _whole(plan: Plan, org: str, days: int) -> int | None:
    """Of how many those over a wait are: of all in a band, or of all whom a standard is about."""
    if (about := cut(org, about_name(days))) in plan.shown:
        return plan.shown[about]
    total, unbanded = (plan.shown.get(cut(org, name)) for name in (TOTAL, UNBANDED))
    return shown_change(total, unbanded)


def _share_in_bands(plan: Plan, org: str, days: int) -> Share | None:
    labels = [label for label in (*_LABELS, OVER_52) if cut(org, label) in plan.shown]
    return bands.share_within(WaitBands({label: plan.shown[cut(org, label)] for label in labels}, None), days)


def at_least_from_shown(plan: Plan, org: str, q: float) -> int | None:
    """The weeks that a percentile wait in the open band is at least; None where it lies lower or a band is hidden."""
    labels = [label for label in (*_LABELS, OVER_52) if cut(org, label) in plan.shown]
    wait = bands.percentile_wait(WaitBands({label: plan.shown[cut(org, label)] for label in labels}, None), q)
    return None if wait is None else wait.at_least_weeks


def longest_from_shown(plan: Plan, org: str) -> str | None:
    """The band of the longest wait from counts as shown; None where a band is hidden that might hold it."""
    labels = [label for label in (*_LABELS, OVER_52) if cut(org, label) in plan.shown]
    found = next((label for label in reversed(labels) if plan.shown[cut(org, label)] != 0), None)
    return None if found is None or plan.shown[cut(org, found)] is None else found


def _filled(counts: Mapping[str, int | None], value: int) -> dict[str, int]:
    return {label: value if count is None else count for label, count in counts.items()}


def _adds_up(counts: Mapping[str, int | None], total: int, small: Span) -> bool:
    """Whether the hidden counts can all be small: where larger ones were hidden too, nothing can be put for them."""
    slack = 2 * (len(counts) + 1)
    least, most = (sum(_filled(counts, end).values()) for end in small)
    return least - slack <= total <= most + slack
