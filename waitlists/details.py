"""What is known of a list beyond its bands where single waits or flows are known: exact waits, shares, leavers, groups.

Published workbooks give bands alone. Our own records and returns give more, and what they give is kept beside the bands
in this form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from waitlists.errors import BadArgument

Stage = Literal["list", "next", "review"]
"""`list`: the service's own clock runs; `next`: seen, and waiting for a later stage; `review`: waiting for a review."""

CUTS = ("district", "age_band", "sex", "ethnicity", "deprivation")
"""Groups that a list can be looked at by, one at a time; the empty cut is the whole list."""


class Within(NamedTuple):
    """How many of how many are within a standard."""

    within: int
    of: int

    @property
    def share(self) -> float | None:
        """Share from 0 to 1, None of nobody."""
        return self.within / self.of if self.of else None


class ListWaits(NamedTuple):
    """A list by whole weeks waited, empty where nobody counted them, and by standard how many wait within it."""

    weeks: tuple[int, ...]
    waiting: Mapping[str, Within]


@dataclass(frozen=True, slots=True)
class Detail:
    """One list, or one group of it, at the end of a period, counted by ourselves or by its provider.

    Attributes
    ----------
    cut, group
        By what the list is divided and which part this is; both empty for the whole list.
    bands
        Children waiting in the eight bands of the community returns, shortest first.
    weeks
        Children by whole weeks waited, 0 to 259 and then 260 and more; empty where nobody counted them.
    removals
        Children who left in the period by reason; empty where flows are not known.
    residual
        opening + referrals - removals - closing of the period; None where flows are not known.
    median_days, mean_days, p92_days
        Waits in days of those waiting; None of nobody, or where only bands are known.
    waiting, completed
        By standard: of those waiting, and of those whose wait ended in treatment in the period, how many are within it.
    adjusted
        As `waiting`, without the days that families chose to wait; it stands beside `waiting`, never instead.
    """

    service: str
    org: str
    stage: Stage
    list_size: int
    bands: tuple[int, ...]
    cut: str = ""
    group: str = ""
    weeks: tuple[int, ...] = ()
    referrals: int | None = None
    removals: Mapping[str, int] = field(default_factory=dict[str, int])
    residual: int | None = None
    median_days: float | None = None
    mean_days: float | None = None
    p92_days: float | None = None
    longest_band: str | None = None
    waiting: Mapping[str, Within] = field(default_factory=dict[str, Within])
    adjusted: Mapping[str, Within] = field(default_factory=dict[str, Within])
    completed: Mapping[str, Within] = field(default_factory=dict[str, Within])

    def __post_init__(self) -> None:
        if self.cut and self.cut not in CUTS:
            raise BadArgument(f"a list is looked at by {', '.join(CUTS)}", field="cut")
        if bool(self.cut) != bool(self.group):
            raise BadArgument("a cut names the group it is about", field="group")
