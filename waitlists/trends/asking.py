"""What is given and asked of a trend: values by date, which rules, which way is better, which target, which rebases.

Two profiles of rules exist. `mdc` is what NHS England's improvement boards see; `nhsr` agrees with the R package
NHSRplotthedots 0.2.2, its defects among them, so that charts made with it can be checked.
"""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal, NamedTuple, get_args

from waitlists.errors import BadArgument

ProfileName = Literal["mdc", "nhsr"]
Direction = Literal["increase", "decrease", "neutral"]
Adjust = Literal["none", "season", "trend", "residual", "auto"]
Kind = Literal["flow", "stock", "rate", "percent", "median"]
Ties = Literal["skip", "break"]

LEAST_VALUES: Final = 13
"""Values that a group needs before `mdc` gives limits and a verdict; with fewer rows any profile calls it short."""

LEAST_BASELINE: Final = 12
USUAL_RUN: Final = 7
RUN_LENGTHS: Final = (6, USUAL_RUN)

LARGEST: Final = 1e100
"""Beyond this size squares and sums would not fit a double; no count, share or wait comes near."""


class Point(NamedTuple):
    """One period of a series; a suppressed value is None like a missing one, but is told apart.

    A provisional value is shown, but sets no limits and is judged by no rule.
    """

    date: date
    value: float | None
    is_suppressed: bool = False
    is_provisional: bool = False


class Target(NamedTuple):
    """A target in force from a day on."""

    date: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a series is to be judged, valid once made; the defaults are those of the improvement board's chart.

    Parameters
    ----------
    targets
        Targets by date, `mdc` only; each holds from its day on.
    rebase
        Dates of points from which people decided to draw new limits.
    fix_after
        Mean and limits of each group from so many first rows; 12 or more, a fraction is rounded down.
    screen
        Leave out extreme moving ranges once; None is the profile's own way, on in `nhsr` and off in `mdc`.
    run_length
        Points that make a shift or a trend, 6 or 7; 7 alone in `nhsr`.
    ties
        Whether equal neighbours inside a trend are passed over or end it; None is `skip` in `mdc`, `break` in `nhsr`.
    adjust
        A second chart beside the raw one: without month effects, around a line, or of surprises; `auto` chooses.

    Raises
    ------
    BadArgument
        When an option cannot be used, named in `field`.
    """

    profile: ProfileName = "mdc"
    direction: Direction = "neutral"
    target: float | None = None
    targets: tuple[Target, ...] = ()
    rebase: tuple[date, ...] = ()
    fix_after: float | None = None
    screen: bool | None = None
    run_length: int = USUAL_RUN
    ties: Ties | None = None
    adjust: Adjust = "none"
    kind: Kind | None = None
    suggest_rebase: bool = False

    def __post_init__(self) -> None:
        for name, words in (("profile", ProfileName), ("direction", Direction), ("adjust", Adjust), ("kind", Kind)):
            _among(name, getattr(self, name), get_args(words), is_optional=name == "kind")
        _among("ties", self.ties, get_args(Ties), is_optional=True)
        for value in (self.target, *(target.value for target in self.targets)):
            if value is not None and not abs(value) <= sys.float_info.max:
                raise BadArgument("target: expected a number", field="target")
        if self.fix_after is not None and not LEAST_BASELINE <= self.fix_after <= LARGEST:
            raise BadArgument(f"fix_after: expected {LEAST_BASELINE} points or more", field="fix_after")
        self._refuse_what_does_not_go_together()

    def _refuse_what_does_not_go_together(self) -> None:
        if self.run_length not in RUN_LENGTHS:
            raise BadArgument("run_length: expected 6 or 7", field="run_length")
        if self.target is not None and self.targets:
            raise BadArgument("targets: expected one target or targets by date, not both", field="targets")
        if len({target.date for target in self.targets}) < len(self.targets):
            raise BadArgument("targets: two start on the same date", field="targets")
        if not self.is_mdc and (self.run_length != USUAL_RUN or self.targets or self.ties == "skip"):
            raise BadArgument(
                "the profile nhsr knows a run length of 7, one target and no ties alone; use mdc", field="profile"
            )

    @property
    def is_mdc(self) -> bool:
        """Whether the rules are those of the improvement board, not of the R package."""
        return self.profile == "mdc"

    @property
    def is_screened(self) -> bool:
        """Whether extreme moving ranges are left out."""
        return not self.is_mdc if self.screen is None else self.screen

    @property
    def skips_ties(self) -> bool:
        """Whether equal neighbours inside a trend are passed over."""
        return self.is_mdc if self.ties is None else self.ties == "skip"

    @property
    def baseline(self) -> int | None:
        """First rows of each group that set mean and limits; None is all of them."""
        return None if self.fix_after is None else math.floor(self.fix_after)

    def target_on(self, day: date) -> float | None:
        """The target in force on a day."""
        if not self.targets:
            return self.target
        begun = [target for target in self.targets if target.date <= day]
        return max(begun).value if begun else None


def is_usable(value: float) -> bool:
    """Whether a number is finite and of a size that can be worked with."""
    return abs(value) <= LARGEST


def in_order(points: Sequence[Point]) -> list[Point]:
    """Points by date, each checked.

    Raises
    ------
    BadArgument
        When a date is there twice, or a value is infinite, not a number or beyond any size.
    """
    ordered = sorted(points, key=lambda point: point.date)
    for before, after in pairwise(ordered):
        if before.date == after.date:
            raise BadArgument(
                f"the date {after.date} is there twice; a series has one value for each date", field="date"
            )
    for point in ordered:
        if point.value is not None and not is_usable(point.value):
            raise BadArgument(f"the value of {point.date} is infinite, no number, or beyond 1e100", field="value")
    return ordered


def _among(name: str, value: object, words: tuple[str, ...], *, is_optional: bool) -> None:
    if value not in words and not (is_optional and value is None):
        raise BadArgument(f"{name}: expected one of {', '.join(words)}", field=name)
