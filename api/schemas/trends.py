"""The shapes of trends: one series judged, and the matrix of many."""

from datetime import date

from pydantic import Field

from api.schemas.base import AboutSeries, Paged, Shape, Vintage
from api.schemas.charts import Adjusted, RebaseSuggestion, RunChartFound, TrendGroup, TrendPoint


class Warned(Shape):
    """Something to know about a chart."""

    code: str
    """A stable word."""
    message: str
    """One sentence."""


class Mark(Shape):
    """Something on a chart that is no change in what children meet."""

    period_end: date
    """The period it stands at."""
    kind: str = Field(examples=["part_missing"])
    """part_missing, no_figures, suppressed, not_comparable or succession."""
    sentence: str
    """What it is."""


class RebaseMade(Shape):
    """New limits that people decided on."""

    since: date
    """The first day they hold for."""
    reason: str
    """Why."""
    role: str
    """The role that decided."""
    decided_on: date
    """When it was decided."""


class TargetSet(Shape):
    """A target that people decided on, or that a national standard sets."""

    since: date
    """The first day it holds for."""
    value: float
    """People, weeks, or a share from 0 to 1."""
    reason: str
    """Why."""
    role: str
    """The role that decided, or `national standard`."""
    decided_on: date | None
    """When it was decided; null of a national standard."""


class Baseline(Shape):
    """The window that set the limits now in force."""

    from_: date = Field(alias="from")
    """Its first point."""
    to: date
    """Its last point."""
    values: int
    """How many values are in it."""


class Balancing(Shape):
    """What a target may be met at the expense of, in the newest figure of the list; null where not known."""

    period_end: date
    """The period these are about."""
    over_104_weeks: int | None
    """Waiting over 104 weeks."""
    waiting_next: int | None
    """Seen, and waiting for a next stage."""
    waiting_review: int | None
    """Seen, and waiting for a review."""
    rejected: int | None
    """Referrals rejected in the period."""
    left_unseen: int | None
    """Discharged unseen in the period."""


class TrendLinks(Shape):
    """Addresses of what belongs with a trend."""

    self: str
    """This trend, with its day and source."""
    series: str
    """The series it is worked out from."""
    list: str
    """The latest figure of the list."""


class _Judged(AboutSeries):
    """A series judged."""

    kind: str = Field(examples=["stock"])
    """flow, stock, rate, percent or median."""
    direction: str = Field(examples=["decrease"])
    """Which way is better: increase, decrease or neutral."""
    status: str = Field(examples=["ok"])
    """ok, insufficient_data, no_moving_range or no_data."""
    variation: str | None
    """What the raw chart says of the last value; null where it says nothing."""
    judged_variation: str | None
    """The verdict to go by: of the adjusted chart where there is one; of a list size, of no other."""
    real_change: bool | None
    """Whether that is a real change; null where nothing can be concluded."""
    assurance: str | None
    """pass, fail or inconsistent; null without a target or a better way."""
    target: float | None
    """The target in force."""
    judged_on: date | None
    """The point that the verdict is of."""
    sentence: str
    """The trend in plain English."""
    balancing: Balancing
    """What a target may be met at the expense of."""
    links: TrendLinks
    """Addresses of what belongs with it."""


class Trend(_Judged):
    """A series judged: points with limits and reasons, the verdict, and what is known of how it was reached."""

    vintage: Vintage | None
    """The file of the last figure; null where it is not known."""
    profile: str
    """Whose rules: mdc or nhsr."""
    run_length: int
    """Points that make a shift or a trend."""
    points: list[TrendPoint]
    """One point a step, oldest first."""
    groups: list[TrendGroup]
    """The limits drawn."""
    adjusted: Adjusted | None
    """The chart that allows for months and for what a list remembers; null where there is nothing to allow for."""
    rebase_suggestion: RebaseSuggestion | None
    """Where new limits might start; null where nothing suggests it."""
    run_chart: RunChartFound | None
    """In place of limits where there are too few points."""
    warnings: list[Warned]
    """What to know about the chart."""
    marks: list[Mark]
    """What is no change in what children meet: missing providers, breaks, successions."""
    rebases: list[RebaseMade]
    """New limits that people decided on."""
    targets: list[TargetSet]
    """Targets in time."""
    baseline: Baseline | None
    """The window that set the limits now in force."""
    data_cut_off: date
    """The day up to which figures are known."""


class TrendRow(_Judged):
    """One series in the matrix."""

    service_label: str
    """The service's name."""
    org_name: str
    """The organisation's name."""
    value: float | None
    """The last value; null for a gap or where suppressed."""


class MatrixCell(Shape):
    """How many series of the lists counted stand in one cell of the matrix."""

    variation: str | None
    """What the raw chart says; null where it says nothing."""
    assurance: str | None
    """Whether the target will be met; null where that cannot be said."""
    count: int
    """How many series."""
    real_change: int
    """How many of them are a real change by the chart that fits the measure."""


class CellsOver(Shape):
    """How many of the lists asked for the cells count."""

    lists: int
    """Lists counted: all, unless many of them would first have to be worked out."""
    of: int
    """Lists asked for."""


class TrendSummary(Paged):
    """Series judged, list by list, with the matrix of the lists asked for."""

    items: list[TrendRow]
    """One row a series."""
    as_of: date
    """Knowledge date of all of them."""
    profile: str
    """Whose rules: mdc or nhsr."""
    matrix: list[MatrixCell]
    """Series by variation and assurance: of all lists asked for, on every page, unless `cells_over` says of fewer."""
    cells_over: CellsOver
    """Of how many lists the cells count the series; ask again later, or page by page, where that is not all of them."""
    suppressed: list[str]
    """JSON pointers to what is hidden to keep small numbers unknown; none is to be read as 0."""
