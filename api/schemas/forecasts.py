"""Shapes of forecasts and clearance."""

from datetime import date

from pydantic import Field

from api.schemas.base import Break, Shape, Suppressible, Vintage


class Score(Shape):
    """How a model did on past targets of this series."""

    n: int
    """How many targets."""
    wis: float | None
    """Weighted interval score in children; smaller is better; null where suppressed."""
    mase: float | None
    """Error of the median over the mean change in training; null where that is zero."""
    coverage80: float
    """Share of targets inside the 80% range."""
    coverage95: float
    """Share of targets inside the 95% range."""


class ForecastPoint(Shape):
    """The range of one target date."""

    target_end_date: date
    """The day it is about."""
    horizon: int
    """Steps after the last figure used."""
    quantiles: dict[str, float | None] = Field(examples=[{"0.1": 1580, "0.5": 1640, "0.9": 1710}])
    """Values by level: with chance 0.9 the figure is at most the value at 0.9."""
    past: bool
    """Whether it is on or before the day asked about: no look ahead any more."""


class AnswerLinks(Shape):
    """Addresses of what belongs with a computed answer."""

    self: str
    """This answer, with its day."""
    list: str
    """The latest figure of the list."""
    series: str
    """The list month by month."""


class FromLatest(Suppressible):
    """What is said of the latest figure known on the day asked about."""

    vintage: Vintage | None
    """Its file; null where the answer was worked out before it was known."""
    coverage: float | None
    """Share of expected providers in it, 0 to 1; null where none is known, or others may be expected."""
    provisional: bool | None
    """Whether part of the list is missing from it; null where none is known."""
    synthetic: bool | None
    """Whether it is invented, for demonstration; null where none is known."""


class Forecast(FromLatest):
    """What may happen next, or why nothing is said."""

    service: str
    """The service's code."""
    org: str
    """The organisation's code."""
    measure: str
    """What is forecast."""
    standard_id: str | None
    """The standard whose threshold is used; null where none is."""
    source: str
    """Which source the figures come from."""
    as_of: date
    """The day asked about."""
    forecast_as_of: date
    """The knowledge date the forecast was made with, on or before the day asked about."""
    period_end: date | None
    """The last figure used; null where there is none."""
    freq: str
    """M: steps are months, W: weeks."""
    dataset_version: int | None
    """Which published state of the data this is."""
    run_id: int
    """The run that worked it out."""
    status: str
    """ok; fallback (the last value carried on); insufficient_data or blocked (no numbers)."""
    model: str | None
    """The model chosen on past targets; null without numbers."""
    trained_until: date | None
    """The last figure used; null without numbers."""
    newer_figures: bool
    """Whether figures were known on the day asked about that the forecast did not see."""
    points: list[ForecastPoint]
    """One point a step; empty without numbers."""
    scores: dict[str, Score]
    """Back-test scores by model."""
    fallback_reason: str | None
    """Why a simpler model or no number at all; null where the status is ok."""
    breaks: list[Break]
    """Where the history was cut."""
    is_proxy: bool
    """Whether the service stands in for others."""
    sentence: str
    """The forecast in plain English; never a promise."""
    links: AnswerLinks
    """Addresses of what belongs with it."""


class CurvePoint(Shape):
    """The chance that a list has cleared by a date."""

    date: date
    """The date."""
    p: float
    """The chance, 0 to 1."""


class RangesHeld(Shape):
    """How past ranges of this list, made in the same way, turned out."""

    checked: int
    """How many could be checked."""
    coverage80: float
    """Share of past 80% ranges that held."""
    coverage95: float
    """Share of past 95% ranges that held."""
    checked_weeks: int | None
    """How far ahead, in weeks, enough ranges could be checked: beyond it 8 in 10 is only meant. 0 where too few of this
    list could be checked; null of answers stored before this was kept."""


class ClearanceAnswer(Shape):
    """One of the three clearance questions, answered or not."""

    kind: str
    """run_off, threshold or sustainable."""
    status: str
    """ok, already, unlikely, never, insufficient_data or blocked."""
    reason: str | None
    """Why there is no answer; null where there is one."""
    p_within_52_weeks: float | None
    """Chance of being cleared within 52 weeks; null where too few past ranges could be checked so far ahead, and
    where it holds already and may not last."""
    p_by_horizon: float | None
    """Chance of being cleared within the horizon."""
    p_never_within_horizon: float | None
    """Chance of not being cleared within the horizon."""
    p10: date | None
    """Cleared by this date with chance 0.1."""
    p50: date | None
    """Cleared by this date with chance 0.5."""
    p90: date | None
    """Cleared by this date with chance 0.9."""
    curve: list[CurvePoint]
    """The chance by date."""
    ranges_held: RangesHeld | None
    """How well past ranges of this list held; null where none could be checked."""
    details: dict[str, float | str | None]
    """The numbers it was worked out from."""
    sentence: str
    """The answer in plain English."""


class Clearance(FromLatest):
    """When the list may be cleared and what that would take."""

    service: str
    """The service's code."""
    org: str
    """The organisation's code."""
    source: str
    """Which source the figures come from."""
    as_of: date
    """The day asked about."""
    clearance_as_of: date
    """The knowledge date the answer was worked out with, on or before the day asked about."""
    period_end: date | None
    """The latest figure known on the day asked about; null where none is."""
    newer_figures: bool
    """Whether that figure came after the answer was worked out: the week's forecasts follow its figures."""
    dataset_version: int | None
    """Which published state of the data this is."""
    run_id: int
    """The run that worked it out."""
    standard_id: str | None
    """The standard to be met; null where the service has none."""
    by: date
    """The day it is to be met by."""
    confidence: float
    """The chance asked for."""
    clearance: list[ClearanceAnswer]
    """The three answers, always in this order: run_off, threshold, sustainable."""
    required_capacity: dict[str, float | str | None] | None
    """What it would take; null where flows are not known."""
    required_capacity_note: str | None
    """Why no capacity is given; null where it is."""
    is_proxy: bool
    """Whether the service stands in for others."""
    proxy_sentence: str | None
    """What it stands in for; null for a direct figure."""
    sentence: str
    """The answers in plain English with every caution that belongs to them."""
    links: AnswerLinks
    """Addresses of what belongs with it."""
