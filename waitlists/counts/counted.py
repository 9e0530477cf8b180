"""Snapshots of referral records as vintages: what is stored of each provider's lists, and of each board's, by period.

A provider's vintage is its own; a board's has no sender. Figures hold what published workbooks would, so that series,
checks and forecasts read both alike; exact waits, shares and groups go along as details.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Final

from waitlists.bands import CHS_BANDS
from waitlists.counts.sums import REMOVED
from waitlists.details import Detail, Within
from waitlists.domain import TOTAL, Figure, Level, Marker, ParsedVintage
from waitlists.queue import TREATED
from waitlists.snapshot import Snapshot
from waitlists.sources import Freq
from waitlists.stages import STAGE_KINDS

SOURCE_OF: Final[Mapping[Freq, str]] = {"W": "referral_extract", "M": "referral_extract_monthly"}
VERY_LONG: Final = (156, 208)
"""Weeks beyond the eight bands that are counted apart."""


def vintages_of(
    found: Iterable[Snapshot],
    *,
    without_flows: Collection[tuple[str, str]] = (),
    stood: Mapping[tuple[str, date], str | None] | None = None,
) -> Iterator[ParsedVintage]:
    """One vintage for each provider, and one for all boards, of each period, in order of scope and period.

    Parameters
    ----------
    without_flows
        Service and organisation of lists of which nobody knows who came and left in the period.
    stood
        Digests of what was counted before, by scope and period; what came out the same is left out.
    """
    for (scope, period_end, freq), several in sorted(_together(found).items()):
        both = [(one, (one.service, one.org) not in without_flows) for one in several]
        digest = _digest(both)
        if stood and stood.get((scope, period_end)) == digest:
            continue
        figures = tuple(figure for one, has_flows in both if not one.cut for figure in _figures(one, has_flows))
        details = tuple(_detail(one, has_flows) for one, has_flows in both)
        yield ParsedVintage(SOURCE_OF[freq], period_end, figures, scope, details=details, digest=digest)


def changed_boards(
    found: Iterable[Snapshot],
    *,
    without_flows: Collection[tuple[str, str]],
    stood: Mapping[tuple[str, date], str | None],
) -> frozenset[date]:
    """The periods in which some board's list is not what it was, so that its groups have to be counted again."""
    together = _together(one for one in found if one.level is Level.ICB)
    return frozenset(
        period_end
        for (scope, period_end, _), several in together.items()
        if _digest((one, (one.service, one.org) not in without_flows) for one in several)
        != stood.get((scope, period_end))
    )


def _together(found: Iterable[Snapshot]) -> dict[tuple[str, date, Freq], list[Snapshot]]:
    """Snapshots by whose they are, no one's for a board's, and by period."""
    together: dict[tuple[str, date, Freq], list[Snapshot]] = defaultdict(list)
    for one in found:
        scope = one.org if one.level is not Level.ICB else ""
        together[scope, one.period_end, one.freq].append(one)
    return together


def _digest(several: Iterable[tuple[Snapshot, bool]]) -> str:
    """The same for the same counts: numbers of Python print alike everywhere. Groups follow from their whole lists."""
    return sha256("\n".join(repr(both) for both in several if not both[0].cut).encode()).hexdigest()


def _figures(one: Snapshot, has_flows: bool) -> Iterator[Figure]:
    kind = STAGE_KINDS[one.stage]
    for band, count in zip(CHS_BANDS, one.bands, strict=True):
        yield _figure(one, kind, band.label, count)
    yield _figure(one, kind, TOTAL, one.list_size)
    if one.stage == "list":
        for weeks in VERY_LONG:
            yield _figure(one, f"over_{weeks}_weeks", TOTAL, one.over[weeks])
        if has_flows:
            yield from (_figure(one, *flow) for flow in _flows(one))


def _flows(one: Snapshot) -> Iterator[tuple[str, str, int]]:
    yield "referrals", TOTAL, one.referrals
    yield "removals", TOTAL, sum(one.removals.values())
    yield "treated", TOTAL, sum(count for reason, count in one.removals.items() if reason in TREATED)
    for reason, count in one.removals.items():
        yield REMOVED, reason, count


def _figure(one: Snapshot, kind: str, band: str, count: int) -> Figure:
    return Figure(one.service, one.org, band, count, Marker.NUMBER, sheet="", row=0, column=0, kind=kind)


def _detail(one: Snapshot, has_flows: bool) -> Detail:
    return Detail(
        service=one.service,
        org=one.org,
        stage=one.stage,
        list_size=one.list_size,
        bands=one.bands,
        cut=one.cut,
        group=one.group,
        weeks=() if one.cut else one.weeks,
        referrals=one.referrals if has_flows else None,
        removals=one.removals if has_flows else {},
        residual=one.residual if has_flows else None,
        median_days=one.median_days,
        mean_days=one.mean_days,
        p92_days=one.p92_days,
        longest_band=one.longest_band,
        waiting=_within(one.waiting_within),
        adjusted=_within(one.adjusted_within),
        completed=_within(one.completed_within) if has_flows else {},
    )


def _within(shares: Mapping[str, tuple[int, int]]) -> dict[str, Within]:
    return {standard: Within(*share) for standard, share in shares.items()}
