"""Whether a list moved by what came and what left: closing list = opening list + referrals - removals, week by week.

The opening list is the closing list of the week before, and of no other: across a week that is not there nothing is
said. What does not balance is neither a fall nor a rise of anything, until the sender says what it was.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from waitlists.domain import Finding, Severity
from waitlists.quality.history import HistoryChecks
from waitlists.quality.presence import Line

NOT_BALANCED: Final = "flows_do_not_balance"
"""The code of a week of a list that its flows do not explain."""

MATERIAL_LIST_SHARE = 0.05
MATERIAL_FLOW_SHARE = 0.20
"""A residual above either share, of the larger list or of referrals and removals together, is an error."""


class WeekOfList(NamedTuple):
    """One list in one week: its size at the end and its flows, None where unknown, and since when they are known."""

    list_size: int | None
    referrals: int | None
    removals: int | None
    known_from: date


def residual(opening: int | None, week: WeekOfList) -> int | None:
    """Opening list plus referrals less removals less closing list, None where one of them is unknown.

    Examples
    --------
    >>> residual(100, WeekOfList(list_size=98, referrals=7, removals=10, known_from=date(2026, 11, 16)))
    -1
    """
    if opening is None or week.list_size is None or week.referrals is None or week.removals is None:
        return None
    return opening + week.referrals - week.removals - week.list_size


def is_material(opening: int, week: WeekOfList, found: int) -> bool:
    """Whether a residual is too large beside the list or beside its flows for the flows to be used."""
    larger = max(opening, week.list_size or 0)
    flows = (week.referrals or 0) + (week.removals or 0)
    return abs(found) > MATERIAL_LIST_SHARE * larger or abs(found) > MATERIAL_FLOW_SHARE * flows


class StoredWeek(NamedTuple):
    """A week of a list, and the vintage that says it."""

    vintage_id: int
    week: WeekOfList


def with_balances(checks: HistoryChecks, lists: Mapping[Line, Mapping[date, StoredWeek]]) -> HistoryChecks:
    """The findings of a source, and those of every list and week that its flows do not explain."""
    findings = dict(checks.findings)
    for (service, org), weeks in sorted(lists.items()):
        for finding in balance(service, org, {sunday: stored.week for sunday, stored in weeks.items()}):
            vintage_id = weeks[finding.period_end].vintage_id
            findings[vintage_id] = (*findings.get(vintage_id, ()), finding)
    return HistoryChecks(findings, checks.coverage)


def balance(service: str, org: str, weeks: Mapping[date, WeekOfList]) -> tuple[Finding, ...]:
    """A finding `flows_do_not_balance` for each week of a list that its flows do not explain.

    Parameters
    ----------
    weeks
        The list by Sunday, in any order.
    """
    found = (_finding(service, org, weeks, week) for week in sorted(weeks))
    return tuple(finding for finding in found if finding is not None)


def _finding(service: str, org: str, weeks: Mapping[date, WeekOfList], sunday: date) -> Finding | None:
    week, before = weeks[sunday], weeks.get(sunday - timedelta(days=7))
    opening = before.list_size if before else None
    left_over = residual(opening, week)
    if before is None or opening is None or not left_over:
        return None
    sentence = (
        f"{opening:,} waited the week before, {week.referrals:,} were referred and {week.removals:,} left, "
        f"which makes {opening + (week.referrals or 0) - (week.removals or 0):,}, not {week.list_size:,}."
    )
    return Finding(
        code=NOT_BALANCED,
        severity=Severity.ERROR if is_material(opening, week, left_over) else Severity.WARNING,
        sentence=sentence,
        period_end=sunday,
        known_from=max(week.known_from, before.known_from),
        service=service,
        org=org,
        details={"residual": left_over, "opening": opening},
    )
