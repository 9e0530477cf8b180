"""What a stored series brings to its chart: steps as their reader may see them, breaks, and what people decided.

The rules know values by date alone; which of them are whole, comparable and the list's own is said here.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from waitlists.domain import Measure
from waitlists.sources import Freq
from waitlists.standards import Basis
from waitlists.trends.asking import USUAL_RUN, Adjust, ProfileName

MarkKind = Literal["part_missing", "no_figures", "suppressed", "not_comparable", "succession"]


class Step(NamedTuple):
    """One step of a series as its reader may see it; a `coverage` of None is not told, `note` says what is odd."""

    period_end: date
    value: float | None
    coverage: float | None = 1.0
    is_provisional: bool = False
    is_suppressed: bool = False
    note: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the value is of the whole list and not in doubt."""
        return self.value is not None and not self.is_provisional and self.coverage == 1

    @property
    def is_part(self) -> bool:
        """Whether there is a value, but of a part of the list or in doubt."""
        return self.value is not None and not self.is_whole


class Incomparable(NamedTuple):
    """From a period on, figures are of another list than before; `cause` is a stable word."""

    period_end: date
    cause: str
    sentence: str


class Rebase(NamedTuple):
    """New limits from a day on, as people decided: why, in which role, and when."""

    since: date
    reason: str
    role: str
    decided_on: date


class PlannedTarget(NamedTuple):
    """A target in force from a day on, as people decided: why, in which role, and when; None where it is national."""

    since: date
    value: float
    reason: str
    role: str
    decided_on: date | None


class Mark(NamedTuple):
    """Something on the chart that is no change in what children meet, and one sentence that says so."""

    period_end: date
    kind: MarkKind
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTrend:
    """What a series is about and how it is to be judged.

    Parameters
    ----------
    of
        The list as a sentence names it: service and organisation.
    people
        Who waits: children, adults or people.
    standard, basis
        Of a share: the standard in words, and whether it is of those waiting or of those seen.
    cut_off
        The day up to which figures are known.
    breaks
        Where figures stop being comparable: definitions, steps without a known cause, providers that came or went.
    successions
        Where another provider carries the list on; it goes on with it.
    suggests
        Whether a start of new limits is looked for.
    caveats
        Sentences on why the latest figures may not be this list's: copied or frozen numbers.
    is_rounded
        Whether the steps are rounded, or worked out from rounded numbers.
    is_awaited
        Whether a file of the list was refused or is held, so that it may yet say otherwise.
    """

    measure: Measure
    of: str
    people: str
    freq: Freq
    cut_off: date
    standard: str | None = None
    basis: Basis = "waiting"
    profile: ProfileName = "mdc"
    adjust: Adjust = "auto"
    run_length: int = USUAL_RUN
    suggests: bool = True
    breaks: tuple[Incomparable, ...] = ()
    successions: tuple[Incomparable, ...] = ()
    rebases: tuple[Rebase, ...] = ()
    targets: tuple[PlannedTarget, ...] = ()
    caveats: tuple[str, ...] = ()
    is_rounded: bool = False
    is_awaited: bool = False
