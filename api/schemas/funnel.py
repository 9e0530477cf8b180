"""The shape of a funnel plot."""

from datetime import date

from pydantic import Field

from api.schemas.base import Shape


class FunnelItem(Shape):
    """One organisation between its limits."""

    org: str
    """Its code."""
    org_name: str
    """Its name."""
    share: float
    """Its share within the standard."""
    of: int
    """Of how many."""
    low: float
    """Lower 95% limit of a list of this length."""
    high: float
    """Upper 95% limit."""
    alarm_low: float
    """Lower 99.8% limit."""
    alarm_high: float
    """Upper 99.8% limit."""
    position: str = Field(examples=["usual"])
    """low, usual or high, by the 99.8% limits."""
    vintage_id: int
    """The vintage its figures come from."""
    coverage: float | None
    """Coverage of its list; null where suppressed."""
    provisional: bool
    """Whether its figures may still change."""
    list: str
    """The list behind it."""


class LeftOut(Shape):
    """An organisation that cannot be compared."""

    org: str
    """Its code."""
    org_name: str
    """Its name."""
    reason: str
    """Why."""


class FunnelPlot(Shape):
    """Shares of organisations beside one another, of one source and period."""

    service: str
    """The service's code."""
    standard_id: str
    """The standard whose threshold is used."""
    basis: str
    """Whether shares are of those waiting or of those seen."""
    level: str
    """Who is compared: provider or icb."""
    source: str | None
    """The source the figures come from; null where there is none."""
    as_of: date
    """Knowledge date."""
    dataset_version: int | None
    """Which published state of the data this is."""
    period_end: date | None
    """The period compared; null where there is none."""
    share: float | None
    """The share of all together; null of nobody."""
    dispersion: float
    """How many times more than by chance they differ; 1: no more."""
    items: list[FunnelItem]
    """In order of code."""
    left_out: list[LeftOut]
    """Who cannot be compared."""
    sentence: str
    """The funnel in plain English."""
