"""What the weekly email is made of: lists as anybody may see them, warnings beside them, and who sent nothing.

Every number here is disclosed already, whatever the reader's role, since mail is forwarded. The email itself is written
elsewhere, from these alone.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from forecasting.warnings.seen import Seen
from forecasting.warnings.told import severity_told
from forecasting.warnings.warning import Assessment, Life, Severity
from waitlists.running.expected import next_file
from waitlists.sources import Freq


class Figure(NamedTuple):
    """A number as it may be shown: None where hidden or not known, and what a sentence says either way."""

    value: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning as anybody may see it: its numbers, what they are about, and where it stands in its life."""

    figures: Assessment
    seen: Seen
    life: Life

    @property
    def is_open(self) -> bool:
        """Whether it still stands."""
        return self.life.state != "cleared"

    @property
    def severity(self) -> Severity | None:
        """How much it matters by the numbers that are shown; None where those are hidden."""
        return severity_told(self.life, self.seen, self.figures)


@dataclass(frozen=True, slots=True)
class MarkFacts:
    """One standard of a list: how many are over it, the warning where there is or was one, and those of its parts.

    `parts` are the warnings about the providers whose lists stand in this one, under the same standard; `booked` is how
    many of those who cross soon have an appointment, None where records do not tell it.
    """

    standard_id: str
    over: Figure
    warned: Warned | None
    parts: tuple[Warned, ...] = ()
    booked: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFacts:
    """One list in the mail.

    Attributes
    ----------
    period_end, latest_period
        What its newest figures are about, and the newest period of which the source has any.
    balance
        What tells whether fewer waiting is bought elsewhere: name and number.
    referrals, left
        Who joined and who left in the period; None where the source does not count them.
    missing
        Providers, by name, that sent nothing of it, or nothing that can be right.
    is_doubted
        Whether its own newest figures cannot be right: none of them is shown.
    fell
        Whether it fell by more than a third to this period and nobody knows why.
    was_shown
        Whether how many wait is not shown now, and was a week ago.
    is_newer
        Whether these figures came after its warnings were worked out.
    unread
        Files of this list that were refused or are held, a sentence each.
    is_awaited
        Whether one of these is a provider's, so that the list may yet say otherwise.
    only_provider
        The provider whose list is all of it, by name.
    is_told
        Whether a mail may tell which warnings it has.
    """

    service: str
    org: str
    source: str
    freq: Freq
    period_end: date
    latest_period: date
    waiting: Figure
    marks: tuple[MarkFacts, ...]
    balance: tuple[tuple[str, Figure], ...] = ()
    referrals: Figure | None = None
    left: Figure | None = None
    missing: tuple[str, ...] = ()
    is_doubted: bool = False
    fell: bool = False
    was_shown: bool = False
    is_newer: bool = False
    unread: tuple[str, ...] = ()
    is_awaited: bool = False
    only_provider: str | None = None
    is_told: bool = True
    is_synthetic: bool = False

    @property
    def is_watched(self) -> bool:
        """Whether a warning of it can come at all in this mail."""
        return bool(self.marks)

    def is_late(self, as_of: date) -> bool:
        """Whether newer figures of it should be here: its source is overdue, or others have sent newer ones."""
        return self.period_end < self.latest_period or next_file(self.source, self.latest_period)[1] < as_of


@dataclass(frozen=True, slots=True)
class ChartFacts:
    """A picture of the mail's first list: as SVG, in a sentence, its newest steps as a table of text, and of what."""

    title: str
    sentence: str
    svg: str
    steps: tuple[tuple[str, str], ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """All that the mail of one subscriber is made of.

    `late` names who sent nothing; `silent` are services and organisations asked for of which there is no list; `unread`
    are files of any of these, a sentence each, that were refused or are held.
    """

    as_of: date
    lists: tuple[ListFacts, ...]
    late: tuple[str, ...] = ()
    silent: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()
    chart: ChartFacts | None = None

    @property
    def is_told(self) -> bool:
        """Whether the warnings of every list may be told."""
        return all(one.is_told for one in self.lists)

    @property
    def is_synthetic(self) -> bool:
        """Whether no figure of it is of real children."""
        return bool(self.lists) and all(one.is_synthetic for one in self.lists)

    @property
    def has_warning(self) -> bool:
        """Whether any warning stands."""
        return any(mark.warned is not None and mark.warned.is_open for one in self.lists for mark in one.marks)
