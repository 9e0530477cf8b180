"""The shapes of what is drawn of a trend: points with limits and reasons, groups, and what stands beside them."""

from datetime import date
from typing import Any

from pydantic import Field

from api.schemas.base import Shape


class Reason(Shape):
    """A rule that a point meets, and the window in which it does."""

    rule: str = Field(examples=["shift_below"])
    """The rule, as a stable word."""
    side: str = Field(examples=["low"])
    """high or low."""
    from_: date = Field(alias="from")
    """First point of the window."""
    to: date
    """Last point of the window."""


class ChartPoint(Shape):
    """One point of a chart with the limits of its group."""

    date: date
    """The day the point is about."""
    value: float | None
    """The value; null for a gap or where suppressed."""
    mean: float | None
    """Mean of the point's group; null where it cannot be worked out."""
    lower: float | None
    """Lower limit of what is usual."""
    upper: float | None
    """Upper limit of what is usual."""
    special_cause: str = Field(examples=["none"])
    """The rule that names the point, none where it meets none."""
    point_type: str = Field(examples=["common_cause"])
    """common_cause, improvement, concern, neutral_high or neutral_low."""
    group: int
    """Which limits it belongs to, counted from 0."""
    short_group: bool
    """Whether the group has fewer points than a chart should have."""
    reasons: list[Reason]
    """Every rule the point meets."""
    target: float | None = None
    """The target in force, where targets are dated."""


class TrendPoint(ChartPoint):
    """A point of a stored series, with how much of the list is in it."""

    coverage: float | None
    """Share of expected providers present, 0 to 1; null where suppressed."""
    provisional: bool
    """Whether it is of a part of the list or in doubt: shown, and judged by no rule."""
    marks: list[str]
    """What is marked here: part_missing, no_figures, suppressed, not_comparable or succession."""


class TrendGroup(Shape):
    """Points between two starts of limits."""

    group: int
    """Its number, counted from 0."""
    from_: date = Field(alias="from")
    """First point."""
    to: date
    """Last point."""
    n: int
    """How many points, missing ones included."""
    mean: float | None
    """Their mean."""
    lower: float | None
    """Lower limit of what is usual."""
    upper: float | None
    """Upper limit of what is usual."""


class Adjusted(Shape):
    """A second chart beside the raw one, never instead."""

    method: str = Field(examples=["residual"])
    """season, trend, residual or season+residual."""
    why: str
    """What was taken out, and the evidence for it."""
    points: list[ChartPoint]
    """The adjusted points with their own limits."""
    variation: str | None
    """What the adjusted chart says."""
    assurance: str | None
    """Of a chart around a line alone: whether the target will be met."""
    effects: dict[str, Any]
    """The numbers that were taken out."""


class RebaseSuggestion(Shape):
    """Where new limits might start, with the evidence; never drawn by itself."""

    date: date
    """The first point of the step."""
    before_mean: float
    """Mean before it."""
    after_mean: float
    """Mean from it on."""
    size_sd: float | None
    """Its size in standard deviations; null where nothing else varies."""
    run_length: int
    """How many of the last points all lie beyond the earlier mean."""
    sentence: str
    """The suggestion in words."""


class RunChartFound(Shape):
    """What runs around the median say where there are too few points for limits."""

    median: float
    """The median."""
    useful: int
    """Points that are not on it."""
    longest_run: int
    """The longest run on one side."""
    longest_allowed: int
    """The longest that chance makes."""
    crossings: int
    """How often the median is crossed."""
    least_allowed: int
    """The fewest crossings that chance makes."""
    is_random: bool
    """Whether there is no sign of more than chance."""
