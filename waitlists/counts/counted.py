"""Snapshots of referral records as vintages: what is stored of each provider's lists, and of each board's, by period.

A provider's vintage is its own; a board's has no sender. Figures hold what published workbooks would, so that series,
checks and forecasts read both alike; exact waits, shares and groups go along as details.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from operator import itemgetter
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
    found: Iterable[Snapshot], *, without_flows: Collection[tuple[str, str]] = ()
) -> Iterator[ParsedVintage]:
    """One vintage for each provider, and one for all boards, of each period, in order of scope and period.

    Parameters
    ----------
    found
        Whole lists.
    without_flows
        Service and organisation of lists of which nobody knows who came and left in the period.
    """
    together: dict[tuple[str, date, Freq], list[Snapshot]] = defaultdict(list)
    for one in found:
        scope = one.org if one.level is not Level.ICB else ""
        together[scope, one.period_end, one.freq].append(one)
    for (scope, period_end, freq), several in sorted(together.items()):
        both = [(one, (one.service, one.org) not in without_flows) for one in several]
        figures = tuple(figure for one, has_flows in both for figure in _figures(one, has_flows))
        details = tuple(_detail(one, has_flows) for one, has_flows in both)
        digest = digest_of(figures, details)
        yield ParsedVintage(SOURCE_OF[freq], period_end, figures, scope, details=details, digest=digest)


def groups_of(
    found: Iterable[Snapshot], *, without_flows: Collection[tuple[str, str]] = ()
) -> Mapping[date, tuple[Detail, ...]]:
    """Details of groups by period; one that nobody is in is left out, as a division names its groups itself."""
    together: dict[date, list[Detail]] = defaultdict(list)
    for one in found:
        if one.list_size:
            together[one.period_end].append(_detail(one, (one.service, one.org) not in without_flows))
    return {period_end: tuple(several) for period_end, several in together.items()}


def digest_of(figures: Iterable[Figure], details: Iterable[Detail]) -> str:
    """The same for the same counts, in whatever order: numbers of Python print alike everywhere.

    Groups follow from their whole lists and have no part in it.
    """
    counts = sorted((one.service, one.org, one.kind, one.band, one.value) for one in figures)
    lists = sorted((_told(one) for one in details if not one.cut), key=itemgetter(0))
    return sha256(repr((counts, lists)).encode()).hexdigest()


def _told(one: Detail) -> tuple[object, ...]:
    waits = one.median_days, one.mean_days, one.p92_days, one.longest_band
    shares = ([(name, *within) for name, within in sorted(part.items())] for part in (one.waiting, one.adjusted))
    flows = one.referrals, sorted(one.removals.items()), one.residual
    completed = [(name, *within) for name, within in sorted(one.completed.items())]
    return (one.service, one.org, one.stage), one.list_size, one.bands, one.weeks, *flows, *waits, *shares, completed


def of_service(part: ParsedVintage, service: str) -> ParsedVintage:
    """What a vintage says of one service, with a checksum of that alone."""
    figures = tuple(one for one in part.figures if one.service == service)
    details = tuple(one for one in part.details if one.service == service)
    return replace(part, figures=figures, details=details, digest=digest_of(figures, details))


def renewed(part: ParsedVintage | None, services: Sequence[ParsedVintage]) -> ParsedVintage:
    """What was counted of some services as a part of their vintage, with the checksum of the whole of it.

    Parameters
    ----------
    part
        What the vintage said before; None where nothing was counted.
    services
        Each says something of one service alone.
    """
    figures = tuple(figure for one in services for figure in one.figures)
    details = tuple(detail for one in services for detail in one.details)
    new = {one.service for one in details}
    digest = digest_of(
        (*figures, *(one for one in (part.figures if part else ()) if one.service not in new)),
        (*details, *(one for one in (part.details if part else ()) if one.service not in new)),
    )
    return replace(services[0], figures=figures, details=details, digest=digest, is_part=part is not None)


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
