"""Shapes of the registers: services, organisations and standards."""

from datetime import date

from pydantic import Field

from api.schemas.base import Paged, Shape


class Service(Shape):
    """One kind of list."""

    code: str = Field(examples=["SALT"])
    """The code used in every route."""
    label: str
    """The plain name."""
    age_group: str
    """children, adults or all."""
    line: str | None
    """The line of the community health workbooks it is printed as; null where it has none."""
    is_proxy_for: list[str]
    """Services this one stands in for, since they have no published figure of their own."""
    proxy_note: str | None
    """The sentence that goes with every figure of a proxy; null for a direct figure."""
    note: str | None
    """What else to know, null where there is nothing."""
    standards: list[str]
    """Ids of the standards that apply to it."""
    links: dict[str, str]
    """Addresses of what belongs with it."""


class ServicePage(Paged):
    """Services in order of code."""

    items: list[Service]
    """The services."""


class Succession(Shape):
    """A code whose lists another code carries from a day on."""

    code: str
    """The code that ends."""
    successor: str
    """The code that carries its lists."""
    since: date
    """The first day."""
    services: list[str]
    """The lists that moved."""
    note: str
    """What happened."""


class Organisation(Shape):
    """One organisation."""

    code: str = Field(examples=["QKS"])
    """The ODS code used in every route."""
    name: str
    """The present name."""
    level: str
    """england, region, icb, sub_icb, provider or local_authority."""
    aliases: list[str]
    """Other names it was printed under."""
    parent: str | None
    """In whose figures its own are counted on that day; null at the top and for who is counted nowhere."""
    successions: list[Succession]
    """What it took over, and who took it over."""
    note: str | None
    """What else to know, null where there is nothing."""
    source: str | None
    """Where these facts come from; null for an organisation met in a file only."""
    links: dict[str, str]
    """Addresses of what belongs with it."""


class OrganisationPage(Paged):
    """Organisations in order of code."""

    items: list[Organisation]
    """The organisations."""
    as_of: date
    """The day on which parents hold."""


class Standard(Shape):
    """A waiting-time standard: how long, counted from what to what, for which share."""

    id: str = Field(examples=["CHS_18W"])
    """Its id, `standard_id` in every answer that uses it."""
    services: list[str]
    """The services it applies to."""
    label: str
    """What it says."""
    authority: str
    """Who set it and where."""
    kind: str
    """quality_standard, local, proposed_standard, access_standard, planning_target, statutory ..."""
    mandatory: bool
    """Whether it must be met."""
    threshold_days: int
    """Whole days since the clock started."""
    within: str
    """le: the threshold day counts as within; lt: it does not."""
    target_share: float | None
    """The share to be within on that day, 0 to 1; null where none is set."""
    applies_to: list[str]
    """waiting, completed or both."""
    clock_start: str
    """What starts the clock."""
    clock_stop: str
    """What stops it."""
    confidence: str
    """How sure these facts are."""
    note: str | None
    """What else to know, null where there is nothing."""


class StandardPage(Paged):
    """Standards in order of id."""

    items: list[Standard]
    """The standards."""
    as_of: date
    """The day on which target shares hold."""
