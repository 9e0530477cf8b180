"""Shapes of a provider's own list of who crosses a threshold when."""

from datetime import date

from pydantic import Field

from api.schemas.base import Paged, Shape


class Threshold(Shape):
    """A standard's longest wait, or one of its long waits, and how far a referral is from it."""

    standard_id: str = Field(examples=["CHS_18W"])
    """Which standard."""
    is_long_wait: bool
    """Whether it is a long wait told beside the standard, longer than the standard's own: 104 weeks under CHS_52W."""
    over_days: int
    """The longest wait in days that is not over."""
    crosses_on: date
    """The first day on which the wait is over."""
    days_left: int
    """Days from `counted_on` to that day; 0 or less once it is over."""


class DueReferral(Shape):
    """Facts about one referral on a service's own list: arithmetic on its dates and nothing predicted."""

    service_request_identifier: str
    """The provider's own number of the referral."""
    provider: str
    """Whose referral it is."""
    service: str
    """The service's code."""
    waiting_for: str
    """What is waited for, in the words of the record."""
    counted_on: date
    """The day of the provider's newest extract: all of this is as at its end."""
    weeks_waited: float
    """Days waited over 7; the clock is the service's own."""
    waited_days: int
    """Whole days since the clock started."""
    adjusted_days: int
    """The same without the days that the family chose; it stands beside, never instead."""
    is_booked: bool
    """Whether an appointment is still to come."""
    booked_for: date | None
    """When it is; null where none is booked."""
    next_crossing: date
    """The soonest day on which a threshold still to come at `counted_on` is crossed."""
    days_left_today: int
    """Days from today to that day; 0 or less where it was crossed since `counted_on`, unless the child was seen."""
    thresholds: list[Threshold]
    """Every threshold of the service, crossed ones too, soonest first."""


class DuePage(Paged):
    """A provider's own referrals by day of crossing, then by number: a diary, no order of need."""

    items: list[DueReferral]
    """The referrals."""
    source: str
    """Where they come from: providers' referral records."""
    as_of: date
    """Today, from which `days_left_today` is counted; all else is as at `counted_on`."""
    within_weeks: int
    """How many weeks ahead was looked."""
