"""Shapes of waiting lists and of their series."""

from datetime import date

from pydantic import Field

from api.schemas.base import AboutSeries, Break, Finding, Links, MissingProvider, Paged, Shape, Suppressible, Vintage


class Band(Shape):
    """Children by days waited."""

    label: str = Field(examples=[">12-18"])
    """The band in weeks, as printed."""
    from_days: int
    """First day of the band."""
    to_days: int | None
    """Last day of the band; null for the open top band."""
    count: int | None
    """How many wait that long; null where suppressed or not published."""


class StandardShare(Shape):
    """The share within a standard."""

    standard_id: str = Field(examples=["CHS_18W"])
    """Which standard."""
    basis: str
    """waiting: of those still waiting. completed: of those seen. The two are not comparable."""
    share: float | None
    """0 to 1; null where it cannot be known."""
    within: int | None
    """How many are within it; null where only wait bands are known."""
    of: int | None
    """Of how many; null where only wait bands are known."""
    over: int | None
    """How many of those waiting whom the standard is about are over it; null where that is suppressed or not known, as
    from wait bands inside one or of a standard about a part of the list, and on the basis completed where the standard
    is about those waiting too."""
    adjusted_share: float | None
    """The share of those waiting without the days that families chose; it stands beside `share`, never instead."""
    method: str | None
    """exact from single waits, and where the threshold is an edge of a band; interpolated inside a band; null without
    a share."""
    threshold_days: int
    """Whole days since the clock started."""
    target_share: float | None
    """The share to be within at that time; null where none is set."""
    note: str | None
    """Why there is no share, or of what part of the list it is; null for a share of all."""


class Adjusted(Shape):
    """The counts with the last known figures of missing providers added. The raw figures stay as published."""

    list_size: int | None
    """The raw figure and what is added; null where suppressed."""
    over_18_weeks: int | None
    """The same for those over 18 weeks; null where a last known figure is not known by wait."""
    over_52_weeks: int | None
    """The same for those over 52 weeks."""
    over_104_weeks: int | None
    """The same for those over 104 weeks."""
    added: int | None
    """Children on the last known lists of the missing providers."""
    sentence: str
    """What was done."""


class Stage(Shape):
    """Those who were seen and wait for something more: a list of its own, in no other number of this answer."""

    stage: str = Field(examples=["review"])
    """next: the clock stopped and a later stage is waited for; review: a review is."""
    waiting_for: list[str]
    """What the children on it may wait for, in the words of the record."""
    list_size: int | None
    """How many wait; null where suppressed or not sent."""
    bands: list[Band]
    """The list by wait, shortest first."""
    over_52_weeks: int | None
    """Waited 365 days or more; null where a band of them is."""


