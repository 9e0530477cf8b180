"""What a breach warning is: what the figures of one list say of one standard, and where the warning stands in its life.

Numbers are exact and stay within the store and the views of those who may see them; whatever leaves otherwise goes
through `forecasting.warnings.seen`, severity and state through `forecasting.warnings.told`. A number that is not known
is None, never zero.
"""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final, Literal, NamedTuple

from forecasting.flow.ranges import Checked
from forecasting.results import Basis, Method
from waitlists.domain import Level
from waitlists.errors import BadArgument
from waitlists.running.expected import next_file
from waitlists.security.access import Role
from waitlists.sources import PUBLISHED_SOURCES, Freq
from waitlists.suppression import Rule

Severity = Literal["low", "medium", "high"]
"""`low`: no more are over than the standard allows, or nobody is and some are likely to be; `medium`: more are than
it allows, or any where it sets no share; `high`: some are, and it gets worse."""

State = Literal["raised", "worse", "acknowledged", "escalated", "cleared"]

Subject = Literal["threshold", "long_tail"]
"""`long_tail` where nearly everybody is over the standard: a longer wait is then watched in its place."""

SEVERITIES: Final[tuple[Severity, ...]] = ("low", "medium", "high")


class Due(NamedTuple):
    """Children of the list at `period_end` likely to cross within so many weeks of it, in 8 of 10 cases `p10` to `p90`.

    `probability` is the chance that at least one crosses. `not_yet_referred` are those expected beside them who are in
    nobody's list yet, where the standard is short enough for that; None where it is not, or referrals are not known.
    """

    weeks: int
    by: date
    p10: float
    p50: float
    p90: float
    probability: float
    not_yet_referred: float | None = None


class Tail(NamedTuple):
    """Children who wait over so many weeks, None where that is not known."""

    weeks: int
    over_now: int | None


class Counted(NamedTuple):
    """Whose figures of which vintage and period stand in a number: a list's own, then those of who is missing."""

    vintage_id: int
    org: str
    period_end: date


class Caveat(NamedTuple):
    """What to know beside a warning: a stable word and one sentence."""

    code: str
    sentence: str


class Acknowledgement(NamedTuple):
    """Which role took a warning, on which London day, why, and until when; `severity` is what it was taken at."""

    on: date
    role: Role
    reason: str
    until: date
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What is known on `as_of` of one list beside one standard.

    Attributes
    ----------
    threshold_days, over_days
        The standard's own threshold as the register has it, and the longest wait in days that is not counted in
        `over_now`: 27 for "less than 4 weeks", 126 for 18 weeks, 728 where the tail over 104 weeks is watched.
    about
        Children the standard is about, where that is a part of the list and `over_now` is of this part; else None.
    waiting, over_now
        Children at `period_end`; the last known figures of `missing` providers are in them.
    over_standard
        Children over the standard itself; `over_now` again unless the long tail is watched.
    newly_over_now, newly_since
        Children who crossed since a day, by their waits where single weeks are known, else by ageing the bands then.
    change, change_since
        `over_now` less what it was on that day; None where either figure is not whole.
    real_change
        None where it is not known; `worse` says whether a real change is one for the worse.
    real_change_shown, is_worse_shown
        The same worked out from figures as those see them who may not see exact ones.
    held
        By horizon, how past ranges made in this way turned out.
    counted, counted_before
        Which figures stand in `over_now`, and in the number it is compared with.
    moved_to
        Who keeps the list now and is warned of it instead.
    newly_told
        The rules by which those who may not see exact figures are told `newly_over_now`.
    change_told
        The rules under which those are told `real_change_shown`, as it was worked out from what these show.
    """

    source: str
    service: str
    org: str
    level: Level
    standard_id: str
    threshold_days: int
    over_days: int
    subject: Subject
    as_of: date
    period_end: date
    freq: Freq
    waiting: int | None
    over_now: int | None
    over_standard: int | None
    newly_over_now: int | None
    newly_since: date | None
    newly_over: tuple[Due, ...]
    method: Method | None
    basis: Basis | None
    held: tuple[Checked, ...]
    tail: tuple[Tail, ...]
    longest_band: str | None
    change: int | None
    change_since: date | None
    real_change: bool | None
    is_worse: bool | None
    real_change_shown: bool | None
    is_worse_shown: bool | None
    coverage: float
    missing: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    counted: tuple[Counted, ...]
    counted_before: tuple[Counted, ...]
    is_whole: bool
    is_proxy: bool
    is_synthetic: bool
    moved_to: str | None = None
    newly_told: tuple[Rule, ...] = ()
    change_told: tuple[Rule, ...] = ()
    about: int | None = None

    def __post_init__(self) -> None:
        if any(not 0 <= due.p10 <= due.p50 <= due.p90 for due in self.newly_over):
            raise BadArgument("children due to cross are a range from low to high, not below zero", field="newly_over")
        if self.over_now is not None and self.over_now < 0:
            raise BadArgument("a count of children is never negative", field="over_now")

    @property
    def id(self) -> str:
        """The name of the warning, the same from week to week."""
        return warning_id(self.service, self.org, self.standard_id)

    @property
    def is_old(self) -> bool:
        """Whether newer figures of its source are overdue: they say where a list stood, and not that it does."""
        return next_file(self.source, self.period_end)[1] < self.as_of

    @property
    def is_published(self) -> bool:
        """Whether anyone may repeat its figures exactly."""
        return self.source in PUBLISHED_SOURCES


class ToldRise(NamedTuple):
    """A rise that figures as others see them showed: since when it was told, whose it was then, and by which rules.

    `is_over` once such figures could be judged and showed none: what was told since stands, how much it matters not.
    """

    since: date
    owner: Role
    rules: tuple[Rule, ...]
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Where a warning stands on a day.

    Attributes
    ----------
    since
        The first day of the present state.
    owner
        The role that is asked to act.
    asked_on
        The day from which that role was asked; three working days without an acknowledgement make it the next role's.
    calm
        Periods in a row with whole figures in which it was less than `severity` says.
    period_end
        The last period that was gone by.
    is_rising
        Whether a real rise was said and has not ended.
    told
        The last rise that those were told who may not see exact figures.
    """

    state: State
    severity: Severity
    raised_on: date
    since: date
    owner: Role
    asked_on: date
    calm: int
    period_end: date
    is_rising: bool
    acknowledged: Acknowledgement | None = None
    told: ToldRise | None = None


@dataclass(frozen=True, slots=True)
class BreachWarning:
    """A warning on a day: what the figures say, and its life. `sentence` is for those who may see exact figures."""

    figures: Assessment
    life: Life
    sentence: str

    @property
    def id(self) -> str:
        """The name of the warning, the same from week to week."""
        return self.figures.id


def warning_id(service: str, org: str, standard_id: str) -> str:
    """The name of the warning about one list and standard: 16 characters that fit into an address."""
    return sha256(f"{service}|{org}|{standard_id}".encode()).hexdigest()[:16]
