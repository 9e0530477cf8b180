"""The register of standards: what is promised, when a wait is within it, and which share is due on a day.

A figure that uses a threshold always names its standard, since several clocks are all called "waiting time". The facts
are in `facts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from waitlists.errors import BadArgument, NotFound
from waitlists.near import near_codes
from waitlists.periods import financial_year, financial_year_end, financial_year_start
from waitlists.services import CHS_SERVICES
from waitlists.standards.facts import FACTS
from waitlists.standards.standard import Basis, Standard

__all__ = [
    "COMMUNITY_STANDARDS",
    "OF_SOME",
    "STANDARDS",
    "Basis",
    "Standard",
    "UsualTarget",
    "find_standard",
    "last_day_within",
    "over",
    "shares_in_time",
    "standards_for",
    "target_share",
    "usual_target",
    "within",
]

STANDARDS: Mapping[str, Standard] = MappingProxyType({standard.id: standard for standard in FACTS})
"""Every standard by its id."""

COMMUNITY_STANDARDS: tuple[str, ...] = ("CHS_18W", "CHS_52W")
"""Standards that hold for every line of the community workbooks, not only for those this project is about.

Source: NHS England, Medium Term Planning Framework (October 2025), "community health services".
"""

OF_SOME: frozenset[str] = frozenset({"CYPMH_4W", "CYPED_URGENT", "CYPED_ROUTINE"})
"""Standards that are about a part of their service's list, which `waitlists.snapshot.stays.is_about` tells apart."""


def find_standard(standard_id: str) -> Standard:
    """The standard of an id.

    Raises
    ------
    NotFound
        When no standard has the id; `near` lists ids that are spelt or named alike, best first.
    """
    standard = STANDARDS.get(standard_id)
    if standard is None:
        near = near_codes(standard_id, {known.id: known.label for known in FACTS})
        hint = f"; near: {', '.join(near)}" if near else ""
        raise NotFound(f"no standard has this id{hint}", field="standard", near=near)
    return standard


def standards_for(service: str, kind: Basis | None = None) -> tuple[Standard, ...]:
    """Standards that hold for a service, in the order of the register; with `kind`, those on that basis only."""
    return tuple(
        standard
        for standard in FACTS
        if _holds_for(standard, service) and (kind is None or kind in standard.applies_to)
    )


def last_day_within(standard: Standard) -> int:
    """The longest wait in whole days that still counts as within: 126 for 18 weeks, 27 for "less than 4 weeks"."""
    return standard.threshold_days if standard.within == "le" else standard.threshold_days - 1


def within(standard: Standard, days: int) -> bool:
    """Whether a wait of whole days is within the standard."""
    if days < 0:
        raise BadArgument("a wait is never negative", field="days")
    return days <= last_day_within(standard)


def over(weeks: int, days: int) -> bool:
    """Whether a wait of whole days is over so many weeks: over 52 weeks begins on day 365."""
    return days > 7 * weeks


def target_share(standard: Standard, on: date) -> float | None:
    """Share that is due on a day, None where no share is set.

    Notes
    -----
    A share by year, or a milestone, holds for its whole financial year and until the next one: community services are
    due 78% in 2026-27 and in 2027-28, and 80% from 2028-29. Before the first the standard's own share holds.
    """
    reached = [share for first_day, share in shares_in_time(standard) if first_day <= on]
    return reached[-1] if reached else standard.target_share


@dataclass(frozen=True, slots=True)
class UsualTarget:
    """What a list is to reach where nobody says otherwise; `share` is None where none is set for that day."""

    standard: Standard | None
    by: date
    share: float | None


def usual_target(service: str, as_of: date) -> UsualTarget:
    """The service's first standard for those waiting, the next 31 March, and the share due on that day."""
    standard, by = next(iter(standards_for(service, "waiting")), None), financial_year_end(as_of)
    return UsualTarget(standard, by, target_share(standard, by) if standard else None)


def shares_in_time(standard: Standard) -> list[tuple[date, float]]:
    """Shares by year and by milestone, with the first day of the financial year they hold in, oldest first."""
    due = {financial_year_start(year): share for year, share in standard.target_share_by_year.items()}
    due |= {financial_year_start(financial_year(end)): share for end, share in standard.milestones.items()}
    return sorted(due.items())


def _holds_for(standard: Standard, service: str) -> bool:
    return service in standard.services or (standard.id in COMMUNITY_STANDARDS and service in CHS_SERVICES)
