"""What the shapes share: strictness, the envelope of every answer, and a problem."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """A shape whose fields are described by the text under them and which holds nothing else."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")


class Suppressible(Shape):
    """An answer in which numbers may be suppressed."""

    suppressed: list[str]
    """JSON pointers, from this object on, to what is hidden to keep small numbers unknown; none is to be read as 0."""


class AboutSeries(Suppressible):
    """Which series an answer is about, and how its last figure stands."""

    service: str
    """The service's code."""
    org: str
    """The organisation's code."""
    measure: str
    """What is measured."""
    standard_id: str | None
    """The standard whose threshold is used; null where none is."""
    basis: str | None
    """Whether shares are of those waiting or of those seen; null where no share is given."""
    source: str
    """Which source the figures come from."""
    as_of: date
    """Knowledge date."""
    period_end: date
    """The last step."""
    freq: str
    """M: monthly, W: weekly."""
    dataset_version: int | None
    """Which published state of the data this is."""
    coverage: float | None
    """Coverage of the last figure; null where suppressed, or where nobody can know who else is expected."""
    provisional: bool
    """Whether the last figure may still change or is not whole."""
    is_proxy: bool
    """Whether the service stands in for others."""
    synthetic: bool
    """Whether the figures are invented, for demonstration."""


class Problem(Shape):
    """What went wrong (RFC 9457). It never repeats what was sent."""

    type: str = Field(examples=["urn:waitlists:problem:unknown-name"])
    """The stable name of this kind of problem."""
    title: str = Field(examples=["An unknown name"])
    """The kind of problem in words."""
    status: int = Field(examples=[404])
    """The HTTP status."""
    detail: str = Field(examples=["No service of that name is known. The nearest: SALT."])
    """What is wrong and what to do."""
    instance: str = Field(examples=["urn:request:6f1c2d7be8a94b0a8f0f3f5f0c2c9d11"])
    """The request's id, as in the X-Request-ID header and the log."""
    errors: list["FieldError"]
    """One entry for each field that cannot be used."""
    near: list[str] = Field(examples=[["SALT"]])
    """Known names close to an unknown one, best first."""


class FieldError(Shape):
    """What is wrong with one field."""

    field: str = Field(examples=["service"])
    """The parameter as the caller names it."""
    message: str
    """What was expected."""


class Paged(Shape):
    """A page of a list."""

    next_cursor: str | None
    """Give this as `cursor` for the next page; null on the last."""
    dataset_version: int | None
    """Which published state of the data this is; null while nothing was published."""


class Links(Shape):
    """Addresses of what belongs with a list."""

    self: str
    """This answer, with its day and source."""
    series: str
    """The list month by month."""
    forecast: str
    """What may happen next."""
    clearance: str
    """When the list may be cleared."""
    findings: str | None
    """Everything known about the quality of these figures; null for roles that do not reach it."""
    delivery: str | None
    """The file behind the figure; null where there are several (`vintage.deliveries`) or none that may be seen."""
    cells: str | None
    """The sheet and cell of each number; null for a sum, a count from records, and those who may not see them."""


class Vintage(Shape):
    """Which file a figure comes from and from which day it counts as known."""

    id: int
    """The vintage's number."""
    delivery_id: int
    """The delivery the file arrived as; of a sum the last that changed it."""
    known_from: date
    """The first day on which these figures were known."""
    sha256: str | None
    """Checksum of the file; null for a sum or a count from records, and for those who may not see it."""
    file_name: str | None
    """The file's name, `sum of 3 files` or `counted from referral records`; null for those who may not see it."""
    deliveries: list[int]
    """Deliveries the figure was made from, `/v1/deliveries/{id}` each; of counted records each provider's newest."""


class Finding(Shape):
    """Something a reader must know about a figure."""

    code: str = Field(examples=["missing_provider"])
    """A stable word."""
    severity: str = Field(examples=["warning"])
    """info, warning or error (a figure not to be used)."""
    sentence: str
    """One plain sentence."""
    period_end: date
    """Last day of the period it is about."""
    known_from: date
    """The first day on which it could be known."""
    sheet: str | None
    """The sheet it is about, null where it is about no single one."""
    cell: str | None
    """The cell it is about, null where it is about no single one."""


class MissingProvider(Shape):
    """A provider that reported before and sent nothing."""

    org: str
    """Its code."""
    org_name: str
    """Its name."""
    last_period: date
    """The last period it reported."""
    last_list_size: int | None
    """Its list then; null where suppressed."""


class Break(Shape):
    """From this period on, figures are not comparable with those before."""

    period_end: date
    """The first period after the break."""
    cause: str
    """A stable word."""
    sentence: str
    """What changed."""
