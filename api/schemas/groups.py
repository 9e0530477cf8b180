"""Shapes of a waiting list by groups of children."""

from datetime import date

from pydantic import Field

from api.schemas.base import MissingProvider, Shape, Suppressible, Vintage
from api.schemas.lists import Band


class Group(Shape):
    """One group of the children on a list."""

    group: str = Field(examples=["E07000105"])
    """The group's code; not_said where a record leaves it open."""
    label: str = Field(examples=["Ashford"])
    """The group's name."""
    list_size: int | None
    """How many of the group wait; null where suppressed."""
    bands: list[Band]
    """The group by wait in three bands, shortest first."""
    over_18_weeks: int | None
    """Waited more than 126 days."""
    over_52_weeks: int | None
    """Waited 365 days or more."""
    median_wait: float | None
    """Weeks that half of the group have waited at most; null of nobody, in the open band, and where suppressed."""


class GroupLinks(Shape):
    """Addresses of what belongs with the groups."""

    self: str
    """This answer, with its day and source."""
    list: str
    """The whole list."""


class Groups(Suppressible):
    """A list by one fixed division of its children; no two are crossed, and groups of nobody are there."""

    service: str
    """The service's code."""
    service_label: str
    """The service's name."""
    org: str
    """The board's code."""
    org_name: str
    """The board's name."""
    cut: str = Field(examples=["district"])
    """By what the list is divided."""
    as_of: date
    """Knowledge date: what was known by the end of this day."""
    period_end: date
    """The day the figure is about."""
    dataset_version: int | None
    """Which published state of the data this is."""
    source: str
    """Which source the figure comes from."""
    freq: str
    """M: month ends, W: Sundays."""
    reconstructed: bool
    """Whether the figure was counted later, from referral dates, for a period before anybody sent figures."""
    vintage: Vintage
    """Which file it comes from."""
    coverage: float | None
    """Share of expected providers present, 0 to 1; null where suppressed, or others may be expected."""
    provisional: bool
    """Whether part of the list is missing."""
    missing_providers: list[MissingProvider]
    """Who sent nothing."""
    list_size: int | None
    """How many wait on the whole list; null where suppressed."""
    groups: list[Group]
    """Every group of the division; every child is in one of them."""
    is_proxy: bool
    """Whether the service stands in for others."""
    synthetic: bool
    """Whether the figures are invented, for demonstration."""
    sentence: str
    """What the groups are of, with every caution that belongs to them."""
    links: GroupLinks
    """Addresses of what belongs with it."""
