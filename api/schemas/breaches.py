"""Shapes of breach warnings."""

from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.base import Paged, Shape, Suppressible

LONGEST_REASON: Final = 500


class DueToCross(Shape):
    """Children of the list at `period_end` who are likely to cross by a day."""

    weeks: int
    """Weeks after the figures."""
    by: date
    """The day so many weeks after the figures."""
    p10: float | None
    """In 1 of 10 cases fewer cross; null where suppressed."""
    p50: float | None
    """The middle; null where suppressed."""
    p90: float | None
    """In 1 of 10 cases more cross; null where suppressed."""
    probability: float | None
    """The chance that at least one crosses; null where suppressed."""
    not_yet_referred: float | None
    """Children expected beside them whom nobody has referred yet; null where there is no time for it, or not known."""


class RangesChecked(Shape):
    """How past ranges made in this way turned out."""

    weeks: int
    """Weeks ahead."""
    checked: int
    """Past ranges that could be checked; of all lists of the source where this one has too few."""
    held: int
    """How many of them held; 8 in 10 should."""


class TailCount(Shape):
    """Children who wait very long."""

    weeks: int
    """Over so many weeks."""
    over_now: int | None
    """How many; null where suppressed or not known."""


class Caveat(Shape):
    """What to know beside a warning."""

    code: str
    """A stable word."""
    sentence: str
    """One sentence that counts no child."""


class BreachLinks(Shape):
    """Addresses of what belongs with a warning."""

    self: str
    """This warning, with its day."""
    acknowledgement: str
    """Where a role takes it, by POST."""
    page: str
    """The page with the form to take it."""
    list: str
    """The list behind it."""


class Breach(Suppressible):
    """What the figures of one list say of one standard, and where the warning stands."""

    id: str
    """Its name, the same from week to week."""
    service: str
    """The service's code."""
    org: str
    """The organisation's code."""
    org_name: str
    """Its name."""
    level: str
    """provider or icb."""
    standard_id: str
    """The standard that is meant."""
    threshold_days: int
    """The standard's threshold in days."""
    over_days: int
    """The longest wait in days that is not counted in over_now."""
    subject: str
    """threshold; long_tail where nearly all are over the standard and a longer wait is watched in its place."""
    source: str
    """Which source the figures come from."""
    freq: str
    """W: figures of weeks, M: of months."""
    as_of: date
    """The day asked about."""
    warned_as_of: date
    """The knowledge date it was worked out for, on or before the day asked about."""
    period_end: date
    """The day the figures are of."""
    newer_figures: bool
    """Whether figures of the list were known on the day asked about that the warning has not seen."""
    vintage_id: int
    """The vintage of the list's own figures."""
    dataset_version: int | None
    """Which published state of the data this is."""
    severity: str | None
    """low, medium or high, from the numbers as shown; null where over_now is suppressed."""
    state: str
    """raised, worse, acknowledged, escalated or cleared; worse and cleared only where the numbers as shown say so."""
    state_since: date
    """The first day of the state."""
    raised_at: date
    """The day it was raised."""
    owner: str
    """The role that is asked to act."""
    acknowledged_by: str | None
    """The role that has taken it; null where none has."""
    acknowledged_on: date | None
    """The day it was taken."""
    acknowledged_until: date | None
    """The last day for which it is taken."""
    acknowledged_reason: str | None
    """Why, as written; null for those who may not see exact figures."""
    waiting: int | None
    """Children waiting, the last known of missing providers among them; null where suppressed."""
    about: int | None
    """Children the standard is about, where over_now is of this part of the list alone; null of a whole list and where
    exact figures may not be seen."""
    over_now: int | None
    """Children over the wait that is watched; null where suppressed or not known."""
    over_standard: int | None
    """Children over the standard itself; null where suppressed or not known."""
    newly_over_now: int | None
    """Children who crossed since newly_since; null where suppressed or not known."""
    newly_since: date | None
    """The week or month before; null where either figure is not whole."""
    newly_over: list[DueToCross]
    """Who is due to cross in 4, 8 and 12 weeks; empty where nothing can be said."""
    method: str | None
    """ageing, or the plainer way that erred less on past figures: no_exits or last_crossings."""
    basis: str | None
    """weeks where single weeks waited are known, else bands."""
    ranges_checked: list[RangesChecked]
    """By horizon, how past ranges turned out."""
    tail: list[TailCount]
    """Children who wait over 52, 104, 156 and 208 weeks, as far as these lie beyond the standard."""
    longest_band: str | None
    """The band of the longest wait; null where suppressed or not known."""
    change_since_last_week: int | None
    """Change of over_now since change_since: the week before, or the month of monthly figures; null where not whole."""
    change_since: date | None
    """The day it is compared with."""
    real_change: bool | None
    """Whether the newest figure is a real change; false is within usual variation; null is not known."""
    coverage: float | None
    """Share of expected providers in the figures, 0 to 1; null where suppressed, or others may be expected."""
    missing_providers: list[str]
    """Codes of providers that sent nothing."""
    provisional: bool
    """Whether part is missing or in doubt: the warning then neither eases nor ends."""
    is_proxy: bool
    """Whether the service stands in for others."""
    synthetic: bool
    """Whether it is invented, for demonstration."""
    caveats: list[Caveat]
    """What to know beside it."""
    standing: str
    """Where it stands, in one sentence."""
    sentence: str
    """The warning in plain English; never a promise."""
    links: BreachLinks
    """Addresses of what belongs with it."""


class BreachPage(Paged, Suppressible):
    """A page of warnings."""

    items: list[Breach]
    """Warnings in order of service, organisation and standard."""
    as_of: date
    """The day asked about."""
    warned_as_of: date | None
    """The knowledge date they were worked out for; null where none were by then."""
    left_out: str | None
    """Warnings of which lists are not given here, and why; null where those of every list are."""


class Acknowledging(BaseModel):
    """What a role says when it takes a warning."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=LONGEST_REASON, examples=["Two more clinics a week from December."])
    """Why, in a few words without names or numbers of children."""
    until: date = Field(examples=["2026-12-14"])
    """The last day for which it is taken: today or later, at most 13 weeks ahead."""


class Acknowledged(Shape):
    """A warning that was taken."""

    id: str
    """The warning."""
    state: str
    """acknowledged."""
    acknowledged_by: str
    """The role that took it."""
    acknowledged_on: date
    """Today, in London."""
    acknowledged_until: date
    """The last day for which it is taken."""
    standing: str
    """Where it stands, in one sentence."""