class WaitingList(Suppressible):
    """One list: how many wait how long, as known on a day."""

    service: str
    """The service's code."""
    service_label: str
    """The service's name."""
    org: str
    """The organisation's code."""
    org_name: str
    """The organisation's name."""
    org_level: str
    """Where the organisation stands."""
    as_of: date
    """Knowledge date: what was known by the end of this day."""
    period_end: date
    """The day the figure is about."""
    dataset_version: int | None
    """Which published state of the data this is."""
    source: str
    """Which source the figure comes from."""
    freq: str
    """How far apart the figures of this source lie. M: month ends, W: Sundays."""
    reconstructed: bool
    """Whether the figure was counted later, from referral dates, for a period before anybody sent figures."""
    vintage: Vintage
    """Which file it comes from."""
    list_size: int | None
    """How many wait; null where suppressed."""
    adjusted: Adjusted | None
    """The list with missing providers' last known lists added; null where nothing is missing."""
    coverage: float | None
    """Share of expected providers present, by last known list size, 0 to 1; null where suppressed, or where nobody can
    know who else is expected."""
    missing_providers: list[MissingProvider]
    """Who sent nothing. A missing provider is never zero and never an improvement."""
    provisional: bool
    """Whether part of the list is missing."""
    bands: list[Band]
    """The list by wait, shortest first."""
    unbanded: int | None
    """How many of the list are in no band; null where that cannot be known."""
    referrals: int | None
    """Joined the list in the period; null where flows are not published."""
    removals: dict[str, int | None] | None
    """Left the list: `all`, and by each reason, 0 where nobody left for it; null where flows are not known."""
    treated: int | None
    """Left because they were seen, assessed, treated or given their equipment; null where flows are not known."""
    residual: int | None
    """Opening + in - out - closing; null where one of them is not known, or where exact figures may not be seen."""
    balanced: bool | None
    """Whether the flows explain the change exactly; null where that is not known."""
    shares: list[StandardShare]
    """The share within each standard of the service."""
    stages: list[Stage]
    """Those who were seen and wait for a next stage or for review; empty where the source does not count them."""
    median_wait: float | None
    """Weeks that half have waited at most; the note says whether exact or from bands; null where not known."""
    median_wait_at_least_weeks: int | None
    """The least the median can be, where it is not known because it lies in the open top band; else null."""
    p92_wait: float | None
    """Weeks that 92 in 100 have waited at most; the note says whether exact or from bands; null where not known."""
    p92_wait_at_least_weeks: int | None
    """The least the 92nd percentile can be, where it is not known because it lies in the open top band; else null."""
    over_18_weeks: int | None
    """Waited more than 126 days."""
    over_52_weeks: int | None
    """Waited 365 days or more."""
    over_104_weeks: int | None
    """Waited 729 days or more."""
    over_156_weeks: int | None
    """Waited 1,093 days or more; null where the source does not count them."""
    over_208_weeks: int | None
    """Waited 1,457 days or more; null where the source does not count them."""
    longest_wait: str | None = Field(examples=[">52-104"])
    """The wait band in which the longest wait lies, never the wait itself; null where not known."""
    findings: list[Finding]
    """What to know before leaning on the figure."""
    latest_period_of_source: date | None
    """The newest period of this source; later than period_end where this list has no newer figure."""
    is_proxy: bool
    """Whether the service stands in for others that have no published figure."""
    proxy_sentence: str | None
    """What it stands in for; null for a direct figure."""
    synthetic: bool
    """Whether the figure is invented, for demonstration."""
    notes: dict[str, str]
    """Why a field is null or must be read with care, by the field's name."""
    sentence: str
    """The figure in plain English with every caution that belongs to it."""
    links: Links
    """Addresses of what belongs with it."""


class WaitingListPage(Paged, Suppressible):
    """The latest figure of each list, in order of service and organisation."""

    items: list[WaitingList]
    """The lists."""
    as_of: date
    """Knowledge date of all of them."""


class SeriesPoint(Shape):
    """One step of a series."""

    period_end: date
    """The day the step is about."""
    value: float | None
    """The figure as published; null for a gap."""
    adjusted: float | None
    """The figure with missing providers made good; null where it must not be used."""
    coverage: float | None
    """Share of expected providers present, 0 to 1; null where suppressed."""
    known_from: date | None
    """The first day on which it was known; null for a gap."""
    vintage_id: int | None
    """The vintage it comes from; null for a gap."""
    provisional: bool
    """Whether it may still change or is not whole."""
    reconstructed: bool
    """Whether it was counted later, from referral dates, for a period before anybody sent figures."""
    note: str | None
    """Why there is no figure or why the two differ; null where all is plain."""


class SeriesLinks(Shape):
    """Addresses of what belongs with a series."""

    self: str
    """This series, with its day and source."""
    list: str
    """The latest figure of the list."""
    forecast: str
    """What may happen next."""
    findings: str
    """Everything known about the quality of these figures."""


class Series(AboutSeries):
    """One list week by week or month by month as known on a day: gaps are gaps, breaks are marked."""

    vintage: Vintage | None
    """The file of the last figure; null where it is not known."""
    points: list[SeriesPoint]
    """One point a step, oldest first."""
    breaks: list[Break]
    """Where figures stop being comparable."""
    blocks: list[str]
    """Reasons not to forecast this list as it stands."""
    sentence: str
    """The series in plain English."""
    links: SeriesLinks
    """Addresses of what belongs with it."""
