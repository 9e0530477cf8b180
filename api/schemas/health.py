"""Shapes of what is said of the service itself."""

from datetime import date

from pydantic import Field

from api.schemas.base import Shape


class Live(Shape):
    """The process runs."""

    status: str = Field(examples=["live"])
    """live."""


class Ready(Shape):
    """Whether requests are welcome."""

    status: str = Field(examples=["ready"])
    """ready or not ready."""
    reason: str = Field(examples=["ready"])
    """ready, database, schema or draining."""


class SourceFreshness(Shape):
    """How old the figures of one source are."""

    source: str
    """The source."""
    period_end: date
    """The newest period."""
    published_on: date | None
    """The day printed in its file; null where none is printed."""
    known_from: date
    """The first day on which it was known."""
    days_old: int
    """Days since the end of the newest period."""
    expected_by: date
    """The day the next period is expected by."""
    is_late: bool
    """Whether that day has passed."""
    sentence: str
    """The age in words."""


class Alert(Shape):
    """Something that is the matter with the service."""

    code: str = Field(examples=["backup_old"])
    """A stable word; docs/operations.md says what to do about each."""
    urgency: str = Field(examples=["soon"])
    """now, soon or note."""
    count: int
    """How many things of the kind are the matter."""
    sentence: str
    """The kind in words, without names."""


class Freshness(Shape):
    """How old the figures are, source by source."""

    today: date
    """Today in London."""
    dataset_version: int | None
    """Which published state of the data this is."""
    sources: list[SourceFreshness]
    """The sources with any figures."""
    alerts: list[Alert] | None
    """What is the matter, the most urgent first; null for roles that do not run the service."""
