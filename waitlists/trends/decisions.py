"""What people decided about the chart of a series: new limits from a day on, or a target, each with reason and role.

A decision is checked when it is made: without a reason anybody can weigh, none is taken. Decisions are never changed;
one that no longer holds is removed by another, and both stay to be read as they were known on any day.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple, get_args

from waitlists.domain import Measure
from waitlists.errors import BadArgument
from waitlists.services import find_service
from waitlists.sources import SOURCES, Freq
from waitlists.standards import Basis, find_standard, standards_for
from waitlists.trends.measures import MEASURED
from waitlists.trends.steps import PlannedTarget, Rebase

What = Literal["rebase", "target"]

LONGEST_REASON: Final = 300
LONGEST_ROLE: Final = 80
FEWEST_WORDS: Final = 3
"""A reason of fewer words cannot be weighed by anybody who was not in the room."""

_UNKNOWN: Final = re.compile(
    r"(reasons?|causes?|why|is|are|the|not|un)*(known|clear|sure|given|applicable|available|decided|recorded)*(yet)*"
    r"|(n/?a|tb[acd])+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """Which series a decision is about; None of `freq` or `source` is all that there are.

    Raises
    ------
    BadArgument
        When it names no series: an unknown service, standard or source, or a standard that does not belong to it.
    """

    service: str
    org: str
    measure: Measure
    standard: str | None = None
    basis: Basis | None = None
    freq: Freq | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        find_service(self.service)
        if self.source is not None and self.source not in SOURCES:
            raise BadArgument(f"no source has this name; there are {', '.join(SOURCES)}", field="source")
        if self.source is not None and self.freq is not None and SOURCES[self.source].freq != self.freq:
            raise BadArgument("the source has another step", field="freq")
        self._check_share()

    def _check_share(self) -> None:
        is_share = self.measure == Measure.SHARE_WITHIN_STANDARD
        if is_share != (self.standard is not None) or is_share != (self.basis is not None):
            raise BadArgument("share_within_standard, and it alone, needs a standard and a basis", field="standard")
        if self.standard is None:
            return
        standard = find_standard(self.standard)
        if standard not in standards_for(self.service) or self.basis not in standard.applies_to:
            raise BadArgument("the service is not measured by this standard on this basis", field="standard")

    def covers(self, other: "Charted") -> bool:
        """Whether a decision about this holds for a series, of which everything is named."""
        mine = (self.service, self.org, self.measure, self.standard, self.basis)
        theirs = (other.service, other.org, other.measure, other.standard, other.basis)
        return mine == theirs and self.freq in {None, other.freq} and self.source in {None, other.source}


class Words(NamedTuple):
    """Why a decision was taken, by which role, and on which day."""

    reason: str
    role: str
    decided_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """New limits, or a target of that `value`, from a day on.

    Raises
    ------
    BadArgument
        When the reason or the role is empty, says that it is not known, or cannot be printed; or when the value is
        none that the measure can have.
    """

    what: What
    about: Charted
    since: date
    value: float | None
    words: Words

    def __post_init__(self) -> None:
        if self.what not in get_args(What):
            raise BadArgument("expected a rebase or a target", field="what")
        if (self.what == "target") != (self.value is not None):
            raise BadArgument("a target has a value, and new limits have none", field="value")
        if self.value is not None and not 0 <= self.value <= _most(self.about.measure):
            raise BadArgument("expected a number that the measure can have; a share is from 0 to 1", field="value")
        check_words(self.words)

    @property
    def as_rebase(self) -> Rebase:
        """The decision as a chart takes it."""
        return Rebase(self.since, *self.words)

    @property
    def as_target(self) -> PlannedTarget:
        """The decision as a chart takes it."""
        return PlannedTarget(self.since, self.value or 0.0, *self.words)


class Recorded(NamedTuple):
    """A decision as it stands in the history: its number, the day it is known from, and which one it removes."""

    number: int
    decision: Decision
    known_from: date
    removes: int | None


def check_words(words: Words) -> None:
    """Refuse a reason that tells nothing and a role that names nobody's duty.

    Raises
    ------
    BadArgument
        Naming what is missing; what was typed is not repeated.
    """
    reason = words.reason.strip()
    letters = re.sub(r"[^a-z/]", "", reason.lower())
    if len(reason.split()) < FEWEST_WORDS or _UNKNOWN.fullmatch(letters):
        raise BadArgument(f"say why in {FEWEST_WORDS} words or more: what changed, and who knows", field="reason")
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        raise BadArgument(f"a reason is at most {LONGEST_REASON} printable characters", field="reason")
    if not words.role.strip() or len(words.role) > LONGEST_ROLE or not words.role.isprintable():
        raise BadArgument(f"name the role that decided, in at most {LONGEST_ROLE} printable characters", field="role")


def in_force(history: Iterable[Recorded], as_of: date) -> list[Recorded]:
    """The decisions that hold as known on a day: recorded by then and not removed by then, oldest first."""
    known = [one for one in history if one.known_from <= as_of]
    removed = {one.removes for one in known}
    standing = (one for one in known if one.removes is None and one.number not in removed)
    return sorted(standing, key=lambda one: (one.decision.since, one.number))


def explains(decisions: Iterable[Decision], charted: Charted, *, after: date, until: date) -> bool:
    """Whether somebody drew limits of a series anew, and said why, from a day after one step up to the next."""
    return any(one.what == "rebase" and one.about.covers(charted) and after < one.since <= until for one in decisions)


def _most(measure: Measure) -> float:
    return 1.0 if MEASURED[measure].unit == "share" else math.inf
