"""What a standard is: whose waits it is about, how long they may be, and on which clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from waitlists.errors import BadArgument

Kind = Literal[
    "quality_standard",
    "local",
    "proposed_standard",
    "access_standard",
    "planning_target",
    "statutory_standard",
    "comparator",
]
Basis = Literal["waiting", "completed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A standard: its services, threshold and share, the clock it runs on, and where it comes from.

    `plain` is what it asks for, and who does, for those who know no codes. `within` is `le` when a wait of exactly the
    threshold counts as within, `lt` when it does not. `applies_to` says whose waits are counted: of those still
    waiting, or of those completed; the two are never mixed. A share that changes over the years stands in
    `target_share_by_year` (financial years) or `milestones` (the month end by which it is due).
    """

    id: str
    services: tuple[str, ...]
    label: str
    plain: str
    authority: str
    kind: Kind
    mandatory: bool
    threshold_days: int
    within: Literal["le", "lt"]
    applies_to: tuple[Basis, ...]
    clock_start: str
    clock_stop: str
    confidence: str
    note: str
    target_share: float | None = None
    target_share_by_year: Mapping[str, float] = field(default_factory=dict[str, float])
    milestones: Mapping[date, float] = field(default_factory=dict[date, float])
    long_wait_days: tuple[int, ...] = ()
    review_stage: bool = False

    def __post_init__(self) -> None:
        if self.threshold_days <= 0:
            raise BadArgument("a standard's threshold is at least one day", field="threshold_days")
        shares = (self.target_share, *self.target_share_by_year.values(), *self.milestones.values())
        if any(share is not None and not 0 < share <= 1 for share in shares):
            raise BadArgument("a target is a share above 0 and up to 1", field="target_share")
        if not self.services or not self.applies_to:
            raise BadArgument("a standard is about a service, and about those waiting or those seen", field="services")
